import { createHash } from 'node:crypto'
import type { Instant } from '../entry.ts'
import { signatureOf } from './dkim-key.ts'
import type { DkimKey } from './dkim-key.ts'

/** The fields that a signature covers, each as often as it occurs. RFC 8058, section 4, asks for List-Unsubscribe-Post. */
const SIGNED = [
  'From',
  'Sender',
  'Reply-To',
  'Subject',
  'Date',
  'Message-ID',
  'To',
  'Cc',
  'MIME-Version',
  'Content-Type',
  'Content-Transfer-Encoding',
  'List-Id',
  'List-Help',
  'List-Subscribe',
  'List-Unsubscribe',
  'List-Unsubscribe-Post',
  'List-Archive',
  'Archived-At',
  'Auto-Submitted',
  'Precedence',
]

/** Signed once more than they occur, so that nobody can add one (RFC 6376, section 8.15). */
const OVERSIGNED = new Set(['From', 'Reply-To', 'Subject', 'Date', 'To', 'List-Unsubscribe', 'List-Unsubscribe-Post'])

/** Characters of a line without its CRLF; 78 is the most that RFC 5322, section 2.1.1, wants. */
const LINE = 77
/** What is left of a line for a signature, after ` b=`. */
const SIGNATURE_LINE = /.{72}(?=.)/g

/**
 * Puts a DKIM-Signature (RFC 6376; RFC 8463 for Ed25519) before the letter for every key; none covers another.
 * The same letter, keys and time give the same bytes.
 * @param mime the bytes of a letter with CRLF line ends, as they will be sent
 */
export function signMessage(mime: Buffer, keys: readonly DkimKey[], at: Instant): Buffer {
  const { fields, body } = parted(mime.toString('latin1'))
  const covered = coveredFields(fields)
  const bodyHash = createHash('sha256').update(relaxedBody(body), 'latin1').digest('base64')
  const signatures = keys.map((key) => signatureField(key, covered, bodyHash, at))
  return Buffer.concat([Buffer.from(signatures.join(''), 'latin1'), mime])
}

interface Covered {
  /** The value of `h=`. */
  names: string
  /** The fields in the order of their names, canonical. */
  text: string
}

/** All text here is Latin-1, one character for each octet. */
function parted(mime: string): { fields: string[]; body: string } {
  const end = mime.indexOf('\r\n\r\n')
  const [head, body] = end < 0 ? [mime, ''] : [mime.slice(0, end), mime.slice(end + 4)]
  return { fields: head.split(/\r\n(?![ \t])/), body }
}

function coveredFields(fields: readonly string[]): Covered {
  const relaxed = fields.map(relaxedField)
  // Of fields with one name, verifiers take the last first (RFC 6376, section 5.4.2).
  const covered = SIGNED.map((name) => {
    const start = `${name.toLowerCase()}:`
    return { name, found: relaxed.filter((field) => field.startsWith(start)).toReversed() }
  })
  const names = covered.flatMap(({ name, found }) => [
    ...found.map(() => name),
    ...(OVERSIGNED.has(name) ? [name] : []),
  ])
  return { names: names.join(':'), text: covered.flatMap(({ found }) => found.map((field) => `${field}\r\n`)).join('') }
}

function signatureField(key: DkimKey, covered: Covered, bodyHash: string, at: Instant): string {
  const { algorithm, domain, selector } = key
  const start = folded([
    'DKIM-Signature:',
    ' v=1;',
    ` a=${algorithm};`,
    ' c=relaxed/relaxed;',
    ` d=${domain};`,
    ` s=${selector};`,
    ` t=${Math.floor(at / 1000)};`,
    ...` h=${covered.names};`.split(/(?<=:)/),
    ` bh=${bodyHash};`,
  ])
  const unsigned = `${start}\r\n b=`
  const signature = signatureOf(key, Buffer.from(covered.text + relaxedField(unsigned), 'latin1'))
  return `${unsigned}${signature.toString('base64').replace(SIGNATURE_LINE, '$&\r\n ')}\r\n`
}

/** Joins the pieces and folds before one that is too long for its line. */
function folded(pieces: readonly string[]): string {
  const lines: string[] = []
  let line = ''
  for (const piece of pieces) {
    if (line.length + piece.length > LINE) {
      lines.push(line)
      line = ` ${piece.trimStart()}`
    } else line += piece
  }
  return [...lines, line].join('\r\n')
}

/** RFC 6376, section 3.4.2; without the CRLF at its end. */
function relaxedField(field: string): string {
  const colon = field.indexOf(':')
  const name = field.slice(0, colon).toLowerCase().trimEnd()
  // Not trim(): to it the last octet of "à" is white space.
  const value = spacesJoined(field.slice(colon + 1).replaceAll('\r\n', '')).replace(/^ | $/g, '')
  return `${name}:${value}`
}

/** RFC 6376, section 3.4.4. */
function relaxedBody(body: string): string {
  const text = spacesJoined(`${body}\r\n`).replaceAll(' \r\n', '\r\n')
  let end = text.length
  while (text.endsWith('\r\n', end)) end -= 2
  return end === 0 ? '' : `${text.slice(0, end)}\r\n`
}

function spacesJoined(text: string): string {
  return text.replace(/[ \t]{2,}|\t/g, ' ')
}
