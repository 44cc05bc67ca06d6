import { resolve } from 'node:path'
import { Problem } from '../problem.ts'
import { migrateStore } from '../remember/migrate.ts'
import { isServer, placeName } from '../store-place.ts'
import { parseUrl } from '../web-address.ts'
import { countText } from './count-text.ts'
import type { CommonOptions, Context, ExitCode } from './context.ts'

export interface MigrateOptions extends CommonOptions {
  /** The path of a store. */
  from: string
  /** The URL of a database on a PostgreSQL server. */
  to: string
}

/** `feedwire migrate`: copies the store from a file to a server. */
export async function migrateCommand(context: Context, { from, to, json }: MigrateOptions): Promise<ExitCode> {
  refuseWrongPlaces(from, to)
  const rows = await migrateStore(resolve(context.cwd, from), to)
  if (json === true) context.print(JSON.stringify({ rows }))
  else {
    const total = Object.values(rows).reduce((sum, count) => sum + count, 0)
    context.print(`${countText(total, 'row', 'rows')} copied to ${placeName(to)}, and both hold the same.`)
    context.print('Let "database" name it, and start. The file is as it was.')
  }
  return 0
}

/** What is wrong with either is told without it: it may hold a password. @throws {Problem} `argument-database` */
function refuseWrongPlaces(from: string, to: string): void {
  if (isServer(from)) {
    const mend = 'give the path of a store, such as feedwire.db'
    throw new Problem('argument-database', 'The store to be copied is no file', { where: '--from', mend })
  }
  if (isServer(to) && (parseUrl(to)?.pathname ?? '').length > 1) return
  const mend = 'write it as postgres://feedwire@db.example.org/feedwire'
  throw new Problem('argument-database', 'The target is no PostgreSQL database', { where: '--to', mend })
}
