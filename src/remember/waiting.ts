import { sql } from 'kysely'
import type { Instant } from '../entry.ts'
import type { Store } from './open.ts'

const DAY = 24 * 60 * 60 * 1000

/** True when somebody asks for the digest, a letter that is no digest waits, or something of the kind is to be forgotten. */
export async function isAnybodyWaiting(store: Store, now: Instant): Promise<boolean> {
  const { rows } = await sql`
    select 1 where exists (select 1 from requests)
      or exists (select 1 from notices where state = 'due' and until <= ${now})
      or exists (select 1 from consents where confirmed_at is null and asked_at < ${now - 30 * DAY})
      or exists (select 1 from throttles where at < ${now})`.execute(store)
  return rows.length > 0
}
