import { randomBytes } from 'node:crypto'
import type { Instant } from '../entry.ts'
import { mintId } from '../identity.ts'
import type { Store } from './open.ts'

/** What a site is called in the outside world, fixed at first use and never derived again. */
export interface SiteIds {
  /** `urn:uuid:…`, the id of the feeds. */
  feedId: string
  /** When that id was made; dates a feed without entries. */
  feedIdAt: Instant
  /** `digest.HOST`, for the List-Id header (RFC 2919). */
  listId: string
  /** Goes into the words that stand for a reader's values in a frozen letter; no author can guess it. */
  nonce: string
}

/** Reads a setting, or stores the one that `make` gives. */
async function settingOnce(store: Store, key: string, make: () => string): Promise<string> {
  const found = await readSetting(store, key)
  if (found !== null) return found
  await store
    .insertInto('settings')
    .values({ key, value: make() })
    .onConflict((c) => c.column('key').doNothing())
    .execute()
  return settingOnce(store, key, make)
}

export async function readSetting(store: Store, key: string): Promise<string | null> {
  const row = await store.selectFrom('settings').select('value').where('key', '=', key).executeTakeFirst()
  return row?.value ?? null
}

export async function writeSetting(store: Store, key: string, value: string): Promise<void> {
  await store
    .insertInto('settings')
    .values({ key, value })
    .onConflict((c) => c.column('key').doUpdateSet({ value }))
    .execute()
}

export async function siteIds(store: Store, siteUrl: string, now: Instant): Promise<SiteIds> {
  return {
    feedId: await settingOnce(store, 'feed_id', () => mintId('feed', siteUrl)),
    feedIdAt: Number(await settingOnce(store, 'feed_id_at', () => String(now))),
    nonce: await storeNonce(store),
    listId: await settingOnce(store, 'list_id', () => `digest.${new URL(siteUrl).hostname}`),
  }
}

/** What a store is told apart by from others; see `SiteIds`. */
export function storeNonce(store: Store): Promise<string> {
  return settingOnce(store, 'nonce', () => randomBytes(12).toString('hex'))
}

/**
 * The secret that signs addresses and links: the configured one, else one of 32 random bytes made at first use.
 * Every secret that was ever in use is kept, so that what it signed can still be verified.
 */
export async function currentSecret(store: Store, configured: string | null, now: Instant): Promise<string> {
  if (configured !== null) {
    await store
      .insertInto('secrets')
      .values({ value: configured, created_at: now })
      .onConflict((c) => c.column('value').doNothing())
      .execute()
    return configured
  }
  const row = await store.selectFrom('secrets').select('value').orderBy('id').limit(1).executeTakeFirst()
  if (row !== undefined) return row.value
  await store
    .insertInto('secrets')
    .values({ value: randomBytes(32).toString('base64url'), created_at: now })
    .execute()
  return currentSecret(store, null, now)
}

/**
 * What suppressed addresses are hashed with. It is no secret of the settings, as it must never change: no address could
 * be found again.
 */
export async function suppressionKey(store: Store): Promise<string> {
  return settingOnce(store, 'suppression_key', () => randomBytes(32).toString('base64url'))
}

/** Every secret that may have signed what comes back to us, the former ones too. */
export async function verifyingSecrets(store: Store): Promise<string[]> {
  const rows = await store.selectFrom('secrets').select('value').orderBy('id').execute()
  return rows.map((row) => row.value)
}
