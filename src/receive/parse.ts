import PostalMime, { decodeWords } from 'postal-mime'
import { type Field, valuesOf } from './fields.ts'
import { plainText } from './plain-text.ts'

/** A mail as far as it can be read. */
export interface ParsedMail {
  /** Fields of its header, in their order. */
  fields: readonly Field[]
  /** What a person reads of it, with LF; of HTML only when there is nothing else. */
  text: string
  /** Every other part: reports for programs, and messages that came back. */
  parts: readonly Part[]
}

/** A part of a mail that is neither plain text nor HTML. */
export interface Part {
  /** Media type, in lower case. */
  type: string
  /** Its content, decoded, with LF; a message within a mail begins with its own header. */
  text: string
}

/** Octets of a mail that are read. A report comes before the message that came back, and is short. */
const LONGEST_MAIL = 5 * 1024 * 1024
/** Lines that are read: each costs time, however short it is. */
const MOST_LINES = 40_000
/** Characters that are read of each part. */
const LONGEST_PART = 200_000
const MOST_PARTS = 40

/** Reads the bytes of a mail (RFC 5322, RFC 2045), whatever they are: what cannot be read is left out. */
export async function parseMail(bytes: Uint8Array): Promise<ParsedMail> {
  const mail = opening(bytes.subarray(envelopeLine(bytes), LONGEST_MAIL))
  try {
    return await parse(mail)
  } catch {
    // Parts within parts without end, or nothing but header: no bounce, and its bytes are kept for a person.
    return { fields: [], text: '', parts: [] }
  }
}

async function parse(mail: Uint8Array): Promise<ParsedMail> {
  const email = await PostalMime.parse(mail, { forceRfc822Attachments: true, maxNestingDepth: 40 })
  const fields = email.headers.map(({ key, value }) => ({ name: key, value: decodeWords(value) }))
  const parts = email.attachments.slice(0, MOST_PARTS).map(({ mimeType, content }) => ({
    type: mimeType,
    text: cut(typeof content === 'string' ? content : decode(new Uint8Array(content))),
  }))
  const text = email.text ?? plainText((email.html ?? '').slice(0, LONGEST_PART))
  const isReadable = parts.length > 0 || text.trim() !== ''
  return { fields, parts, text: cut(isReadable && !text.includes('\ufffd') ? text : rawBody(mail, fields, text)) }
}

/**
 * The body as it stands, for a mail whose head says something wrong of it: a multipart without a boundary, or a
 * charset that it does not have.
 */
function rawBody(mail: Uint8Array, fields: readonly Field[], text: string): string {
  const isEncoded = valuesOf(fields, 'content-transfer-encoding').some((value) => /base64|quoted/i.test(value))
  if (isEncoded && text !== '') return text
  const all = decode(mail.subarray(0, LONGEST_PART)).replace(/\r\n?/g, '\n')
  const end = all.indexOf('\n\n')
  return end === -1 ? text : all.slice(end + 2)
}

/** Text in UTF-8, else in GB 18030: mail servers of China write it without saying so. */
function decode(bytes: Uint8Array): string {
  const part = bytes.subarray(0, LONGEST_PART * 3)
  const text = new TextDecoder().decode(part)
  return text.includes('\ufffd') ? new TextDecoder('gb18030').decode(part) : text
}

function cut(text: string): string {
  return text.slice(0, LONGEST_PART).replace(/\r\n?/g, '\n')
}

/** The octets of a `From ` line, which local delivery to a program puts before a mail. */
function envelopeLine(bytes: Uint8Array): number {
  const isThere = /^>?From /.test(Buffer.from(bytes.subarray(0, 6)).toString('latin1'))
  return isThere ? bytes.indexOf(0x0a) + 1 : 0
}

function opening(bytes: Uint8Array): Uint8Array {
  let end = -1
  for (let lines = 0; lines < MOST_LINES; lines++) {
    end = bytes.indexOf(0x0a, end + 1)
    if (end === -1) return bytes
  }
  return bytes.subarray(0, end + 1)
}
