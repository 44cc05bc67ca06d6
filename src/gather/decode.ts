import { Problem, type ProblemRecord } from '../problem.ts'

/** A file's bytes as text. */
export interface Decoded {
  /** Without byte order mark, every line ended by `\n`, no control characters. */
  text: string
  /** Warnings about what had to be replaced. */
  problems: ProblemRecord[]
}

// Tab, line feed and what ends a line in old files may stay.
const CONTROL = /[\u0000-\u0008\u000b\u000e-\u001f\u007f\ufffe\uffff]/
const CONTROLS = new RegExp(CONTROL, 'g')

/** Decodes UTF-8; broken bytes become U+FFFD and control characters vanish, each with one warning naming the line. */
export function decode(bytes: Buffer, place: string): Decoded {
  const problems: ProblemRecord[] = []
  const raw = new TextDecoder('utf-8', { ignoreBOM: false }).decode(bytes).replace(/\r\n?/g, '\n')
  const warn = (code: string, at: number, message: string, mend: string): void => {
    const where = `${place}:${raw.slice(0, at).split('\n').length}`
    problems.push(new Problem(code, message, { where, severity: 'warning', mend }).toJSON())
  }
  if (raw.includes('\ufffd') && !isUtf8(bytes)) {
    const message = 'Some bytes are not UTF-8 and were replaced'
    warn('encoding-broken', raw.indexOf('\ufffd'), message, 'save the file as UTF-8')
  }
  const control = raw.search(CONTROL)
  if (control < 0) return { text: raw, problems }
  const code = (raw.codePointAt(control) ?? 0).toString(16).toUpperCase().padStart(4, '0')
  warn('control-character', control, `A control character (U+${code}) was left out`, 'delete it from the file')
  return { text: raw.replace(CONTROLS, ''), problems }
}

function isUtf8(bytes: Buffer): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return true
  } catch (error) {
    if (error instanceof TypeError) return false
    throw error
  }
}
