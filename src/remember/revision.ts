import type { Store } from './open.ts'
import { readSetting } from './settings.ts'

/** Counts the batches that changed an entry. */
export async function storeRevision(store: Store): Promise<number> {
  return Number((await readSetting(store, 'revision')) ?? 0)
}
