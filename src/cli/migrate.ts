import { dirname, resolve } from 'node:path'
import { parseDatabase } from '../config.ts'
import { Problem } from '../problem.ts'
import { migrateStore } from '../remember/migrate.ts'
import { isServer, placeName } from '../store-place.ts'
import { countText } from './count-text.ts'
import type { CommonOptions, Context, ExitCode } from './context.ts'

export interface MigrateOptions extends CommonOptions {
  /** The path of a store. */
  from: string
  /** The URL of a database on a PostgreSQL server, as the setting `database` has it. */
  to: string
}

/** `feedwire migrate`: moves the store from a file to a server. @throws {Problem} `argument-database` */
export async function migrateCommand(context: Context, { from, to, json, config }: MigrateOptions): Promise<ExitCode> {
  // What is wrong with either is told without it: it may hold a password.
  if (isServer(from)) {
    const mend = 'give the path of a store, such as feedwire.db'
    throw new Problem('argument-database', 'The store to be copied is no file', { where: '--from', mend })
  }
  const dir = config === undefined ? context.cwd : dirname(resolve(context.cwd, config))
  const database = parseDatabase(to, dir, context.environment)
  if (!isServer(database)) {
    const mend = 'write it as postgres://feedwire@db.example.org/feedwire'
    throw new Problem('argument-database', 'The target is no PostgreSQL database', { where: '--to', mend })
  }
  const rows = await migrateStore(resolve(context.cwd, from), database)
  if (json === true) context.print(JSON.stringify({ rows }))
  else {
    const total = Object.values(rows).reduce((sum, count) => sum + count, 0)
    context.print(`${countText(total, 'row', 'rows')} copied to ${placeName(database)}, and both hold the same.`)
    context.print(
      'The file is kept, and marked as moved: nothing is written to it, and no letter sent from it, any more.',
    )
    context.print('Let "database" name the server wherever the file was named, and start anew what had it open.')
  }
  return 0
}
