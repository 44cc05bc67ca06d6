import { createHash } from 'node:crypto'
import MailComposer from 'nodemailer/lib/mail-composer'
import type { MailComposerAlternative } from 'nodemailer/lib/mail-composer'
import { encodeWord } from 'nodemailer/lib/mime-funcs'
import type { MimeNodeHeaders } from 'nodemailer/lib/mime-node'
import type { Letter } from './mailer.ts'

/** Characters of one encoded word, which may have 75 at most (RFC 2047, section 2). */
const ENCODED_WORD = 52
/** A longer word is encoded, because a line cannot be folded within a word. */
const LONGEST_PLAIN_WORD = 60

/** The bytes of a letter (RFC 5322, with CRLF): the same letter, the same bytes. */
export async function composeMime(letter: Letter): Promise<Buffer> {
  const composer = new MailComposer({
    from: { name: oneLine(letter.from.name), address: letter.from.address },
    to: { name: '', address: letter.to },
    ...(letter.replyTo && { replyTo: { name: oneLine(letter.replyTo.name), address: letter.replyTo.address } }),
    subject: unstructured(letter.subject),
    date: new Date(letter.date),
    messageId: `<${token(letter.id)}>`,
    headers: listHeaders(letter),
    text: body(letter.text),
    html: body(letter.html),
    // No encoded body can hold "=_" (RFC 2045, section 6.7), so no article can write a boundary.
    boundaryPrefix: '=_feedwire',
    baseBoundary: createHash('sha256').update(letter.id).digest('hex').slice(0, 24),
    newline: 'win',
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  return composer.compile().build()
}

/** RFC 2919, RFC 2369, RFC 5064, RFC 8058, RFC 3834; `Precedence` is what vacation programs older than that look at. */
function listHeaders(letter: Letter): MimeNodeHeaders {
  return {
    'List-Id': asItStands(`<${token(letter.listId)}>`),
    'List-Help': asItStands(`<${url(letter.listHelp)}>`),
    'List-Archive': asItStands(`<${url(letter.listArchive)}>`),
    'Archived-At': asItStands(`<${url(letter.archivedAt)}>`),
    'List-Unsubscribe': asItStands(letter.listUnsubscribe.map((one) => `<${url(one)}>`).join(',\r\n ')),
    ...(letter.hasOneClick && { 'List-Unsubscribe-Post': asItStands('List-Unsubscribe=One-Click') }),
    'Auto-Submitted': 'auto-generated',
    Precedence: 'bulk',
  }
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

function body(text: string): MailComposerAlternative {
  return {
    content: text.replace(/\r\n?|\n/g, '\r\n'),
    contentTransferEncoding: isShorterInBase64(text) ? 'base64' : 'quoted-printable',
  }
}

/** Quoted-printable makes three octets of one that is not ASCII, base64 four of any three. */
function isShorterInBase64(text: string): boolean {
  const ascii = text.replace(/[^\0-\x7f]/g, '').length
  const all = Buffer.byteLength(text)
  return (all - ascii) * 6 > all
}
