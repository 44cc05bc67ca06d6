import type { WrittenDate } from '../entry.ts'

/** A snippet as its lines say it, before numbers and dates are taken off. */
export interface Snippet {
  /** Its first line in the file, from 1. */
  line: number
  /** The line above the text that names it; null when there is none. */
  title: string | null
  /** One line. */
  text: string
  category: string | null
  date: WrittenDate | null
}

/** What comes first in a snippet, where a number or a date may stand. */
export function headOf({ title, text }: Snippet): string {
  return title ?? text
}

/** A snippet whose first part is replaced. */
export function withHead(snippet: Snippet, head: string): Snippet {
  return snippet.title === null ? { ...snippet, text: head } : { ...snippet, title: head }
}
