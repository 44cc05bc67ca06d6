import type { WrittenDate } from '../../entry.ts'
import { foldText } from '../../markdown/text.ts'
import { type ItemBody, type ItemTexts, isTooLong, itemTexts } from './body.ts'
import { itemDate } from './item-date.ts'
import { type ItemIdentity, identities } from './item-identity.ts'
import { titleText } from './title-text.ts'
import { NOTHING_TO_DO, type Warnings } from './warnings.ts'
import type { Enclosure, WrittenFeed, WrittenItem } from './written.ts'

/**
 * An item of a feed of somebody else. Every text but the body is one line of plain text. Body, summary and picture are
 * made when they are asked for: most items of a feed are known already.
 */
export interface FeedItem extends ItemIdentity {
  /** As it stands in the feed, trimmed. */
  guid: string | null
  /** True when the guid is the address of the item. */
  isPermalink: boolean
  /** Absolute, http or https. */
  link: string | null
  /** Empty when it has none. */
  title: string
  authors: string[]
  categories: string[]
  /** Its own date, else that of its last update. */
  published: WrittenDate | null
  updated: WrittenDate | null
  /** The fullest text that the feed has of it. */
  body: ItemBody | null
  /** What announces it besides the body. */
  summary: string | null
  enclosures: Enclosure[]
  /** Absolute address of its picture, else of the first one in its body. */
  image: string | null
  /** BCP 47 tag of the item, else of the feed. */
  language: string | null
}

const MOST_NAMES = 50
/** In characters of its source. */
const LONGEST_NAME = 300
const MOST_ENCLOSURES = 50
const LANGUAGE = /^[a-z]{2,8}(?:-[a-z\d]{1,8}){0,8}$/i

/** Understands the items of a feed; one that stands there twice is left out. */
export function readItems(feed: WrittenFeed, warnings: Warnings): FeedItem[] {
  const items = feed.items.map((item) => {
    if (item.texts.some(isTooLong)) warnings.add('feed-item-cut', 'The text of an item is too long and was cut', NOTHING_TO_DO) // prettier-ignore
    const texts = onDemand(() => itemTexts(item.texts))
    return { item, texts, title: item.title === null ? '' : titleText(item.title) }
  })
  const known = identities(
    items.map(({ item: { guid, link, published, updated }, texts, title }) => {
      return { guid, link, title, date: published ?? updated, text: () => texts().body?.text ?? '' }
    }),
    warnings,
  )
  return items.flatMap(({ item, texts, title }, index) => {
    const identity = known[index] ?? null
    return identity === null ? [] : [itemOf({ ...identity, title, ...facts(item, feed, warnings) }, item, texts)]
  })
}

type Facts = Omit<FeedItem, 'body' | 'summary' | 'image'>

function itemOf(known: Facts, { image, enclosures }: WrittenItem, texts: () => ItemTexts): FeedItem {
  return {
    ...known,
    get body() {
      return texts().body
    },
    get summary() {
      return texts().summary
    },
    get image() {
      return image ?? enclosures.find(({ type }) => type?.startsWith('image/'))?.url ?? texts().image
    },
  }
}

function onDemand<T>(make: () => T): () => T {
  let made: { value: T } | null = null
  return () => (made ??= { value: make() }).value
}

function facts(item: WrittenItem, feed: WrittenFeed, warnings: Warnings): Omit<Facts, keyof ItemIdentity | 'title'> {
  const updated = dateOf(item.updated, warnings)
  const authors = namesOf(item.authors, authorName)
  const { guid, isPermalink, link } = item
  return {
    ...{ guid, isPermalink, link },
    authors: authors.length > 0 ? authors : namesOf(feed.authors, authorName),
    categories: namesOf(item.categories),
    published: dateOf(item.published, warnings) ?? updated,
    updated,
    enclosures: enclosuresOf(item.enclosures),
    language: [item.language, feed.language].find((one) => one !== null && LANGUAGE.test(one)) ?? null,
  }
}

function dateOf(written: string | null, warnings: Warnings): WrittenDate | null {
  const date = written === null ? null : itemDate(written)
  if (written !== null && date === null) {
    const message = `"${foldText(written.slice(0, 80))}" is no date; the item gets the next best`
    warnings.add('feed-date-invalid', message, NOTHING_TO_DO)
  }
  return date
}

/** RSS writes `ada@example.org (Ada)`, others `Ada <ada@example.org>`. */
function authorName(written: string): string {
  const match =
    /^\s*\S+@\S+\s*\((.{1,200})\)\s*$/s.exec(written) ?? /^\s*(?:mailto:)?(.{1,200}?)\s*<\S+@\S+>\s*$/s.exec(written)
  return match?.[1] ?? written
}

function namesOf(written: readonly string[], read = (name: string): string => name): string[] {
  const short = written.slice(0, MOST_NAMES).filter((name) => name.length <= LONGEST_NAME)
  const names = short.map((name) => titleText({ kind: 'either', text: read(name), base: '' }))
  return [...new Set(names)].filter((name) => name !== '')
}

function enclosuresOf(written: readonly Enclosure[]): Enclosure[] {
  const byUrl = new Map<string, Enclosure>()
  for (const enclosure of written) if (!byUrl.has(enclosure.url)) byUrl.set(enclosure.url, enclosure)
  return [...byUrl.values()].slice(0, MOST_ENCLOSURES)
}
