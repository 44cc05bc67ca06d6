import { isMultipart } from './fields.ts'

const FIELD = 'List-Unsubscribe'
const VALUE = 'One-Click'
const PART_OF_FIELD = /^content-disposition:.*[\s;]name="?list-unsubscribe"?[\s;]*$/i

/**
 * True when a body says `List-Unsubscribe=One-Click` (RFC 8058, section 3.2), as multipart/form-data or, whatever else
 * its type says, urlencoded. A part is found by its lines alone: senders differ in line ends, quotes and preambles, and
 * one that is not understood leaves its reader on the list.
 */
export function isOneClick(contentType: string, body: string): boolean {
  if (isMultipart(contentType)) return valueOfPart(body) === VALUE
  return new URLSearchParams(body).get(FIELD)?.trim() === VALUE
}

function valueOfPart(body: string): string | null {
  const lines = body.split(/\r?\n/)
  const head = lines.findIndex((line) => PART_OF_FIELD.test(line))
  const blank = head === -1 ? -1 : lines.indexOf('', head)
  return blank === -1 ? null : (lines[blank + 1] ?? '').trim()
}
