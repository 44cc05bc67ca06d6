import { copyFileSync, existsSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { type SqliteFile, openSqlite } from '../../src/remember/sqlite.ts'

/**
 * Leaves the store of a folder as a process leaves it that has ended: a connection of this one may live on until it is
 * collected, and would hold the file.
 */
export function asAfterExit(dir: string, name = 'feedwire.db'): void {
  for (const file of [name, `${name}-wal`]) {
    if (!existsSync(join(dir, file))) continue
    copyFileSync(join(dir, file), join(dir, 'copy'))
    renameSync(join(dir, 'copy'), join(dir, file))
  }
  rmSync(join(dir, `${name}-shm`), { force: true })
}

const ROWS = z.array(z.record(z.string(), z.unknown()))

/** What a query finds in a store, whatever its schema. */
export async function rowsIn(path: string, query: string): Promise<Record<string, unknown>[]> {
  const file = await openSqlite(path)
  const rows = ROWS.parse(file.prepare(query).all())
  file.close()
  return rows.map((row) => ({ ...row }))
}

/** Changes a store behind the back of the program. */
export async function changeIn(path: string, change: (file: SqliteFile) => void): Promise<void> {
  const file = await openSqlite(path)
  change(file)
  file.close()
}

/** Names of the files of a store in a folder, sorted; those that SQLite makes and takes away left out. */
export function storeFiles(dir: string, name = 'feedwire.db'): string[] {
  return readdirSync(dir)
    .filter((file) => file.includes(name) && !/-(?:wal|shm)$/.test(file))
    .sort()
}
