import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { Trail, type Wanted, claimRows } from '../../src/remember/claim.ts'
import { readerGroups } from '../../src/remember/freeze.ts'
import { settleAndClaim } from '../../src/remember/ledger.ts'
import { type Store, openStore } from '../../src/remember/open.ts'
import { beginRun } from '../../src/remember/runs.ts'
import { NOW, PostOffice } from '../deliver/post.ts'
import { storePlace } from '../support/database.ts'

const LETTERS = 12_000
/** Blocks of 8 KB that ten letters may take, with the entries of their new state. */
const FEW = 250
/** A page of the index holds about two hundred letters, so that as many cannot be passed in those. */
const SETTLED = 10_000

let office: PostOffice
let runId: number
beforeEach(async () => {
  office = await PostOffice.open(0)
  // Rows of earlier tests that are deleted still take room.
  for (const table of ['ledger', 'subscribers']) await sql`vacuum full ${sql.table(table)}`.execute(office.store)
  await sql`alter table ledger set (autovacuum_enabled = off)`.execute(office.store)
  runId = await beginRun(office.store, NOW)
})
afterEach(async () => {
  await sql`alter table ledger reset (autovacuum_enabled)`.execute(office.store)
  await office.close()
})

/** Each second of the readers is at another domain. */
async function enrol(readers: number): Promise<void> {
  await sql`
    insert into subscribers (address, address_key, state, had, added_at, domain)
    select number || '@' || domain, number || '@' || domain, 'active', 0, ${NOW}, domain
    from generate_series(1, ${readers}) as number,
      lateral (select case number % 2 when 0 then 'slow.example' else 'example.net' end as domain) as named`.execute(
    office.store,
  )
}

/** Scans of the index of letters that wait and of the others, and blocks that were looked at. */
interface Cost {
  open: number
  others: number
  blocks: number
}

/** What some work costs the server, by its own count. */
async function costOf(work: (tx: Store) => Promise<unknown>): Promise<Cost> {
  return office.store.transaction().execute(async (tx) => {
    const before = await countsOf(tx)
    await work(tx)
    const after = await countsOf(tx)
    return {
      open: after.open - before.open,
      others: after.others - before.others,
      blocks: after.blocks - before.blocks,
    }
  })
}

async function countsOf(tx: Store): Promise<Cost> {
  const { rows } = await sql<Cost>`
    select sum(scans) filter (where name = 'ledger_open') as open,
      sum(scans) filter (where name in ('ledger', 'ledger_digest_state', 'ledger_once', 'ledger_subscriber')) as others,
      sum(blocks) filter (where name in ('ledger', 'ledger_open', 'subscribers', 'subscribers_due')) as blocks
    from (
      select relname as name, pg_stat_get_xact_numscans(oid) as scans, pg_stat_get_xact_blocks_fetched(oid) as blocks
      from pg_class where relnamespace = cast(current_schema() as regnamespace) and relkind in ('r', 'i')
    ) as seen`.execute(tx)
  return rows[0] ?? { open: 0, others: 0, blocks: 0 }
}

function claimTen(trail: Trail, wanted: Partial<Wanted> = {}): Promise<Cost> {
  return costOf(async (tx) => {
    const rows = await claimRows(tx, trail, { runId, limit: 10, now: NOW, blocked: [], ...wanted })
    expect(rows).toHaveLength(10)
  })
}

/** Sends the letters that wait longest, as many claims would. */
async function settle(count: number): Promise<void> {
  await sql`
    update ledger set state = 'sent', settled_at = ${NOW}
    where id in (select id from ledger where state = 'due' order by until, id limit ${count})`.execute(office.store)
}

for (const [says, know] of [
  ['was just frozen', () => Promise.resolve()],
  ['the server knows well', () => sql`analyze ledger`.execute(office.store)],
] as const)
  test(`a claim from a ledger that ${says} goes by the index of letters that wait, and by no other`, async () => {
    await enrol(LETTERS)
    await office.freeze('digest-2')
    await know()
    for (const blocked of [[], ['slow.example']]) {
      const { open, others, blocks } = await claimTen(new Trail(), { blocked })
      expect(open).toBeGreaterThan(0)
      expect(others).toBe(0)
      expect(blocks).toBeLessThan(FEW)
    }
  })

describe('claims go on where the last one ended, past', () => {
  test('letters that were settled', async () => {
    await enrol(LETTERS)
    await office.freeze('digest-2')
    const trail = new Trail()
    const before = await claimTen(trail)
    await settle(SETTLED)
    await claimTen(trail)
    const after = await claimTen(trail)
    expect(after.blocks).toBeLessThan(before.blocks + 20)
    expect(after.open).toBe(before.open)
    // What it would be without: each page of the index.
    expect((await claimTen(new Trail())).blocks).toBeGreaterThan(after.blocks + 30)
  })

  test('letters to a domain that waits for its turn', async () => {
    await enrol(LETTERS)
    await office.freeze('digest-2')
    const slow = { blocked: ['slow.example'] }
    await sql`
      update ledger set state = 'sent' where state = 'due' and subscriber_id in (
        select id from subscribers where domain = 'example.net' order by id limit 5000)`.execute(office.store)
    const trail = new Trail()
    await claimTen(trail, slow)
    expect((await claimTen(trail, slow)).blocks).toBeLessThan(FEW)
  })

  test('letters of a digest that is paused', async () => {
    await enrol(LETTERS)
    await office.freeze('digest-2')
    await office.store.updateTable('digests').set({ paused: 1 }).execute()
    await office.freeze('digest-3')
    const trail = new Trail()
    await claimTen(trail)
    expect((await claimTen(trail)).blocks).toBeLessThan(FEW)
    expect((await claimTen(new Trail())).blocks).toBeGreaterThan(FEW)
  })
})

test('letters are settled by their ids, without going through those that their run has sent', async () => {
  await enrol(LETTERS)
  await office.freeze('digest-2')
  await settle(SETTLED)
  await office.store.updateTable('ledger').set({ run_id: runId }).where('state', '=', 'sent').execute()
  const before = await readByRun()
  // A connection that ends has told the server what it read.
  const other = await openStore(storePlace(office.dir))
  const { claims } = await settleAndClaim(other, { runId }, [], 10, NOW)
  const [one, two, ...rest] = claims.map((claim) => ({ claim, state: 'sent' as const, reply: '250 ok' }))
  if (one === undefined || two === undefined) throw new Error('nothing was claimed')
  await settleAndClaim(other, { runId }, rest, 0, NOW)
  await settleAndClaim(other, { runId }, [one], 0, NOW)
  await settleAndClaim(other, { runId }, [{ claim: two.claim, state: 'due' }], 0, NOW)
  await other.destroy()
  await vi.waitFor(async () => expect((await readByRun()).open).toBeGreaterThan(before.open), 10_000)
  expect((await readByRun()).run).toBe(before.run)
})

/** What was read of two indexes since the server began. */
async function readByRun(): Promise<{ open: number; run: number }> {
  const { rows } = await sql<{ open: number; run: number }>`
    select sum(idx_tup_read) filter (where indexrelname = 'ledger_open') as open,
      sum(idx_tup_read) filter (where indexrelname = 'ledger_run') as run
    from pg_stat_user_indexes where relid = cast('ledger' as regclass)`.execute(office.store)
  return rows[0] ?? { open: 0, run: 0 }
}

test('the groups of readers are found without going through the readers', async () => {
  await enrol(40_000)
  await sql`analyze subscribers`.execute(office.store)
  const { blocks } = await costOf(async (tx) => {
    expect(await readerGroups(tx)).toHaveLength(1)
  })
  expect(blocks).toBeLessThan(30)
})
