import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { findDigest, listDigests } from '../../src/remember/digests.ts'
import { parseMail } from '../../src/receive/parse.ts'
import { readerOf } from '../../src/receive/reader.ts'
import { directDigest } from '../../src/remember/direct.ts'
import { settleAndClaim } from '../../src/remember/ledger.ts'
import { closeDigests, hasOpenLetters, readLetter } from '../../src/remember/letters.ts'
import { readCounts } from '../../src/remember/metrics.ts'
import { type Store, openStore } from '../../src/remember/open.ts'
import { forgetAllOld, forgetOld } from '../../src/remember/retention.ts'
import { beginRun } from '../../src/remember/runs.ts'
import { addSubscriber } from '../../src/remember/subscribers.ts'
import { noteSoftBounce } from '../../src/remember/suppressions.ts'
import type { LedgerState } from '../../src/remember/tables.ts'
import { parseEmailAddress } from '../../src/subscriber.ts'
import { testStore } from '../support/store.ts'

const DAY = 86_400_000
const NOW = Date.UTC(2026, 1, 1)
const KEEP = 100 * DAY
const LONG_AGO = NOW - 101 * DAY

let store: Store
let path: string
let drop: () => Promise<void>
let readers = 0
beforeEach(async () => {
  readers = 0
  ;({ store, path, drop } = await testStore())
})
afterEach(() => drop())

/** A digest with a letter to a reader of its own for each state. */
async function digest(id: string, states: readonly LedgerState[], doneAt: number | null = LONG_AGO): Promise<void> {
  await store
    .insertInto('digests')
    .values({
      ...{ id, frequency: 'site', zone: 'UTC', slot: id, variant: id, domain: 'example.org', subject: 'Tides' },
      ...{ html: '<p>', text: 'p', more: 0, recipients: states.length, created_at: 0, done_at: doneAt },
      ...{ language: '', listed: 1 },
    })
    .execute()
  for (const state of states) {
    readers += 1
    await addSubscriber(store, parseEmailAddress(`reader${readers}@example.net`), 0)
    await letter(id, readers, state)
  }
}

async function letter(digestId: string, reader: number, state: LedgerState): Promise<void> {
  const settled = state === 'due' ? null : LONG_AGO
  await store
    .insertInto('ledger')
    .values({
      ...{ id: `${digestId}.${reader}`, digest_id: digestId, subscriber_id: reader, state, run_id: null, until: 0 },
      ...{ attempts: 0, first_deferred_at: null, maybe_twice: 0, settled_at: settled, reply: null },
    })
    .execute()
}

const rows = async (): Promise<string[]> =>
  (await store.selectFrom('ledger').select('id').orderBy('id').execute()).map(({ id }) => id)
const letters = async (id: string): Promise<unknown> => (await findDigest(store, id))?.letters

describe('forgetOld()', () => {
  test('puts counts in the place of letters of digests that are done for long, and no number changes', async () => {
    await digest('a', ['sent', 'sent', 'refused', 'held'])
    await digest('b', ['sent', 'expired', 'cancelled', 'suppressed'])
    const before = [await listDigests(store, 9), await readCounts(store, ['notes'], NOW)]
    expect(await forgetOld(store, KEEP, NOW)).toEqual({ letters: 8, notices: 0 })
    expect(await rows()).toEqual([])
    expect([await listDigests(store, 9), await readCounts(store, ['notes'], NOW)]).toEqual(before)
    expect(await letters('a')).toEqual({ sent: 2, refused: 1, held: 1 })
  })

  for (const [says, doneAt] of [
    ['that are done for less long', NOW - 99 * DAY],
    ['of which some are still to go', null],
  ] as const) {
    test(`leaves letters of digests ${says}`, async () => {
      await digest('a', ['sent', 'due'], doneAt)
      expect(await forgetOld(store, KEEP, NOW)).toEqual({ letters: 0, notices: 0 })
      expect(await rows()).toEqual(['a.1', 'a.2'])
      expect((await readLetter(store, 'a')).text).toBe('p')
    })
  }

  test('takes some thousands at a time, oldest digests first, and every number stays right in between', async () => {
    await digest('b', ['sent', 'refused'], LONG_AGO + DAY / 2)
    await digest('a', [])
    await sql`with recursive numbers as (select 10 as id union all select id + 1 from numbers where id < 6009)
      insert into subscribers (id, address, address_key, state, had, added_at)
      select id, id, id, 'active', 0, 0 from numbers`.execute(store)
    await sql`insert into ledger (id, digest_id, subscriber_id, state, until, attempts, maybe_twice, settled_at)
      select 'a.' || id, 'a', id, case when id % 3 = 0 then 'refused' else 'sent' end, 0, 0, 0, ${sql.lit(LONG_AGO)}
      from subscribers where id >= 10`.execute(store)
    expect((await forgetOld(store, KEEP, NOW)).letters).toBe(5000)
    expect(await rows()).toHaveLength(1002)
    expect(await letters('a')).toEqual({ refused: 2000, sent: 4000 })
    expect((await readLetter(store, 'a')).text).toBe('p')
    expect((await forgetOld(store, KEEP, NOW)).letters).toBe(1002)
    expect(await letters('a')).toEqual({ refused: 2000, sent: 4000 })
    expect(await letters('b')).toEqual({ refused: 1, sent: 1 })
  })

  test('forgets the letter itself with the last of its readers, and says so', async () => {
    await digest('a', ['sent'])
    await forgetOld(store, KEEP, NOW)
    await expect(readLetter(store, 'a')).rejects.toMatchObject({ name: 'Problem', code: 'letter-forgotten' })
  })

  test('finds letters of a digest that is done later than one it was through with', async () => {
    await digest('a', ['sent'])
    await forgetOld(store, KEEP, NOW)
    await digest('b', ['sent'], LONG_AGO + 2 * DAY)
    await digest('c', ['sent'], LONG_AGO)
    expect((await forgetOld(store, KEEP, NOW + 2 * DAY)).letters).toBe(2)
    expect(await rows()).toEqual([])
  })

  test('lets a digest of which some letters are counted only be done again', async () => {
    await digest('a', ['sent', 'held'])
    await store.deleteFrom('ledger').where('id', '=', 'a.1').execute()
    await store.updateTable('digests').set({ outcomes: '{"sent":1}' }).execute()
    expect(await directDigest(store, 'a', 'retry', NOW)).toBe(1)
    const run = { runId: await beginRun(store, NOW) }
    const { claims } = await settleAndClaim(store, run, [], 9, NOW)
    const sent = claims.map((claim) => ({ claim, state: 'sent' as const, reply: '250' }))
    await settleAndClaim(store, run, sent, 0, NOW)
    await closeDigests(store, NOW)
    expect(await hasOpenLetters(store)).toBe(false)
    expect(await letters('a')).toEqual({ sent: 2 })
  })

  test('leaves letters that the owner wants sent again just then', async () => {
    await digest('a', ['sent', 'held'])
    const owner = await openStore(path)
    let retried = 0
    // As soon as it is known which digest is done, and before anything is forgotten of it.
    const watched = store.withPlugin({
      transformQuery: ({ node }) => node,
      transformResult: async ({ result }) => {
        const isPicked = result.rows.some((row) => 'done_at' in row)
        if (isPicked && retried === 0) retried = await directDigest(owner, 'a', 'retry', NOW)
        return result
      },
    })
    expect(await forgetOld(watched, KEEP, NOW)).toEqual({ letters: 0, notices: 0 })
    await owner.destroy()
    expect(retried).toBe(1)
    expect(await rows()).toEqual(['a.1', 'a.2'])
    expect((await readLetter(store, 'a')).text).toBe('p')
  })

  test('forgets other letters after as long, those that wait left out', async () => {
    await digest('a', ['sent'], NOW)
    for (const [at, state] of [
      [LONG_AGO, 'sent'],
      [LONG_AGO, 'due'],
      [NOW - 99 * DAY, 'refused'],
    ] as const) {
      await store
        .insertInto('notices')
        .values({
          ...{ subscriber_id: 1, kind: 'known', consent_id: null, created_at: at, state, until: 0, attempts: 0 },
          ...{ settled_at: null, reply: null },
        })
        .execute()
    }
    expect(await forgetOld(store, KEEP, NOW)).toEqual({ letters: 0, notices: 1 })
    expect(await store.selectFrom('notices').select('state').orderBy('id').execute()).toEqual([
      { state: 'due' },
      { state: 'refused' },
    ])
    // Whether a reader may be asked again is decided by those of a month.
    expect(await forgetOld(store, DAY, NOW - 69 * DAY)).toMatchObject({ notices: 0 })
  })
})

test('a letter that comes back when nothing is kept of it still counts against its reader', async () => {
  await digest('a', ['sent'])
  await forgetOld(store, KEEP, NOW)
  const mail = await parseMail(Buffer.from('Subject: Undelivered\r\n\r\nfull\r\n'))
  const addressed = { kind: 'bounce', letterId: 'a.1' } as const
  const about = { mail, addressed, named: [], messageIds: ['a.1@example.org'], domains: ['example.org'] }
  const reader = await readerOf(store, [], about)
  expect(reader).toEqual({ id: 1, address: 'reader1@example.net', letterId: 'a.1' })
  expect(await noteSoftBounce(store, 1, { mail: 'a.1', detail: 'full' }, NOW)).toBe('counted')
  expect(await readerOf(store, [], { ...about, addressed: null })).toBeNull()
})

test('forgetAllOld() forgets all, however much it is', async () => {
  await digest('a', ['sent', 'sent'])
  await digest('b', ['refused'])
  expect(await forgetAllOld(store, KEEP, NOW)).toEqual({ letters: 3, notices: 0 })
  expect(await forgetAllOld(store, KEEP, NOW)).toEqual({ letters: 0, notices: 0 })
})
