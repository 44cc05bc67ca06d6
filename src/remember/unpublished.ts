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
  await writeSetting(tx, KEY, [...(await unpublishedDigests(tx)), ...digests].join(' '))
}

/** The ids of digests whose letters are held back; a run publishes their pages. */
export async function unpublishedDigests(store: Store): Promise<string[]> {
  if (engineOf(store) === 'sqlite') return []
  return (await readSetting(store, KEY))?.split(' ') ?? []
}

/** The pages of these digests stand: whoever sends letters may send theirs. */
export async function letGo(store: Store, digests: readonly string[]): Promise<void> {
  if (digests.length === 0) return
  await store.transaction().execute(async (tx) => {
    const held = (await unpublishedDigests(tx)).filter((id) => !digests.includes(id))
    if (held.length > 0) await writeSetting(tx, KEY, held.join(' '))
    else await tx.deleteFrom('settings').where('key', '=', KEY).execute()
  })
}

/** On which a server tells that something was published, or that there are letters to send; the message is the schema. */
export const CHANNEL = 'feedwire_news'

/** Wakes the daemons that share a server. */
export async function wakeOthers(store: Store): Promise<void> {
  if (engineOf(store) === 'postgres') await sql`select pg_notify(${CHANNEL}, current_schema())`.execute(store)
}
