import { collectionKey } from '../collection.ts'
import type { SourceConfig } from '../config-types.ts'
import type { SourceSettings } from './settings.ts'

/** A feed as the settings have it. */
export type FeedSettings = Extract<SourceSettings, { kind: 'feed' }> & { name: string; url: string }

/** What becomes of a list of feeds. */
export interface NewFeeds {
  /** Sources to be added, in the order of the list. */
  added: FeedSettings[]
  /** How many are a source already. */
  thereAlready: number
  /** How many stand in the list again. */
  repeated: number
}

/**
 * Tells which feeds of a list are new, and gives each a name of its own. An address is the same with `http:` for
 * `https:`, with or without `www.` and a slash at its end.
 * @param sources those of the settings
 */
export function newFeeds(
  listed: readonly { title: string; url: string }[],
  sources: readonly SourceConfig[],
): NewFeeds {
  const there = new Set(
    sources.flatMap((source) => (addressOf(source) === null ? [] : [sameAddress(addressOf(source) ?? '')])),
  )
  const names = new Names(sources.map(({ name }) => name))
  const byAddress = new Map<string, FeedSettings>()
  let [thereAlready, repeated] = [0, 0]
  for (const { title, url } of listed) {
    const address = sameAddress(url)
    if (there.has(address)) thereAlready++
    else if (byAddress.has(address)) repeated++
    else byAddress.set(address, { kind: 'feed', name: names.take(title), url: withoutVariable(url) })
  }
  return { added: [...byAddress.values()], thereAlready, repeated }
}

/**
 * An address as it may stand in the settings. They take `${NAME}` for a variable, and an address that somebody else
 * wrote would carry a secret to its server.
 */
export function withoutVariable(url: string): string {
  return url.replaceAll('${', '$%7B')
}

function addressOf(source: SourceConfig): string | null {
  return (source.kind === 'feed' || source.kind === 'page') && source.at.kind === 'url' ? source.at.url : null
}

function sameAddress(text: string): string {
  const { host, pathname, search } = new URL(withoutVariable(text))
  return `${host.replace(/^www\./, '')}${pathname.replace(/\/+$/, '')}${search}`
}

/** Names of sources, each once. */
class Names {
  /** The last number behind a name, by what spellings of it have in common. */
  readonly #taken: Map<string, number>

  constructor(names: readonly string[]) {
    this.#taken = new Map(names.map((name) => [collectionKey(name), 1]))
  }

  /** A name that no other source has, `Tides (2)` if need be. */
  take(title: string): string {
    const plain = title.replaceAll('${', '$ {')
    const key = collectionKey(plain)
    const last = this.#taken.get(key)
    let name = plain
    let number = last ?? 1
    while (this.#taken.has(collectionKey(name))) name = `${plain} (${++number})`
    this.#taken.set(collectionKey(name), 1)
    if (last !== undefined) this.#taken.set(key, number)
    return name
  }
}
