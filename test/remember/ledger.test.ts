import { join } from 'node:path'
import { Kysely, Migrator, sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { NO_PREFERENCES } from '../../src/preferences.ts'
import { findDigest } from '../../src/remember/digests.ts'
import { readerGroups } from '../../src/remember/freeze.ts'
import { type Claim, type Settlement, adoptClaims, settleAndClaim } from '../../src/remember/ledger.ts'
import { migrations } from '../../src/remember/migrations.ts'
import { openStore } from '../../src/remember/open.ts'
import { beginRun } from '../../src/remember/runs.ts'
import { kyselyDatabase, openSqlite, sqliteDialect } from '../../src/remember/sqlite.ts'
import { removeSubscriber } from '../../src/remember/leave.ts'
import { findSubscriber, listSubscribers } from '../../src/remember/subscribers.ts'
import { suppressionOf } from '../../src/remember/suppressions.ts'
import { parseEmailAddress } from '../../src/subscriber.ts'
import { NOW, PostOffice } from '../deliver/post.ts'

const MINUTE = 60_000
const first = parseEmailAddress('reader-1@example.net')

let office: PostOffice
beforeEach(async () => {
  office = await PostOffice.open(3)
})
afterEach(() => office.close())

/** A run that has claimed a letter, and what it says of it. */
async function claimed(): Promise<{ claim: Claim; settle: (how: Settlement, now?: number) => Promise<string[]> }> {
  const runId = await beginRun(office.store, NOW)
  const [claim] = (await settleAndClaim(office.store, { runId }, [], 1, NOW)).claims
  if (claim === undefined) throw new Error('nothing was claimed')
  const settle = async (how: Settlement, now = NOW): Promise<string[]> =>
    (await settleAndClaim(office.store, { runId }, [how], 0, now)).settled
  return { claim, settle }
}

describe('adoptClaims()', () => {
  const DIED = 'the run died before the server answered'
  for (const [fate, row] of [
    ['again', { state: 'due', maybe_twice: 0, settled_at: null, reply: null }],
    ['maybe twice', { state: 'due', maybe_twice: 1, settled_at: null, reply: null }],
    ['held', { state: 'held', maybe_twice: 0, settled_at: NOW + 1, reply: DIED }],
  ] as const)
    test(`makes of what a dead run had claimed, and of nothing else: ${fate}`, async () => {
      await office.claimAndDie(2)
      expect(await adoptClaims(office.store, fate, NOW + 1)).toBe(2)
      const rows = office.store.selectFrom('ledger').select(['state', 'maybe_twice', 'settled_at', 'reply'])
      const untouched = { state: 'due', maybe_twice: 0, settled_at: null, reply: null }
      expect(await rows.orderBy('id').execute()).toEqual([row, row, untouched])
    })

  test('has nothing to do after a run that ended well', async () => {
    const { claim, settle } = await claimed()
    await settle({ claim, state: 'sent', reply: '250 ok' })
    expect(await adoptClaims(office.store, 'held', NOW)).toBe(0)
    expect(await office.states()).toEqual({ sent: 1, due: 2 })
  })
})

describe('a settlement', () => {
  for (const [says, how, row] of [
    ['that it went', { state: 'sent', reply: '250 ok' }, { state: 'sent', reply: '250 ok' }],
    ['that it may have gone', { state: 'held', reply: 'no answer' }, { state: 'held', reply: 'no answer' }],
    [
      'that it was refused',
      { state: 'refused', reply: '554 no', isDead: false },
      { state: 'refused', reply: '554 no' },
    ],
    ['that it was not tried', { state: 'due' }, { state: 'due', attempts: 0 }],
    [
      'that it is put off',
      { state: 'deferred', until: NOW + MINUTE, reply: '451 later', unknown: false },
      { state: 'deferred', until: NOW + MINUTE, attempts: 1, reply: '451 later' },
    ],
  ] as const) {
    test(`${says} is kept`, async () => {
      const { claim, settle } = await claimed()
      expect(await settle({ claim, ...how })).toEqual([how.state])
      expect((await office.rows())[0]).toMatchObject(row)
    })

    test(`${says} changes nothing once another run holds the letter`, async () => {
      const { claim, settle } = await claimed()
      await adoptClaims(office.store, 'again', NOW)
      await office.claimAndDie(1)
      const before = await office.rows()
      await settle({ claim, ...how })
      expect(await office.rows()).toEqual(before)
    })
  }

  for (const [says, isDead, reason] of [
    ['of a dead address suppresses it', true, 'bounced'],
    ['of one letter suppresses nobody', false, undefined],
  ] as const)
    test(says, async () => {
      const { claim, settle } = await claimed()
      await settle({ claim, state: 'refused', reply: '550 5.1.1 gone', isDead })
      expect((await suppressionOf(office.store, first))?.reason).toBe(reason)
      expect((await office.rows()).map(({ state }) => state)).toEqual(['refused', 'due', 'due'])
    })

  test('that a letter was not tried puts it behind the others', async () => {
    const { claim, settle } = await claimed()
    await settle({ claim, state: 'due' })
    expect((await office.claimAndDie(2)).map(({ id }) => id).sort()).toEqual(['digest-1.2', 'digest-1.3'])
    expect((await office.claimAndDie(1)).map(({ id }) => id)).toEqual([claim.id])
  })
})

test('a reader who left while the letter was put off gets none, and the row says why', async () => {
  const { claim, settle } = await claimed()
  await removeSubscriber(office.store, first, NOW)
  await settle({ claim, state: 'deferred', until: NOW + 1, reply: '451 later', unknown: false })
  const runId = await beginRun(office.store, NOW)
  const { claims, settled } = await settleAndClaim(office.store, { runId }, [], 3, NOW + 1)
  expect([claims.map(({ id }) => id).sort(), settled]).toEqual([['digest-1.2', 'digest-1.3'], ['suppressed']])
  expect((await office.rows())[0]).toMatchObject({ state: 'suppressed', reply: 'the reader has left' })
})

describe('a store from before suppressions and preferences', () => {
  /** A store as the third step left it: readers, two digests, and a letter in each state that there was. */
  async function oldStore(): Promise<string> {
    const path = join(office.dir, 'old.db')
    const db = new Kysely<unknown>({ dialect: sqliteDialect({ database: kyselyDatabase(await openSqlite(path)) }) })
    const known = Object.fromEntries(Object.entries(migrations).filter(([name]) => name < '004'))
    expect(Object.keys(known)).toEqual(['001-first', '002-articles', '003-collections'])
    const { error } = await new Migrator({
      ...{ db, provider: { getMigrations: () => Promise.resolve(known) } },
    }).migrateToLatest()
    expect(error).toBeUndefined()
    await sql`insert into runs (id, started_at) values (1, ${NOW})`.execute(db)
    for (const [address, state] of [
      ['Ann@example.net', 'active'],
      ['潮@xn--bcher-kva.example', 'active'],
      ['cid@mail.example.org', 'unsubscribed'],
    ] as const)
      await sql`insert into subscribers (address, address_key, state, had, added_at, left_at)
        values (${address}, ${address.toLowerCase()}, ${state}, 4, ${NOW}, ${state === 'active' ? null : NOW})`.execute(
        db,
      )
    for (const id of ['done', 'open'])
      await sql`insert into digests (id, frequency, zone, slot, variant, domain, subject, html, text, more, recipients,
        created_at, done_at) values (${id}, 'slot', 'UTC', ${id}, 'v', 'example.org', 'Tides', '<p>', 'text', 0, 2, ${NOW},
        ${id === 'done' ? NOW : null})`.execute(db)
    for (const [id, digest, reader, state, run] of [
      ['done.1', 'done', 1, 'sent', null],
      ['done.3', 'done', 3, 'refused', null],
      ['open.1', 'open', 1, 'claimed', 1],
      ['open.2', 'open', 2, 'deferred', null],
    ] as const)
      await sql`insert into ledger (id, digest_id, subscriber_id, state, run_id, until, attempts, maybe_twice, reply)
        values (${id}, ${digest}, ${reader}, ${state}, ${run}, 5, 2, 1, 'told')`.execute(db)
    await db.destroy()
    return path
  }

  test('opens with every reader, who gets the domain of the address and asks for nothing', async () => {
    const store = await openStore(await oldStore())
    const readers = await listSubscribers(store, 0, 10)
    expect(readers).toMatchObject([
      { id: 1, address: 'Ann@example.net', state: 'active', leftAt: null },
      { id: 2, address: '潮@xn--bcher-kva.example', state: 'active', leftAt: null },
      { id: 3, address: 'cid@mail.example.org', state: 'unsubscribed', leftAt: NOW },
    ])
    for (const reader of readers) expect(reader).toMatchObject({ suppressed: null, preferences: NO_PREFERENCES })
    const domains = await store.selectFrom('subscribers').select('domain').orderBy('id').execute()
    expect(domains.map(({ domain }) => domain)).toEqual(['example.net', 'xn--bcher-kva.example', 'mail.example.org'])
    expect(await findSubscriber(store, parseEmailAddress('ann@example.net'))).toMatchObject({ id: 1 })
    const plain = { frequency: 'site', zone: '', topics: '[]', language: '' }
    expect(await readerGroups(store)).toEqual([{ ...plain, had: 4 }])
    await store.destroy()
  })

  test('opens with every digest and every letter as it was, and sends what waits', async () => {
    const store = await openStore(await oldStore())
    const letters = store.selectFrom('ledger').select(['id', 'state', 'run_id', 'until', 'attempts', 'reply'])
    expect(await letters.orderBy('id').execute()).toEqual([
      { id: 'done.1', state: 'sent', run_id: null, until: 5, attempts: 2, reply: 'told' },
      { id: 'done.3', state: 'refused', run_id: null, until: 5, attempts: 2, reply: 'told' },
      { id: 'open.1', state: 'claimed', run_id: 1, until: 5, attempts: 2, reply: 'told' },
      { id: 'open.2', state: 'deferred', run_id: null, until: 5, attempts: 2, reply: 'told' },
    ])
    const done = { frequency: 'site', recipients: 2, letters: { refused: 1, sent: 1 }, doneAt: NOW }
    expect(await findDigest(store, 'done')).toMatchObject(done)
    expect(await findDigest(store, 'open')).toMatchObject({ letters: { claimed: 1, deferred: 1 }, doneAt: null })
    await adoptClaims(store, 'maybe twice', NOW)
    const runId = await beginRun(store, NOW)
    const { claims } = await settleAndClaim(store, { runId }, [], 9, NOW)
    expect(claims.map(({ address, domain }) => [address, domain]).sort()).toEqual([
      ['Ann@example.net', 'example.net'],
      ['潮@xn--bcher-kva.example', 'xn--bcher-kva.example'],
    ])
    await store.destroy()
  })
})
