import { createHash } from 'node:crypto'
import { type Answer, type Asked, BadServer, replying } from './bad-server.ts'

/** An article as a feed or a page has it; what is left out is not written. */
export interface Written {
  guid?: string
  link?: string
  title?: string
  /** Such as `2026-02-01`, or with a time. */
  date?: string
  text?: string
}

/** An RSS feed, its newest item first. */
export function rss(...items: readonly Written[]): string {
  const channel = '<title>Pier</title><link>https://pier.example.org/</link><description>-</description>'
  return `<rss version="2.0"><channel>${channel}${items.map(rssItem).join('')}</channel></rss>`
}

function rssItem({ guid, link, title, date, text }: Written): string {
  const parts = [
    element('guid', guid, ' isPermaLink="false"'),
    element('link', link),
    element('title', title),
    element('pubDate', date === undefined ? undefined : new Date(date).toUTCString()),
    element('description', text === undefined ? undefined : escaped(`<p>${text}</p>`)),
  ]
  return `<item>${parts.join('')}</item>`
}

/** An Atom feed; each entry was updated when it says. */
export function atom(...entries: readonly (Written & { updated: string })[]): string {
  const written = entries.map(({ updated, date, link, guid, title, text }) => {
    const instant = (day: string): string => new Date(day).toISOString()
    const address = link === undefined ? '' : `<link href="${escaped(link)}"/>`
    const published = element('published', date === undefined ? undefined : instant(date))
    const rest = `<updated>${instant(updated)}</updated>${published}${element('content', text, ' type="text"')}`
    return `<entry>${element('id', guid)}${element('title', title)}${address}${rest}</entry>`
  })
  return `<feed xmlns="http://www.w3.org/2005/Atom"><title>Pier</title><id>urn:x</id>${written.join('')}</feed>`
}

/** An HTML page that lists articles, with a link to an older one. */
export function listPage(articles: readonly Written[], next: string | null = null): string {
  const written = articles.map(({ link = '', title = '', date, text = '' }) => {
    const time = date === undefined ? '' : `<time datetime="${date}">${date}</time>`
    return `<article><h2><a href="${escaped(link)}">${escaped(title)}</a></h2>${time}<p>${escaped(text)}</p></article>`
  })
  const older = next === null ? '' : `<a rel="next" href="${next}">Older</a>`
  return `<!doctype html><title>Pier</title><main>${written.join('')}</main>${older}`
}

function element(name: string, text: string | undefined, attributes = ''): string {
  return text === undefined ? '' : `<${name}${attributes}>${name === 'description' ? text : escaped(text)}</${name}>`
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
}

/** A server of feeds and pages that tells with an ETag whether one changed. */
export class FeedServer {
  readonly #server: BadServer

  private constructor(server: BadServer) {
    this.#server = server
  }

  static async start(): Promise<FeedServer> {
    return new FeedServer(await BadServer.start())
  }

  /** The address of a path: `127.0.0.1`, the home of articles whose links begin with `home('')`. */
  home(path: string): string {
    return `${this.#server.origin}${path}`
  }

  /** The same path under another name of this machine. */
  away(path: string): string {
    return `http://localhost:${this.#server.port}${path}`
  }

  /** Puts a document at a path, with its ETag. */
  put(path: string, body: string): void {
    const etag = `"${createHash('sha256').update(body).digest('hex').slice(0, 12)}"`
    const [unchanged, whole] = [replying(304, { etag }), replying(200, { etag }, body)]
    this.#server.answers[path] = (socket, asked) => {
      const isKnown = asked.headers['if-none-match'] === etag
      if (isKnown) unchanged(socket, asked)
      else whole(socket, asked)
    }
  }

  /** Answers at a path in another way. */
  answer(path: string, answer: Answer): void {
    this.#server.answers[path] = answer
  }

  /** What was asked since the last time. */
  asked(): Asked[] {
    return this.#server.asked.splice(0)
  }

  stop(): Promise<void> {
    return this.#server.stop()
  }
}
