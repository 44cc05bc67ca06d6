import { sql } from 'kysely'
import { Problem } from '../problem.ts'
import type { Store } from './open.ts'

/** Where the store of a file was moved to, without user and password; null: it was not. */
export async function movedTo(store: Store): Promise<string | null> {
  const found = await sql`select 1 from sqlite_master where type = 'table' and name = 'moved_to'`.execute(store)
  if (found.rows.length === 0) return null
  const { rows } = await sql<{ place: string }>`select place from moved_to`.execute(store)
  return rows[0]?.place ?? null
}

/** @throws {Problem} `store-moved` */
export async function refuseMoved(store: Store): Promise<void> {
  const place = await movedTo(store)
  if (place !== null) throw movedStore(sentence(place))
}

export function movedStore(message: string, cause?: unknown): Problem {
  const mend = 'let "database" name that database; to go on with the file, restore a backup from before'
  return new Problem('store-moved', message, { mend, cause })
}

/**
 * Notes in a file that its store was moved. Who has it open already can write nothing into it any more: no letter is
 * claimed there, and nobody leaves where it is not seen.
 * @param place without user and password
 */
export async function noteMove(tx: Store, place: string): Promise<void> {
  const { rows } = await sql<{ name: string }>`
    select name from sqlite_master where type = 'table' and name not like 'sqlite%'`.execute(tx)
  for (const { name } of rows) {
    for (const event of ['insert', 'update', 'delete']) {
      await sql`
        create trigger ${sql.ref(`moved_${name}_${event}`)} before ${sql.raw(event)} on ${sql.table(name)}
        begin select raise(abort, ${sql.lit(sentence(place))}); end`.execute(tx)
    }
  }
  await sql`create table moved_to (place text not null)`.execute(tx)
  await sql`insert into moved_to values (${place})`.execute(tx)
}

/** True for what the file says to who writes to it after it was moved. */
export function isOfMove(error: unknown): error is Error {
  return error instanceof Error && error.message.startsWith(MOVED)
}

const MOVED = 'The store was moved to '

function sentence(place: string): string {
  return `${MOVED}${place}`
}
