import pg from 'pg'
import { storePlace } from './database.ts'

/** Of whom nothing may be told, and whom the server of the tests asks for a password. */
export const USER = 'guarded'
export const PASSWORD = 'ebb and/flow 100%'

/** The store of a folder on the server of the tests, as the user who needs a password reaches it. */
export async function guardedPlace(dir: string, password = PASSWORD): Promise<string> {
  const place = storePlace(dir)
  const client = new pg.Client({ connectionString: place })
  await client.connect()
  await client.query(`
    do $$ begin create role ${USER} login superuser password '${PASSWORD}';
    exception when duplicate_object or unique_violation then null; end $$`)
  await client.end()
  const url = new URL(place)
  url.username = USER
  url.password = encodeURIComponent(password)
  return url.href
}
