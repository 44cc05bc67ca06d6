import type { Selectable } from 'kysely'
import type { Instant } from '../entry.ts'
import { type ConsentRecord, consentsOf } from './consents.ts'
import { type LetterRecord, lettersTo } from './letters.ts'
import type { Notices } from './member-tables.ts'
import type { Store } from './open.ts'
import { type SubscriberRecord, readSubscriber } from './subscribers.ts'

/** A letter to a reader that was no digest. */
export interface NoticeRecord {
  kind: Selectable<Notices>['kind']
  date: Instant
  state: Selectable<Notices>['state']
  /** When it came to its end; null: it has not. */
  settledAt: Instant | null
  reply: string | null
}

/** All that is kept about one reader. */
export interface KeptData {
  subscriber: SubscriberRecord
  consents: ConsentRecord[]
  letters: LetterRecord[]
  notices: NoticeRecord[]
}

/** More letters than anybody gets, so that an answer has an end. */
const MOST_LETTERS = 10_000

/** Null when there is no such reader, or what was known of them is deleted. */
export async function readKept(store: Store, subscriberId: number): Promise<KeptData | null> {
  const subscriber = await readSubscriber(store, subscriberId)
  if (subscriber === null) return null
  return {
    subscriber,
    consents: await consentsOf(store, subscriberId),
    letters: await lettersTo(store, subscriberId, MOST_LETTERS),
    notices: await noticesTo(store, subscriberId),
  }
}

/** The reader who was asked for a consent; null when there is no such consent any more. */
export async function readerOfConsent(store: Store, consentId: number): Promise<SubscriberRecord | null> {
  const find = store.selectFrom('consents').select('subscriber_id').where('id', '=', consentId)
  const row = await find.executeTakeFirst()
  return row === undefined ? null : readSubscriber(store, row.subscriber_id)
}

async function noticesTo(store: Store, subscriberId: number): Promise<NoticeRecord[]> {
  const rows = await store
    .selectFrom('notices')
    .select(['kind', 'created_at', 'state', 'settled_at', 'reply'])
    .where('subscriber_id', '=', subscriberId)
    .orderBy('id', 'desc')
    .execute()
  return rows.map(({ kind, created_at: date, state, settled_at: settledAt, reply }) => ({
    ...{ kind, date, state, settledAt, reply },
  }))
}
