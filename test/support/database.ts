import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { execPath } from 'node:process'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { inject } from 'vitest'
import { type Store, openStore } from '../../src/remember/open.ts'
import { isServer } from '../../src/store-place.ts'

/** The database whose copies the stores of tests are. */
export const TEMPLATE = 'feedwire_template'

const MAKER = fileURLToPath(new URL('make-database.mjs', import.meta.url))

/** Databases that are in use, by the path of the file in whose place they are. */
const used = new Map<string, { dir: string; name: string }>()
/** Empty ones: one that was used is emptied in less time than another is made. */
const free: string[] = []
let made = 0
/** A file that holds a store of nobody. */
let template: Buffer | null = null

/** True when stores of these tests are on a PostgreSQL server. */
export function onServer(): boolean {
  return inject('server') !== undefined
}

/** Where the store of a folder is: a file in it, or a database on the server of the tests, made at its first use. */
export function storePlace(dir: string, file = 'feedwire.db'): string {
  const server = inject('server')
  const path = join(dir, file)
  if (server === undefined) return path
  const name = used.get(path)?.name ?? free.pop() ?? makeDatabase(server)
  used.set(path, { dir, name })
  return `${server}/${name}`
}

/** Opens a store where none is yet. A file is a copy of the first one: to make its schema takes ten times as long. */
export async function openNewStore(place: string): Promise<Store> {
  if (!isServer(place)) {
    template ??= await newFile(`${place}.template`)
    writeFileSync(place, template, { mode: 0o600, flag: 'wx' })
  }
  return openStore(place)
}

async function newFile(path: string): Promise<Buffer> {
  await (await openStore(path)).destroy()
  const bytes = readFileSync(path)
  rmSync(path)
  return bytes
}

function makeDatabase(server: string): string {
  const name = `t_${process.pid}_${++made}`
  const { status, stderr } = spawnSync(execPath, [MAKER, server, name, TEMPLATE], { encoding: 'utf8' })
  if (status !== 0) throw new Error(`no database for a test: ${stderr}`)
  return name
}

/** Settings with the place of the store of their folder, if it is not the file that they mean anyway. */
export function withStorePlace(dir: string, settings: string): string {
  if (!onServer() || /^database:|"database":/m.test(settings)) return settings
  const line = `"database": ${JSON.stringify(storePlace(dir))}`
  return /^\s*\{/.test(settings) ? settings.replace('{', `{${line},`) : `${line}\n${settings}`
}

/** Waits until a server has noticed that whoever used the store of a folder is gone. */
export async function allAreGone(dir: string): Promise<void> {
  if (!onServer()) return
  const client = new pg.Client({ connectionString: storePlace(dir) })
  await client.connect()
  const others = 'select 1 from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()'
  while ((await client.query(others)).rows.length > 0) await setTimeout(5)
  await client.end()
}

/** Takes the store of a folder away. */
export async function loseStore(dir: string, file = 'feedwire.db'): Promise<void> {
  const path = join(dir, file)
  const database = used.get(path)
  if (database === undefined) for (const end of ['', '-wal', '-shm']) rmSync(`${path}${end}`, { force: true })
  else await empty(database.name)
}

/** Empties the databases of folders that are gone; others get them then. */
export async function freeDatabases(): Promise<void> {
  for (const [path, { dir, name }] of used) {
    if (existsSync(dir)) continue
    used.delete(path)
    await empty(name)
    free.push(name)
  }
}

async function empty(name: string): Promise<void> {
  const client = new pg.Client({ connectionString: `${inject('server') ?? ''}/${name}` })
  await client.connect()
  await client.query(EMPTY)
  await client.end()
}

/** Most tables are empty anyway: to delete what the others hold takes half the time of truncating all of them. */
const EMPTY = `
  set session_replication_role = replica;
  do $$
    declare one text;
    begin
      for one in select quote_ident(tablename) from pg_tables
        where schemaname = 'public' and tablename <> 'kysely_migration'
      loop execute 'delete from ' || one; end loop;
      for one in select quote_ident(sequencename) from pg_sequences
        where schemaname = 'public' and last_value is not null
      loop execute 'alter sequence ' || one || ' restart'; end loop;
    end
  $$;
  comment on table settings is null`
