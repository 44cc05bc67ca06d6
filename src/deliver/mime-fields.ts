import { encodeWord, foldLines } from 'nodemailer/lib/mime-funcs'
import MimeNode from 'nodemailer/lib/mime-node'
import type { MimeNodeHeaders } from 'nodemailer/lib/mime-node'
import type { Letter } from './mailer.ts'
import { isShorterInBase64 } from './mime-body.ts'

/** Characters of one encoded word, which may have 75 at most (RFC 2047, section 2). */
const ENCODED_WORD = 52
/** A longer word is encoded, because a line cannot be folded within a word. */
const LONGEST_PLAIN_WORD = 60

/**
 * The header fields of a letter in their order, folded and without the last line end. One character stands for each
 * octet.
 */
export type Fields = readonly string[]

/** All header fields of a letter, in several parts between these boundaries. */
export function fieldsOf(letter: Letter, boundary: string): Fields {
  const node = new MimeNode(`multipart/alternative; boundary="${boundary}"`)
  node.setHeader(listFields(letter))
  node.setHeader('From', { name: oneLine(letter.from.name), address: letter.from.address })
  node.setHeader('To', { name: '', address: letter.to })
  const { replyTo } = letter
  if (replyTo !== null) node.setHeader('Reply-To', { name: oneLine(replyTo.name), address: replyTo.address })
  node.setHeader('Subject', unstructured(letter.subject))
  node.setHeader('Message-ID', `<${token(letter.id)}>`)
  node.setHeader('Date', new Date(letter.date))
  return octets(node.buildHeaders()).split(/\r\n(?![ \t])/)
}

/** The fields of another letter made those of this one, which differs from it in its reader alone. */
export function readdressed(fields: Fields, letter: Letter): Fields {
  const own = new Map([
    ['To', octets(foldLines(`To: ${MAILBOXES.encodeHeaderValue('To', { name: '', address: letter.to })}`))],
    ['Message-ID', foldLines(`Message-ID: <${token(letter.id)}>`)],
    ['List-Unsubscribe', `List-Unsubscribe: ${unsubscribeList(letter)}`],
  ])
  return fields.map((field) => own.get(field.slice(0, field.indexOf(':'))) ?? field)
}

const MAILBOXES = new MimeNode()

/** RFC 2919, RFC 2369, RFC 5064, RFC 8058, RFC 3834; `Precedence` is what vacation programs older than that look at. */
function listFields(letter: Letter): MimeNodeHeaders {
  return {
    'List-Id': asItStands(`<${token(letter.listId)}>`),
    'List-Help': asItStands(`<${url(letter.listHelp)}>`),
    'List-Archive': asItStands(`<${url(letter.listArchive)}>`),
    ...(letter.archivedAt !== null && { 'Archived-At': asItStands(`<${url(letter.archivedAt)}>`) }),
    ...(letter.listUnsubscribe.length > 0 && { 'List-Unsubscribe': asItStands(unsubscribeList(letter)) }),
    ...(letter.hasOneClick && { 'List-Unsubscribe-Post': asItStands('List-Unsubscribe=One-Click') }),
    'Auto-Submitted': 'auto-generated',
    Precedence: 'bulk',
  }
}

function unsubscribeList({ listUnsubscribe }: Letter): string {
  return listUnsubscribe.map((one) => `<${url(one)}>`).join(',\r\n ')
}

function asItStands(value: string): { prepared: boolean; value: string } {
  return { prepared: true, value }
}

/** What may stand in a Message-ID or List-Id: visible ASCII without angle brackets. */
function token(text: string): string {
  return text.replace(/[^\x21-\x7e]|[<>]/g, '')
}

/** An absolute URL with everything encoded that could end it or the line. */
function url(text: string): string {
  return new URL(text).href.replace(/[^\x21-\x7e]|[<>]/g, encodeURIComponent)
}

/** A text of any characters as the value of a header such as Subject (RFC 2047). */
function unstructured(text: string): string {
  const line = oneLine(text)
  const isPlain = /^[\x20-\x7e]*$/.test(line) && !line.includes('=?')
  const folds = line.split(' ').every((word) => word.length <= LONGEST_PLAIN_WORD)
  if (isPlain && folds) return line
  return encodeWord(line, isShorterInBase64(line) ? 'B' : 'Q', ENCODED_WORD)
}

function oneLine(text: string): string {
  return text.replace(/[\s\p{Cc}]+/gu, ' ').trim()
}

/** UTF-8 where there is an address of other letters (RFC 6532). */
function octets(text: string): string {
  return Buffer.from(text).toString('latin1')
}
