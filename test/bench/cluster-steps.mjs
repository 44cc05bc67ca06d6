// node cluster-steps.mjs enrol|freeze|claim|states PLACE [NUMBER|FOLDER]: one step on a store, in a process of its own; prints
// what it took as JSON.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { sql } from 'kysely'
import { engineOf } from '../../src/remember/engine.ts'
import { freezeDigests, readerGroups } from '../../src/remember/freeze.ts'
import { Trail } from '../../src/remember/claim.ts'
import { takeLease } from '../../src/remember/lease.ts'
import { settleAndClaim } from '../../src/remember/ledger.ts'
import { openStore } from '../../src/remember/open.ts'
import { beginRun } from '../../src/remember/runs.ts'
import { letGo, unpublishedDigests } from '../../src/remember/unpublished.ts'

/** @typedef {import('../../src/remember/open.ts').Store} Store */

/** Letters that are claimed at once, and how often at each place. */
const AT_ONCE = 10
const TIMES = 50

const steps = { enrol, freeze, claim, states }

/**
 * Active readers of everything who have had nothing, at a thousand domains.
 * @param {Store} store
 * @param {string} readers
 */
async function enrol(store, readers) {
  const numbers = {
    sqlite: sql`with recursive numbers (n) as (select 1 union all select n + 1 from numbers where n < ${Number(readers)})`,
    postgres: sql`with numbers (n) as (select generate_series(1, ${Number(readers)}))`,
  }[engineOf(store)]
  await sql`
    ${numbers}
    insert into subscribers (address, address_key, state, had, added_at, domain)
    select 'reader-' || n || '@host-' || (n % 1000) || '.example', 'reader-' || n || '@host-' || (n % 1000) || '.example',
      'active', 0, 0, 'host-' || (n % 1000) || '.example'
    from numbers`.execute(store)
  return {}
}

/**
 * A digest for all of them.
 * @param {Store} store
 * @param {string} site where its letter is
 */
async function freeze(store, site) {
  const before = process.resourceUsage().maxRSS
  const start = performance.now()
  const groups = await readerGroups(store)
  const [html, text] = ['html', 'txt'].map((end) => readFileSync(join(site, `letter.${end}`), 'utf8'))
  const letter = { subject: 'Tides', html: html ?? '', text: text ?? '' }
  const frequency = /** @type {const} */ ('site')
  const names = { id: '20260131-5f3c9a1e', frequency, zone: 'UTC', slot: '1', variant: 'after 0', language: '' }
  const digest = { ...names, isListed: true, domain: 'example.org', letter, entries: [], more: 0, groups }
  const [frozen] = await freezeDigests(store, { digests: [digest], groups, slots: [] }, Date.now())
  const seconds = (performance.now() - start) / 1000
  await letGo(store, await unpublishedDigests(store))
  const peak = process.resourceUsage().maxRSS
  return { recipients: frozen?.recipients, seconds, peak: peak / 1024, grown: (peak - before) / 1024 }
}

/**
 * Claims ten letters, and settles the ten before in the same commit, as the connections of a run do: when all are
 * still to be sent, when half of them are and when hardly any are.
 * @param {Store} store
 */
async function claim(store) {
  const runId = await beginRun(store, Date.now())
  const lease = takeLease(store, runId)
  const { count } = await store
    .selectFrom('ledger')
    .select(({ fn }) => fn.countAll().as('count'))
    .executeTakeFirstOrThrow()
  const letters = Number(count)
  const run = { runId, trail: new Trail() }
  const start = await claimsOf(lease, run)
  await settleUntil(store, runId, letters / 2)
  const middle = await claimsOf(lease, run)
  await settleUntil(store, runId, letters - AT_ONCE * (TIMES + 1))
  const end = await claimsOf(lease, run)
  await lease.end()
  return { start, middle, end }
}

/**
 * @param {import('../../src/remember/lease.ts').Lease} lease
 * @param {{ runId: number, trail: Trail }} run
 * @returns the median and the longest of some claims, in milliseconds
 */
async function claimsOf(lease, run) {
  /** @type {import('../../src/remember/ledger.ts').Claim[]} */
  let claims = []
  const times = []
  for (let time = 0; time < TIMES; time++) {
    const settlements = claims.map((claim) => ({ claim, state: /** @type {const} */ ('sent'), reply: '250 2.0.0 Ok' }))
    const begin = performance.now()
    const next = await lease.use((own) => settleAndClaim(own, run, settlements, AT_ONCE, Date.now()))
    times.push(performance.now() - begin)
    claims = next.claims
    if (claims.length !== AT_ONCE) throw new Error(`${claims.length} letters were claimed`)
  }
  const settlements = claims.map((claim) => ({ claim, state: /** @type {const} */ ('due') }))
  await lease.use((own) => settleAndClaim(own, run, settlements, 0, Date.now()))
  times.sort((a, b) => a - b)
  return { median: times[TIMES / 2] ?? 0, most: times.at(-1) ?? 0 }
}

/**
 * Makes so many letters settled, in the two steps that each goes through.
 * @param {Store} store
 * @param {number} runId
 * @param {number} wanted
 */
async function settleUntil(store, runId, wanted) {
  const { count } = await store
    .selectFrom('ledger')
    .where('state', '=', 'sent')
    .select(({ fn }) => fn.countAll().as('count'))
    .executeTakeFirstOrThrow()
  await sql`
    update ledger set state = 'claimed', run_id = ${runId} where id in (
      select id from ledger where state in ('due', 'deferred', 'claimed') and state <> 'claimed'
      order by until, id limit ${Math.round(wanted - Number(count))})`.execute(store)
  await sql`
    update ledger set state = 'sent', reply = '250 2.0.0 Ok', settled_at = ${Date.now()}
    where state in ('due', 'deferred', 'claimed') and state = 'claimed'`.execute(store)
}

/**
 * How many letters are not settled as sent.
 * @param {Store} store
 */
async function states(store) {
  const { count } = await store
    .selectFrom('ledger')
    .where('state', '<>', 'sent')
    .select(({ fn }) => fn.countAll().as('count'))
    .executeTakeFirstOrThrow()
  return { open: Number(count) }
}

const [, , name = '', place = '', value = ''] = process.argv
const store = await openStore(place)
const step = new Map(Object.entries(steps)).get(name)
if (step === undefined) throw new Error(`there is no step "${name}"`)
console.log(JSON.stringify(await step(store, value)))
await store.destroy()
