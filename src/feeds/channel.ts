import type { Instant } from '../entry.ts'
import { foldText } from '../markdown/text.ts'
import type { Author, Site } from '../site.ts'

/** The feed as a whole: whose it is, where it is served and what it is called for ever. */
export interface Channel {
  site: Site
  /** Where the publish directory is served: absolute, http or https, ends with `/`. */
  publishUrl: string
  /** The stored id of the feed, such as `urn:uuid:…`. */
  feedId: string
  /** The date of a feed without entries, such as when its id was minted. */
  fallbackUpdated: Instant
}

/** The site's author, cleaned; null when there is none or nothing of the name is left. */
export function siteAuthor(site: Site): Author | null {
  const name = foldText(site.author?.name ?? '')
  const email = foldText(site.author?.email ?? '')
  return name === '' ? null : { name, email: email === '' ? null : email }
}
