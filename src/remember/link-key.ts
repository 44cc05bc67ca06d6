import { keyText } from '../identity.ts'
import { parseUrl } from '../web-address.ts'

/** An entry's place on our own pages, as `anchorOf` makes it. */
const OWN_ANCHOR = /^#(e-[0-9a-f]{12})$/
/** What tells who came from where, and when. */
const TRACKING = /^(?:utm_|(?:fbclid|gclid|mc_cid|mc_eid|phpsessid|jsessionid)=)/i
/** A site that is one page tells its articles apart behind `#/` or `#!`. */
const ROUTE = /^#!?\//

/**
 * What links to one article are known by, the most telling first: with the fragment, then without. Scheme, `www.`,
 * port, trailing slash, `index.html`, `.html`, `utm_…`, marks of sessions and campaigns, and the way letters are escaped tell nothing apart.
 * A place on our own pages is its anchor alone, as pages are numbered anew after a lost store.
 * Empty for what is no web address.
 */
export function linkKeys(link: string): string[] {
  const url = /^https?:/i.test(link.trim()) ? parseUrl(link) : null
  if (url === null) return []
  const anchor = OWN_ANCHOR.exec(url.hash)?.[1]
  if (anchor !== undefined) return [anchorKey(anchor)]
  const plain = `${url.hostname.replace(/^www\./, '')}${pathOf(url)}${queryOf(url)}`
  if (url.hash === '') return [keyText(plain)]
  const whole = `${plain}${decoded(url.hash)}`
  return ROUTE.test(url.hash) ? [keyText(whole)] : [keyText(whole), keyText(plain)]
}

/** What an entry's place on our own pages is known by. */
export function anchorKey(anchor: string): string {
  return `#${anchor}`
}

function pathOf({ pathname }: URL): string {
  return decoded(pathname)
    .replace(/\/index\.html?$/i, '/')
    .replace(/\.html?$/i, '')
    .replace(/(?<!\/)\/+$/, '')
}

function queryOf({ search }: URL): string {
  const pairs = search
    .slice(1)
    .split('&')
    .filter((pair) => pair !== '' && !TRACKING.test(pair))
  return pairs.length === 0 ? '' : decoded(`?${pairs.join('&')}`)
}

/** Letters instead of their escapes; bytes that are no UTF-8 stay escaped. */
function decoded(text: string): string {
  const letters = text.replace(/(?:%[0-9a-f]{2})+/gi, (escapes) => {
    try {
      return decodeURIComponent(escapes)
    } catch (error) {
      if (!(error instanceof URIError)) throw error
      return escapes.toUpperCase()
    }
  })
  return letters.normalize('NFC')
}
