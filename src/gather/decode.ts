import { isAscii, isUtf8, transcode } from 'node:buffer'
import { Problem, type ProblemRecord } from '../problem.ts'
import { readUtf16, recognise } from './encoding.ts'

/** A file's bytes as text. */
export interface Decoded {
  /** Without byte order mark, every line ended by `\n`, no control characters. */
  text: string
  /** Warnings about another encoding, and about what had to be replaced. */
  problems: ProblemRecord[]
}

// Tab, line feed and what ends a line in old files may stay.
const CONTROL = /[^\t\n\f\r -~\x80-\ufffd]/
const CONTROLS = new RegExp(CONTROL, 'g')
const MEND = 'save the file as UTF-8'

/**
 * Decodes UTF-8, and GB18030, Big5, Shift_JIS, EUC-JP, EUC-KR, UTF-16 and windows-1252 where the bytes tell it; broken
 * bytes become U+FFFD and control characters vanish. Each has one warning naming the line.
 */
export function decode(bytes: Buffer, place: string): Decoded {
  const { raw, problem } = readBytes(bytes)
  const text = withoutReturns(raw)
  const problems: ProblemRecord[] = []
  const warn = (code: string, at: number, message: string, mend: string): void => {
    const where = `${place}:${text.slice(0, Math.max(0, at)).split('\n').length}`
    problems.push(new Problem(code, message, { where, severity: 'warning', mend }).toJSON())
  }
  if (problem !== null) warn(problem.code, text.search(problem.first), problem.message, MEND)
  const control = text.search(CONTROL)
  if (control < 0) return { text, problems }
  const code = (text.codePointAt(control) ?? 0).toString(16).toUpperCase().padStart(4, '0')
  warn('control-character', control, `A control character (U+${code}) was left out`, 'delete it from the file')
  return { text: text.replace(CONTROLS, ''), problems }
}

interface Read {
  raw: string
  problem: {
    code: string
    message: string
    /** What first shows it. */
    first: RegExp
  } | null
}

function readBytes(bytes: Buffer): Read {
  const isRight = isUtf8(bytes)
  const other = readUtf16(bytes) ?? (isRight ? null : recognise(bytes))
  if (other !== null) {
    const message = `The file is not UTF-8 and was read as ${other.name}`
    return { raw: withoutMark(other.text), problem: { code: 'encoding-other', message, first: /[^\0-\x7f]/ } }
  }
  const raw = withoutMark(isRight ? utf8Text(bytes) : bytes.toString('utf8'))
  const message = 'Some bytes are not UTF-8 and were replaced'
  return { raw, problem: isRight ? null : { code: 'encoding-broken', message, first: /\ufffd/ } }
}

/** As `toString` of valid UTF-8, which takes six times as long for Chinese. */
function utf8Text(bytes: Buffer): string {
  return isAscii(bytes) ? bytes.toString('latin1') : transcode(bytes, 'utf8', 'utf16le').toString('utf16le')
}

/** Programs that join files leave a second mark behind the first; a zero-width space comes from a page that was copied. */
function withoutMark(text: string): string {
  return /^[\ufeff\u200b]/.test(text) ? text.replace(/^[\ufeff\u200b]+/, '') : text
}

function withoutReturns(text: string): string {
  return text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text
}
