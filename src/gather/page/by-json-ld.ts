import type { CheerioAPI } from 'cheerio/slim'
import { foldText } from '../../markdown/text.ts'
import { absolute } from '../feed/address.ts'
import { type PageEntry, dateIn } from './parts.ts'

type Values = Readonly<Record<string, unknown>>

/** Types of schema.org that are articles. */
const ARTICLE = /(?:^|\/)(?:\w*Article|BlogPosting|LiveBlogPosting|SocialMediaPosting|Report)$/
/** Where schema.org holds other things. */
const WITHIN = [
  '@graph',
  'itemListElement',
  'item',
  'blogPost',
  'blogPosts',
  'mainEntity',
  'hasPart',
  'mainEntityOfPage',
]
const MOST_VALUES = 10_000
const DEEPEST = 20

/** Finds the articles that a page describes as JSON-LD of schema.org. */
export function byJsonLd($: CheerioAPI, base: string): PageEntry[] {
  const found = $('script[type="application/ld+json"]').slice(0, 50).toArray()
  const values = found.flatMap((script) => valuesIn(parse($(script).text())))
  return values.flatMap((value) => articleIn(value, base) ?? [])
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}

/** Every object in a document, from the outside in. */
function valuesIn(document: unknown): Values[] {
  const found: Values[] = []
  const waiting = [{ value: document, depth: 0 }]
  for (let next = waiting.pop(); next !== undefined && found.length < MOST_VALUES; next = waiting.pop()) {
    const { value, depth } = next
    if (typeof value !== 'object' || value === null || depth > DEEPEST) continue
    const values: Values = Array.isArray(value) ? {} : { ...value }
    const inner: unknown[] = Array.isArray(value) ? value.slice(0, MOST_VALUES) : WITHIN.map((name) => values[name])
    if (!Array.isArray(value)) found.push(values)
    for (const one of inner.reverse()) waiting.push({ value: one, depth: depth + 1 })
  }
  return found
}

function articleIn(value: Values, base: string): PageEntry | null {
  const types = [value['@type']].flat().filter((type) => typeof type === 'string')
  const isListed = types.includes('ListItem') && typeof value['url'] === 'string'
  if (!isListed && !types.some((type) => ARTICLE.test(type))) return null
  const title = wordOf(value['headline']) ?? wordOf(value['name'])
  const written = [value['url'], value['mainEntityOfPage'], value['@id']].map(addressOf)
  const link = written.map((address) => absolute(address, base)).find((address) => address !== null)
  if (title === null || link === undefined) return null
  const date = wordOf(value['datePublished'])
  const snippet = wordOf(value['description']) ?? ''
  return {
    title,
    link,
    date: date === null ? null : dateIn(date),
    snippet,
    image: absolute(addressOf(value['image']), base),
  }
}

/** An address, or an object that has one, or a list of them. */
function addressOf(value: unknown): string | null {
  const one: unknown = Array.isArray(value) ? value[0] : value
  if (typeof one === 'string') return one
  const values: Values = typeof one === 'object' && one !== null ? { ...one } : {}
  const address = values['url'] ?? values['@id'] ?? values['contentUrl']
  return typeof address === 'string' ? address : null
}

function wordOf(value: unknown): string | null {
  const text = typeof value === 'string' ? foldText(value.slice(0, 2000)) : ''
  return text === '' ? null : text
}
