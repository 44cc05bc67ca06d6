import { mimes } from 'hono/utils/mime'

/** The feeds, by name: web pages may fetch them. */
const FEED_TYPES = new Map([
  ['feed.xml', 'application/rss+xml; charset=utf-8'],
  ['atom.xml', 'application/atom+xml; charset=utf-8'],
  ['feed.json', 'application/feed+json; charset=utf-8'],
  ['feeds.opml', 'text/x-opml; charset=utf-8'],
])

const XSLT = 'application/xslt+xml; charset=utf-8'
const TYPES = new Map(Object.entries({ ...mimes, opml: 'text/x-opml; charset=utf-8', xsl: XSLT, xslt: XSLT }))

/** Archives, older pages and digests hardly ever change. */
const LASTING = /(?:^|\/)(?:archive\/\d+\/[^/]+|page\/\d+\.html|digests\/\d[^/]*\.html)$/

/** The media type of a file, by its name. */
export function typeOf(name: string): string {
  const ending = /\.([^.]+)$/.exec(name)?.[1]?.toLowerCase() ?? ''
  return FEED_TYPES.get(name) ?? TYPES.get(ending) ?? 'application/octet-stream'
}

/** Headers of every answer about a file, the same as in docs/servers. */
export function headersOf(names: readonly string[]): Record<string, string> {
  const age = LASTING.test(names.join('/')) ? 86_400 : 300
  return {
    'cache-control': `public, max-age=${age}, must-revalidate`,
    // Also where no copy is: one may come, and this answer is kept.
    vary: 'Accept-Encoding',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'strict-origin-when-cross-origin',
    ...(FEED_TYPES.has(names.at(-1) ?? '') && { 'access-control-allow-origin': '*' }),
  }
}
