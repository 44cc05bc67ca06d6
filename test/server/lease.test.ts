import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { hasClaimable, takeLease } from '../../src/remember/lease.ts'
import { type Claim, adoptClaims, settleAndClaim } from '../../src/remember/ledger.ts'
import { type Store, openStore } from '../../src/remember/open.ts'
import { beginRun } from '../../src/remember/runs.ts'
import { holdUntilPublished, letGo } from '../../src/remember/unpublished.ts'
import { NOW, PostOffice } from '../deliver/post.ts'
import { storePlace } from '../support/database.ts'

let office: PostOffice
/** Another machine. */
let other: Store
beforeEach(async () => {
  office = await PostOffice.open(6)
  other = await openStore(storePlace(office.dir))
})
afterEach(async () => {
  await other.destroy()
  await office.close()
})

/** Begins a run that claims some letters under its lease. */
async function claiming(store: Store, count: number) {
  const runId = await beginRun(store, NOW)
  const lease = takeLease(store, runId)
  const { claims } = await lease.use((own) => settleAndClaim(own, { runId }, [], count, NOW))
  return { runId, lease, claims }
}

const idsOf = (claims: readonly Claim[]): string[] => claims.map(({ id }) => id).sort()

/** Ends every connection of a machine that holds a lease, as a network does that fails. */
async function cutOff(): Promise<void> {
  await sql`
    select pg_terminate_backend(pid, 5000) from pg_locks
    where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())
      and pid <> pg_backend_pid()`.execute(other)
}

describe('letters', () => {
  test('are claimed by several machines at once, each by one', async () => {
    const all = await Promise.all([claiming(office.store, 3), claiming(other, 3)])
    const ids = all.flatMap(({ claims }) => idsOf(claims))
    expect(new Set(ids).size).toBe(6)
    for (const { lease } of all) await lease.end()
  })

  test('are left alone that a transaction of another machine claims', async () => {
    await other.transaction().execute(async (tx) => {
      await tx.selectFrom('ledger').select('id').where('subscriber_id', '=', 1).forUpdate().execute()
      const { claims, lease } = await claiming(office.store, 6)
      expect(idsOf(claims)).toEqual(['2', '3', '4', '5', '6'].map((reader) => `digest-1.${reader}`))
      await lease.end()
    })
  })

  test('are not claimed before the page stands to which they link', async () => {
    await office.store.transaction().execute((tx) => holdUntilPublished(tx, ['digest-1']))
    expect(await hasClaimable(other, NOW)).toBe(false)
    const { claims, lease } = await claiming(other, 6)
    expect(claims).toEqual([])
    await letGo(office.store, ['digest-1'])
    expect(await hasClaimable(other, NOW)).toBe(true)
    await lease.end()
  })
})

describe('adoptClaims()', () => {
  test('leaves what a living run holds', async () => {
    const { lease } = await claiming(office.store, 6)
    expect(await adoptClaims(other, 'again', NOW)).toBe(0)
    expect(await hasClaimable(other, NOW)).toBe(false)
    await lease.end()
  })

  for (const [says, end] of [
    ['has ended', ({ lease }: Awaited<ReturnType<typeof claiming>>) => lease.end()],
    ['was cut off', cutOff],
  ] as const)
    test(`takes over what a run holds that ${says}`, async () => {
      const run = await claiming(office.store, 2)
      await end(run)
      expect(await hasClaimable(other, NOW)).toBe(true)
      expect(await adoptClaims(other, 'maybe twice', NOW)).toBe(2)
      const { claims, lease } = await claiming(other, 2)
      expect(claims).toMatchObject([{ maybeTwice: true }, { maybeTwice: true }])
      // What came of it for the run before is for nobody to hear.
      const settlements = run.claims.map((claim) => ({ claim, state: 'sent' as const, reply: '250 ok' }))
      await run.lease.use((own) => settleAndClaim(own, { runId: run.runId }, settlements, 0, NOW))
      const sent = other.selectFrom('ledger').select('id').where('state', '=', 'sent')
      expect(await sent.execute()).toEqual([])
      await run.lease.end()
      await lease.end()
    })
})

test('a lease that was cut off is taken anew, and what was settled meanwhile is not lost', async () => {
  const { runId, lease, claims } = await claiming(office.store, 2)
  await cutOff()
  const settlements = claims.map((claim) => ({ claim, state: 'sent' as const, reply: '250 ok' }))
  const next = await lease.use((own) => settleAndClaim(own, { runId }, settlements, 1, NOW))
  expect(next.claims).toHaveLength(1)
  expect(await adoptClaims(other, 'again', NOW)).toBe(0)
  const sent = other.selectFrom('ledger').select('id').where('state', '=', 'sent')
  expect((await sent.orderBy('id').execute()).map(({ id }) => id)).toEqual(idsOf(claims))
  await lease.end()
})
