import { setTimeout } from 'node:timers/promises'
import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  SqliteAdapter,
  type SqliteDatabase,
  type SqliteDialectConfig,
  SqliteDriver,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type SqliteStatement,
} from 'kysely'
import { Problem } from '../problem.ts'
import { isOfMove, movedStore } from './moved.ts'
import type { DatabaseSyncInstance } from '@photostructure/sqlite'

/** An open database file. */
export type SqliteFile = DatabaseSyncInstance

/** SQLite of the runtime from Node 24 on; below, the same API as a backport. */
export async function openSqlite(path: string): Promise<SqliteFile> {
  const major = Number(process.versions.node.split('.')[0])
  // The specifier is a variable, since the types of Node 20 do not know it.
  const builtIn: string = 'node:sqlite'
  const { DatabaseSync } = (await import(major >= 24 ? builtIn : '@photostructure/sqlite')) as {
    DatabaseSync: new (path: string) => SqliteFile
  }
  return new DatabaseSync(path)
}

/** kysely's view of a database; each statement is compiled once. */
export function kyselyDatabase(db: SqliteFile): SqliteDatabase {
  const compiled = new Map<string, SqliteStatement>()
  return {
    close: () => {
      db.close()
    },
    prepare: (text) => {
      const known = compiled.get(text)
      if (known !== undefined) return known
      // Reads the schema, for which it may have to wait as well.
      const statement = told(() => db.prepare(text))
      const made: SqliteStatement = {
        reader: statement.columns().length > 0,
        all: (values) => told((): unknown[] => statement.all(...bindable(values))),
        run: (values) => {
          const { changes, lastInsertRowid } = told(() => statement.run(...bindable(values)))
          return { changes: BigInt(changes), lastInsertRowid: BigInt(lastInsertRowid) }
        },
        iterate: () => {
          // A write while a cursor is open would wait for itself on the one connection.
          throw new Error('rows are paged by key, never streamed')
        },
      }
      // Lists of different lengths make texts without end; the table of statements is kept small.
      if (compiled.size > 500) compiled.clear()
      compiled.set(text, made)
      return made
    },
  }
}

/** What the disk or another process did to a statement, as a Problem; by the primary result code of SQLite. */
function told<T>(work: () => T): T {
  try {
    return work()
  } catch (cause) {
    if (isOfMove(cause)) throw movedStore(cause.message, cause)
    const code = cause instanceof Error && 'errcode' in cause ? Number(cause.errcode) & 0xff : 0
    const fault = FAULTS.get(code)
    if (fault === undefined) throw cause
    throw new Problem(fault.code, fault.message, { mend: fault.mend, cause })
  }
}

const LOCKED = {
  code: 'store-busy',
  message: 'Another process keeps writing to the store',
  mend: 'try again when it is done',
}
const UNWRITABLE = { code: 'store-unreadable', mend: 'see that the disk is well and the file may be written' }
const FAULTS = new Map([
  [5, LOCKED],
  [6, LOCKED],
  [8, { ...UNWRITABLE, message: 'The store may not be written' }],
  [10, { ...UNWRITABLE, message: 'The disk refused to read or write the store' }],
  [11, { code: 'store-unreadable', message: 'The store is damaged', mend: 'restore it from a backup' }],
  [13, { code: 'store-full', message: 'There is no room for the store', mend: 'make room on its disk' }],
])

function bindable(values: readonly unknown[]): (string | number | bigint | null | Uint8Array)[] {
  return values.map((value) => {
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint') return value
    if (value === null || value instanceof Uint8Array) return value
    // Both drivers would store NULL for some of these without a word.
    throw new TypeError(`cannot bind a ${typeof value} to a statement`)
  })
}

/** How long a statement waits for another connection that writes, in milliseconds. */
const PATIENCE = 15_000
/** After so long the thread is let go for a moment: the other connection may be one of this very process. */
export const BUSY_SLICE = 50
const PAUSE = 10

class ImmediateDriver extends SqliteDriver {
  override async acquireConnection(): Promise<DatabaseConnection> {
    const connection = await super.acquireConnection()
    return {
      executeQuery: <R>(query: CompiledQuery) => patiently(() => connection.executeQuery<R>(query)),
      streamQuery: (query, chunkSize) => connection.streamQuery(query, chunkSize),
    }
  }

  /** A deferred transaction that reads and then writes fails at once when another writer came between. */
  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin immediate'))
  }

  /** After some faults SQLite has rolled back by itself; then the fault must not be hidden by this one. */
  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    try {
      await connection.executeQuery(CompiledQuery.raw('rollback'))
    } catch (error) {
      if (!(error instanceof Error && error.message.includes('no transaction is active'))) throw error
    }
  }
}

/** Waits as SQLite does by itself, but without holding up whoever is waited for. */
async function patiently<T>(work: () => Promise<T>): Promise<T> {
  for (let waited = 0; ; waited += BUSY_SLICE + PAUSE) {
    try {
      return await work()
    } catch (error) {
      const isBusy = error instanceof Problem && error.code === LOCKED.code
      if (!isBusy || waited >= PATIENCE) throw error
      await setTimeout(PAUSE)
    }
  }
}

class TransactionalAdapter extends SqliteAdapter {
  /** So a migration that dies half way leaves nothing behind. */
  override get supportsTransactionalDdl(): boolean {
    return true
  }
}

/** kysely on one SQLite connection. */
export function sqliteDialect(config: SqliteDialectConfig): Dialect {
  return {
    createAdapter: () => new TransactionalAdapter(),
    createDriver: () => new ImmediateDriver(config),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  }
}
