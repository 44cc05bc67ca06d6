import pg from 'pg'
import { connectionOf } from './postgres.ts'
import { CHANNEL } from './unpublished.ts'

/** Hears of letters that are to be sent. */
export interface Ear {
  close(): Promise<void>
}

/**
 * Listens on a server for letters to send. A connection that is lost is opened anew by whoever calls `listen` again;
 * nobody relies on being woken.
 */
export async function listen(url: string, onLetters: () => void, onLost: () => void): Promise<Ear> {
  const client = new pg.Client(connectionOf(url))
  client.on('error', onLost)
  await client.connect()
  const { rows } = await client.query<{ schema: string }>('select current_schema() as schema')
  const schema = rows[0]?.schema
  client.on('notification', ({ payload }) => {
    if (payload === schema) onLetters()
  })
  await client.query(`listen ${CHANNEL}`)
  return { close: () => client.end().catch(() => undefined) }
}
