import pg from 'pg'
import { connectionOf } from './postgres.ts'
import { CHANNEL } from './unpublished.ts'

/** Hears of what other machines did. */
export interface Ear {
  close(): Promise<void>
}

/**
 * Listens on a server for what was published and for letters to send. A connection that is lost is opened anew by whoever calls `listen` again;
 * nobody relies on being woken.
 */
export async function listen(url: string, onNews: () => void, onLost: () => void): Promise<Ear> {
  const client = new pg.Client(connectionOf(url))
  client.on('error', onLost)
  const close = (): Promise<void> => client.end().catch(() => undefined)
  try {
    await client.connect()
    const { rows } = await client.query<{ schema: string }>('select current_schema() as schema')
    const schema = rows[0]?.schema
    client.on('notification', ({ payload }) => {
      if (payload === schema) onNews()
    })
    await client.query(`listen ${CHANNEL}`)
  } catch (error) {
    await close()
    throw error
  }
  return { close }
}
