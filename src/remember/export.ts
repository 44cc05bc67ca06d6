import { addressKey, parseEmailAddress } from '../subscriber.ts'
import { addressHasher } from './address-hash.ts'
import type { ConsentRecord } from './consents.ts'
import { LIST, chunks } from './files.ts'
import type { Store } from './open.ts'
import { type SubscriberRecord, listSubscribers } from './subscribers.ts'
import type { Suppression } from './suppressions.ts'
import type { SubscriberState } from './tables.ts'
import { preferencesOf } from './wishes.ts'

/** All that is exported of a reader. */
export interface ExportedReader {
  reader: SubscriberRecord
  suppression: Suppression | null
  /** The newest that was confirmed, else the newest that was not. */
  consent: ConsentRecord | null
}

/** Readers in these states in the order in which they came, page by page; those who were deleted are none. */
export async function* exportReaders(
  store: Store,
  states: readonly SubscriberState[],
): AsyncGenerator<ExportedReader[]> {
  const suppressionOf = await suppressionFinder(store)
  for (let after = 0; ;) {
    const page = await listSubscribers(store, after, LIST)
    // Asked for states, SQLite would sort the whole list for each page.
    const readers = page.filter(({ state }) => states.includes(state))
    const consents = await consentsOfPage(
      store,
      readers.map(({ id }) => id),
    )
    const suppressions = await suppressionOf(readers.filter(({ suppressed }) => suppressed !== null))
    yield readers.map((reader) => {
      const { id } = reader
      return { reader, suppression: suppressions.get(id) ?? null, consent: consents.get(id) ?? null }
    })
    if (page.length < LIST) return
    after = page.at(-1)?.id ?? after
  }
}

async function consentsOfPage(store: Store, ids: readonly number[]): Promise<Map<number, ConsentRecord>> {
  const found = new Map<number, ConsentRecord>()
  if (ids.length === 0) return found
  const rows = await store.selectFrom('consents').selectAll().where('subscriber_id', 'in', ids).orderBy('id').execute()
  for (const row of rows) {
    const { subscriber_id: id, asked_at: askedAt, confirmed_at: confirmedAt, source, place, client, text } = row
    if (confirmedAt === null && (found.get(id)?.confirmedAt ?? null) !== null) continue
    found.set(id, { askedAt, confirmedAt, source, place, client, text, wishes: preferencesOf(row) })
  }
  return found
}

async function suppressionFinder(
  store: Store,
): Promise<(rows: readonly { id: number; address: string }[]) => Promise<Map<number, Suppression>>> {
  const hash = await addressHasher(store)
  return async (rows) => {
    const idOf = new Map(rows.map(({ id, address }) => [hash(addressKey(parseEmailAddress(address))), id]))
    const found = new Map<number, Suppression>()
    for (const keys of chunks([...idOf.keys()], LIST)) {
      const some = await store.selectFrom('suppressions').selectAll().where('key', 'in', keys).execute()
      for (const { key, ...suppression } of some) found.set(idOf.get(key) ?? 0, suppression)
    }
    return found
  }
}
