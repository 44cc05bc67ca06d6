import { sql } from 'kysely'
import { engineOf } from './engine.ts'
import type { Store } from './open.ts'
import { readSetting, writeSetting } from './settings.ts'

/** Holds the ids of digests whose pages do not stand yet. */
const KEY = 'unpublished'

/**
 * Keeps the letters of digests back until `letGo()`, within the transaction that freezes them. In a file nobody sends
 * letters but the run that publishes their pages first.
 */
export async function holdUntilPublished(tx: Store, digests: readonly string[]): Promise<void> {
  if (engineOf(tx) === 'sqlite' || digests.length === 0) return
  const before = await readSetting(tx, KEY)
  await writeSetting(tx, KEY, [...(before === null ? [] : [before]), ...digests].join(' '))
}

/** On which a server tells that there are letters to send; the message is the schema. */
export const CHANNEL = 'feedwire_letters'

/** The pages stand: whoever sends letters may send theirs, and is told so. */
export async function letGo(store: Store): Promise<void> {
  if (engineOf(store) === 'sqlite') return
  const { numDeletedRows } = await store.deleteFrom('settings').where('key', '=', KEY).executeTakeFirst()
  if (numDeletedRows > 0n) await sql`select pg_notify(${CHANNEL}, current_schema())`.execute(store)
}
