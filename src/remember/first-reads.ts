import { sql } from 'kysely'
import type { Instant } from '../entry.ts'
import { LIST, chunks } from './files.ts'
import type { Store } from './open.ts'

/**
 * Numbers what several pages and feeds of others had when they were first read, in one run, by its dates: read one after
 * the other, the last of them would stand foremost. It must not be published yet.
 * @param now when they were read
 */
export async function numberFirstReads(store: Store, now: Instant): Promise<void> {
  const sources = await store
    .selectFrom('sources')
    .select('id')
    .where('first_read_at', '=', now)
    .where('kind', 'in', ['page', 'feed'])
    .execute()
  if (sources.length < 2) return
  const ids = sources.map(({ id }) => id)
  await store.transaction().execute(async (tx) => {
    const entries = await tx
      .selectFrom('entries')
      .select(['id', 'number', 'date'])
      .where('source_id', 'in', ids)
      .where('first_seen', '=', now)
      .where('number', '>', 0)
      .orderBy('number')
      .execute()
    const numbers = entries.map(({ number }) => number)
    const dated = entries
      .toSorted((a, b) => a.date - b.date)
      .map(({ id }, index) => ({ id, number: numbers[index] ?? 0 }))
    const moved = dated.filter(({ id }, index) => entries[index]?.id !== id)
    // A number is one entry's: all are taken away before any is given.
    for (const some of chunks(moved, LIST)) {
      await tx
        .updateTable('entries')
        .set({ number: sql<number>`cast(${FAR} as bigint) - id` })
        .where(
          'id',
          'in',
          some.map(({ id }) => id),
        )
        .execute()
    }
    for (const { id, number } of moved) await tx.updateTable('entries').set({ number }).where('id', '=', id).execute()
  })
}

/** Below every number that waits in the queue of those held back. */
const FAR = -1_000_000_000_000
