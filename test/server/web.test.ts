import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Store, openStore } from '../../src/remember/open.ts'
import { addSubscriber, listSubscribers } from '../../src/remember/subscribers.ts'
import { SharedCommit } from '../../src/remember/shared-commit.ts'
import { parseEmailAddress } from '../../src/subscriber.ts'
import { mintToken } from '../../src/token.ts'
import { type Endpoint, NOW, ONE_CLICK, SECRET, askAt, openEndpoint, posted } from '../web/endpoint.ts'
import { askToJoin, settingsOf } from '../web/join.ts'
import { testStore } from '../support/store.ts'

let at: Endpoint
let drop: () => Promise<void>
/** Another machine. */
let other: Store
let begun: number
beforeEach(async () => {
  const own = await testStore()
  ;({ drop } = own)
  other = await openStore(own.path)
  begun = 0
  at = await openEndpoint({
    tools: { store: own.store, commits: new SharedCommit(own.store) },
    around: (app) => (request, peer) => {
      begun++
      return app(request, peer)
    },
  })
  for (const name of ['ann', 'bob', 'cid', 'dan', 'eve']) {
    await addSubscriber(own.store, parseEmailAddress(`${name}@example.net`), NOW)
  }
})
afterEach(async () => {
  await other.destroy()
  await at.close()
  await drop()
})

/** Everything that readers may do at once. */
async function writes(): Promise<{ path: string; init: RequestInit }[]> {
  const links: string[] = []
  for (const name of ['fay', 'gil', 'hal', 'ida', 'jon']) links.push(`c/${await askToJoin(at, `${name}@example.net`)}`)
  return [
    ...links.map((path) => ({ path, init: { method: 'POST' } })),
    { path: settingsOf(2), init: posted({ do: 'save', frequency: 'weekly' }) },
    { path: settingsOf(3), init: posted({ do: 'pause' }) },
    { path: settingsOf(4), init: posted({ do: 'leave' }) },
    { path: settingsOf(5), init: posted({ do: 'delete-sure' }) },
    { path: `u/${mintToken(SECRET, 'unsubscribe', 6)}`, init: ONE_CLICK },
    { path: 'subscribe', init: posted({ address: 'kay@example.net' }) },
  ]
}

/** Resolves once a statement waits for a lock that another holds. */
async function somebodyWaits(): Promise<void> {
  for (;;) {
    const { rows } = await sql`
      select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`.execute(other)
    if (rows.length > 0) return
  }
}

const holders: Record<string, (work: () => Promise<void>) => Promise<void>> = {
  'is held by who freezes a digest': (work) => other.transaction().execute(work),
  'has all its readers locked': (work) =>
    other
      .transaction()
      .setIsolationLevel('read committed')
      .execute(async (tx) => {
        await sql`select id from subscribers for update`.execute(tx)
        await work()
      }),
}

describe('as long as the store', () => {
  for (const [says, hold] of Object.entries(holders))
    test(`${says}, pages are shown, and what readers ask for is done after it`, async () => {
      const asked = await writes()
      begun = 0
      let settled = 0
      let answers = Promise.resolve<number[]>([])
      await hold(async () => {
        answers = Promise.all(
          asked.map(async ({ path, init }) => {
            const { status } = await askAt(at.url, path, init)
            settled++
            return status
          }),
        )
        while (begun < asked.length) await new Promise(setImmediate)
        await somebodyWaits()
        for (let round = 0; round < 3; round++) {
          for (const path of ['healthz', 'subscribe', asked[0]?.path ?? '', settingsOf(2), `u/${at.token}`]) {
            expect([path, (await askAt(at.url, path)).status]).toEqual([path, 200])
          }
        }
        expect(settled).toBe(0)
      })
      expect(await answers).toEqual(asked.map(() => 200))
      const readers = await listSubscribers(at.store, 1, 99)
      expect(readers.map(({ state }) => state)).toEqual([
        ...['active', 'paused', 'unsubscribed', 'unsubscribed'],
        ...['active', 'active', 'active', 'active', 'active'],
      ])
      expect(readers[0]?.preferences.frequency).toBe('weekly')
    })
})
