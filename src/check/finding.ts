/** Something in a document that a validator would report. */
export interface Finding {
  /** Steady, such as `rss-guid-missing`. */
  code: string
  /** `error`: the specification forbids it; `warning`: readers stumble over it. */
  severity: 'error' | 'warning'
  /** From 1 on. */
  line: number
  column: number
  message: string
  mend: string
}

/** Where a document comes from, and when it is looked at. */
export interface Place {
  /** Where it is served, to be compared with what it says of itself; null when nobody knows. */
  url: string | null
  /** Milliseconds since 1970; no date may lie after it. */
  now: number
}

/** A place in a document. */
export interface Spot {
  line: number
  column: number
}

/** What a rule says: code, message and mend. */
type Said = [code: string, message: string, mend: string]

/** Collects findings in the order in which they stand in the document. */
export class Findings {
  readonly #list: Finding[] = []

  error({ line, column }: Spot, ...[code, message, mend]: Said): void {
    this.#list.push({ code, severity: 'error', line, column, message, mend })
  }

  warning({ line, column }: Spot, ...[code, message, mend]: Said): void {
    this.#list.push({ code, severity: 'warning', line, column, message, mend })
  }

  inOrder(): Finding[] {
    return this.#list.toSorted((a, b) => a.line - b.line || a.column - b.column)
  }
}

/** A value of the document for a message: on one line, and not too long. */
export function quoted(text: string): string {
  const line = text.replace(/[\p{Cc}\s]+/gu, ' ').trim()
  return line.length > 80 ? `"${line.slice(0, 80)}…"` : `"${line}"`
}
