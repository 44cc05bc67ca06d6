import { posix } from 'node:path'
import MarkdownIt from 'markdown-it'
import { foldText } from '../markdown/text.ts'
import type { Dialect } from './dialects/dialect.ts'
import { withoutStamp } from './dialects/path-date.ts'
import { textField } from './fields.ts'

const { unescapeAll } = new MarkdownIt().utils

/** Elements that people write in a title; of these only the text is left. */
const PAIRED =
  'a|abbr|b|bdi|bdo|big|center|cite|code|del|div|em|font|h[1-6]|i|ins|kbd|mark|p|q|rb|rp|rt|ruby|s|samp|small|span|strike|strong|sub|sup|time|tt|u|var'
const TAG = new RegExp(`<(/?)(${PAIRED})(?:\\s[^<>]*)?>`, 'gi')
const VOID_TAG = /<(?:br\s*\/?|wbr|(?:br|img|hr)\s[^<>]*)>|<!--[^]{0,500}?-->/gi
const BREAK = /^(?:<br|<hr|<img|<\/?(?:p|div|h\d|center)\b)/i
const ENTITY = /&(?:#\d{1,7}|#x[\da-f]{1,6}|[a-z][a-z\d]{1,31});/gi
const STRONG = /(?<![\w*])\*\*(?=[^\s*])([^*]*[^\s*])\*\*(?![\w*])/g
const CODE = /(?<!`)(?:``((?:[^`]|`(?!`))+)``|`([^`]+)`)(?!`)/g
const MASK = '\u0000'
/** Zero-width space, word joiner, byte order mark, soft hyphen; the joiners of emoji and of Persian stay. */
const INVISIBLE = /[\u200b\u2060\ufeff\u00ad]/g

/**
 * A title as one line of plain text: without the tags of HTML that people write in titles, its entities decoded, and
 * without the marks of `**strong**` and `` `code` ``. `Vec<T>`, `a < b` and a tag that is not closed stay as they are.
 * @returns '' when nothing is left
 */
export function titleText(raw: string): string {
  if (!/[<&*`\u00ad\u200b\u2060\ufeff]/.test(raw)) return foldText(raw)
  const code: string[] = []
  // What stands in code is no markup; the mark that holds its place is a control character, which no title keeps.
  const masked = raw.replaceAll(MASK, '').replace(CODE, (_, long: string | undefined, short: string | undefined) => {
    code.push(long ?? short ?? '')
    return MASK
  })
  const prose = proseText(masked).replaceAll(MASK, () => code.shift() ?? '')
  return foldText(prose.replace(INVISIBLE, ''))
}

function proseText(text: string): string {
  return withoutTags(text)
    .replace(STRONG, '$1')
    .replace(ENTITY, (entity) => unescapeAll(entity))
}

function withoutTags(text: string): string {
  if (!text.includes('<')) return text
  const paired = pairedNames(text)
  return text
    .replace(VOID_TAG, (tag) => (BREAK.test(tag) ? ' ' : ''))
    .replace(TAG, (tag, slash: string, name: string) => {
      if (!paired.has(name.toLowerCase())) return tag
      if (/^rt$/i.test(name) && !paired.has('rp')) return slash === '' ? '(' : ')'
      return BREAK.test(tag) ? ' ' : ''
    })
}

/** The elements of which as many end as begin. */
function pairedNames(text: string): Set<string> {
  const open = new Map<string, number>()
  for (const [, slash, name = ''] of text.matchAll(TAG)) {
    const key = name.toLowerCase()
    open.set(key, (open.get(key) ?? 0) + (slash === '' ? 1 : -1))
  }
  return new Set([...open].filter(([, count]) => count === 0).map(([name]) => name))
}

/** The title that a file's name makes; of `index` and `README` its folder's. */
export function nameTitle(path: string, dialect: Dialect): string {
  const { slug } = dialect.ofPath(path)
  const { dir, name } = posix.parse(path)
  const base = /^(?:index|readme)$/i.test(name) && dir !== '' ? posix.basename(dir) : name
  // In a vault of notes a title is the name, as it is, and so is a date.
  if (dialect.name === 'obsidian' || !/\p{L}/u.test(slug)) return textField(base) ?? name
  const words = dialect.nameWords?.(slug) ?? withoutStamp(posix.basename(slug)).replace(/[-_]+/g, ' ')
  return textField(words) ?? textField(base) ?? name
}
