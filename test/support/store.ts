import { rmSync } from 'node:fs'
import type { Store } from '../../src/remember/open.ts'
import { openNewStore, storePlace } from './database.ts'
import { tempFolder } from './folder.ts'

/** A store of its own for a test, and how to be rid of it. */
export async function testStore(): Promise<{ store: Store; path: string; drop: () => Promise<void> }> {
  const dir = tempFolder()
  const path = storePlace(dir)
  const store = await openNewStore(path)
  return {
    store,
    path,
    drop: async () => {
      await store.destroy()
      rmSync(dir, { recursive: true })
    },
  }
}
