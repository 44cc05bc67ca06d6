import pg from 'pg'
import { connectionOf } from './postgres.ts'
import { serverFaultAt } from './postgres-fault.ts'

/** Asks a server something on a connection of its own. */
export type Ask = <R extends pg.QueryResultRow>(text: string) => Promise<R[]>

/**
 * Asks a server about a store without opening it, so that its schema stays as it is.
 * @throws {Problem} `store-unreachable`, `store-refused`
 */
export async function askServer<T>(url: string, work: (ask: Ask) => Promise<T>): Promise<T> {
  const client = new pg.Client(connectionOf(url))
  client.on('error', () => undefined)
  try {
    await client.connect()
    return await work(async <R extends pg.QueryResultRow>(text: string) => (await client.query<R>(text)).rows)
  } catch (error) {
    throw serverFaultAt(url, error)
  } finally {
    await client.end().catch(() => undefined)
  }
}

/** Milliseconds since 1970 by the clock of the server. */
export async function serverTime(ask: Ask): Promise<number> {
  const [row] = await ask<{ now: number }>('select cast(extract(epoch from clock_timestamp()) * 1000 as bigint) as now')
  return row?.now ?? NaN
}
