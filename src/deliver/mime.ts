import { createHash } from 'node:crypto'
import type { Letter } from './mailer.ts'
import { type EncodedBody, encodeBody } from './mime-body.ts'
import { type Fields, fieldsOf, readdressed } from './mime-fields.ts'

/** A letter as it is sent (RFC 5322). */
export interface Mime {
  fields: Fields
  /** Runs of whole lines with CRLF; one that letters share is the same buffer in all of them. */
  body: readonly Buffer[]
}

/** The bytes of a letter (RFC 5322, with CRLF): the same letter, the same bytes. */
export function composeMime(letter: Letter): Promise<Buffer> {
  return Promise.resolve(mimeBytes(mimeOf(letter)))
}

/** A letter in its parts. What all readers of a digest share is made once. */
export function mimeOf(letter: Letter): Mime {
  const frame = frameOf(letter)
  const { before, text, between, html, after } = frame
  const body = [before, ...text.filled(letter.text.own), between, ...html.filled(letter.html.own), after]
  return { fields: readdressed(frame.fields, letter), body }
}

/** @param start header fields to stand before the others, with their line ends */
export function mimeBytes({ fields, body }: Mime, start = ''): Buffer {
  return Buffer.concat([Buffer.from(`${start}${fields.join('\r\n')}\r\n\r\n`, 'latin1'), ...body])
}

/** What the letters of one digest share. */
interface Frame {
  /** The letter that it was made for. */
  first: Letter
  fields: Fields
  before: Buffer
  text: EncodedBody
  between: Buffer
  html: EncodedBody
  after: Buffer
}

/** By what the HTML of a digest shares; a frame goes when its digest does. */
const frames = new WeakMap<readonly string[], Frame>()

function frameOf(letter: Letter): Frame {
  const known = frames.get(letter.html.shared)
  if (known !== undefined && haveOneFrame(known.first, letter)) return known
  const made = newFrame(letter)
  frames.set(letter.html.shared, made)
  return made
}

function haveOneFrame(one: Letter, other: Letter): boolean {
  const { from, replyTo, subject, date, listId, hasOneClick, listHelp, listArchive, archivedAt } = other
  const isOneDigest = one.text.shared === other.text.shared && one.subject === subject && one.date === date
  const isOneSender = one.from === from && one.replyTo === replyTo && one.listId === listId
  const isOnePlace = one.listHelp === listHelp && one.listArchive === listArchive && one.archivedAt === archivedAt
  return isOneDigest && isOneSender && isOnePlace && one.hasOneClick === hasOneClick
}

function newFrame(letter: Letter): Frame {
  // No encoded body can hold "=_" (RFC 2045, section 6.7), so no article can write a boundary.
  const boundary = `=_feedwire-${createHash('sha256')
    .update(letter.archivedAt ?? letter.id)
    .digest('hex')
    .slice(0, 24)}`
  const [text, html] = [encodeBody(letter.text.shared), encodeBody(letter.html.shared)]
  return {
    first: letter,
    fields: fieldsOf(letter, boundary),
    before: partHead(boundary, 'plain', text),
    text,
    between: partHead(boundary, 'html', html),
    html,
    after: Buffer.from(`--${boundary}--\r\n`),
  }
}

/** RFC 2046, section 5.1.1. */
function partHead(boundary: string, type: 'plain' | 'html', { transferEncoding }: EncodedBody): Buffer {
  return Buffer.from(
    `--${boundary}\r\nContent-Type: text/${type}; charset=utf-8\r\nContent-Transfer-Encoding: ${transferEncoding}\r\n\r\n`,
  )
}
