import { hash } from 'node:crypto'
import type { Enclosure } from './enclosure.ts'

/** Milliseconds since 1970-01-01T00:00:00Z, an integer. */
export type Instant = number

/** A date as a source gives it: an instant, or a calendar day without time and zone. */
export type WrittenDate = { kind: 'instant'; at: Instant } | { kind: 'day'; year: number; month: number; day: number }

/** The text of an article as its source holds it, without front matter. */
export interface Body {
  /** `html` is of somebody else: made harmless, its links absolute. */
  format: 'markdown' | 'text' | 'html'
  text: string
}

/** What a source says of one article. Every text but the body is plain text. */
export interface Draft {
  /** The place in its source, such as a path relative to the folder, or what a feed calls it; null in a listing. */
  key: string | null
  /** `guid`, `id` or `uuid` of the front matter, as written. */
  explicitId: string | null
  title: string
  /** True when the source has no title and we made one (from the file name or the opening words). */
  titleGuessed: boolean
  date: WrittenDate | null
  /** True when the source gives no date and we made one (from the first commit of its file). */
  dateGuessed: boolean
  /** When the source says that it was last updated. */
  updated: WrittenDate | null
  /** Absolute URL that the source itself gives: permalink, canonical URL, or what the site's own rules make. */
  permalink: string | null
  /** What `{slug}` stands for in a link pattern: front matter `slug`, else the file name without its ending. */
  slug: string
  authors: string[]
  /** Absolute URL of the cover image. */
  image: string | null
  /** Files that belong to it; the cover image may be among them. */
  enclosures: Enclosure[]
  series: string | null
  tags: string[]
  categories: string[]
  /** At most `snippet.length` graphemes of plain text, and `...` when it was cut. */
  snippet: string
  /** As it is rendered. */
  body: Body
  /** The body as the source holds it: identity goes by it, so that another way to render is no other article. */
  written: string
}

/** What we keep of an article and show: a Draft that was remembered. */
export interface Entry {
  /** Row id in the store. */
  id: number
  /** Position in the order in which entries were remembered; larger is newer. */
  number: number
  /** An absolute URI, the same in every format for ever. */
  guid: string
  /** Name of its source. */
  source: string
  title: string
  /** Absolute URL of the article. */
  link: string
  /** Fragment id of the entry on our pages. */
  anchor: string
  date: Instant
  /** True when the source gave a day, not an instant. */
  dateOnly: boolean
  updated: Instant
  authors: string[]
  /** Absolute URL of the cover image. */
  image: string | null
  /** Files that belong to it; the cover image may be among them. */
  enclosures: Enclosure[]
  series: string | null
  tags: string[]
  categories: string[]
  snippet: string
}

/** An entry with its article. */
export interface WholeEntry extends Entry {
  /** Its place in its source, such as the path of its file; null in a listing. */
  key: string | null
  body: Body
}

/** The fragment id of an entry on our pages, for ever the same as its guid. */
export function anchorOf(guid: string): string {
  return `e-${hash('sha256', guid, 'hex').slice(0, 12)}`
}
