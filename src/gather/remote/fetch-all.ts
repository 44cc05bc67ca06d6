import type { Instant } from '../../entry.ts'
import type { Store } from '../../remember/open.ts'
import { knownHosts, rememberHosts } from '../../remember/fetches.ts'
import { hasNewKey, knownRemote } from '../../remember/remote.ts'
import type { Reading } from '../../remember/reading.ts'
import type { RemoteSource } from '../../remote-source.ts'
import { VERSION } from '../../version.ts'
import type { ReadingRules } from '../article.ts'
import { readAllowed } from '../http/address.ts'
import { Backoff } from '../http/backoff.ts'
import { HostQueue } from '../http/host-queue.ts'
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
}

/** Sources that are being asked, each while those before it are remembered. */
export interface Fetching {
  /** Waits for a source; each is to be taken once, in their order. */
  take: (source: RemoteSource) => Promise<Reading>
  /** Keeps which hosts are to be left alone. */
  end: () => Promise<void>
}

/** Bytes of documents that wait to be remembered; with more of them nothing else is asked for. */
const MOST_WAITING = 16_000_000
/** Sources that may wait for the turn of their hosts. */
const AHEAD = 64

/** Begins to ask for the documents of all these sources, in their order and a few at a time. */
export async function fetchAll(
  store: Store,
  sources: readonly RemoteSource[],
  rules: ReadingRules,
  { allow, atOnce, signal, clock }: Outside,
): Promise<Fetching> {
  const hosts = await knownHosts(store)
  const backoff = new Backoff(hosts)
  const userAgent = `Feedwire/${VERSION} (+${rules.siteUrl})`
  const http = { userAgent, allowed: readAllowed(allow), signal, queue: new HostQueue(atOnce), backoff, clock }
  const tools = { rules, http, hasNew: (name: string, keys: readonly string[]) => hasNewKey(store, name, keys) }
  const room = new Room(MOST_WAITING, AHEAD)
  const readings = new Map<RemoteSource, Promise<RemoteReading>>()
  for (const source of sources) {
    const reading = readInTurn(source)
    // Whoever takes it is told.
    reading.catch(() => undefined)
    readings.set(source, reading)
  }
  return {
    take: async (source) => {
      const reading = await (readings.get(source) ?? readInTurn(source))
      room.taken(reading.size)
      readings.delete(source)
      return reading
    },
    end: () => rememberHosts(store, hosts, backoff.states()),
  }

  async function readInTurn(source: RemoteSource): Promise<RemoteReading> {
    await room.begin()
    let size = 0
    try {
      const known = await knownRemote(store, source.name, documentPath(source))
      const reading = await readRemote(source, known, tools)
      size = reading.size
      return reading
    } finally {
      room.done(size)
    }
  }
}
