/**
 * True when a source is at the address of an article, `www.` aside: it may be taken for the article's own site.
 * @param source absolute address of the page or feed; null for a file of the owner's
 */
export function isHome(source: string | null, link: string): boolean {
  return source === null || (URL.canParse(source) && URL.canParse(link) && hostOf(source) === hostOf(link))
}

function hostOf(url: string): string {
  return new URL(url).hostname.replace(/^www\./, '')
}
