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
      const statement = db.prepare(text)
      const made: SqliteStatement = {
        reader: statement.columns().length > 0,
        all: (values): unknown[] => statement.all(...bindable(values)),
        run: (values) => {
          const { changes, lastInsertRowid } = statement.run(...bindable(values))
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

function bindable(values: readonly unknown[]): (string | number | bigint | null | Uint8Array)[] {
  return values.map((value) => {
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint') return value
    if (value === null || value instanceof Uint8Array) return value
    // Both drivers would store NULL for some of these without a word.
    throw new TypeError(`cannot bind a ${typeof value} to a statement`)
  })
}

class ImmediateDriver extends SqliteDriver {
  /** A deferred transaction that reads and then writes fails at once when another writer came between. */
  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin immediate'))
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
