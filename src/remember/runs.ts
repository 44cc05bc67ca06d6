import type { Instant } from '../entry.ts'
import type { Slot } from '../schedule.ts'
import type { Store } from './open.ts'
import type { RunKind } from './tables.ts'

/** Begins a run, or something of another kind that claims letters under an id of its own. */
export async function beginRun(store: Store, now: Instant, kind: RunKind = 'run'): Promise<number> {
  const { id } = await store
    .insertInto('runs')
    .values({ started_at: now, ended_at: null, exit_code: null, kind })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

/** So many runs are kept of each kind, and older ones for as long as a letter names them. */
const RUNS_KEPT = 1000

/** Notes how a run ended; `summary` is the JSON text of what it did. */
export async function endRun(
  store: Store,
  runId: number,
  exitCode: number,
  now: Instant,
  summary = '{}',
): Promise<void> {
  const end = store.updateTable('runs').set({ ended_at: now, exit_code: exitCode, summary }).where('id', '=', runId)
  const ended = await end.returning('kind').executeTakeFirst()
  if (ended !== undefined) await forgetRuns(store, ended.kind)
}

async function forgetRuns(store: Store, kind: RunKind): Promise<void> {
  await store
    .deleteFrom('runs')
    .where('kind', '=', kind)
    .where('id', '<', (runs) =>
      runs
        .selectFrom('runs')
        .select('id')
        .where('kind', '=', kind)
        .orderBy('id', 'desc')
        .limit(1)
        .offset(RUNS_KEPT - 1),
    )
    // Asked run by run, of an index: there may be many letters.
    .where((run) =>
      run.not(run.exists(run.selectFrom('ledger').select('ledger.id').whereRef('run_id', '=', 'runs.id'))),
    )
    .execute()
}

/** The latest slot of a schedule that is done, or null. */
export async function lastSlot(store: Store, schedule: string): Promise<Slot | null> {
  return (await lastSlots(store)).get(schedule) ?? null
}

/** The latest slot that is done, of each schedule that has one. */
export async function lastSlots(store: Store): Promise<Map<string, Slot>> {
  const rows = await store
    .selectFrom('slots')
    .select(({ fn }) => ['schedule', fn.max('slot').as('slot')])
    .groupBy('schedule')
    .execute()
  return new Map(rows.map(({ schedule, slot }) => [schedule, slot]))
}

/** True when a slot, or a later one of its schedule, is done. */
export async function isSlotTaken(store: Store, schedule: string, slot: Slot): Promise<boolean> {
  const last = await lastSlot(store, schedule)
  return last !== null && last >= slot
}

/** Marks a slot as done, and forgets those before it; false when it, or a later one, is done already. */
export async function takeSlot(store: Store, schedule: string, slot: Slot): Promise<boolean> {
  if (await isSlotTaken(store, schedule, slot)) return false
  const { numInsertedOrUpdatedRows } = await store
    .insertInto('slots')
    .values({ schedule, slot })
    .onConflict((c) => c.columns(['schedule', 'slot']).doNothing())
    .executeTakeFirst()
  await store.deleteFrom('slots').where('schedule', '=', schedule).where('slot', '<', slot).execute()
  return (numInsertedOrUpdatedRows ?? 0n) > 0n
}

/** Forgets schedules that nobody is on any more: whoever comes to one begins with its next slot. */
export async function forgetSlots(store: Store, schedules: readonly string[]): Promise<void> {
  if (schedules.length === 0) return
  await store.deleteFrom('slots').where('schedule', 'in', schedules).execute()
}
