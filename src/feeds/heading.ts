import type { Author } from '../site.ts'
import { siteAuthor } from './channel.ts'
import { feedText } from './clean.ts'
import type { Channel } from './channel.ts'
import type { Item } from './item.ts'

/** What stands above the entries; every text is cleaned plain text, every URL absolute. */
export interface Heading {
  id: string
  title: string
  description: string
  language: string
  /** The page that shows what the feed does. */
  homePage: string
  /** Where the three documents are served; ends with `/`. */
  folder: string
  author: Author | null
  icon: string | null
  favicon: string | null
  hub: string | null
  /** The folder of the archive with what came before. */
  previous: string | null
  /** For an archive, the folder of the documents that are kept up to date. */
  current: string | null
  updated: Date
}

/** The heading over these items. The newest `updated` among them dates it, never the clock. */
export function headingOf(channel: Channel, items: readonly Item[]): Heading {
  const { site, feedId, publishUrl, folder, previous, isArchive, fallbackUpdated } = channel
  const newest = items.reduce((latest, item) => Math.max(latest, item.updated.getTime()), -Infinity)
  const within = (path: string): string => new URL(path, publishUrl).href
  return {
    id: feedId,
    title: titleOf(channel),
    description: feedText(site.description),
    language: feedText(site.language),
    homePage: channel.topic === null ? new URL(site.url).href : within(folder),
    folder: within(folder),
    author: siteAuthor(site),
    icon: site.icon,
    favicon: site.favicon,
    hub: channel.hub,
    previous: previous === null ? null : within(previous),
    current: isArchive ? within('') : null,
    updated: new Date(items.length === 0 ? fallbackUpdated : newest),
  }
}

/** A list of feeds is sorted by title: those of one site stand together. */
function titleOf({ site, topic }: Channel): string {
  const parts = [feedText(site.title), feedText(topic ?? '')]
  return parts.filter((part) => part !== '').join(' - ') || new URL(site.url).hostname
}
