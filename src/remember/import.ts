import type { Instant } from '../entry.ts'
import { addressKey } from '../subscriber.ts'
import { addressHasher } from './address-hash.ts'
import { LIST, chunks } from './files.ts'
import { type Bar, type ImportCounts, NO_IMPORT, type Standing, decide } from './import-decision.ts'
import { type Change, writeChanges } from './import-write.ts'
import type { ListedReader } from './listed.ts'
import type { Store } from './open.ts'
import { knownInRehearsal, rehearse, startRehearsal } from './import-rehearsal.ts'

/** Readers that are written in one transaction, for less than a second; others may write in between. */
const BATCH = 5000

/**
 * Takes the readers of a list into the store, batch by batch; whoever ends it half way and imports again loses and
 * doubles nothing. Who is there is left as they are, but for what makes that less is mailed. New readers begin with
 * what comes from now on.
 * @param dryRun true: everything is counted, and nothing written
 */
export async function importReaders(
  store: Store,
  readers: AsyncIterable<readonly ListedReader[]>,
  now: Instant,
  { dryRun = false }: { dryRun?: boolean } = {},
): Promise<ImportCounts> {
  // What is remembered of an import that writes nothing goes with its connection.
  if (dryRun) return store.connection().execute((own) => takeReaders(own, readers, now, true))
  return takeReaders(store, readers, now, false)
}

async function takeReaders(
  store: Store,
  readers: AsyncIterable<readonly ListedReader[]>,
  now: Instant,
  dryRun: boolean,
): Promise<ImportCounts> {
  const counts = { ...NO_IMPORT }
  const brought = new IdRanges()
  const hash = await addressHasher(store)
  if (dryRun) await startRehearsal(store)
  for await (const batch of batchesOf(readers)) {
    const importBatch = async (tx: Store): Promise<ImportCounts> => {
      const known = await standingsOf(tx, batch, hash)
      if (dryRun) for (const [key, standing] of await knownInRehearsal(tx, keysOf(batch))) known.here.set(key, standing)
      const { changes, outcomes } = decideAll(batch, known, brought)
      if (dryRun) {
        await rehearse(tx, changes)
        return outcomes
      }
      const lastBefore = await lastId(tx)
      await writeChanges(tx, changes, hash, now)
      // Within a transaction nobody else adds readers.
      brought.add(lastBefore, await lastId(tx))
      return outcomes
    }
    const outcomes = dryRun ? await importBatch(store) : await store.transaction().execute(importBatch)
    for (const outcome of OUTCOMES) counts[outcome] += outcomes[outcome]
  }
  return counts
}

const OUTCOMES = [
  ...(['added', 'paused', 'left', 'suppressed', 'takenOff', 'nowPaused'] as const),
  ...(['thereAlready', 'staysOff', 'repeated'] as const),
]

/** Ids of readers whom this import added; those who join by themselves meanwhile stand between them. */
class IdRanges {
  readonly #ranges: { after: number; upTo: number }[] = []

  add(after: number, upTo: number): void {
    const last = this.#ranges.at(-1)
    if (last?.upTo === after) last.upTo = upTo
    else if (upTo > after) this.#ranges.push({ after, upTo })
  }

  has(id: number): boolean {
    return this.#ranges.some(({ after, upTo }) => id > after && id <= upTo)
  }
}

async function* batchesOf(readers: AsyncIterable<readonly ListedReader[]>): AsyncGenerator<ListedReader[]> {
  let waiting: ListedReader[] = []
  for await (const some of readers) {
    waiting = [...waiting, ...some]
    while (waiting.length >= BATCH) yield waiting.splice(0, BATCH)
  }
  if (waiting.length > 0) yield waiting
}

function keysOf(batch: readonly ListedReader[]): string[] {
  return batch.map(({ address }) => addressKey(address))
}

/** What is known of the addresses of a batch, by their keys. */
interface Known {
  here: Map<string, Standing>
  barred: ReadonlyMap<string, Bar>
}

async function standingsOf(
  store: Store,
  batch: readonly ListedReader[],
  hash: (key: string) => string,
): Promise<Known> {
  const here = new Map<string, Standing>()
  const barred = new Map<string, Bar>()
  for (const keys of chunks(keysOf(batch), LIST)) {
    const rows = await store
      .selectFrom('subscribers')
      .select(['id', 'address_key', 'state', 'suppressed'])
      .where('address_key', 'in', keys)
      .execute()
    for (const { address_key: key, ...standing } of rows) here.set(key, standing)
    const withdrawn = await withdrawnOf(store, rows)
    for (const { id, address_key: key } of rows) if (withdrawn.has(id)) barred.set(key, 'withdrew')
    const keyOf = new Map(keys.map((key) => [hash(key), key]))
    const hashes = [...keyOf.keys()]
    const found = await store.selectFrom('suppressions').select(['key', 'reason']).where('key', 'in', hashes).execute()
    for (const { key, reason } of found) barred.set(keyOf.get(key) ?? '', reason)
  }
  return { here, barred }
}

/** Pending readers who said no to all that they were asked to confirm. */
async function withdrawnOf(store: Store, rows: readonly { id: number; state: string }[]): Promise<Set<number>> {
  const pending = rows.filter(({ state }) => state === 'pending').map(({ id }) => id)
  if (pending.length === 0) return new Set()
  const found = await store
    .selectFrom('consents')
    .select('subscriber_id')
    .where('subscriber_id', 'in', pending)
    .where('confirmed_at', 'is', null)
    .groupBy('subscriber_id')
    .having(({ fn }) => fn.max('open_until'), '=', 0)
    .execute()
  return new Set(found.map((row) => row.subscriber_id))
}

function decideAll(
  batch: readonly ListedReader[],
  { here, barred }: Known,
  brought: IdRanges,
): { changes: Change[]; outcomes: ImportCounts } {
  const outcomes = { ...NO_IMPORT }
  const changes = new Map<string, Change>()
  for (const reader of batch) {
    const key = addressKey(reader.address)
    const before = here.get(key) ?? null
    const isRepeated = changes.has(key) || (before !== null && (before.id === null || brought.has(before.id)))
    const { outcome, after } = decide(reader, before, barred.get(key) ?? null, isRepeated)
    outcomes[outcome] += 1
    if (after === null) continue
    here.set(key, after)
    const change = changes.get(key) ?? { key, reader, before, after, suppression: null, leftAt: null }
    const suppression = change.suppression ?? reader.suppression
    changes.set(key, { ...change, after, suppression, leftAt: change.leftAt ?? reader.leftAt })
  }
  return { changes: [...changes.values()], outcomes }
}

async function lastId(store: Store): Promise<number> {
  const { id } = await store
    .selectFrom('subscribers')
    .select(({ fn }) => fn.max('id').as('id'))
    .executeTakeFirstOrThrow()
  return Number(id)
}
