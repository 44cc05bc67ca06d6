import type { Instant } from '../entry.ts'
import { feedText } from './clean.ts'
import type { Author, Site } from '../site.ts'

/** Three feed documents as a whole: whose they are, what they are of, where they are served. */
export interface Channel {
  site: Site
  /** Where the publish directory is served: absolute, http or https, ends with `/`. */
  publishUrl: string
  /** The stored id of the feed, such as `urn:uuid:…`; archives have that of the feed they belong to. */
  feedId: string
  /** The date of a feed without entries, such as when its id was minted. */
  fallbackUpdated: Instant
  /** Where the documents stand in the publish directory: empty, or a folder such as `tags/tides/`. */
  folder: string
  /** What is in it, such as the name of a tag; null for everything. */
  topic: string | null
  /** WebSub hub that is told of changes, or null. */
  hub: string | null
  /** The folder of the archive that goes on where these documents end, or null (RFC 5005, section 4). */
  previous: string | null
  /** True for an archive: what it holds is no longer changed. */
  isArchive: boolean
}

/** The feeds of everything, without an archive. */
export function wholeChannel(channel: Pick<Channel, 'site' | 'publishUrl' | 'feedId' | 'fallbackUpdated'>): Channel {
  return { ...channel, folder: '', topic: null, hub: null, previous: null, isArchive: false }
}

/** The site's author, cleaned; null when there is none or nothing of the name is left. */
export function siteAuthor(site: Site): Author | null {
  const name = feedText(site.author?.name ?? '')
  const email = feedText(site.author?.email ?? '')
  return name === '' ? null : { name, email: email === '' ? null : email, url: site.author?.url ?? null }
}
