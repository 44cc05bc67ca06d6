import { sql } from 'kysely'
import { NO_PREFERENCES } from '../../src/preferences.ts'
import type { Store } from '../../src/remember/open.ts'
import { type JoinRequest, noteRequest, takeRequests } from '../../src/remember/requests.ts'
import { findSubscriber } from '../../src/remember/subscribers.ts'
import { parseEmailAddress } from '../../src/subscriber.ts'

export const NOW = Date.UTC(2026, 0, 31, 8)
export const MINUTE = 60_000
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR

/** What somebody asks for by the form, but for what `more` says. */
export function requestOf(address: string, more: Partial<JoinRequest> = {}): JoinRequest {
  return {
    ...{ address: parseEmailAddress(address), wishes: NO_PREFERENCES, source: 'form' },
    ...{ place: 'https://example.org/', client: '192.0.2.7', text: 'I ask for it.' },
    ...more,
  }
}

/** Somebody asks for the digest, which is looked at at once. Tells how many letters that makes. */
export async function ask(
  store: Store,
  address: string,
  now: number,
  more: Partial<JoinRequest> = {},
): Promise<number> {
  await noteRequest(store, requestOf(address, more), now)
  return takeRequests(store, now)
}

/** The same for who gets a letter that asks them to confirm: the id of their new consent. */
export async function askToConfirm(
  store: Store,
  address: string,
  now: number,
  more: Partial<JoinRequest> = {},
): Promise<number> {
  if ((await ask(store, address, now, more)) !== 1) throw new Error('there is no letter')
  const { id } = await store.selectFrom('consents').select('id').orderBy('id', 'desc').executeTakeFirstOrThrow()
  return id
}

/** The id of who has this address. */
export async function idOf(store: Store, address: string): Promise<number> {
  const found = await findSubscriber(store, parseEmailAddress(address))
  if (found === null) throw new Error(`nobody has ${address}`)
  return found.id
}

/** `active`, `paused, bounced` and the like; `nobody` when the address is not on the list. */
export async function stateOf(store: Store, address: string): Promise<string> {
  const found = await findSubscriber(store, parseEmailAddress(address))
  if (found === null) return 'nobody'
  return found.suppressed === null ? found.state : `${found.state}, ${found.suppressed}`
}

/** Each notice as `confirm to 1: due`, in their order. */
export async function noticesOf(store: Store): Promise<string[]> {
  const rows = await store.selectFrom('notices').selectAll().orderBy('id').execute()
  return rows.map(({ kind, subscriber_id: reader, state }) => `${kind} to ${reader}: ${state}`)
}

/** An entry with this number, so that readers have something that they have had. */
export async function putEntry(store: Store, number: number): Promise<void> {
  await sql`insert into sources (id, name, kind, first_read_at, problems) values (1, 'notes', 'markdown', 1, '[]') on conflict do nothing`.execute(
    store,
  )
  await sql`insert into entries (source_id, number, announce, guid, anchor, title, title_guessed, date, date_only, slug,
    tags, categories, snippet, body_format, fingerprint, body_length, first_seen, updated, revision)
    values (1, ${number}, 0, ${`urn:${number}`}, '', '', 0, 7, 0, '', '[]', '[]', '', 'text', '', 0, 0, 0, 1)`.execute(
    store,
  )
}

/** The tables and columns of the whole store in which a text stands, however it is spelled. */
export async function placesOf(store: Store, text: string): Promise<string[]> {
  const places: string[] = []
  for (const { name, columns } of await store.introspection.getTables()) {
    for (const { name: column } of columns) {
      const value = sql`lower(cast(${sql.ref(column)} as text))`
      const { rows } = await sql`
        select 1 from ${sql.table(name)} where replace(${value}, ${text.toLowerCase()}, '') <> ${value}
        limit 1`.execute(store)
      if (rows.length > 0) places.push(`${name}.${column}`)
    }
  }
  return places.sort()
}
