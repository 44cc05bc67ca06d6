import { rmSync } from 'node:fs'
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { takeLease } from '../../src/remember/lease.ts'
import { adoptClaims, settleAndClaim } from '../../src/remember/ledger.ts'
import { takeLock } from '../../src/remember/lock.ts'
import { openStore } from '../../src/remember/open.ts'
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
  const HANG = 500
  /** Nothing else is done by this process meanwhile. */
  const hang = (time: number): void => {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, time)
  }

  for (const [says, rest, adopted] of [
    ['that hangs loses what it holds', () => Promise.resolve(hang(3 * HANG)), 2],
    ['that waits for long keeps what it holds', (ms: number) => new Promise((done) => setTimeout(done, ms)), 0],
  ] as const)
    test(says, async () => {
      const office = await PostOffice.open(6)
      const other = await openStore(storePlace(office.dir))
      const runId = await beginRun(office.store, NOW)
      const lease = takeLease(office.store, runId, HANG)
      await lease.use((own) => settleAndClaim(own, { runId }, [], 2, NOW))
      await rest(3 * HANG)
      expect(await adoptClaims(other, 'again', NOW)).toBe(adopted)
      await lease.end()
      await other.destroy()
      await office.close()
    })
})
