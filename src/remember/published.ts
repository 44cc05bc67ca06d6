import { engineOf } from './engine.ts'
import type { Store } from './open.ts'
import { readSetting, writeSetting } from './settings.ts'

/** What was published last from a store in a file; from one on a server several directories may be, each with a name. */
const KEY = 'published'

const keyOf = (name: string | null): string => (name === null ? KEY : `${KEY}:${name}`)

/** What the store says of what is published under a name, as text. */
export async function readPublished(store: Store, name: string | null): Promise<string | null> {
  const named = name === null ? null : await readSetting(store, keyOf(name))
  return named ?? (engineOf(store) === 'sqlite' ? readSetting(store, KEY) : null)
}

export async function writePublished(store: Store, name: string | null, text: string): Promise<void> {
  await writeSetting(store, keyOf(name), text)
}

/** Forgets what has a name and was published from the store as it was before a revision. */
export async function forgetPublished(store: Store, revision: number): Promise<void> {
  const rows = await store.selectFrom('settings').selectAll().where('key', 'like', `${KEY}:%`).execute()
  const old = rows.filter(({ value }) => revisionIn(value) < revision)
  for (const { key } of old) await store.deleteFrom('settings').where('key', '=', key).execute()
}

function revisionIn(text: string): number {
  const value: unknown = JSON.parse(text)
  return typeof value === 'object' && value !== null && 'revision' in value ? Number(value.revision) : 0
}

/** True when the store knows of anything that is published. */
export async function isAnythingPublished(store: Store): Promise<boolean> {
  const one = store.selectFrom('settings').select('key').limit(1)
  const row = await one.where((e) => e.or([e('key', '=', KEY), e('key', 'like', `${KEY}:%`)])).executeTakeFirst()
  return row !== undefined
}
