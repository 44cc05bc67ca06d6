import { LineCounter, isNode, parseDocument } from 'yaml'
import { checkContent } from './content.ts'
import type { Findings, Place, Spot } from './finding.ts'
import { quoted } from './finding.ts'
import { checkLanguage, checkMediaType, checkRfc3339, checkWebUri } from './values.ts'

type Keys = readonly (string | number)[]

/** Checks a JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/). */
export function checkJsonFeed(text: string, findings: Findings, place: Place): void {
  const feed = parsed(text, findings)
  if (feed === undefined) return
  const checker = new JsonChecker(text, findings, place)
  checker.feed(feed)
}

function parsed(text: string, findings: Findings): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    const message = `This is no JSON: ${error instanceof Error ? error.message : String(error)}`
    findings.error({ line: 1, column: 1 }, 'json-malformed', message, 'write the document with a program')
    return undefined
  }
}

type Fields = Readonly<Record<string, unknown>>

class JsonChecker {
  readonly #findings: Findings
  readonly #place: Place
  readonly #spotOf: (keys: Keys) => Spot

  constructor(text: string, findings: Findings, place: Place) {
    this.#findings = findings
    this.#place = place
    this.#spotOf = spotsIn(text)
  }

  feed(value: unknown): void {
    if (!isFields(value)) return this.#error([], 'json-feed', 'The document is no JSON Feed', 'write one object')
    if (!/^https:\/\/(?:www\.)?jsonfeed\.org\/version\/1(?:\.1)?$/.test(String(value['version']))) {
      this.#error(
        ['version'],
        'json-version',
        'The feed does not name its version',
        'write https://jsonfeed.org/version/1.1',
      )
    }
    this.#texts(value, [], ['title', 'description', 'user_comment', 'language'])
    if (typeof value['title'] !== 'string' || value['title'] === '') {
      this.#error([], 'json-title', 'The feed has no title', 'add title')
    }
    this.#addresses(value, [], ['home_page_url', 'feed_url', 'next_url', 'icon', 'favicon'])
    this.#own(value)
    this.#authors(value, [])
    this.#hubs(value)
    if (typeof value['language'] === 'string')
      checkLanguage(value['language'], this.#spotOf(['language']), this.#findings)
    this.#items(value['items'])
  }

  /** What the feed says of its own address. */
  #own({ feed_url: own, next_url: next, language }: Fields): void {
    const { url } = this.#place
    if (own === undefined) this.#warning([], 'self-missing', 'The feed does not say where it is served', 'add feed_url')
    else if (url !== null && own !== url) {
      const message = `The feed says that it is served at ${quoted(JSON.stringify(own))}, but it is at ${quoted(url)}`
      this.#warning(['feed_url'], 'self-elsewhere', message, 'correct feed_url, or publish.url')
    }
    if (next !== undefined && next === own) {
      this.#error(['next_url'], 'json-next', 'next_url leads to the feed itself', 'leave it out on the last page')
    }
    if (language === undefined)
      this.#warning([], 'language-missing', 'The feed does not name its language', 'add language')
  }

  #items(items: unknown): void {
    if (!Array.isArray(items))
      return this.#error(['items'], 'json-items', 'The feed has no list of items', 'add items: []')
    const seen = new Set<string>()
    for (const [index, item] of items.entries()) {
      const keys: Keys = ['items', index]
      if (!isFields(item)) {
        this.#error(keys, 'json-item', 'An item is no object', 'write an object')
        continue
      }
      this.#item(item, keys)
      const id = String(item['id'])
      if (seen.has(id))
        this.#error([...keys, 'id'], 'json-id-twice', `Two items have the id ${quoted(id)}`, 'give each its own')
      seen.add(id)
    }
  }

  #item(item: Fields, keys: Keys): void {
    if (typeof item['id'] !== 'string' || item['id'] === '') {
      this.#error([...keys, 'id'], 'json-id', 'The item has no id that is a text', 'add one that never changes')
    }
    this.#texts(item, keys, ['title', 'content_text', 'content_html', 'summary'])
    if (item['content_text'] === undefined && item['content_html'] === undefined) {
      this.#error(keys, 'json-content', 'The item has no content', 'add content_html or content_text')
    }
    if (typeof item['content_html'] === 'string') {
      // Within JSON the lines of the HTML are none of the document's.
      const flat = item['content_html'].replaceAll('\n', ' ')
      checkContent(flat, 'content_html', this.#spotOf([...keys, 'content_html']), this.#findings)
    }
    this.#addresses(item, keys, ['url', 'external_url', 'image', 'banner_image'])
    for (const name of ['date_published', 'date_modified']) this.#date(item, keys, name)
    this.#authors(item, keys)
    this.#tags(item['tags'], [...keys, 'tags'])
    this.#attachments(item['attachments'], [...keys, 'attachments'])
  }

  #date(fields: Fields, keys: Keys, name: string): void {
    const value = fields[name]
    if (value === undefined) return
    const spot = this.#spotOf([...keys, name])
    checkRfc3339(typeof value === 'string' ? value : JSON.stringify(value), spot, this.#findings, this.#place)
  }

  #authors(fields: Fields, keys: Keys): void {
    if (fields['author'] !== undefined) {
      this.#warning(
        [...keys, 'author'],
        'json-author',
        'author is deprecated since version 1.1',
        'write authors: [...]',
      )
    }
    const authors = this.#list(fields['authors'], [...keys, 'authors'])
    for (const [index, author] of authors.entries()) {
      const at: Keys = [...keys, 'authors', index]
      if (!isFields(author) || !['name', 'url', 'avatar'].some((name) => author[name] !== undefined)) {
        this.#error(at, 'json-person', 'An author has neither name, url nor avatar', 'give one of them')
      } else {
        this.#texts(author, at, ['name'])
        this.#addresses(author, at, ['url', 'avatar'])
      }
    }
  }

  #hubs(fields: Fields): void {
    for (const [index, hub] of this.#list(fields['hubs'], ['hubs']).entries()) {
      const at: Keys = ['hubs', index]
      if (isFields(hub) && typeof hub['type'] === 'string' && typeof hub['url'] === 'string') {
        this.#addresses(hub, at, ['url'])
      } else this.#error(at, 'json-hub', 'A hub has no type or no url', 'add both')
    }
  }

  #tags(tags: unknown, keys: Keys): void {
    const list = this.#list(tags, keys)
    if (list.some((tag) => typeof tag !== 'string' || tag === '')) {
      this.#error(keys, 'json-tags', 'A tag is no text', 'write texts')
    }
  }

  #attachments(attachments: unknown, keys: Keys): void {
    for (const [index, one] of this.#list(attachments, keys).entries()) {
      const at: Keys = [...keys, index]
      if (!isFields(one) || typeof one['url'] !== 'string' || typeof one['mime_type'] !== 'string') {
        this.#error(at, 'json-attachment', 'An attachment has no url or no mime_type', 'add both')
        continue
      }
      this.#addresses(one, at, ['url'])
      checkMediaType(one['mime_type'], this.#spotOf([...at, 'mime_type']), this.#findings)
      const size = one['size_in_bytes']
      if (size !== undefined && !(typeof size === 'number' && Number.isInteger(size) && size >= 0)) {
        this.#error([...at, 'size_in_bytes'], 'length', 'size_in_bytes is no number of bytes', 'write a whole number')
      }
    }
  }

  #list(value: unknown, keys: Keys): unknown[] {
    if (value === undefined) return []
    if (Array.isArray(value)) return value
    this.#error(keys, 'json-list', `${String(keys.at(-1))} is no list`, 'write [...]')
    return []
  }

  #texts(fields: Fields, keys: Keys, names: readonly string[]): void {
    for (const name of names) {
      const value = fields[name]
      if (value === undefined || typeof value === 'string') continue
      this.#error([...keys, name], 'json-text', `${name} is no text`, 'write a text, or leave it out')
    }
  }

  #addresses(fields: Fields, keys: Keys, names: readonly string[]): void {
    for (const name of names) {
      const value = fields[name]
      if (value !== undefined)
        checkWebUri(
          typeof value === 'string' ? value : JSON.stringify(value),
          name,
          this.#spotOf([...keys, name]),
          this.#findings,
        )
    }
  }

  #error(keys: Keys, ...said: [code: string, message: string, mend: string]): void {
    this.#findings.error(this.#spotOf(keys), ...said)
  }

  #warning(keys: Keys, ...said: [code: string, message: string, mend: string]): void {
    this.#findings.warning(this.#spotOf(keys), ...said)
  }
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Finds the place of a value by its keys; JSON is YAML, whose parser tells places. */
function spotsIn(text: string): (keys: Keys) => Spot {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: false })
  return (keys) => {
    // What is not there is told of what it is missing from.
    for (let n = keys.length; n > 0; n--) {
      const node: unknown = document.getIn(keys.slice(0, n), true)
      if (!isNode(node) || !node.range) continue
      const { line, col } = lines.linePos(node.range[0])
      return { line, column: col }
    }
    return { line: 1, column: 1 }
  }
}
