import { type Collection, type CollectionKind, collectionFolder } from '../collection.ts'
import type { DigestEntry } from '../digest/letter.ts'
import type { Entry, Instant } from '../entry.ts'
import { pageOf } from '../link.ts'
import { foldText } from '../markdown/text.ts'
import type { Document } from '../site.ts'
import type { TextName } from '../text-names.ts'
import type { PageContext } from './context.ts'
import { dayIn } from './day.ts'
import { type EntryLine, digestEntryView, entryView, lineView } from './entry-view.ts'
import { pathFrom } from './links.ts'
import { navOfIndex, navOfPage, numbersOn, pagePath } from './nav.ts'
import { renderPage } from './page.ts'

/** A digest as it stands on the web. */
export interface DigestPage {
  id: string
  subject: string
  date: Instant
  entries: readonly DigestEntry[]
  /** The zone whose calendar gives its day. */
  zone: string
  /** How many further entries it announced without listing them. */
  more: number
}

/** Path of the list of digests. */
const DIGESTS_PATH = 'digests/index.html'
/** Path of the page that says how to subscribe. */
export const SUBSCRIBE_PATH = 'subscribe.html'

/**
 * `index.html`.
 * @param entries newest date first
 * @param pages the numbers of all older pages there are, ascending
 * @throws {Problem} `template-render`
 */
export function renderIndex(context: PageContext, entries: readonly Entry[], pages: readonly number[]): Document {
  const path = 'index.html'
  return renderPage(context, {
    ...{ path, kind: 'index', heading: context.texts.say('latest_updates'), name: null, nav: navOfIndex(pages) },
    entries: entries.map((entry) => entryView(context, entry, path, homeOf(entry, pages, path))),
  })
}

/**
 * `page/N.html`, the entries numbered (N-1)*50+1 to N*50 in any order; shown newest date first.
 * @param pages the numbers of all older pages there are, ascending
 * @throws {Problem} `template-render`
 */
export function renderOlderPage(
  context: PageContext,
  n: number,
  entries: readonly Entry[],
  pages: readonly number[],
): Document {
  const path = pagePath(n)
  const newestFirst = [...entries].sort((a, b) => b.date - a.date || b.number - a.number)
  const { texts } = context
  const [first, last] = numbersOn(n)
  const heading = texts.say('updates_between', { first, last })
  return renderPage(context, {
    ...{
      path,
      kind: 'older',
      heading,
      name: texts.say('page_number', { number: n }),
      number: n,
      nav: navOfPage(n, pages),
    },
    entries: newestFirst.map((entry) => entryView(context, entry, path, path)),
  })
}

/**
 * `tags/NAME/index.html` and the like.
 * @param entries newest date first
 * @param older those that follow, of which it gives the titles
 * @throws {Problem} `template-render`
 */
export function renderCollectionPage(
  context: PageContext,
  collection: Collection,
  entries: readonly Entry[],
  older: readonly EntryLine[],
): Document {
  const folder = collectionFolder(collection)
  const path = `${folder}index.html`
  return renderPage(context, {
    ...{ path, kind: collection.kind, heading: foldText(collection.name), name: foldText(collection.name), folder },
    entries: entries.map((entry) => entryView(context, entry, path, pagePath(pageOf(entry.number)))),
    older: older.map((entry) => lineView(context, entry, path)),
  })
}

/**
 * `digests/ID.html`.
 * @throws {Problem} `template-render`
 */
export function renderDigestPage(context: PageContext, digest: DigestPage): Document {
  const path = `digests/${digest.id}.html`
  const name = context.texts.say('digest_of', { day: dayIn(digest.zone, digest.date) })
  return renderPage(context, {
    ...{ path, kind: 'digest', heading: name.toUpperCase(), name, more: digest.more },
    subject: foldText(digest.subject),
    entries: digest.entries.map((entry) => digestEntryView(context, entry, path)),
  })
}

/** A digest as a list names it; `entries` counts them. */
export interface DigestLine {
  id: string
  subject: string
  date: Instant
  /** The zone whose calendar gives its day. */
  zone: string
  entries: number
}

/**
 * `digests/index.html`, the list of all digests.
 * @throws {Problem} `template-render`
 */
export function renderDigestArchive(context: PageContext, digests: readonly DigestLine[]): Document {
  const { texts } = context
  const name = texts.say('past_digests')
  return renderPage(context, {
    ...{ path: DIGESTS_PATH, kind: 'digests', heading: name.toUpperCase(), name, entries: [] },
    digests: digests.map(({ id, subject, date, zone, entries }) => ({
      ...{ subject: foldText(subject), url: `${id}.html`, entries },
      entries_text: texts.say('entries_count', { count: entries }),
      date: dayIn(zone, date),
    })),
  })
}

/** Collections of one kind, each with how many entries it has. */
export interface CollectionGroup {
  kind: CollectionKind
  collections: readonly (Collection & { count: number })[]
}

const HEADINGS: Record<CollectionKind, TextName> = {
  tag: 'by_tag',
  category: 'by_category',
  author: 'by_author',
  source: 'by_source',
}

/**
 * `subscribe.html`: how to follow the site, and every feed that it has.
 * @throws {Problem} `template-render`
 */
export function renderSubscribePage(context: PageContext, groups: readonly CollectionGroup[]): Document {
  const path = SUBSCRIBE_PATH
  const { texts } = context
  const name = texts.say('subscribe')
  return renderPage(context, {
    ...{ path, kind: 'subscribe', heading: name.toUpperCase(), name, entries: [] },
    groups: groups.map(({ kind, collections }) => ({
      heading: texts.say(HEADINGS[kind]),
      members: collections.map((collection) => ({
        ...{ name: foldText(collection.name), count: collection.count },
        url: pathFrom(path, `${collectionFolder(collection)}index.html`),
        feed: pathFrom(path, `${collectionFolder(collection)}feed.xml`),
      })),
    })),
  })
}

/** An entry stands on its older page for ever, and until that is there on the front page. */
function homeOf(entry: Entry, pages: readonly number[], index: string): string {
  const page = pageOf(entry.number)
  return pages.includes(page) ? pagePath(page) : index
}
