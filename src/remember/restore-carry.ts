import type { Instant } from '../entry.ts'
import { addressHasher } from './address-hash.ts'
import { LIST, chunks } from './files.ts'
import { movedTo } from './moved.ts'
import { deleteSubscriber, pauseSubscriber, removeSubscriberById } from './leave.ts'
import type { Store } from './open.ts'
import { unknownLetters } from './restore-marks.ts'
import { readSetting, writeSetting } from './settings.ts'
import { suppress } from './suppressions.ts'
import type { LedgerState } from './tables.ts'

/** What a store that is set aside tells of the time since the backup. */
export interface Carried {
  /** Ids of its digests. */
  digests: string[]
  /** Readers who left, paused, or must not be mailed to any more. */
  left: number
  /** Active readers whom the backup does not have, or not as readers who get letters. */
  joined: number
}

/**
 * Takes over from the store that stood there what the backup cannot know and must not undo: what became of letters,
 * and who wants none any more. Both have the schema of this program.
 */
export async function carryOver(old: Store, store: Store, now: Instant): Promise<Carried> {
  await carryLetters(old, store)
  await carryPauses(old, store)
  await carryNotices(old, store)
  const left = (await carryLeaving(old, store, now)) + (await carrySuppressions(old, store, now))
  const digests = await old.selectFrom('digests').select('id').execute()
  return { digests: digests.map(({ id }) => id), left, joined: await countJoined(old, store) }
}

const FATE = ['id', 'state', 'until', 'attempts', 'first_deferred_at', 'maybe_twice', 'settled_at', 'reply'] as const

/** A letter that a run has in its hands may have gone, and any that was open when the store was moved to a server. */
async function carryLetters(old: Store, store: Store): Promise<void> {
  const unsure: LedgerState[] = (await movedTo(old)) === null ? ['claimed'] : ['claimed', 'due', 'deferred']
  const held = await unknownLetters(store).select('id').execute()
  for (const some of chunks(held, LIST)) {
    const ids = some.map(({ id }) => id)
    const fates = await old
      .selectFrom('ledger')
      .select(FATE)
      .where('id', 'in', ids)
      .where('state', 'not in', unsure)
      .execute()
    for (const { id, ...fate } of fates) {
      await store
        .updateTable('ledger')
        .set({ ...fate, run_id: null })
        .where('id', '=', id)
        .execute()
    }
  }
}

/** What the owner holds back goes no sooner for being restored. */
async function carryPauses(old: Store, store: Store): Promise<void> {
  const digests = await old.selectFrom('digests').select(['id', 'paused']).execute()
  for (const { id, paused } of digests) {
    await store.updateTable('digests').set({ paused }).where('id', '=', id).where('paused', '<>', paused).execute()
  }
}

async function carryNotices(old: Store, store: Store): Promise<void> {
  const due = await store.selectFrom('notices').select(['id', 'subscriber_id']).where('state', '=', 'due').execute()
  for (const { id, subscriber_id: reader } of due) {
    const fate = await old
      .selectFrom('notices')
      .select(['state', 'until', 'attempts', 'settled_at', 'reply'])
      .where('id', '=', id)
      .where('subscriber_id', '=', reader)
      .executeTakeFirst()
    if (fate !== undefined) await store.updateTable('notices').set(fate).where('id', '=', id).execute()
  }
}

async function carryLeaving(old: Store, store: Store, now: Instant): Promise<number> {
  const readers = store.selectFrom('subscribers').select(['id', 'address_key'])
  let count = 0
  for (const some of chunks(await readers.where('state', 'in', ['active', 'paused']).execute(), LIST)) {
    const ids = new Map(some.map(({ id, address_key: key }) => [key, id]))
    const gone = await old
      .selectFrom('subscribers')
      .select(['address_key', 'state', 'left_at'])
      .where('address_key', 'in', [...ids.keys()])
      .where('state', 'in', ['unsubscribed', 'paused'])
      .execute()
    for (const { address_key: key, state, left_at: leftAt } of gone) {
      const id = ids.get(key) ?? 0
      const isNew =
        state === 'paused'
          ? await pauseSubscriber(store, id, now)
          : await removeSubscriberById(store, id, leftAt ?? now)
      count += isNew ? 1 : 0
    }
  }
  return count
}

async function carrySuppressions(old: Store, store: Store, now: Instant): Promise<number> {
  if (!(await haveOneKey(old, store))) return 0
  const known = new Set((await store.selectFrom('suppressions').select('key').execute()).map(({ key }) => key))
  const fresh = (await old.selectFrom('suppressions').selectAll().execute()).filter(({ key }) => !known.has(key))
  if (fresh.length === 0) return 0
  const hash = await addressHasher(store)
  const rows = await store.selectFrom('subscribers').select(['id', 'address_key']).where('address', '!=', '').execute()
  const ids = new Map(rows.map(({ id, address_key: key }) => [hash(key), id]))
  let count = 0
  for (const suppression of fresh) {
    const id = ids.get(suppression.key)
    if (id === undefined) await store.insertInto('suppressions').values(suppression).execute()
    else if (suppression.reason === 'deleted') count += (await deleteSubscriber(store, id, now)) ? 1 : 0
    else {
      const { reason, detail, since } = suppression
      count += (await suppress(store, { subscriberId: id }, reason, detail, since)) ? 1 : 0
    }
  }
  return count
}

/** Both must hash addresses in one way; the key is made with the first suppression. */
async function haveOneKey(old: Store, store: Store): Promise<boolean> {
  const [one, other] = [await readSetting(old, 'suppression_key'), await readSetting(store, 'suppression_key')]
  if (one !== null && other === null) await writeSetting(store, 'suppression_key', one)
  return one !== null && (other === null || other === one)
}

async function countJoined(old: Store, store: Store): Promise<number> {
  const readers = await old.selectFrom('subscribers').select('address_key').where('state', '=', 'active').execute()
  let count = 0
  for (const some of chunks(readers, LIST)) {
    const keys = some.map(({ address_key: key }) => key)
    const known = await store
      .selectFrom('subscribers')
      .select('id')
      .where('address_key', 'in', keys)
      .where('state', 'in', ['active', 'paused'])
      .execute()
    count += keys.length - known.length
  }
  return count
}
