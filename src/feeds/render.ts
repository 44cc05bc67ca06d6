import type { Document } from '../site.ts'
import type { Channel } from './channel.ts'
import { headingOf } from './heading.ts'
import type { Heading } from './heading.ts'
import type { Item } from './item.ts'
import { feedJson } from './json.ts'
import { atomXml, rssXml } from './xml.ts'

/** A feed document of the site: its path and how it is written. */
export interface Format {
  path: string
  write: (heading: Heading, items: readonly Item[]) => string
}

export const FORMATS: readonly Format[] = [
  { path: 'feed.xml', write: rssXml },
  { path: 'atom.xml', write: atomXml },
  { path: 'feed.json', write: feedJson },
]

/** One document with all of these items, newest date first, of equal dates the larger number first. */
export function renderFormat({ path, write }: Format, channel: Channel, items: readonly Item[]): Document {
  const shown = items.toSorted((a, b) => b.published.getTime() - a.published.getTime() || b.number - a.number)
  return { path, content: write(headingOf(channel, items), shown) }
}
