import type { DigestEntry } from '../digest/letter.ts'
import type { Entry, Instant } from '../entry.ts'
import { pageOf } from '../link.ts'
import { foldText } from '../markdown/text.ts'
import type { Document, Site } from '../site.ts'
import type { Contract, Template } from '../template.ts'
import { dayIn, secondIn } from './day.ts'
import { hrefFrom, pathFrom, webAddress } from './links.ts'
import { navOfIndex, navOfPage, numbersOn, pagePath } from './nav.ts'
import type { Nav } from './nav.ts'
import { punch } from './tape.ts'

/** A digest as it stands on the web. */
export interface DigestPage {
  id: string
  subject: string
  date: Instant
  entries: readonly DigestEntry[]
  /** How many further entries it announced without listing them. */
  more: number
}

/** What `templates/page.liquid` may be written with. */
export const PAGE_CONTRACT: Contract = {
  format: 'html',
  names: [
    ...['site.title', 'site.description', 'site.url', 'site.language'],
    ...['page.kind', 'page.title', 'page.heading', 'page.description', 'page.canonical', 'page.number', 'page.subject'],
    ...['feeds.rss', 'feeds.atom', 'feeds.json', 'tape.columns', 'tape.holes', 'digest.more', 'digest.more_url'],
    ...['nav.latest', 'nav.older', 'nav.newer', 'nav.steps[].number', 'nav.steps[].url'],
    ...['entries[].title', 'entries[].url', 'entries[].snippet', 'entries[].date', 'entries[].datetime'],
    ...['entries[].categories[]', 'entries[].tags[]'],
    ...['entries[].number', 'entries[].anchor', 'entries[].permalink'],
  ],
}

/** What is true of one page only. */
interface Page {
  path: string
  kind: 'index' | 'older' | 'digest'
  heading: string
  /** Goes before the site's title in the title of the window; null on the index. */
  name: string | null
  number: number | null
  subject: string | null
  nav: Nav
  more: number
  entries: readonly object[]
}

/**
 * `index.html`.
 * @param publishUrl where the publish directory is served; absolute, ends with `/`
 * @param entries newest date first
 * @param pages the numbers of all older pages there are, ascending
 * @throws {Problem} `template-render`
 */
export function renderIndex(
  template: Template,
  site: Site,
  publishUrl: string,
  entries: readonly Entry[],
  pages: readonly number[],
): Document {
  const path = 'index.html'
  return render(template, site, publishUrl, {
    ...{ path, kind: 'index', heading: 'LATEST UPDATES', name: null, number: null, subject: null, more: 0 },
    nav: navOfIndex(pages),
    entries: entries.map((entry) => {
      const page = pageOf(entry.number)
      return shown(entry, site, path, publishUrl, pages.includes(page) ? pagePath(page) : path)
    }),
  })
}

/**
 * `page/N.html`, the entries numbered (N-1)*50+1 to N*50 in any order; shown newest date first.
 * @param pages the numbers of all older pages there are, ascending
 * @throws {Problem} `template-render`
 */
export function renderOlderPage(
  template: Template,
  site: Site,
  publishUrl: string,
  n: number,
  entries: readonly Entry[],
  pages: readonly number[],
): Document {
  const path = pagePath(n)
  const newestFirst = [...entries].sort((a, b) => b.date - a.date || b.number - a.number)
  const heading = `UPDATES ${numbersOn(n).join('–')}`
  return render(template, site, publishUrl, {
    ...{ path, kind: 'older', heading, name: `Page ${String(n)}`, number: n, subject: null, more: 0 },
    nav: navOfPage(n, pages),
    entries: newestFirst.map((entry) => shown(entry, site, path, publishUrl, path)),
  })
}

/**
 * `digests/ID.html`.
 * @throws {Problem} `template-render`
 */
export function renderDigestPage(template: Template, site: Site, publishUrl: string, digest: DigestPage): Document {
  const path = `digests/${digest.id}.html`
  const name = `Digest of ${dayIn(site.timezone, digest.date)}`
  return render(template, site, publishUrl, {
    ...{ path, kind: 'digest', heading: name.toUpperCase(), name, number: null, more: digest.more },
    subject: foldText(digest.subject),
    nav: { latest: pathFrom(path, 'index.html'), older: null, newer: null, steps: [] },
    entries: digest.entries.map((entry) => ({
      ...{ number: null, anchor: null, permalink: null },
      ...textsOf(entry, site, path, publishUrl),
      datetime: dayIn(site.timezone, entry.date),
    })),
  })
}

function render(template: Template, site: Site, publishUrl: string, page: Page): Document {
  const { path, kind, heading, number, subject, nav, entries, more } = page
  const title = foldText(site.title)
  const content = template.render({
    site: {
      title,
      description: foldText(site.description),
      url: webAddress(site.url),
      language: foldText(site.language),
    },
    page: {
      ...{ kind, heading, number, subject },
      title: page.name === null ? title : `${page.name} - ${title}`,
      description: foldText(page.name === null ? site.description : `${page.name}. ${site.description}`),
      canonical: kind === 'index' ? publishUrl : publishUrl + path,
    },
    feeds: { rss: pathFrom(path, 'feed.xml'), atom: pathFrom(path, 'atom.xml'), json: pathFrom(path, 'feed.json') },
    tape: punch(title),
    digest: { more, more_url: pathFrom(path, 'index.html') },
    nav,
    entries,
  })
  return { path, content }
}

function shown(entry: Entry, site: Site, path: string, publishUrl: string, home: string): object {
  const { number, anchor } = entry
  return {
    ...{ number, anchor, permalink: pathFrom(path, `${home}#${anchor}`) },
    ...textsOf(entry, site, path, publishUrl),
    datetime: (entry.dateOnly ? dayIn : secondIn)(site.timezone, entry.date),
  }
}

function textsOf(entry: DigestEntry, site: Site, path: string, publishUrl: string): object {
  return {
    title: foldText(entry.title) || 'Untitled',
    url: hrefFrom(path, publishUrl, entry.link),
    snippet: foldText(entry.snippet),
    date: dayIn(site.timezone, entry.date),
    categories: entry.categories.map(foldText),
    tags: entry.tags.map(foldText),
  }
}
