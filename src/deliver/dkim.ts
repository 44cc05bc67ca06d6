import { createHash } from 'node:crypto'
import type { Instant } from '../entry.ts'
import { signatureOf } from './dkim-key.ts'
import type { DkimKey } from './dkim-key.ts'
import type { Fields } from './mime-fields.ts'
import type { Mime } from './mime.ts'

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
 * A DKIM-Signature (RFC 6376; RFC 8463 for Ed25519) of a letter for every key, to stand before its other fields; none
 * covers another. The same letter, keys and time give the same text, with one character for each octet.
 */
export async function signatureFields(mime: Mime, keys: readonly DkimKey[], at: Instant): Promise<string> {
  if (keys.length === 0) return ''
  const covered = coveredFields(mime.fields)
  const hash = bodyHash(mime.body)
  const signatures = await Promise.all(keys.map((key) => signatureField(key, covered, hash, at)))
  return signatures.join('')
}

interface Covered {
  /** The value of `h=`. */
  names: string
  /** The fields in the order of their names, canonical. */
  text: string
}

function coveredFields(fields: Fields): Covered {
  const named = fields.map((field) => ({ name: nameOf(field), field }))
  const covered = SIGNED.map((name) => {
    const found = named.filter((one) => one.name === name.toLowerCase())
    // Of fields with one name, verifiers take the last first (RFC 6376, section 5.4.2).
    return { name, found: found.map(({ field }) => relaxedField(field)).toReversed() }
  })
  const names = covered.flatMap(({ name, found }) => [
    ...found.map(() => name),
    ...(OVERSIGNED.has(name) ? [name] : []),
  ])
  const text = covered.flatMap(({ found }) => found.map((field) => `${field}\r\n`)).join('')
  return { names: names.join(':'), text }
}

async function signatureField(key: DkimKey, covered: Covered, hash: string, at: Instant): Promise<string> {
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
    ` bh=${hash};`,
  ])
  const unsigned = `${start}\r\n b=`
  const signature = await signatureOf(key, Buffer.from(covered.text + relaxedField(unsigned), 'latin1'))
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

function nameOf(field: string): string {
  return field.slice(0, field.indexOf(':')).toLowerCase().trimEnd()
}

/** RFC 6376, section 3.4.2; without the CRLF at its end. */
function relaxedField(field: string): string {
  // Not trim(): to it the last octet of "à" is white space.
  const value = spacesJoined(field.slice(field.indexOf(':') + 1).replaceAll('\r\n', '')).replace(/^ | $/g, '')
  return `${nameOf(field)}:${value}`
}

/** SHA-256, in base64, of a canonical body (RFC 6376, section 3.4.4): blank lines at its end are none of it. */
function bodyHash(body: readonly Buffer[]): string {
  const hash = createHash('sha256')
  let lineEnds = ''
  let isBlank = true
  for (const run of body) {
    const relaxed = relaxedRun(run)
    if (relaxed.octets.length > 0) {
      hash.update(lineEnds, 'latin1').update(relaxed.octets)
      lineEnds = relaxed.lineEnds
      isBlank = false
    } else {
      lineEnds += relaxed.lineEnds
    }
  }
  return hash.update(isBlank ? '' : '\r\n', 'latin1').digest('base64')
}

/** Whole lines in canonical form, but for the line ends at their end. */
interface RelaxedRun {
  octets: Buffer
  lineEnds: string
}

/** What letters share is made canonical once. */
const relaxedRuns = new WeakMap<Buffer, RelaxedRun>()

function relaxedRun(run: Buffer): RelaxedRun {
  const known = relaxedRuns.get(run)
  if (known !== undefined) return known
  const text = spacesJoined(run.toString('latin1').replace(/(?<!\r\n)$/, '\r\n')).replaceAll(' \r\n', '\r\n')
  let end = text.length
  while (text.endsWith('\r\n', end)) end -= 2
  const made = { octets: Buffer.from(text.slice(0, end), 'latin1'), lineEnds: text.slice(end) }
  relaxedRuns.set(run, made)
  return made
}

function spacesJoined(text: string): string {
  return text.replace(/[ \t]{2,}|\t/g, ' ')
}
