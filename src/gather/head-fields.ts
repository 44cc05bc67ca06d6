import type { HeadFormat } from './head-cut.ts'

/** A field of front matter with the lines that belong to it. */
export interface HeadField {
  /** In lower case. */
  name: string
  /** What is written in its first line. */
  value: string
  lines: string[]
  /** Index of its first line. */
  index: number
}

/** What some writers call the fields of an article. */
export const CHINESE_NAMES: ReadonlyMap<string, string> = new Map([
  ...['标题', '標題'].map((name) => [name, 'title'] as const),
  ...['日期', '时间', '時間', '发布日期', '发布时间'].map((name) => [name, 'date'] as const),
  ...['创建日期', '创建时间'].map((name) => [name, 'created'] as const),
  ...['更新日期', '更新时间', '修改时间'].map((name) => [name, 'updated'] as const),
  ...['标签', '標籤'].map((name) => [name, 'tags'] as const),
  ...['分类', '分類'].map((name) => [name, 'categories'] as const),
  ...['作者'].map((name) => [name, 'author'] as const),
  ...['摘要', '描述'].map((name) => [name, 'summary'] as const),
])

const KNOWN =
  'title|subtitle|date|updated|lastmod|modified|pubdate|pubdatetime|publishdate|published|publish|published_at|created|' +
  'tags?|categor(?:y|ies)|keywords|draft|slug|permalink|url|layout|authors?|description|summary|excerpt|image|cover|' +
  'aliases|comments|toc|mathjax|lang|series|expirydate|hidden|private|id|guid|uuid|' +
  [...CHINESE_NAMES.keys()].join('|')
const KNOWN_NAME = new RegExp(`^(?:${KNOWN})$`)

/** True for the name, in lower case, of a field that articles have. */
export function isKnownField(name: string): boolean {
  return KNOWN_NAME.test(name)
}

const SPACE = '[ \\t\\u00a0\\u3000]*'
const NAME = '["\']?([\\p{L}_][\\w\\p{L}.-]*(?: (?:created|modified|updated))?)["\']?'
const KNOWN_FIELD = new RegExp(`^["']?(${KNOWN})["']?${SPACE}[:：]${SPACE}(.*)$`, 'iu')

/** How the lines of a language look: any field, and one that articles have, whose mark may lack its space. */
interface Grammar {
  field: RegExp
  known: RegExp
}

const GRAMMARS: Readonly<Record<HeadFormat, Grammar>> = {
  yaml: { field: new RegExp(`^${NAME}[ \\t]*:(?=\\s|$)(.*)$`, 'u'), known: KNOWN_FIELD },
  json: { field: new RegExp(`^${NAME}[ \\t]*:(.*)$`, 'u'), known: KNOWN_FIELD },
  toml: {
    field: new RegExp(`^${NAME}[ \\t]*=(.*)$`, 'u'),
    known: new RegExp(`^["']?(${KNOWN})["']?${SPACE}[=:：]${SPACE}(.*)$`, 'iu'),
  },
}

/** True when a line begins a field. */
export function beginsField(line: string, format: HeadFormat): boolean {
  const { field, known } = GRAMMARS[format]
  return known.test(line) || field.test(line)
}

/** A line that was meant to close the head. */
const NEARLY_FENCE = /^(?:-{2,}|[\u2013\u2014]+|\*{3,}|={3,}|_{3,}|\+{2,})[ \t]*$/
const BELONGS = /^(?:[ \t]|-(?:[ \t]|$)|[\]}"'][\s,]*$|#|[{}],?\s*$)/

/**
 * Parts the lines of a head into fields. The head ends where prose begins: behind a blank line that no field of articles
 * follows any more, or, when nothing closes it, at the first such line.
 * @returns the fields, and how many lines belong to the head
 */
export function fieldsIn(
  lines: readonly string[],
  format: HeadFormat,
  isClosed: boolean,
): { fields: HeadField[]; count: number } {
  const grammar = GRAMMARS[format]
  const lastKnown = isClosed ? lines.findLastIndex((line) => grammar.known.test(line)) : -1
  const fields: HeadField[] = []
  let count = 0
  let isAfterBlank = false
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index] ?? ''
    const last = fields.at(-1)
    const field = fieldIn(line, index, grammar, last)
    if (field !== null) {
      field.lines.push(...lines.slice(index + 1, quoteEnd(lines, index, field.value, grammar)))
      index += field.lines.length - 1
      fields.push(field)
    } else if (line.trim() === '') {
      if (!isClosed && last !== undefined && !goesOn(lines, index, grammar)) break
      isAfterBlank = true
      continue
    } else if (index > lastKnown && NEARLY_FENCE.test(line)) {
      count = index + 1
      break
    } else if (BELONGS.test(line) && !(isAfterBlank && isMarkdownItem(line, last))) {
      last?.lines.push(line)
      // A comment behind the last field may be a heading of the article.
      if (line.startsWith('#')) continue
    } else if (index > lastKnown && (isAfterBlank || !isClosed || last === undefined)) {
      break
    }
    isAfterBlank = false
    count = index + 1
  }
  return { fields, count }
}

function fieldIn(line: string, index: number, grammar: Grammar, last: HeadField | undefined): HeadField | null {
  // Where nothing can be nested an indent is a slip.
  const isSlip = last === undefined || !/^$|^[|>&!{[]/.test(last.value)
  const match = grammar.known.exec(isSlip ? line.trimStart() : line) ?? grammar.field.exec(line)
  if (match?.[1] === undefined) return null
  return { name: match[1].toLowerCase(), value: (match[2] ?? '').trim(), lines: [line.trimStart()], index }
}

function goesOn(lines: readonly string[], index: number, grammar: Grammar): boolean {
  const next = lines.slice(index).find((line) => line.trim() !== '')
  return next !== undefined && grammar.known.test(next)
}

/** An item of a list behind a field that has its value is one of the article. */
function isMarkdownItem(line: string, last: HeadField | undefined): boolean {
  return line.startsWith('-') && last?.value !== ''
}

/** A quoted text goes on at most this many lines. */
const QUOTED_LINES = 20

/** The index of the first line behind a quoted text that begins in a line. */
function quoteEnd(lines: readonly string[], index: number, value: string, { field, known }: Grammar): number {
  const quote = /^["']/.exec(value)?.[0]
  if (quote === undefined || value.split(quote).length % 2 === 1) return index + 1
  for (let next = index + 1; next < Math.min(lines.length, index + QUOTED_LINES); next += 1) {
    const line = lines[next] ?? ''
    if (known.test(line) || field.test(line)) break
    if (line.trimEnd().endsWith(quote)) return next + 1
  }
  return index + 1
}
