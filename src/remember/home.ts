import { parseUrl } from '../web-address.ts'

/**
 * True when a source is at the address of an article, `www.` aside: it may be taken for the article's own site.
 * @param source absolute address of the page or feed; null for a file of the owner's
 */
export function isHome(source: string | null, link: string): boolean {
  const host = hostOf(link)
  return source === null || (host !== null && hostOf(source) === host)
}

function hostOf(url: string): string | null {
  return parseUrl(url)?.hostname.replace(/^www\./, '') ?? null
}
