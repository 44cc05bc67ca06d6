import { COLLECTION_FOLDERS, type CollectionKind } from '../collection.ts'
import { foldText } from '../markdown/text.ts'
import type { Document, Site } from '../site.ts'
import { isOneLanguage, isWrittenFromTheRight } from '../texts.ts'
import type { PageContext } from './context.ts'
import { formView } from './form.ts'
import { pathFrom, webAddress } from './links.ts'
import type { Nav } from './nav.ts'
import { punch } from './tape.ts'

/** What is true of one page only; what is left out is empty. */
export interface Page {
  path: string
  kind: 'index' | 'older' | 'digest' | 'digests' | 'subscribe' | CollectionKind
  heading: string
  /** Goes before the site's title in the title of the window; null on the index. */
  name: string | null
  entries: readonly object[]
  /** The folder of feeds of its own, such as `tags/tides/`. */
  folder?: string
  number?: number
  subject?: string
  nav?: Nav
  more?: number
  older?: readonly object[]
  digests?: readonly object[]
  groups?: readonly object[]
}

const FORMATS = [
  { name: 'RSS', file: 'feed.xml', type: 'application/rss+xml' },
  { name: 'Atom', file: 'atom.xml', type: 'application/atom+xml' },
  { name: 'JSON Feed', file: 'feed.json', type: 'application/feed+json' },
] as const

/** Renders a page from the template. @throws {Problem} `template-render` */
export function renderPage(context: PageContext, page: Page): Document {
  const { path, entries } = page
  const { texts } = context
  const { number = null, subject = null, more = 0, older = [], digests = [], groups = [] } = page
  const latest = path === 'index.html' ? null : pathFrom(path, 'index.html')
  const content = context.template.render({
    site: siteView(context.site),
    page: { ...pageView(context, page), number, subject },
    feeds: feedsView(context, page),
    alternates: alternates(context, page),
    ways: waysFrom(context, path),
    form: formView(context, path),
    tape: punch(foldText(context.site.title)),
    digest: { more, more_text: texts.say('more_on_latest', { count: more }), more_url: pathFrom(path, 'index.html') },
    texts: texts.plain,
    nav: page.nav ?? { latest, older: null, newer: null, steps: [] },
    ...{ entries, older, digests, groups },
  })
  return { path, content }
}

function siteView(site: Site): object {
  return {
    title: foldText(site.title),
    description: foldText(site.description),
    url: webAddress(site.url),
    language: foldText(site.language),
    icon: site.icon,
    favicon: site.favicon,
  }
}

function pageView({ site, publishUrl, texts }: PageContext, { path, kind, heading, name, folder }: Page): object {
  const title = foldText(site.title)
  const description = foldText(name === null ? site.description : `${name} - ${site.description}`) || title
  return {
    ...{ kind: isCollection(kind) ? 'collection' : kind, heading, description },
    label: isCollection(kind) ? `${texts.plain[kind]}${texts.plain.colon}` : null,
    title: name === null ? title : `${name} - ${title}`,
    canonical: new URL(kind === 'index' ? '' : (folder ?? path.replace(/(?<=\/)index\.html$/, '')), publishUrl).href,
    language: texts.language,
    // Entries are in the language of the site; our texts need not be.
    is_foreign: !isOneLanguage(texts.language, site.language),
    is_rtl: isWrittenFromTheRight(site.language),
  }
}

function isCollection(kind: Page['kind']): kind is CollectionKind {
  return kind in COLLECTION_FOLDERS
}

/** The feeds that show what the page does, and their addresses in full. */
function feedsView({ publishUrl }: PageContext, { path, folder = '' }: Page): object {
  const [rss, atom, json] = FORMATS.map(({ file }) => pathFrom(path, folder + file))
  const addresses = FORMATS.map(({ name, file }) => ({ format: name, url: new URL(folder + file, publishUrl).href }))
  return { rss, atom, json, addresses, opml: pathFrom(path, 'feeds.opml') }
}

/** What browsers and readers find by themselves: the page's own feeds first, then the site's. */
function alternates({ site }: PageContext, { path, name, folder }: Page): object[] {
  const title = foldText(site.title)
  const folders = [
    ...(folder === undefined ? [] : [{ folder, of: `${title} - ${name ?? ''}` }]),
    { folder: '', of: title },
  ]
  return folders.flatMap(({ folder: within, of }) =>
    FORMATS.map(({ name: format, file, type }) => ({
      title: `${of} (${format})`,
      type,
      url: pathFrom(path, within + file),
    })),
  )
}

function waysFrom({ contact, site, texts }: PageContext, path: string): object {
  const subject = encodeURIComponent(texts.say('ask_subject', { site: foldText(site.title) }))
  return {
    latest: pathFrom(path, 'index.html'),
    subscribe: pathFrom(path, 'subscribe.html'),
    digests: pathFrom(path, 'digests/index.html'),
    mail: contact === null ? null : `mailto:${encodeURIComponent(contact).replace('%40', '@')}?subject=${subject}`,
  }
}
