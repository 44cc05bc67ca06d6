import type { Instant } from '../entry.ts'
import type { Preferences } from '../preferences.ts'
import { type EmailAddress, addressKey, parseEmailAddress } from '../subscriber.ts'
import { type ConsentOrigin, enterConsent } from './consents.ts'
import { enterNotice, mayNotice } from './notices.ts'
import type { Store } from './open.ts'
import { insertSubscriber } from './subscribers.ts'
import { suppressionOf } from './suppressions.ts'
import { columnsOf, preferencesOf } from './wishes.ts'

/** What somebody asks for who may be anybody. */
export interface JoinRequest extends ConsentOrigin {
  address: EmailAddress
  wishes: Preferences
}

/**
 * Notes that somebody asks for the digest. What it does takes the same time and changes the same whether the address is
 * known or not; what comes of it is for `takeRequests()`.
 */
export async function noteRequest(store: Store, request: JoinRequest, now: Instant): Promise<void> {
  const { address, source, place, client, text, wishes } = request
  await store
    .insertInto('requests')
    .values({
      address,
      address_key: addressKey(address),
      asked_at: now,
      source,
      place,
      client,
      text,
      ...columnsOf(wishes),
    })
    .execute()
}

/** Requests that are looked at within one transaction. */
const AT_ONCE = 100

/**
 * Looks at what was asked for: a letter asks the owner of each address to confirm it, or tells them that they get the
 * digest already. Who had such a letter within the hour gets no other.
 * @returns how many letters are to be sent
 */
export async function takeRequests(store: Store, now: Instant): Promise<number> {
  let notices = 0
  if ((await store.selectFrom('requests').select('id').limit(1).execute()).length === 0) return notices
  for (;;) {
    const taken = await store.transaction().execute(async (tx) => {
      const rows = await tx.selectFrom('requests').selectAll().orderBy('id').limit(AT_ONCE).execute()
      for (const { id, address, ...row } of rows) {
        const { source, place, client, text, asked_at: askedAt } = row
        const request = { address: parseEmailAddress(address), wishes: preferencesOf(row), source, place, client, text }
        if (await takeRequest(tx, request, askedAt, now)) notices++
        await tx.deleteFrom('requests').where('id', '=', id).execute()
      }
      return rows.length
    })
    if (taken < AT_ONCE) return notices
  }
}

async function takeRequest(tx: Store, request: JoinRequest, askedAt: Instant, now: Instant): Promise<boolean> {
  const { address, wishes } = request
  const find = tx.selectFrom('subscribers').select(['id', 'state'])
  const known = await find.where('address_key', '=', addressKey(address)).executeTakeFirst()
  const id = known?.id ?? (await insertSubscriber(tx, address, { state: 'pending', preferences: wishes, now }))
  if (id === null) return false
  const gets = known?.state === 'active' || known?.state === 'paused'
  const kind = gets && (await suppressionOf(tx, address)) === null ? 'known' : 'confirm'
  if (!(await mayNotice(tx, id, kind, now))) return false
  if (kind === 'known') {
    await enterNotice(tx, { subscriberId: id, kind: 'known', consentId: null }, now)
  } else {
    const consentId = await enterConsent(tx, id, request, { askedAt, openFrom: now }, wishes)
    await enterNotice(tx, { subscriberId: id, kind: 'confirm', consentId }, now)
  }
  return true
}
