import type { Instant } from '../entry.ts'
import type { Store } from './open.ts'

/** How often something may be asked for: at most `burst` times at once, and then once each `interval` milliseconds. */
export interface Allowance {
  burst: number
  interval: number
}

/**
 * Counts one request of a key (generic cell rate algorithm), in the store, so that no restart forgets it.
 * @returns 0 when it may pass; else how long to wait, in milliseconds, and it is not counted
 */
export async function throttle(store: Store, key: string, allowance: Allowance, now: Instant): Promise<number> {
  const { burst, interval } = allowance
  const row = await store.selectFrom('throttles').select('at').where('key', '=', key).executeTakeFirst()
  // A clock that was set back must not shut anybody out for longer than a full share takes to come back.
  const at = Math.min(Math.max(Number(row?.at ?? 0), now), now + burst * interval)
  const wait = at + interval - (now + burst * interval)
  if (wait > 0) {
    if (at < Number(row?.at ?? 0)) await store.updateTable('throttles').set({ at }).where('key', '=', key).execute()
    return wait
  }
  await store
    .insertInto('throttles')
    .values({ key, at: at + interval })
    .onConflict((c) => c.column('key').doUpdateSet({ at: at + interval }))
    .execute()
  return 0
}

/** Forgets whoever has their full share again. */
export async function forgetThrottles(store: Store, now: Instant): Promise<void> {
  const old = await store.selectFrom('throttles').select('key').where('at', '<', now).limit(1).execute()
  if (old.length > 0) await store.deleteFrom('throttles').where('at', '<', now).execute()
}
