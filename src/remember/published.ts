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

/** Forgets all that is published but what has these names. */
export async function forgetPublished(store: Store, but: readonly (string | null)[]): Promise<void> {
  await store.deleteFrom('settings').where('key', 'like', `${KEY}:%`).where('key', 'not in', but.map(keyOf)).execute()
}

/** True when the store knows of anything that is published. */
export async function isAnythingPublished(store: Store): Promise<boolean> {
  const one = store.selectFrom('settings').select('key').limit(1)
  const row = await one.where((e) => e.or([e('key', '=', KEY), e('key', 'like', `${KEY}:%`)])).executeTakeFirst()
  return row !== undefined
}
