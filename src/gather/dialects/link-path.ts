import type { SiteFolder } from './site-folder.ts'
import { parseUrl } from '../../web-address.ts'

/** Hosts that stand in a configuration nobody has filled in yet. */
const PLACEHOLDER =
  /^(?:localhost|127\.\d+\.\d+\.\d+|0\.0\.0\.0|\[::1?\]|(?:www\.)?example\.(?:com|org|net)|(?:www\.)?(?:yoursite|your-site|yourdomain|your-domain|mysite|domain)\.com|(?:username|yourname|your-username)\.github\.io)$/

/** The web address in a text, `//host` taken for https; null when it is none. */
export function webAddress(text: string | null): URL | null {
  if (text === null) return null
  const full = text.startsWith('//') ? `https:${text}` : text
  const url = /^https?:\/\//i.test(full) ? parseUrl(full) : null
  return url?.username === '' && url.password === '' ? url : null
}

/**
 * The address below which a site's pages stand, ending in `/`: its own unless it is missing or a placeholder.
 * @param folder where the site stands on its host when `own` does not say so, such as Jekyll's `baseurl`
 */
export function siteBase(own: string | null, site: SiteFolder, folder = ''): string {
  const url = webAddress(own)
  if (url === null) return site.siteUrl
  if (PLACEHOLDER.test(url.hostname) && url.hostname !== new URL(site.siteUrl).hostname) return site.siteUrl
  return new URL(`${url.origin}${encodePath(`${url.pathname}/${folder}/`)}`).href
}

/**
 * The absolute URL of a page, percent-encoded once. Steps such as `..` and doubled slashes vanish, so that no page
 * stands outside its site.
 * @param path not encoded; an escape such as `%20` stays one
 */
export function pageUrl(base: string, path: string): string {
  return new URL(`${base.replace(/\/+$/, '')}${encodePath(`/${path}`)}`).href
}

/** The absolute URL that front matter gives: a web address, or a path below `base`; null when it is neither. */
export function writtenUrl(base: string, text: string): string | null {
  const address = webAddress(text)
  if (address !== null) return address.href
  return /^(?:[a-z][a-z0-9+.-]*:|\/\/)/i.test(text) ? null : pageUrl(base, text)
}

/** A file's name in a path: `%` is a letter of it. */
export function literal(name: string): string {
  return name.replaceAll('%', '%25')
}

function encodePath(path: string): string {
  const steps = path.split('/').filter((step) => step !== '' && !/^(?:\.|%2e){1,2}$/i.test(step))
  const isFolder = /(?:^|\/)(?:\.|%2e){0,2}$/i.test(path)
  return `/${steps.map(encodeStep).join('/')}${isFolder && steps.length > 0 ? '/' : ''}`
}

function encodeStep(step: string): string {
  const text = step.replace(/\p{Surrogate}/gu, '\uFFFD').replace(/%(?![0-9a-f]{2})/gi, '%25')
  return text
    .split(/(%[0-9a-f]{2})/i)
    .map((part, index) => (index % 2 === 1 ? part : encodeURI(part).replaceAll('?', '%3F').replaceAll('#', '%23')))
    .join('')
}
