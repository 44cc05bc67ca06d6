/** An error sets something aside (exit 3); a warning is a guess that was made and changes nothing. */
export type Severity = 'error' | 'warning'

/**
 * What went wrong with something from outside: an article, a source, an address, a setting.
 * Only a Problem becomes a line of the report; every other error is a bug and rises.
 */
export class Problem extends Error {
  /** A steady name such as `front-matter-unclosed`. */
  readonly code: string
  readonly severity: Severity
  /** `file:line`, a URL, a setting's path, or null when the message says it all. */
  readonly where: string | null
  /** What the owner can do about it. */
  readonly mend: string

  constructor(
    code: string,
    message: string,
    more: { mend: string; where?: string | null; severity?: Severity; cause?: unknown },
  ) {
    super(message, more.cause === undefined ? {} : { cause: more.cause })
    this.name = 'Problem'
    this.code = code
    this.severity = more.severity ?? 'error'
    this.where = more.where ?? null
    this.mend = more.mend
  }

  /** The same problem as plain data, as it stands in `--json` and in the store. */
  toJSON(): ProblemRecord {
    return { code: this.code, severity: this.severity, where: this.where, message: this.message, mend: this.mend }
  }
}

/** A Problem as plain data. */
export interface ProblemRecord {
  code: string
  severity: Severity
  where: string | null
  message: string
  mend: string
}

/** One line for a person: `articles/tides.md:3: The date … – mend`. */
export function problemLine(problem: ProblemRecord): string {
  return `${problemText(problem)} - ${oneLine(problem.mend)}`
}

/** The line without its mend, for a list whose problems all have the same one. */
export function problemText({ where, message }: ProblemRecord): string {
  return oneLine(where === null ? message : `${where}: ${message}`)
}

/** Control characters, line separators and bidi controls (UAX #9): a file name may hold them, a line may not. */
const UNPRINTABLE = /[\p{Cc}\u2028\u2029\p{Bidi_Control}]/gu

/** A text that a terminal shows as it is: what could steer it, or break the line, is written out. */
export function oneLine(text: string): string {
  return text.replace(UNPRINTABLE, (character) => {
    if (character === '\n') return '\\n'
    const hex = character.charCodeAt(0).toString(16)
    return hex.length > 2 ? `\\u${hex.padStart(4, '0')}` : `\\x${hex.padStart(2, '0')}`
  })
}

/** Reads problems back from the JSON text that the store holds. */
export function readProblems(json: string): ProblemRecord[] {
  const list: unknown = JSON.parse(json)
  if (!Array.isArray(list)) throw new TypeError('a list of problems is expected')
  return list.map((item: unknown) => {
    const record: Partial<Record<keyof ProblemRecord, unknown>> = typeof item === 'object' && item !== null ? item : {}
    return {
      code: String(record.code),
      severity: record.severity === 'warning' ? 'warning' : 'error',
      where: typeof record.where === 'string' ? record.where : null,
      message: String(record.message),
      mend: String(record.mend),
    }
  })
}
