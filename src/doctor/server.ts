import { clockOffset } from '../remember/clock.ts'
import { askServer } from '../remember/postgres-ask.ts'
import { isServerLocked } from '../remember/postgres-lock.ts'
import { placeName } from '../store-place.ts'
import { type Finding, fault, foreign, note } from './finding.ts'
import { type StoreReading, schemaFindings } from './store.ts'

/** What a look at a store on a server found; it changes nothing. */
export interface ServerReading extends Pick<StoreReading, 'steps' | 'latest' | 'hasSecret' | 'damage'> {
  /** Such as 150016. */
  version: number
  /** Of the texts in the database. */
  encoding: string
  /** Settings of the server by which it may lose what it said it holds. */
  unsafe: string[]
  /** Bytes of the database. */
  size: number
  isEmpty: boolean
  isAtWork: boolean
  /** Milliseconds that its clock is ahead of this machine's. */
  clockOffset: number
}

/** Looks at a store on a server. @throws {Problem} `store-unreachable`, `store-refused` */
export async function readServer(url: string): Promise<ServerReading> {
  const isAtWork = await isServerLocked(url)
  const offset = await clockOffset(url)
  return askServer(url, async (ask) => {
    const [about] = await ask<{ version: number; encoding: string; size: number; tables: number }>(`
      select cast(current_setting('server_version_num') as integer) as version,
        current_setting('server_encoding') as encoding, pg_database_size(current_database()) as size,
        (select count(*) from pg_tables where schemaname = current_schema()) as tables`)
    const off = await ask<{ name: string }>(`
      select name from pg_settings where name in ('fsync', 'full_page_writes', 'synchronous_commit') and setting = 'off'
      order by name`)
    const { version = 0, encoding = '', size = 0, tables = 0 } = about ?? {}
    const [ours] = await ask<{ is: number }>(`select to_regclass('kysely_migration') is not null as is`)
    const known =
      ours?.is === 1
        ? await ask<{ steps: string[]; latest: number; secrets: number }>(`
            select (select array_agg(cast(name as text) order by name) from kysely_migration) as steps,
              greatest((select max(started_at) from runs where kind = 'run'), (select max(first_seen) from entries)) as latest,
              (select count(*) from secrets) as secrets`)
        : []
    return {
      ...{ version, encoding, size, isAtWork, clockOffset: offset, unsafe: off.map(({ name }) => name) },
      ...{ isEmpty: tables === 0, steps: known[0]?.steps ?? [], damage: [] },
      ...{ latest: known[0]?.latest ?? null, hasSecret: (known[0]?.secrets ?? 0) > 0 },
    }
  })
}

/** The oldest that is tried. */
const OLDEST_SERVER = 14

/** What is said of a store on a server. */
export function serverFindings(url: string, reading: ServerReading): Finding[] {
  const { version, encoding, steps, isEmpty, isAtWork } = reading
  const name = placeName(url)
  const major = Math.floor(version / 10_000)
  if (major < OLDEST_SERVER) {
    return [
      fault(`PostgreSQL ${major} is too old`, `let "database" name a server of version ${OLDEST_SERVER} or later`),
    ]
  }
  if (encoding !== 'UTF8') {
    const mend = "make the database anew: create database feedwire encoding 'UTF8' template template0"
    return [fault(`The database keeps texts in ${foreign(encoding)}, which has no room for all of them`, mend)]
  }
  if (isEmpty) return [note(`There is no store yet (${name})`, '"feedwire run" makes it')]
  const size = `${(reading.size / 1_000_000).toFixed(1)} MB`
  const well = `${name} answers (PostgreSQL ${major}, ${size})${isAtWork ? '; a run is at work' : ''}`
  return [...schemaFindings(name, steps, well), ...unsafeNotes(reading), ...clockNotes(reading)]
}

function unsafeNotes({ unsafe }: ServerReading): Finding[] {
  if (unsafe.length === 0) return []
  const message = `The server may forget letters that went, so that they go twice: ${unsafe.join(', ')} is off`
  return [note(message, 'set it on, at least for this database')]
}

/** Seconds that are worth a word. */
const SLACK = 5

function clockNotes({ clockOffset: offset }: ServerReading): Finding[] {
  const seconds = Math.round(Math.abs(offset) / 1000)
  if (seconds < SLACK) return []
  const message = `The clock of this machine is ${seconds} s ${offset < 0 ? 'ahead of' : 'behind'} that of the server, which counts`
  return [note(message, 'set both by NTP')]
}
