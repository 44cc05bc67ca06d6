import type { CollectionKind } from '../collection.ts'
import type { Site } from '../site.ts'
import type { Contract, Template } from '../template.ts'
import { PLAIN_TEXTS } from '../text-names.ts'
import type { Texts } from '../texts.ts'
import { FORM_NAMES } from './form.ts'

/** What every page is made with. */
export interface PageContext {
  template: Template
  site: Site
  /** Where the publish directory is served; absolute, ends with `/`. */
  publishUrl: string
  /** The folder of a tag, a category, an author or a source, such as `tags/tides/`; null when it has none. */
  addressOf: (kind: CollectionKind, name: string) => string | null
  /** Where readers write to for the digest; null when nobody is there. */
  contact: string | null
  /** Where the endpoint takes the form by which they subscribe; absolute, ends with `/`; null: nowhere. */
  endpoint: string | null
  /** Our texts in the language of the page. */
  texts: Texts
}

/** What `templates/page.liquid` may be written with. */
export const PAGE_CONTRACT: Contract = {
  format: 'html',
  names: [
    ...['site.title', 'site.description', 'site.url', 'site.language', 'site.icon', 'site.favicon'],
    ...['page.kind', 'page.title', 'page.heading', 'page.description', 'page.canonical', 'page.number', 'page.subject'],
    ...['page.label', 'page.language', 'page.is_foreign', 'page.is_rtl', 'tape.columns', 'tape.holes'],
    ...['digest.more', 'digest.more_text', 'digest.more_url'],
    ...PLAIN_TEXTS.map((name) => `texts.${name}`),
    ...['feeds.rss', 'feeds.atom', 'feeds.json', 'feeds.addresses[].format', 'feeds.addresses[].url', 'feeds.opml'],
    ...['alternates[].title', 'alternates[].type', 'alternates[].url'],
    ...['ways.latest', 'ways.subscribe', 'ways.digests', 'ways.mail'],
    ...FORM_NAMES.map((name) => `form.${name}`),
    ...['nav.latest', 'nav.older', 'nav.newer', 'nav.steps[].number', 'nav.steps[].url'],
    ...['entries[].title', 'entries[].url', 'entries[].snippet', 'entries[].date', 'entries[].datetime'],
    ...[
      'entries[].number',
      'entries[].anchor',
      'entries[].permalink',
      'entries[].more_tags',
      'entries[].number_text',
      'entries[].more_tags_text',
    ],
    ...['entries[].files[].name', 'entries[].files[].url', 'entries[].files[].type'],
    ...['categories', 'tags', 'authors'].flatMap((list) => [`entries[].${list}[].name`, `entries[].${list}[].url`]),
    ...['older[].title', 'older[].url', 'older[].date'],
    ...['digests[].subject', 'digests[].url', 'digests[].date', 'digests[].entries', 'digests[].entries_text'],
    ...['groups[].heading', 'groups[].members[].name', 'groups[].members[].url'],
    ...['groups[].members[].count', 'groups[].members[].feed'],
  ],
}
