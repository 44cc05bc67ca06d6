import { escapeMarkup } from '../markdown/text.ts'
import { feedText } from './clean.ts'
import { RSS_FILE } from './rss.ts'

export const OPML_FILE = 'feeds.opml'

/** A feed as a list of feeds names it; `folder` is absolute. */
export interface ListedFeed {
  title: string
  folder: string
  homePage: string
}

/** Feeds under a heading of their own, or under none. */
export interface FeedGroup {
  heading: string | null
  feeds: readonly ListedFeed[]
}

/**
 * OPML 2.0 (http://opml.org/spec2.opml), a list of feeds that readers import. Each feed is named once, by its RSS
 * document: a reader would subscribe to every format that is listed.
 */
export function opml(title: string, groups: readonly FeedGroup[]): string {
  const lines = groups.flatMap(({ heading, feeds }) => {
    if (heading === null || feeds.length === 0) return feeds.map((feed) => `    ${outline(feed)}`)
    return [`    <outline text="${text(heading)}">`, ...feeds.map((feed) => `      ${outline(feed)}`), '    </outline>']
  })
  return [
    '<?xml version="1.0" encoding="utf-8"?>',
    '<opml version="2.0">',
    '  <head>',
    `    <title>${text(title)}</title>`,
    '    <docs>http://opml.org/spec2.opml</docs>',
    '  </head>',
    '  <body>',
    ...lines,
    '  </body>',
    '</opml>',
    '',
  ].join('\n')
}

function outline({ title, folder, homePage }: ListedFeed): string {
  const addresses = `xmlUrl="${escapeMarkup(new URL(RSS_FILE, folder).href)}" htmlUrl="${escapeMarkup(homePage)}"`
  return `<outline type="rss" text="${text(title)}" title="${text(title)}" ${addresses}/>`
}

function text(plain: string): string {
  return escapeMarkup(feedText(plain))
}
