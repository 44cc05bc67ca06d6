import { cleanText, escapeMarkup } from '../markdown/text.ts'
import { oneLine } from '../problem.ts'

/** HTML that is safe to show: `markup` and `lineMarkup` alone make it, but for texts of our own. */
export class Markup {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

/** What may stand in HTML: text and numbers are escaped, null and false are nothing. */
export type Part = Markup | string | number | null | false | readonly Part[]

type Writer = (fixed: TemplateStringsArray, ...parts: readonly Part[]) => Markup

/** Writes HTML; whatever is filled in, also within quotes, is shown as it is. */
export const markup: Writer = writer((text) => text)

/** The same, and what is filled in stands in one line and without control characters. */
export const lineMarkup: Writer = writer((text) => cleanText(oneLine(text)))

function writer(shown: (text: string) => string): Writer {
  const written = (part: Part): string => {
    if (part instanceof Markup) return part.text
    if (part === null || part === false) return ''
    return typeof part === 'object' ? part.map(written).join('') : escapeMarkup(shown(String(part)))
  }
  return (fixed, ...parts) => new Markup(String.raw({ raw: fixed }, ...parts.map(written)))
}
