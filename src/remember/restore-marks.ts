import { sql } from 'kysely'
import type { Instant } from '../entry.ts'
import type { Store } from './open.ts'
import { writeSetting } from './settings.ts'
import { highestNumber } from './write.ts'

/** What is said of a letter of which nobody knows whether it went. */
const UNKNOWN = 'it may have gone since the backup was made'

/** Letters that were still to go wait for the owner: they may have gone since. */
export async function holdOpenLetters(store: Store, now: Instant): Promise<void> {
  await store
    .updateTable('ledger')
    .set({ state: 'held', reply: UNKNOWN, settled_at: now })
    .where(sql<boolean>`state in ('due', 'deferred', 'claimed')`)
    .execute()
}

/** Letters that were held by `holdOpenLetters()` and still are. */
export function unknownLetters(store: Store) {
  return store.selectFrom('ledger').where('state', '=', 'held').where('reply', '=', UNKNOWN)
}

/** More ids than any site gives away between two backups. */
const GAP = 100_000

/** Ids that were given away since are signed in letters and links: nobody else may get them. */
export async function skipIds(store: Store): Promise<void> {
  for (const table of ['subscribers', 'consents', 'notices']) {
    const { numAffectedRows } = await sql`
      update sqlite_sequence set seq = seq + ${GAP} where name = ${table}`.execute(store)
    if (numAffectedRows === 0n) {
      await sql`insert into sqlite_sequence (name, seq) values (${table}, ${GAP})`.execute(store)
    }
  }
}

/**
 * Sees to it that readers are not told twice. Digests that the store does not know went out since: whatever it knows
 * counts as told, and the next run takes what stands in the published feeds as known to readers. Without any, all is
 * only published anew.
 * @param digests ids of those that are known to have gone out
 * @returns how many the store does not know
 */
export async function countAsTold(store: Store, digests: readonly string[]): Promise<number> {
  const rows = await store.selectFrom('digests').select('id').execute()
  const known = new Set(rows.map(({ id }) => id))
  const since = new Set(digests.filter((id) => !known.has(id)))
  if (since.size === 0) {
    await writeSetting(store, 'published', '{}')
    return 0
  }
  const had = await highestNumber(store)
  await store.updateTable('subscribers').set({ had }).where('had', '<', had).execute()
  await store.deleteFrom('settings').where('key', '=', 'published').execute()
  return since.size
}
