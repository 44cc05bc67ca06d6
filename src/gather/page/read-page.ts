import type { CheerioAPI } from 'cheerio/slim'
import { Problem, type ProblemRecord } from '../../problem.ts'
import { absolute } from '../feed/address.ts'
import { Warnings } from '../feed/warnings.ts'
import { byJsonLd } from './by-json-ld.ts'
import type { PageSelectors } from '../../remote-source.ts'
import { MOST_ENTRIES, bySelectors } from './by-selectors.ts'
import { type Located, byArticle, byHFeed, byRepetition } from './by-structure.ts'
import { nextPage } from './next-page.ts'
import { readDom } from './page-dom.ts'
import type { PageEntry } from './parts.ts'
import { suggestSelectors } from './suggest.ts'

/** What a page lists. */
export interface ReadPage {
  /** In the order of the page, each link once. */
  entries: PageEntry[]
  how: 'selectors' | 'h-feed' | 'json-ld' | 'article' | 'repeated'
  /** The page of older entries, absolute. */
  next: string | null
  /** Selectors that find the same entries, to paste; null when there are none. */
  suggested: PageSelectors | null
  warnings: ProblemRecord[]
}

/** A single article describes itself in the same ways as a list of them. */
const FEWEST = 2

/**
 * Reads the entries that an HTML page lists: by selectors, or without any by microformats, JSON-LD, `article` or what
 * repeats itself.
 * @param html decoded
 * @param url where the page was fetched, absolute
 * @throws {Problem} `page-selector-malformed`, `page-selector-empty`, `page-no-entries`
 */
export function readPage(html: string, url: string, select: PageSelectors | null): ReadPage {
  const { $, isCut } = readDom(html)
  const warnings = new Warnings(url)
  if (isCut)
    warnings.add('page-cut', 'The page holds more than can be read; its end was left out', 'give a smaller page')
  const base = absolute($('base[href]').first().attr('href') ?? null, url) ?? url
  const found = select === null ? guess($, url, base) : { how: 'selectors' as const, entries: bySelectors($, select, base, warnings), suggested: select } // prettier-ignore
  const next = nextPage($, url, base)
  return { ...found, entries: onceEach(found.entries), next, warnings: warnings.list() }
}

type Found = Pick<ReadPage, 'entries' | 'how' | 'suggested'>

function guess($: CheerioAPI, url: string, base: string): Found {
  const located = (how: ReadPage['how'], { entries, elements }: Located): Found => {
    return { how, entries, suggested: suggestSelectors($, elements) }
  }
  const ways: (() => Found)[] = [
    () => located('h-feed', byHFeed($, base)),
    () => ({ how: 'json-ld', entries: byJsonLd($, base), suggested: null }),
    () => located('article', byArticle($, base)),
    () => located('repeated', byRepetition($, base)),
  ]
  for (const way of ways) {
    const found = way()
    if (onceEach(found.entries).length >= FEWEST) return found
  }
  const mend = 'name its entries with `select`; pages that build themselves by script hold no entries'
  throw new Problem('page-no-entries', 'Nothing on the page looks like a list of entries', { where: url, mend })
}

function onceEach(entries: readonly PageEntry[]): PageEntry[] {
  const byLink = new Map<string, PageEntry>()
  for (const entry of entries) if (!byLink.has(entry.link)) byLink.set(entry.link, entry)
  return [...byLink.values()].slice(0, MOST_ENTRIES)
}
