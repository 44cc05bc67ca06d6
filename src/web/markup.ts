import { escapeMarkup } from '../markdown/text.ts'

/** HTML that is safe to show: `markup` alone makes it. */
export class Markup {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

/** What may stand in HTML: text and numbers are escaped, null and false are nothing. */
export type Part = Markup | string | number | null | false | readonly Part[]

/** Writes HTML; whatever is filled in, also within quotes, is shown as it is. */
export function markup(fixed: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return new Markup(String.raw({ raw: fixed }, ...parts.map(written)))
}

function written(part: Part): string {
  if (part instanceof Markup) return part.text
  if (part === null || part === false) return ''
  return typeof part === 'object' ? part.map(written).join('') : escapeMarkup(String(part))
}
