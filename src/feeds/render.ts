import type { Document } from '../site.ts'
import { ATOM_FILE, atomXml } from './atom.ts'
import type { Channel } from './channel.ts'
import { headingOf } from './heading.ts'
import type { Heading } from './heading.ts'
import type { Item } from './item.ts'
import { JSON_FILE, feedJson } from './json.ts'
import { RSS_FILE, rssXml } from './rss.ts'

/** A kind of feed document: its name in a folder and how it is written. */
export interface Format {
  file: string
  write: (heading: Heading, items: readonly Item[]) => string
}

export const FORMATS: readonly Format[] = [
  { file: RSS_FILE, write: rssXml },
  { file: ATOM_FILE, write: atomXml },
  { file: JSON_FILE, write: feedJson },
]

/** The paths of the three documents of a folder, such as `tags/tides/`, in the order in which they are written. */
export function feedPaths(folder: string): string[] {
  return FORMATS.map(({ file }) => folder + file)
}

/** One document with all of these items, newest date first, of equal dates the larger number first. */
export function renderFormat({ file, write }: Format, channel: Channel, items: readonly Item[]): Document {
  const time = ({ published }: Item): number => published?.getTime() ?? 0
  const shown = items.toSorted((a, b) => time(b) - time(a) || b.number - a.number)
  return { path: channel.folder + file, content: write(headingOf(channel, items), shown) }
}

/** The three documents with all of these items, whatever their size. */
export function renderFeeds(channel: Channel, items: readonly Item[]): Document[] {
  return FORMATS.map((format) => renderFormat(format, channel, items))
}
