import { type Store, openStore } from '../../src/remember/open.ts'

/** Does work on the store at a place, and closes it. */
export async function inStore<T>(place: string, work: (store: Store) => Promise<T>): Promise<T> {
  const store = await openStore(place)
  try {
    return await work(store)
  } finally {
    await store.destroy()
  }
}
