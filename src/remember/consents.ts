import type { Instant } from '../entry.ts'
import type { Preferences } from '../preferences.ts'
import { parseEmailAddress } from '../subscriber.ts'
import type { ConsentSource } from './member-tables.ts'
import type { Store } from './open.ts'
import { type Commit, ownCommit } from './shared-commit.ts'
import { columnsOf, preferencesOf } from './wishes.ts'
import { liftWithin } from './suppressions.ts'
import { highestNumber } from './write.ts'

/** Where it comes from that somebody wants the digest. */
export interface ConsentOrigin {
  source: ConsentSource
  /** The page, the file or the mail by which it came; empty when there is none. */
  place: string
  /** The network address from which it came; empty when there is none. */
  client: string
  /** The words that were agreed to; empty when nobody knows. */
  text: string
}

/** That somebody asked for the digest, and confirmed it. */
export interface ConsentRecord extends ConsentOrigin {
  askedAt: Instant
  /** Null: nobody confirmed it. */
  confirmedAt: Instant | null
  wishes: Preferences
}

const DAY = 24 * 60 * 60 * 1000
/** For so many days a reader can confirm. */
export const DAYS_TO_CONFIRM = 3
/** What nobody confirmed is kept a while, so that its link can say that it is too old. */
const FORGOTTEN_AFTER = 30 * DAY

/**
 * @param when the reader asked for it, and either confirmed it or may do so from now on
 * @returns the id of the consent, which the link to confirm names
 */
export async function enterConsent(
  tx: Store,
  subscriberId: number,
  { source, place, client, text }: ConsentOrigin,
  when: { askedAt: Instant } & ({ confirmedAt: Instant } | { openFrom: Instant }),
  wishes: Preferences,
): Promise<number> {
  const [confirmedAt, openUntil] =
    'confirmedAt' in when ? [when.confirmedAt, 0] : [null, when.openFrom + DAYS_TO_CONFIRM * DAY]
  const { id } = await tx
    .insertInto('consents')
    .values({
      ...{ subscriber_id: subscriberId, asked_at: when.askedAt, confirmed_at: confirmedAt, open_until: openUntil },
      ...{ source, place, client, text, ...columnsOf(wishes) },
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

/** What a link to confirm is about. */
export interface OpenConsent {
  address: string
  /** What the reader asked for. */
  language: string | null
  state: 'open' | 'confirmed' | 'expired'
}

/** Null when there is no such consent any more. */
export async function readConsent(store: Store, consentId: number, now: Instant): Promise<OpenConsent | null> {
  const row = await store
    .selectFrom('consents')
    .innerJoin('subscribers', 'subscribers.id', 'consents.subscriber_id')
    .select(['address', 'consents.language', 'open_until', 'confirmed_at'])
    .where('consents.id', '=', consentId)
    .executeTakeFirst()
  if (row === undefined) return null
  const state = row.confirmed_at !== null ? 'confirmed' : now < row.open_until ? 'open' : 'expired'
  return { address: row.address, language: row.language === '' ? null : row.language, state }
}

/**
 * A reader confirms: they are on the list with what they asked for, begin with what comes from now on, and a
 * suppression of their address is lifted. Confirming again changes nothing.
 * @param client the network address from which it is confirmed; empty when there is none
 */
export async function confirmConsent(
  store: Store,
  consentId: number,
  client: string,
  now: Instant,
  commit: Commit = ownCommit(store),
): Promise<'confirmed' | 'confirmed before' | 'expired' | 'unknown'> {
  return commit(async (tx) => {
    const open = await readConsent(tx, consentId, now)
    if (open === null) return 'unknown'
    if (open.state !== 'open') return open.state === 'confirmed' ? 'confirmed before' : 'expired'
    const consent = tx.selectFrom('consents').selectAll().where('id', '=', consentId)
    const { subscriber_id: id, client: asked, ...row } = await consent.executeTakeFirstOrThrow()
    await tx
      .updateTable('consents')
      .set({ confirmed_at: now, client: client === '' ? asked : client })
      .where('id', '=', consentId)
      .execute()
    // Else the link of an earlier letter would undo what the reader chooses from now on.
    await closeConsents(tx, id, consentId)
    const had = await highestNumber(tx)
    await tx
      .updateTable('subscribers')
      .set(columnsOf(preferencesOf(row)))
      .where('id', '=', id)
      .execute()
    await tx
      .updateTable('subscribers')
      .set({ state: 'active', left_at: null, had })
      .where('id', '=', id)
      .where('state', '!=', 'active')
      .execute()
    await liftWithin(tx, parseEmailAddress(open.address))
    return 'confirmed'
  })
}

/** What a reader agreed to, newest first. */
export async function consentsOf(store: Store, subscriberId: number): Promise<ConsentRecord[]> {
  const rows = await store
    .selectFrom('consents')
    .selectAll()
    .where('subscriber_id', '=', subscriberId)
    .orderBy('id', 'desc')
    .execute()
  return rows.map((row) => {
    const { asked_at: askedAt, confirmed_at: confirmedAt, source, place, client, text } = row
    return { askedAt, confirmedAt, source, place, client, text, wishes: preferencesOf(row) }
  })
}

/** Forgets who asked, or was asked for, and never confirmed. */
export async function forgetUnconfirmed(store: Store, now: Instant): Promise<void> {
  const before = now - FORGOTTEN_AFTER
  const open = store.selectFrom('consents').select('id').where('confirmed_at', 'is', null)
  if ((await open.where('asked_at', '<', before).limit(1).execute()).length === 0) return
  await store.transaction().execute(async (tx) => {
    await tx.deleteFrom('consents').where('confirmed_at', 'is', null).where('asked_at', '<', before).execute()
    const pending = tx.selectFrom('subscribers').select('id').where('state', '=', 'pending')
    const asked = tx.selectFrom('consents').select('subscriber_id')
    for (const { id } of await pending.where('id', 'not in', asked).execute()) {
      await tx.deleteFrom('notices').where('subscriber_id', '=', id).execute()
      await tx.deleteFrom('soft_bounces').where('subscriber_id', '=', id).execute()
      await tx.deleteFrom('subscribers').where('id', '=', id).execute()
    }
  })
}

/**
 * What a reader was asked to confirm can be confirmed no longer.
 * @param before only what they were asked before this consent
 */
export async function closeConsents(tx: Store, subscriberId: number, before = Infinity): Promise<void> {
  const open = tx.updateTable('consents').set({ open_until: 0 }).where('subscriber_id', '=', subscriberId)
  const unconfirmed = open.where('confirmed_at', 'is', null)
  await (before === Infinity ? unconfirmed : unconfirmed.where('id', '<', before)).execute()
}
