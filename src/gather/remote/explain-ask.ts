import type { FetchState, HostRecord } from '../../remember/fetches.ts'
import type { RemoteSource } from '../../remote-source.ts'
import { VERSION } from '../../version.ts'
import { readAllowed } from '../http/address.ts'
import { Backoff } from '../http/backoff.ts'
import type { Fetched } from '../http/fetched.ts'
import { HostQueue } from '../http/host-queue.ts'
import { askFor } from './ask.ts'
import type { Outside } from './fetch-all.ts'

/** What is known of a document before it is asked for. */
export interface Asking {
  /** As which it is read; null: as what it is. */
  kind: RemoteSource['kind'] | null
  fetch: FetchState | null
  /** Hosts that are left alone. */
  hosts: readonly HostRecord[]
}

/** Asks for one document, whole, as a run would; nothing is remembered of it. */
export function askToExplain(
  url: string,
  { kind, fetch, hosts }: Asking,
  siteUrl: string,
  { allow, signal, clock }: Omit<Outside, 'atOnce'>,
): Promise<Fetched> {
  const state = fetch?.url === url ? fetch : { url, movedTo: null, validators: null, askAfter: 0 }
  return askFor(state, false, {
    userAgent: `Feedwire/${VERSION} (+${siteUrl})`,
    allowed: readAllowed(allow),
    wanted: kind ?? 'page',
    queue: new HostQueue(1),
    backoff: new Backoff(hosts),
    ...{ signal, clock },
  })
}
