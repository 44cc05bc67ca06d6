import { foldText } from '../markdown/text.ts'
import type { Author } from '../site.ts'
import { siteAuthor } from './channel.ts'
import type { Channel } from './channel.ts'
import type { Item } from './item.ts'

/** What stands above the entries; every text is cleaned plain text, every URL absolute. */
export interface Heading {
  id: string
  title: string
  description: string
  language: string
  homePage: string
  publishUrl: string
  author: Author | null
  updated: Date
}

/** The heading over these items. The newest `updated` among them dates it, never the clock. */
export function headingOf(channel: Channel, items: readonly Item[]): Heading {
  const { site, feedId, publishUrl, fallbackUpdated } = channel
  const newest = items.reduce((latest, item) => Math.max(latest, item.updated.getTime()), -Infinity)
  return {
    id: feedId,
    title: foldText(site.title),
    description: foldText(site.description),
    language: foldText(site.language),
    homePage: new URL(site.url).href,
    publishUrl: new URL(publishUrl).href,
    author: siteAuthor(site),
    updated: new Date(items.length === 0 ? fallbackUpdated : newest),
  }
}
