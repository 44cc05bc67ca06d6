import { foldText } from '../markdown/text.ts'

/**
 * What ends an excerpt: a line as one writes it, or at least three line feeds in a row. Two are Jekyll's default, the
 * end of the first paragraph, and say no more than nothing.
 */
export function excerptSeparator(value: unknown): string | null {
  if (typeof value !== 'string') return null
  return /^\n{3,}$/.test(value) ? value : foldText(value) || null
}
