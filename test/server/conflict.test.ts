import { setTimeout } from 'node:timers/promises'
import { sql } from 'kysely'
import pg from 'pg'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { importReaders } from '../../src/remember/import.ts'
import type { ListedReader } from '../../src/remember/listed.ts'
import { takeLease } from '../../src/remember/lease.ts'
import { type Settlement, settleAndClaim } from '../../src/remember/ledger.ts'
import { type Store, openStore } from '../../src/remember/open.ts'
import { beginRun } from '../../src/remember/runs.ts'
import { SharedCommit } from '../../src/remember/shared-commit.ts'
import { parseEmailAddress } from '../../src/subscriber.ts'
import { NOW, PostOffice } from '../deliver/post.ts'
import { storePlace } from '../support/database.ts'

let office: PostOffice
/** Another machine. */
let other: Store
/** Whoever is in the way; it is never the one that gives in. */
let rival: pg.Client
beforeEach(async () => {
  office = await PostOffice.open(4)
  other = await openStore(storePlace(office.dir))
  rival = new pg.Client({ connectionString: storePlace(office.dir) })
  await rival.connect()
  await rival.query(`set deadlock_timeout = '1min'`)
})
afterEach(async () => {
  await rival.end()
  await other.destroy()
  await office.close()
})

/** A machine that claimed letters which are all sent. */
async function sending(store: Store, count: number) {
  const runId = await beginRun(store, NOW)
  const lease = takeLease(store, runId)
  const { claims } = await lease.use((own) => settleAndClaim(own, { runId }, [], count, NOW))
  const sent = claims.map((claim): Settlement => ({ claim, state: 'sent', reply: '250 ok' }))
  const settle = (settlements: Settlement[]) => lease.use((own) => settleAndClaim(own, { runId }, settlements, 0, NOW))
  return { lease, sent, settle }
}

/** Does work that is to wait for what the rival holds, and then what makes the rival wait for the work. */
async function inEachOthersWay<T>(work: () => Promise<T>, rivals: string): Promise<T> {
  const working = work()
  const waiting = `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`
  while ((await sql.raw(waiting).execute(other)).rows.length === 0) await setTimeout(5)
  await rival.query(rivals)
  await rival.query('commit')
  return working
}

function lock(id: string): string {
  return `select 1 from ledger where id = '${id}' for update`
}

async function states(): Promise<string[]> {
  const rows = await other.selectFrom('ledger').select('state').orderBy('id').execute()
  return rows.map(({ state }) => state)
}

test('letters are settled though somebody who has them the other way round makes the server end the work', async () => {
  const { lease, sent, settle } = await sending(office.store, 4)
  await rival.query(`begin; ${lock('digest-1.4')}`)
  await inEachOthersWay(() => settle(sent), lock('digest-1.1'))
  expect(await states()).toEqual(['sent', 'sent', 'sent', 'sent'])
  await lease.end()
})

test('what several readers ask for at once is done though the server ends it once', async () => {
  const commit = new SharedCommit(office.store)
  await rival.query(`begin; select 1 from subscribers where id = 2 for update`)
  const touch = (id: number) =>
    commit.run((tx) => tx.updateTable('subscribers').set({ had: 7 }).where('id', '=', id).execute())
  await inEachOthersWay(
    () => Promise.all([touch(3), touch(1), touch(2)]),
    'select 1 from subscribers where id = 1 for update',
  )
  const touched = await other.selectFrom('subscribers').select('id').where('had', '=', 7).orderBy('id').execute()
  expect(touched).toEqual([{ id: 1 }, { id: 2 }, { id: 3 }])
})

test('trying an import remembers what it read, whatever else is asked of the server meanwhile', async () => {
  const reader = (n: number): ListedReader => ({
    address: parseEmailAddress(`listed-${n}@example.net`),
    ...{ state: 'active', suppression: null, joinedAt: null, leftAt: null },
    wishes: { frequency: 'site', zone: null, topics: [], language: null },
    consent: { source: 'import', place: 'list.csv', client: '', text: '', askedAt: NOW, confirmedAt: NOW },
  })
  async function* list(): AsyncGenerator<ListedReader[]> {
    yield Array.from({ length: 5000 }, (_, n) => reader(n))
    await Promise.all([1, 2, 3].map(() => sql`select pg_sleep(0.02)`.execute(office.store)))
    yield [reader(1), reader(5001)]
  }
  const counts = await importReaders(office.store, list(), NOW, { dryRun: true })
  expect(counts).toMatchObject({ added: 5001, repeated: 1 })
})
