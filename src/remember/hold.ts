import type { Instant } from '../entry.ts'
import type { Store } from './open.ts'
import { storeRevision } from './revision.ts'
import { writeSetting } from './settings.ts'
import { highestNumber } from './write.ts'

/** Entries that wait to be published. */
export interface Held {
  entries: number
  /** When the first of them is published; null when none waits. */
  until: Instant | null
}

/**
 * Gives entries that waited long enough the next numbers, in the order of the queue, in one transaction: from then on
 * they are new to feeds, pages and digests.
 * @param hold milliseconds since an entry was first seen; null: nothing is held back any more
 */
export async function releaseHeld(store: Store, hold: number | null, now: Instant): Promise<void> {
  const due = await waiting(store)
    .select('id')
    .where('first_seen', '<=', now - (hold ?? 0))
    .orderBy('number', 'desc')
    .execute()
  if (due.length === 0) return
  await store.transaction().execute(async (tx) => {
    const revision = (await storeRevision(tx)) + 1
    let number = await highestNumber(tx)
    for (const { id } of due) {
      number += 1
      // An edit while it waited is none to readers.
      await tx.updateTable('entries').set({ number, revision, again: null }).where('id', '=', id).execute()
    }
    await writeSetting(tx, 'revision', String(revision))
  })
}

/** What waits. */
export async function heldEntries(store: Store, hold: number): Promise<Held> {
  const row = await waiting(store)
    .select(({ fn }) => [fn.countAll<number>().as('entries'), fn.min('first_seen').as('first')])
    .executeTakeFirstOrThrow()
  const entries = Number(row.entries)
  return { entries, until: entries === 0 ? null : Number(row.first) + hold }
}

function waiting(store: Store) {
  return store.selectFrom('entries').where('number', '<', 0).where('removed_at', 'is', null)
}
