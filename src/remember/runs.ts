import type { Instant } from '../entry.ts'
import type { Slot } from '../schedule.ts'
import type { Store } from './open.ts'

export async function beginRun(store: Store, now: Instant): Promise<number> {
  const { id } = await store
    .insertInto('runs')
    .values({ started_at: now, ended_at: null, exit_code: null })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

export async function endRun(store: Store, runId: number, exitCode: number, now: Instant): Promise<void> {
  await store.updateTable('runs').set({ ended_at: now, exit_code: exitCode }).where('id', '=', runId).execute()
}

/** The latest slot of a schedule that is done, or null. */
export async function lastSlot(store: Store, schedule: string): Promise<Slot | null> {
  const row = await store
    .selectFrom('slots')
    .select(({ fn }) => fn.max('slot').as('slot'))
    .where('schedule', '=', schedule)
    .executeTakeFirst()
  return row?.slot ?? null
}

/** Marks a slot as done; false when another run did it first. */
export async function takeSlot(store: Store, schedule: string, slot: Slot): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await store
    .insertInto('slots')
    .values({ schedule, slot })
    .onConflict((c) => c.columns(['schedule', 'slot']).doNothing())
    .executeTakeFirst()
  return (numInsertedOrUpdatedRows ?? 0n) > 0n
}
