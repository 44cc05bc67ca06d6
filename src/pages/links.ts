import { parseUrl } from '../web-address.ts'

/** The address as a browser would write it when it is http or https; null for anything else, such as `javascript:`. */
export function webAddress(text: string): string | null {
  const url = parseUrl(text)
  return url !== null && ['http:', 'https:'].includes(url.protocol) ? url.href : null
}

/**
 * The way from one published page to another document, so that the pages also work opened from a disk.
 * @param page and `target` are paths in the publish directory; the target may have a `#fragment`
 */
export function pathFrom(page: string, target: string): string {
  if (target.startsWith(`${page}#`)) return target.slice(page.length)
  const folder = page.slice(0, page.lastIndexOf('/') + 1)
  if (target.startsWith(folder)) return target.slice(folder.length)
  return '../'.repeat(folder.split('/').length - 1) + target
}

const OUR_DOCUMENT =
  /^(?:index\.html|subscribe\.html|feed\.xml|atom\.xml|feed\.json|(?:page|digests)\/[^/?#]+\.html)?(?:#.*)?$/

/**
 * What a page writes as `href` for an absolute link: the way from it to a document of ours, any other web address as
 * it is, and null for what is no web address.
 */
export function hrefFrom(page: string, publishUrl: string, link: string): string | null {
  const address = webAddress(link)
  if (address === null || !address.startsWith(publishUrl)) return address
  const path = address.slice(publishUrl.length)
  if (!OUR_DOCUMENT.test(path)) return address
  return pathFrom(page, path === '' || path.startsWith('#') ? `index.html${path}` : path)
}
