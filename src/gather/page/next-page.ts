import type { CheerioAPI } from 'cheerio/slim'
import { absolute } from '../feed/address.ts'
import type { PageElement } from './page-dom.ts'
import { textOf } from './text-of.ts'

const OLDER =
  /^(?:older(?: posts?| entries| articles?)?|next(?: page| posts?)?|more posts|下一页|下一頁|下页|下頁|后一页|更早(?:的文章)?|较旧(?:的文章)?|次へ|次の?ページ|다음|suivante?|page suivante|weiter|nächste(?: seite)?|siguiente|ältere beiträge)$/i
const ARROWS = /[\s\p{P}\p{S}]+/gu
/** At each end of a page; links to others stand there. */
const MOST_LINKS = 500
const NUMBER = /(?:\/page\/|\/p\/|[?&](?:page|paged|p|pg)=|[-_/]page[-_]?)(\d{1,5})(?=$|[/?&#.])/i

/**
 * The page of older entries: `rel="next"`, a link that says so, or the page whose number comes next. On the same host,
 * and null when there is none.
 * @param url of this page
 */
export function nextPage($: CheerioAPI, url: string, base: string): string | null {
  const all = $<PageElement, string>('a[href]').toArray()
  const links = all.length > 2 * MOST_LINKS ? [...all.slice(0, MOST_LINKS), ...all.slice(-MOST_LINKS)] : all
  const said = $<PageElement, string>('link[rel~=next][href], a[rel~=next][href]').toArray()
  const named = links.filter((link) => OLDER.test(wordsOf($, link)))
  const candidates = [...said, ...named].map((link) => absolute(link.attribs['href'] ?? null, base))
  const numbered = links
    .map((link) => absolute(link.attribs['href'] ?? null, base))
    .filter((link) => isNextNumber(link, url))
  return [...candidates, ...numbered].find((link) => link !== null && isElsewhere(link, url)) ?? null
}

function wordsOf($: CheerioAPI, link: PageElement): string {
  const label = link.attribs['aria-label'] ?? link.attribs['title'] ?? ''
  return (textOf($(link)).replace(ARROWS, ' ').trim() || label.trim()).slice(0, 60)
}

function isElsewhere(link: string, url: string): boolean {
  const [there, here] = [new URL(link), new URL(url)]
  return there.host === here.host && there.pathname + there.search !== here.pathname + here.search
}

/** True when the addresses are alike but for the number of the page, which is one more. */
function isNextNumber(link: string | null, url: string): boolean {
  const number = link === null ? undefined : NUMBER.exec(link)?.[1]
  return number !== undefined && Number(number) === Number(NUMBER.exec(url)?.[1] ?? 1) + 1
}
