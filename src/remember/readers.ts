import type { Store } from './open.ts'

/** Whom a letter went to. */
export interface LetterReader {
  id: number
  /** Empty once they had what was known of them deleted. */
  address: string
}

/** The reader with this id; null when there is none. */
export async function readerWithId(store: Store, id: number): Promise<LetterReader | null> {
  const find = store.selectFrom('subscribers').select(['id', 'address']).where('id', '=', id)
  return (await find.executeTakeFirst()) ?? null
}

/** The reader of a digest, by the id of the letter and the domain of its Message-ID; null when there was none such. */
export async function readerOfLetter(store: Store, letterId: string, domain: string): Promise<LetterReader | null> {
  const row = await store
    .selectFrom('ledger')
    .innerJoin('digests', 'digests.id', 'ledger.digest_id')
    .innerJoin('subscribers', 'subscribers.id', 'ledger.subscriber_id')
    .select(['subscribers.id', 'subscribers.address'])
    .where('ledger.id', '=', letterId)
    .where('digests.domain', '=', domain)
    .executeTakeFirst()
  return row ?? null
}

/** The reader of a letter that is no digest; null when no such letter was for this subscriber. */
export async function readerOfNotice(
  store: Store,
  noticeId: number,
  subscriberId: number,
): Promise<LetterReader | null> {
  const row = await store
    .selectFrom('notices')
    .innerJoin('subscribers', 'subscribers.id', 'notices.subscriber_id')
    .select(['subscribers.id', 'subscribers.address'])
    .where('notices.id', '=', noticeId)
    .where('subscribers.id', '=', subscriberId)
    .executeTakeFirst()
  return row ?? null
}

/** Who asked for what is to be confirmed; null when they left since, or it is forgotten. */
export async function readerOfConsent(store: Store, consentId: number): Promise<LetterReader | null> {
  const row = await store
    .selectFrom('consents')
    .innerJoin('subscribers', 'subscribers.id', 'consents.subscriber_id')
    .select(['subscribers.id', 'subscribers.address'])
    .where('consents.id', '=', consentId)
    .executeTakeFirst()
  return row ?? null
}
