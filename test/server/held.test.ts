import { rmSync } from 'node:fs'
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Desk } from '../../src/deliver/desk.ts'
import { type Lease, takeLease } from '../../src/remember/lease.ts'
import { type Claim, type Settlement, adoptClaims, giveBack, settleAndClaim } from '../../src/remember/ledger.ts'
import { takeLock } from '../../src/remember/lock.ts'
import { openStore } from '../../src/remember/open.ts'
import { NO_RATES } from '../../src/remember/rates.ts'
import { beginRun } from '../../src/remember/runs.ts'
import { writeSetting } from '../../src/remember/settings.ts'
import { NOW, PostOffice } from '../deliver/post.ts'
import { storePlace } from '../support/database.ts'
import { tempFolder } from '../support/folder.ts'

describe('a run whose lock the server ended', () => {
  let dir = ''
  beforeEach(() => {
    dir = tempFolder()
  })
  afterEach(() => rmSync(dir, { recursive: true }))

  test('writes nothing more, and another may begin', async () => {
    const lock = await takeLock(storePlace(dir))
    if (lock === null) throw new Error('no lock')
    const store = await openStore(storePlace(dir), { lock })
    const write = (value: string): Promise<void> => store.transaction().execute((tx) => writeSetting(tx, 'a', value))
    await write('one')
    await sql`select pg_terminate_backend(${lock.holder}, 5000)`.execute(store)
    await expect(write('two')).rejects.toMatchObject({ code: 'run-cut-off' })
    const other = await takeLock(storePlace(dir))
    expect(other).not.toBeNull()
    await expect(write('three')).rejects.toMatchObject({ code: 'run-cut-off' })
    const { value } = await store
      .selectFrom('settings')
      .select('value')
      .where('key', '=', 'a')
      .executeTakeFirstOrThrow()
    expect(value).toBe('one')
    await other?.release()
    await lock.release()
    await store.destroy()
  })

  test('is another than one that gave it back', async () => {
    const lock = await takeLock(storePlace(dir))
    if (lock === null) throw new Error('no lock')
    const store = await openStore(storePlace(dir), { lock })
    await lock.release()
    await store.transaction().execute((tx) => writeSetting(tx, 'a', 'after'))
    await store.destroy()
  })
})

describe('a process', () => {
  /** A busy machine may hold a process up for some of it. */
  const HANG = 3000
  /** Nothing else is done by this process meanwhile. */
  const hang = (time: number): void => {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, time)
  }

  for (const [says, rest, adopted] of [
    ['that hangs loses what it holds', () => Promise.resolve(hang(2 * HANG)), 2],
    ['that waits for long keeps what it holds', (ms: number) => new Promise((done) => setTimeout(done, ms)), 0],
  ] as const)
    test(says, async () => {
      const office = await PostOffice.open(6)
      const other = await openStore(storePlace(office.dir))
      const runId = await beginRun(office.store, NOW)
      const lease = takeLease(office.store, runId, HANG)
      await lease.use((own) => settleAndClaim(own, { runId }, [], 2, NOW))
      await rest(2 * HANG)
      expect(await adoptClaims(other, 'again', NOW)).toBe(adopted)
      await lease.end()
      await other.destroy()
      await office.close()
    })
})

test('what was claimed unheard is due again, and what is in hand stays', async () => {
  const office = await PostOffice.open(4)
  const runId = await beginRun(office.store, NOW)
  const { claims } = await settleAndClaim(office.store, { runId }, [], 3, NOW)
  const [first] = claims
  await giveBack(office.store, runId, new Set(first === undefined ? [] : [first.id]))
  const rows = await office.store.selectFrom('ledger').select(['id', 'state', 'maybe_twice']).orderBy('id').execute()
  expect(rows.map(({ state, maybe_twice: twice }) => `${state} ${twice}`).sort()).toEqual([
    'claimed 0',
    ...['due 0', 'due 0', 'due 0'],
  ])
  expect(rows.find(({ state }) => state === 'claimed')?.id).toBe(first?.id)
  await office.close()
})

test('letters are sent once each though an answer to a commit is lost', async () => {
  const office = await PostOffice.open(6)
  let losses = 0
  const lease: Lease = {
    end: () => Promise.resolve(),
    use: async (work) => {
      const done = await work(office.store, false)
      // The server did it, and nobody heard.
      return losses++ === 1 ? work(office.store, true) : done
    },
  }
  const runId = await beginRun(office.store, NOW)
  const desk = new Desk(lease, {
    ...{ runId, rates: NO_RATES, connections: 2, clock: () => NOW },
    onExpired: () => undefined,
  })
  const tried: string[] = []
  const work = async (): Promise<void> => {
    let settlement: Settlement | null = null
    for (;;) {
      const claim: Claim | null = await desk.exchange(settlement)
      if (claim === null) return
      tried.push(claim.id)
      settlement = { claim, state: 'sent', reply: '250 ok' }
    }
  }
  await Promise.all([work(), work()])
  expect(losses).toBeGreaterThan(2)
  expect(tried.sort()).toEqual([1, 2, 3, 4, 5, 6].map((reader) => `digest-1.${reader}`))
  const open = office.store.selectFrom('ledger').select('id').where('state', '!=', 'sent')
  expect(await open.execute()).toEqual([])
  await office.close()
})
