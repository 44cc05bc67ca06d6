import type { Instant } from '../../entry.ts'
import type { Store } from '../../remember/open.ts'
import { knownHosts, rememberHosts } from '../../remember/fetches.ts'
import { type KnownRemote, countNewKeys, knownRemote } from '../../remember/remote.ts'
import type { Reading } from '../../remember/reading.ts'
import type { RemoteSource } from '../../remote-source.ts'
import { VERSION } from '../../version.ts'
import type { ReadingRules } from '../article.ts'
import { readAllowed } from '../http/address.ts'
import { Backoff } from '../http/backoff.ts'
import { HostQueue } from '../http/host-queue.ts'
import type { Lookup } from '../http/lookup.ts'
import type { Limits } from '../http/tools.ts'
import { readRemote } from './read-remote.ts'
import { type RemoteReading, documentPath } from './reading-of.ts'
import { Room } from './room.ts'

/** What fetching takes from outside. */
export interface Outside {
  /** Hosts and subnets that may be asked although they are not public. */
  allow: readonly string[]
  /** Hosts that are asked at a time. */
  atOnce: number
  signal: AbortSignal
  clock: () => Instant
  /** By default those of the program. */
  limits?: Limits
  /** By default the one of the system. */
  lookup?: Lookup
}

/** Sources that are being asked, each while those before it are remembered. */
export interface Fetching {
  /** Waits for a source; each is to be taken once, in their order. */
  take: (source: RemoteSource) => Promise<Reading>
  /** Keeps which hosts are to be left alone. */
  end: () => Promise<void>
}

/** Bytes of documents that are under way or wait to be remembered; with more of them nothing else is asked for. */
const MOST_HELD = 16_000_000
/** What a document is reckoned with that was never seen, and at least with: it may have grown. */
const UNSEEN = 1_000_000
const LEAST = 250_000

/**
 * Begins to ask for the documents of all these sources, in their order and a few at a time.
 * @param configured names of all sources of the settings
 */
export async function fetchAll(
  store: Store,
  sources: readonly RemoteSource[],
  rules: ReadingRules,
  { allow, atOnce, ...outside }: Outside,
  configured: readonly string[] = [],
): Promise<Fetching> {
  const hosts = await knownHosts(store)
  const backoff = new Backoff(hosts)
  const userAgent = `Feedwire/${VERSION} (+${rules.siteUrl})`
  const http = { ...outside, userAgent, allowed: readAllowed(allow), queue: new HostQueue(atOnce), backoff }
  const tools = {
    rules,
    http,
    countNew: (name: string, keys: readonly string[]) => countNewKeys(store, name, keys),
  }
  const room = new Room(MOST_HELD)
  const readings = new Map<RemoteSource, Promise<RemoteReading>>()
  let before: Promise<unknown> = Promise.resolve()
  for (const source of sources) {
    // One after the other: were a later one begun first, what it holds could leave no room for what is taken before it.
    const begun = before.then(() => begin(source))
    const reading = begun.then((it) => readBegun(source, it))
    // Whoever takes it is told.
    reading.catch(() => undefined)
    before = begun.catch(() => undefined)
    readings.set(source, reading)
  }
  return {
    take: async (source) => {
      const reading = await readings.get(source)
      if (reading === undefined) throw new Error(`${source.name} was not asked for, or is taken`)
      readings.delete(source)
      room.taken(reading.size)
      return reading
    },
    end: () => rememberHosts(store, hosts, backoff.states()),
  }

  async function begin(source: RemoteSource): Promise<Begun> {
    const known = await knownRemote(store, source.name, documentPath(source), configured)
    const expected = known.file === null ? UNSEEN : Math.max(LEAST, known.file.size)
    await room.begin(expected)
    return { known, expected }
  }

  async function readBegun(source: RemoteSource, { known, expected }: Begun): Promise<RemoteReading> {
    let size = 0
    try {
      const reading = await readRemote(source, known, tools)
      size = reading.size
      return reading
    } finally {
      room.done(expected, size)
    }
  }
}

/** A source for which there is room. */
interface Begun {
  known: KnownRemote
  /** Bytes that it is reckoned with. */
  expected: number
}
