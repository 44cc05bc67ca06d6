import type { DialectName } from '../dialect-name.ts'
import { firstHeading } from '../markdown/plain.ts'

/**
 * The first heading of an article where it may be its title; '' where it may not. In a vault's note of a day the lesser
 * headings are those of its template; Jekyll makes a title of the name, and only a heading above all else is a better one.
 */
export function headingTitle(body: string, dialect: DialectName): string {
  const heading = firstHeading(body)
  if (heading === null) return ''
  if (dialect === 'obsidian' && heading.level > 1) return ''
  return dialect === 'jekyll' && (heading.level > 1 || !heading.isOpening) ? '' : heading.text
}
