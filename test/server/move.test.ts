import { cpSync, existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { openStore } from '../../src/remember/open.ts'
import { allAreGone, storePlace } from '../support/database.ts'
import { filesBelow, putFile, tempFolder } from '../support/folder.ts'
import { gaugeSettings, writeGauge } from '../support/gauges.ts'
import { type Outside, grownSettings, growSite, storeFile } from '../support/grown-site.ts'
import { freePort } from '../support/journey-port.ts'
import { STEPS, makeOlderStore } from '../support/older-store.ts'
import { runProgram, startDaemon, startProgram } from '../support/program.ts'
import { startSink } from '../support/smtp-sink.ts'

/** A site whose store is a file, made once. */
let grown = ''
/** A copy of it, and the server that its store is to be on. */
let dir = ''
let database = ''
let outside: Outside
let received = 0
beforeAll(async () => {
  grown = tempFolder()
  outside = { sink: await startSink(), port: await freePort() }
  await growSite(grown, outside)
  received = outside.sink.received.length
})
afterAll(async () => {
  await outside.sink.close()
  rmSync(grown, { recursive: true })
})
beforeEach(() => {
  dir = tempFolder()
  cpSync(grown, dir, { recursive: true, preserveTimestamps: true })
  database = storePlace(dir)
})
afterEach(() => {
  rmSync(dir, { recursive: true })
})

function migrate(to = database) {
  return runProgram(dir, 'migrate', '--from', 'feedwire.db', '--to', to)
}

/** From now on the store is on the server. */
async function moved(): Promise<void> {
  expect(await migrate()).toMatchObject({ code: 0, stderr: '' })
  grownSettings(dir, outside, database)
}

async function run(): Promise<Record<string, unknown>> {
  const { stdout } = await runProgram(dir, 'run', '--json')
  return JSON.parse(stdout) as Record<string, unknown>
}

/** Bytes of all that is published. */
function published(): Record<string, string> {
  const folder = join(dir, 'public')
  return Object.fromEntries(filesBelow(folder).map((path) => [path, readFileSync(join(folder, path), 'base64')]))
}

/** How many letters of the ledger there are in each state. */
async function ledger(place: string): Promise<Record<string, number>> {
  const store = await openStore(place)
  const rows = await store
    .selectFrom('ledger')
    .select(({ fn }) => ['state', fn.countAll<number>().as('count')])
    .groupBy('state')
    .execute()
  await store.destroy()
  return Object.fromEntries(rows.map(({ state, count }) => [state, count]))
}

test('a store with something of everything is copied, every table of it', async () => {
  const before = await ledger(storeFile(dir))
  const { code, stdout } = await runProgram(dir, 'migrate', '--from', 'feedwire.db', '--to', database, '--json')
  expect(code).toBe(0)
  const { rows } = JSON.parse(stdout) as { rows: Record<string, number> }
  const client = new pg.Client({ connectionString: database })
  await client.connect()
  const tables = await client.query<{ name: string }>(`select tablename as name from pg_tables
    where schemaname = 'public' and tablename <> 'kysely_migration'`)
  await client.end()
  expect(Object.keys(rows).sort()).toEqual(tables.rows.map(({ name }) => name).sort())
  expect(await ledger(database)).toEqual(before)
  expect(await ledger(database)).toEqual({ claimed: 1, deferred: 1, due: 6, held: 1, refused: 1, sent: 3 })
})

test('a site whose store has moved announces nothing anew, and sends what was left, once', async () => {
  const before = published()
  await moved()
  const report = await run()
  expect(report).toMatchObject({
    ...{ gathered: { new: 0, updated: 0, removed: 0 }, digests: [] },
    ...{ published: { written: [], removed: [] }, deliveries: { sent: 6, refused: 0, held: 1, due: 0 } },
  })
  expect(published()).toEqual(before)
  expect(await ledger(database)).toEqual({ deferred: 1, held: 2, refused: 1, sent: 9 })
  const all = outside.sink.received.map(({ messageId, to }) => `${messageId} ${to.join()}`)
  expect(new Set(all).size).toBe(all.length)
  expect(await run()).toMatchObject({ published: { written: [] }, deliveries: { sent: 0 } })

  rmSync(join(dir, 'public'), { recursive: true })
  expect((await run())['published']).toMatchObject({ removed: [] })
  expect(published()).toEqual(before)
})

test('who got a letter before the move leaves by its link after it', async () => {
  await moved()
  const letter = outside.sink.received.slice(0, received).find(({ to }) => to.join() === 'taken@example.net')
  const link =
    /^List-Unsubscribe: <https:\/\/news\.example\.org(\/\S+)>/im.exec(letter?.raw.toString() ?? '')?.[1] ?? ''
  const daemon = startDaemon(dir)
  await daemon.event('serving')
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  const body = 'List-Unsubscribe=One-Click'
  const { status } = await fetch(`http://127.0.0.1:${outside.port}${link}`, { method: 'POST', headers, body })
  daemon.stop()
  expect((await daemon.ended).code).toBe(0)
  expect(status).toBe(200)
  expect((await runProgram(dir, 'subscribers', 'list')).stdout).toMatch(/^unsubscribed .* taken@/m)
})

test('a copy that is killed is worked on by nobody, and goes on where it was', async () => {
  const client = new pg.Client({ connectionString: database })
  await client.connect()
  // It may look at the table, but not write to it.
  await client.query('begin; lock table digests in exclusive mode')
  const copying = startProgram(dir, 'migrate', '--from', 'feedwire.db', '--to', database)
  const waiting = `select 1 from pg_locks where not granted and relation = 'digests'::regclass`
  while ((await client.query(waiting)).rows.length === 0) await setTimeout(10)
  copying.kill('SIGKILL')
  expect(await copying.ended).toMatchObject({ signal: 'SIGKILL' })
  await client.query('rollback')
  await client.end()
  await allAreGone(dir)

  grownSettings(dir, outside, database)
  expect(await runProgram(dir, 'run')).toMatchObject({
    ...{ code: 1, stdout: '' },
    stderr: expect.stringMatching(/The copy to this store is not whole - go on with "feedwire migrate"/),
  })
  expect(await migrate()).toMatchObject({ code: 0, stderr: '' })
  expect(await run()).toMatchObject({ gathered: { new: 0 }, digests: [], published: { written: [] } })
})

test('a store is not copied over another, nor while a run is at work on that', async () => {
  const other = tempFolder()
  const busy = { publish: { after: 'touch at-work; until [ -e go ]; do sleep 0.02; done' } }
  gaugeSettings(other, { database, ...busy })
  writeGauge(other, 'north')
  const atWork = startProgram(other, 'run')
  while (!existsSync(join(other, 'at-work'))) await setTimeout(10)
  expect(await migrate()).toMatchObject({ code: 1, stderr: expect.stringContaining('A run is at work on this store') })
  putFile(other, 'go', '')
  expect((await atWork.ended).code).toBe(0)

  const { code, stderr } = await migrate()
  expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('The database holds a store already') })
  expect((await runProgram(other, 'entries', 'list')).stdout).toContain('north')
  expect((await runProgram(other, 'subscribers', 'list')).stdout).not.toContain('@')
  rmSync(other, { recursive: true })
})

for (const step of [STEPS[0], STEPS.at(-2)])
  test(`a store of step ${step ?? ''} is brought up to date and copied`, async () => {
    const today = storeFile(grown)
    rmSync(storeFile(dir))
    await makeOlderStore(today, storeFile(dir), step ?? '')
    await moved()
    const subscribers = (await runProgram(dir, 'subscribers', 'list')).stdout
    expect(subscribers).toContain('taken@example.net')
    expect((await ledger(database))['sent']).toBe(3)
  })
