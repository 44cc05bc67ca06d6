import { englishText } from './corpus.mjs'

/** Items of a feed. */
export const ITEMS = 20
const START = Date.UTC(2026, 0, 1)
const HOUR = 3_600_000

/**
 * An RSS feed whose items have about 2 KB of HTML each; one version later it has one more and no longer the oldest.
 * @param {number} feed
 * @param {number} version
 */
export function feedAt(feed, version) {
  const items = Array.from({ length: ITEMS }, (_, index) => itemOf(feed, version + ITEMS - index))
  const site = `https://blog-${feed}.example.net/`
  const head = `<title>Blog ${feed}</title><link>${site}</link><description>Tides and harbours</description>`
  const xmlns = 'xmlns:content="http://purl.org/rss/1.0/modules/content/"'
  return `<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0" ${xmlns}><channel>${head}${items.join('')}</channel></rss>\n`
}

/**
 * @param {number} feed
 * @param {number} number
 */
function itemOf(feed, number) {
  const link = `https://blog-${feed}.example.net/${number}/`
  const seed = feed * 10_000 + number
  const [title, summary] = [`${englishText(seed, 20)} ${feed}.${number}`, englishText(seed, 150)]
  return [
    `\n<item><title>${title}</title><link>${link}</link><guid isPermaLink="true">${link}</guid>`,
    `<pubDate>${new Date(START + number * HOUR + feed * 1000).toUTCString()}</pubDate>`,
    `<description>${summary}</description>`,
    `<content:encoded><![CDATA[${htmlOf(seed, link)}]]></content:encoded></item>`,
  ].join('')
}

/**
 * @param {number} seed
 * @param {string} link
 */
function htmlOf(seed, link) {
  const [first, second, third] = [1, 2, 3].map((part) => englishText(seed * 4 + part, 500))
  const list = `<ul><li>${englishText(seed, 80)}</li><li><a href="/readings/">${englishText(seed + 1, 80)}</a></li></ul>`
  const image = `<img src="${link}gauge.png" alt="The gauge" width="640" height="480">`
  return `<p>${first}</p>${image}<p><em>${second}</em></p>${list}<blockquote><p>${third}</p></blockquote>`
}
