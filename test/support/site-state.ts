import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { openSqlite } from '../../src/remember/sqlite.ts'
import { stampsBelow } from './folder.ts'

/**
 * All that a site folder holds: the rows of each table of its store, and the time and bytes of each other file. Those of
 * the store change when SQLite folds its log in, which says nothing.
 */
export async function stateOf(dir: string): Promise<Record<string, string>> {
  const tables = await tablesOf(join(dir, 'feedwire.db'))
  const files = Object.entries(stampsBelow(dir)).filter(([path]) => !/\.db(?:-wal|-shm)?$/.test(path))
  return { ...tables, ...Object.fromEntries(files) }
}

const NAMES = z.array(z.object({ name: z.string() }))

async function tablesOf(path: string): Promise<Record<string, string>> {
  if (!existsSync(path)) return {}
  const file = await openSqlite(path)
  try {
    const names = NAMES.parse(file.prepare("select name from sqlite_master where type = 'table'").all())
    const rows = (table: string): string => JSON.stringify(file.prepare(`select * from "${table}"`).all())
    return Object.fromEntries(names.map(({ name }) => [`table ${name}`, rows(name)]))
  } finally {
    file.close()
  }
}
