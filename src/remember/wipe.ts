import { sql } from 'kysely'
import { engineOf } from './engine.ts'
import type { Store } from './open.ts'

/**
 * Does work after which what it deletes can be read nowhere in the file, if it says that it is done. A server wipes
 * what is deleted by itself, some time later.
 */
export async function wiping(store: Store, work: () => Promise<boolean>): Promise<boolean> {
  if (engineOf(store) === 'postgres') return work()
  // Else what is deleted stays readable in the file until its place is needed.
  await sql`pragma secure_delete = on`.execute(store)
  try {
    const isDone = await work()
    if (isDone) await sql`pragma wal_checkpoint(truncate)`.execute(store)
    return isDone
  } finally {
    await sql`pragma secure_delete = fast`.execute(store)
  }
}
