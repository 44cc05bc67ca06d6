/** A text as a feed has it. */
export interface WrittenText {
  /** `either` is what RSS leaves open: plain text or HTML. */
  kind: 'text' | 'html' | 'either'
  text: string
  /** What relative addresses in it are relative to; absolute. */
  base: string
}

/** A file that belongs to an item: a recording, a picture. */
export interface Enclosure {
  /** Absolute. */
  url: string
  /** Media type as the feed has it, in lower case. */
  type: string | null
  /** In bytes. */
  length: number | null
}

/** An item as its feed has it, in whatever format. */
export interface WrittenItem {
  guid: string | null
  isPermalink: boolean
  /** Absolute. */
  link: string | null
  title: WrittenText | null
  /** What may be the article, or announce it. */
  texts: WrittenText[]
  authors: string[]
  categories: string[]
  published: string | null
  updated: string | null
  enclosures: Enclosure[]
  /** Absolute address. */
  image: string | null
  language: string | null
}

/** A feed as it is written. */
export interface WrittenFeed {
  title: WrittenText | null
  /** The page that it is the feed of; absolute. */
  url: string | null
  language: string | null
  /** Those of items that name none. */
  authors: string[]
  items: WrittenItem[]
}
