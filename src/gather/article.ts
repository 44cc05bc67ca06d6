import type { Draft, Instant, WrittenDate } from '../entry.ts'
import { keyText } from '../identity.ts'
import type { Placeholders } from '../markdown/plain.ts'
import { toMarkdown } from '../markdown/dialect-text.ts'
import { Problem, type ProblemRecord } from '../problem.ts'
import { type ArticleDates, readDates } from './article-dates.ts'
import { imageUrl, linksOf } from './article-links.ts'
import type { Dialect } from './dialects/dialect.ts'
import { isCollectionTag } from './dialects/eleventy.ts'
import { at, mapOf } from './dialects/site-config.ts'
import { excerptSeparator } from './excerpt-separator.ts'
import { authorsField, isFalse, isTrue, namesField, textField } from './fields.ts'
import { type FrontMatter, readFrontMatter } from './front-matter.ts'
import { headingTitle } from './heading-title.ts'
import { importsOf } from './imports.ts'
import { withExported } from './mdx-head.ts'
import { makeSnippet } from './snippet.ts'
import { isLocked, summaryOf } from './summary.ts'
import { nameTitle, titleText } from './title.ts'

/** What decides, besides its bytes and its site, what is read from an article. */
export interface ReadingRules {
  siteTitle: string
  siteUrl: string
  zone: string
  /** Length in graphemes. */
  snippet: { length: number; placeholders: Placeholders }
}

/** An article as it lies in its source. */
export interface ArticleFile {
  /** Relative to its source, with `/`; its key. */
  path: string
  /** As messages name it. */
  place: string
  /** When its file was first committed; asked only when nothing else tells a date. */
  firstCommit: () => Instant | null
}

/** What is known of the source of an article. */
export interface ArticleSource {
  dialect: Dialect
  /** True when the owner gives a pattern for links. */
  hasPattern: boolean
}

/** What an article says: an entry, or why it is none, or not yet. */
export type Article = { imports: string[]; problems: ProblemRecord[] } & (
  | {
      kind: 'entry'
      draft: Draft
      /** When it is one no more. */
      until: Instant | null
    }
  | { kind: 'none'; reason: string }
  | { kind: 'future'; from: Instant }
)

/** Is told each thing that was understood of an article, and where it stands. */
export type Tell = (field: string, value: string, from: string) => void

/** Front matter names of what is the same in every dialect, the first that says something wins. */
const ID = ['guid', 'id', 'uuid']
/** A title that some program is still to put in: `{{ title }}`, `<% tp.file.title %>`. */
const TEMPLATE = /^(?:\{\{[^{}]*\}\}|<%[^<>]*%>)$/
/** `hide` of Hexo's theme Fluid, `hidden` of hexo-hide-posts: a page that no list shows. */
const HIDDEN = ['private', 'hidden', 'hide', 'unlisted']
const UNPUBLISHED = /^(?:draft|private|pending|unpublished|trash)$/i

/** What the parts of reading an article share. */
export interface Reading {
  file: ArticleFile
  source: ArticleSource
  rules: ReadingRules
  zone: string
  head: FrontMatter
  /** Front matter with the defaults of the folder. */
  data: Record<string, unknown>
  warn: (code: string, where: string, message: string, mend: string) => void
  /** Null when nobody asks. */
  tell: Tell | null
}

/** Reads one Markdown article. */
export function readArticle(
  text: string,
  file: ArticleFile,
  source: ArticleSource,
  rules: ReadingRules,
  now: Instant,
  tell: Tell | null = null,
): Article {
  const { dialect } = source
  const { path, place } = file
  const head = withExported(readFrontMatter(text, place), dialect.syntaxOf(path))
  const data = { ...dialect.defaultsOf(path), ...written(head.data) }
  const imports = importsOf(head.content, path)
  const problems = [...head.problems]
  const none = (reason: string): Article => ({ kind: 'none', reason, imports, problems: [] })

  const reason = noEntryReason(data, path, dialect, head)
  if (reason !== null) return none(reason)
  const warn: Reading['warn'] = (code, where, message, mend) => {
    problems.push(new Problem(code, message, { where, severity: 'warning', mend }).toJSON())
  }
  const reading: Reading = { file, source, rules, zone: dialect.zone ?? rules.zone, head, data, warn, tell }
  const dates = readDates(reading, now)
  if (dates.expired) return none('it has expired')
  if (dates.from !== null) return { kind: 'future', from: dates.from, imports, problems: [] }

  const shown = isLocked(data, head, dialect) ? (summaryOf(data, head, dialect)?.text ?? '') : head.content
  const body = toMarkdown(shown, dialect.syntaxOf(path))
  const title = readTitle(reading, body)
  const draft = readDraft(reading, dates, title, body)
  return { kind: 'entry', draft, until: dates.until, imports, problems }
}

/** A field that is left empty is not written. */
function written(data: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(data).filter(([, value]) => value !== null && value !== ''))
}

function noEntryReason(
  data: Record<string, unknown>,
  path: string,
  dialect: Dialect,
  head: FrontMatter,
): string | null {
  if (
    isTrue(data.draft) ||
    isTrue(data.isdraft) ||
    isTrue(data.is_draft) ||
    UNPUBLISHED.test(textField(data.status) ?? '')
  )
    return 'it is a draft'
  if (isTemplate(data.title)) return 'it is a template that nobody has filled in'
  if (isFalse(data.published)) return 'it says "published: false"'
  if (isFalse(data.publish)) return 'it says "publish: false"'
  for (const name of HIDDEN) if (isTrue(data[name])) return `it says "${name}: true"`
  if (dialect.ofPath(path).isDraft) return 'it lies among the drafts'
  if (isLocked(data, head, dialect) && summaryOf(data, head, dialect) === null) return 'it asks for a password'
  if (head.content.trim() === '' && textField(head.data.title) === null) return 'it is empty and has no title'
  return dialect.isNoEntry(path, data)
}

/** YAML takes `{{ title }}` without quotes for a map in a map. */
function isTemplate(title: unknown): boolean {
  const text = textField(title) ?? [...mapOf(title).keys()].map((key) => `{${key}}`).join()
  return TEMPLATE.test(text)
}

interface Title {
  text: string
  guessed: boolean
}

function readTitle(reading: Reading, body: string): Title {
  const { data, head, file, source, tell } = reading
  const written = textField(data.title) ?? listedTitle(data.title)
  const title = written === null ? '' : titleText(written)
  // A vault gives a note the title of its name.
  const isName = source.dialect.name === 'obsidian' && textField(head.data.title) === null
  if (title !== '') {
    tell?.('title', title, isName ? 'the file name' : whereOf(reading, 'title'))
    return { text: title, guessed: isName }
  }
  const heading = headingTitle(body, source.dialect.name)
  if (heading !== '') {
    tell?.('title', heading, 'the first heading')
    return { text: heading, guessed: false }
  }
  const name = nameTitle(file.path, source.dialect)
  if (!isName) warnOfName(reading)
  tell?.('title', name, 'the file name')
  return { text: name, guessed: true }
}

/** `title: [Tides]`, a list to YAML, whose brackets no page shows. */
function listedTitle(title: unknown): string | null {
  return Array.isArray(title) ? textField(namesField(title).join(', ')) : null
}

/** Where articles have front matter, one without a title has lost it. */
function warnOfName({ head, file, warn }: Reading): void {
  if (head.format === 'none') return
  const mend = 'add a line such as "title: Tides"'
  warn('title-missing', file.place, 'There is no title; the file name stands for it', mend)
}

function readDraft(reading: Reading, dates: ArticleDates, title: Title, body: string): Draft {
  const { data, head, file, source, rules, tell } = reading
  const { path } = file
  const syntax = source.dialect.syntaxOf(path)
  const slug = textField(data.slug) ?? source.dialect.ofPath(path).slug
  const categories = named(reading, 'categories', ['categories', 'category'])
  const { permalink, page } = linksOf(reading, { title: title.text, date: dates.date, categories })
  const said = summaryOf(data, head, source.dialect)
  const summary = said === null ? null : toMarkdown(said.text, { ...syntax, mdx: false })
  const separator = excerptSeparator(data.excerpt_separator) ?? source.dialect.excerptSeparator
  const markdown = { format: 'markdown' as const, text: body }
  const snippet = makeSnippet({ summary, body: markdown, title: title.text }, { ...rules.snippet, separator })
  const idName = ID.find((name) => textField(data[name]) !== null)
  const id = idName === undefined ? null : textField(data[idName])
  tell?.('slug', slug, textField(data.slug) === null ? 'the file name' : whereOf(reading, 'slug'))
  tell?.('snippet', snippet, said === null ? 'the text' : whereOf(reading, said.name))
  if (idName !== undefined) tell?.('id', id ?? '', whereOf(reading, idName))
  return {
    key: path,
    explicitId: id === null ? null : keyText(id),
    title: title.text,
    titleGuessed: title.guessed,
    date: dates.date,
    dateGuessed: dates.dateGuessed,
    updated: dates.updated,
    permalink,
    slug,
    authors: readAuthors(reading),
    image: imageUrl(reading, page),
    enclosures: [],
    series: readSeries(reading),
    tags: named(reading, 'tags', ['tags', 'tag']),
    categories,
    snippet,
    body: markdown,
    written: reading.head.content,
  }
}

/** Tags or categories; Zola keeps them in a table of their own. */
function named(reading: Reading, field: 'tags' | 'categories', names: readonly string[]): string[] {
  const { data, source, tell } = reading
  const name = names.find((one) => data[one] !== undefined && namesField(data[one]).length > 0) ?? 'taxonomies'
  const separator = name === field && hasSpaces(source.dialect, field) ? 'space-or-comma' : 'comma'
  const list = namesField(name === 'taxonomies' ? at(data.taxonomies, field) : data[name], separator)
  const own = source.dialect.name === 'eleventy' ? list.filter((one) => !isCollectionTag(one)) : list
  const placed = field === 'categories' ? (source.dialect.categoriesOf?.(reading.file.path) ?? []) : []
  const shown = [...new Set([...placed, ...own])]
  if (shown.length > 0) tell?.(field, shown.join(', '), namedWhere(reading, field, name, own.length > 0))
  return shown
}

function namedWhere(reading: Reading, field: string, name: string, isWritten: boolean): string {
  if (!isWritten) return `the folder and the ${reading.source.dialect.name} site`
  return name === 'taxonomies' ? whereOf(reading, field, name) : whereOf(reading, name)
}

/** Jekyll parts both fields at spaces, Obsidian its tags, in which no space may stand. */
function hasSpaces({ name }: Dialect, field: 'tags' | 'categories'): boolean {
  return name === 'jekyll' || (name === 'obsidian' && field === 'tags')
}

function readAuthors(reading: Reading): string[] {
  const { data, tell } = reading
  const places = [
    ...['author', 'authors'].map((name) => ({ name, table: name, value: data[name] })),
    { name: 'authors', table: 'taxonomies', value: at(data.taxonomies, 'authors') },
    { name: 'author', table: 'extra', value: at(data.extra, 'author') },
  ]
  const found = places.find(({ value }) => authorsField(value).length > 0)
  if (found === undefined) return []
  const authors = authorsField(found.value)
  tell?.('authors', authors.join(', '), whereOf(reading, found.name, found.table))
  return authors
}

function readSeries(reading: Reading): string | null {
  const { data, tell } = reading
  const own = textField(data.series) ?? namesField(data.series)[0] ?? null
  const series = own ?? namesField(at(data.taxonomies, 'series'))[0] ?? null
  if (series !== null) tell?.('series', series, whereOf(reading, 'series', own === null ? 'taxonomies' : 'series'))
  return series
}

/** Where the value of a field of front matter stands, for a person; `table` is the name of what the field is in. */
export function whereOf({ head, source }: Reading, name: string, table = name): string {
  return table in head.data ? `"${name}" in line ${head.lineOf(name)}` : `"${name}" of the ${source.dialect.name} site`
}

/** A date as a person reads it. */
export function dateText(date: WrittenDate): string {
  if (date.kind === 'instant') return new Date(date.at).toISOString()
  const pad = (n: number): string => String(n).padStart(2, '0')
  return `${String(date.year).padStart(4, '0')}-${pad(date.month)}-${pad(date.day)}`
}
