import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { Kysely, Migrator, sql } from 'kysely'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { confirmConsent, consentsOf } from '../../src/remember/consents.ts'
import { deleteSubscriber } from '../../src/remember/leave.ts'
import { settleAndClaim } from '../../src/remember/ledger.ts'
import { migrations } from '../../src/remember/migrations.ts'
import { noticesOf } from './asking.ts'
import { type Store, openStore } from '../../src/remember/open.ts'
import { beginRun } from '../../src/remember/runs.ts'
import { kyselyDatabase, openSqlite, sqliteDialect } from '../../src/remember/sqlite.ts'
import { addSubscriber, listSubscribers } from '../../src/remember/subscribers.ts'
import { suppress, suppressionOf } from '../../src/remember/suppressions.ts'
import { parseEmailAddress } from '../../src/subscriber.ts'
import { tempFolder } from '../support/folder.ts'
import { NOW, ask, askToConfirm, placesOf } from './asking.ts'

const BO = 'bo@example.net'

let dir = ''
let store: Store
beforeEach(async () => {
  dir = tempFolder()
  const path = join(dir, 'feedwire.db')
  await makeOldStore(path)
  store = await openStore(path)
})
afterEach(async () => {
  await store.destroy()
  rmSync(dir, { recursive: true })
})

/** A store as it was before readers could join by themselves: some readers, a digest, and what became of its letters. */
async function makeOldStore(path: string): Promise<void> {
  const old = new Kysely<unknown>({ dialect: sqliteDialect({ database: kyselyDatabase(await openSqlite(path)) }) })
  const steps = Object.fromEntries(Object.entries(migrations).filter(([name]) => name < '006'))
  const { error } = await new Migrator({
    db: old,
    provider: { getMigrations: () => Promise.resolve(steps) },
  }).migrateToLatest()
  if (error !== undefined) throw new Error('the old store cannot be made', { cause: error })
  await sql`insert into settings values ('suppression_key', 'a key of the test')`.execute(old)
  await sql`insert into subscribers
    (id, address, address_key, state, had, added_at, left_at, frequency, zone, topics, language, domain, suppressed) values
    (1, 'Ann@example.net', 'ann@example.net', 'active', 4, 10, null, 'weekly', 'Asia/Tokyo', '["tag:tides"]', 'zh', 'example.net', ''),
    (2, ${BO}, ${BO}, 'unsubscribed', 2, 11, 20, 'site', '', '[]', '', 'example.net', ''),
    (3, 'cy@example.net', 'cy@example.net', 'active', 4, 12, null, 'site', '', '[]', '', 'example.net', 'bounced')`.execute(
    old,
  )
  await sql`insert into soft_bounces values (1, 'm1', 15)`.execute(old)
  await sql`insert into digests (id, frequency, zone, slot, variant, domain, subject, html, text, more, recipients,
    created_at, done_at, language, listed, paused)
    values ('d1', 'site', 'UTC', 's1', 'v1', 'example.org', 'Tides', '<p>', 'p', 0, 3, 13, null, '', 1, 0)`.execute(old)
  await sql`insert into ledger
    (id, digest_id, subscriber_id, state, run_id, until, attempts, first_deferred_at, maybe_twice, settled_at, reply) values
    ('d1.1', 'd1', 1, 'deferred', null, 30, 2, 14, 1, null, '451 later'),
    ('d1.2', 'd1', 2, 'sent', null, 0, 0, null, 0, 14, '250 ok'),
    ('d1.3', 'd1', 3, 'suppressed', null, 0, 0, null, 0, 14, 'bounced')`.execute(old)
  await old.destroy()
}

test('a store from before members opens with each of its readers as they were', async () => {
  const plain = { frequency: 'site', zone: null, topics: [], language: null }
  const wishes = { frequency: 'weekly', zone: 'Asia/Tokyo', topics: ['tag:tides'], language: 'zh' }
  expect(await listSubscribers(store, 0, 9)).toEqual([
    {
      ...{ id: 1, address: 'Ann@example.net', state: 'active', addedAt: 10, leftAt: null },
      suppressed: null,
      preferences: wishes,
    },
    { ...{ id: 2, address: BO, state: 'unsubscribed', addedAt: 11, leftAt: 20 }, suppressed: null, preferences: plain },
    {
      ...{ id: 3, address: 'cy@example.net', state: 'active', addedAt: 12, leftAt: null },
      suppressed: 'bounced',
      preferences: plain,
    },
  ])
  const had = store.selectFrom('subscribers').select('had').orderBy('id')
  expect(await had.execute()).toEqual([{ had: 4 }, { had: 2 }, { had: 4 }])
  expect(await store.selectFrom('soft_bounces').selectAll().execute()).toEqual([
    { subscriber_id: 1, mail: 'm1', at: 15 },
  ])
})

test('a store from before members opens with each of its letters, and sends those that wait', async () => {
  const rows = store
    .selectFrom('ledger')
    .select(['id', 'state', 'until', 'attempts', 'maybe_twice', 'reply'])
    .orderBy('id')
  expect(await rows.execute()).toEqual([
    { id: 'd1.1', state: 'deferred', until: 30, attempts: 2, maybe_twice: 1, reply: '451 later' },
    { id: 'd1.2', state: 'sent', until: 0, attempts: 0, maybe_twice: 0, reply: '250 ok' },
    { id: 'd1.3', state: 'suppressed', until: 0, attempts: 0, maybe_twice: 0, reply: 'bounced' },
  ])
  const { claims } = await settleAndClaim(store, { runId: await beginRun(store, NOW) }, [], 9, NOW)
  expect(claims).toMatchObject([{ id: 'd1.1', address: 'Ann@example.net', attempts: 2, maybeTwice: true }])
})

test('a store from before members knows of no consent, and of none that is invented', async () => {
  for (const table of ['requests', 'consents', 'notices', 'throttles'] as const)
    expect(await store.selectFrom(table).selectAll().execute()).toEqual([])
  expect(await consentsOf(store, 1)).toEqual([])
})

test('readers from before members are told that they get it, or asked, like all others', async () => {
  await ask(store, 'ann@example.net', NOW)
  const consent = await askToConfirm(store, BO, NOW)
  expect(await noticesOf(store)).toEqual(['known to 1: due', 'confirm to 2: due'])
  expect(await confirmConsent(store, consent, '', NOW)).toBe('confirmed')
  expect((await listSubscribers(store, 1, 1))[0]).toMatchObject({ id: 2, state: 'active', leftAt: null })
})

test('readers from before members can be deleted, suppressed and added', async () => {
  const ann = parseEmailAddress('ann@example.net')
  expect(await suppress(store, { subscriberId: 1 }, 'complained', 'abuse', NOW)).toBe(true)
  expect(await deleteSubscriber(store, 1, NOW)).toBe(true)
  expect(await placesOf(store, ann)).toEqual([])
  expect(await suppressionOf(store, ann)).toMatchObject({ reason: 'deleted' })
  expect(await addSubscriber(store, parseEmailAddress(BO), NOW)).toBe('returned')
})
