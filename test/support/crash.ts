import { mkdirSync, readFileSync, rmSync, watch } from 'node:fs'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { clearTimeout, setTimeout } from 'node:timers'
import { sql } from 'kysely'
import { expect } from 'vitest'
import { openStore } from '../../src/remember/open.ts'
import { randomFrom } from './crash-chance.ts'
import { allAreGone, storePlace } from './database.ts'
import { filesBelow, putFile, tempFolder } from './folder.ts'
import { type Ended, startProgram } from './program.ts'
import { type Received, type SmtpSink, startSink } from './smtp-sink.ts'

/** How a site is to be tried. */
export interface CrashPlan {
  mail: 'smtp' | 'outbox'
  kills: number
  /** Decides where each kill falls. */
  seed: number
}

/** What a run can be killed by: milliseconds that passed, commands of SMTP, changes of files. */
type Cause = 'ms' | 'smtp' | 'file'
type Meter = Record<Cause, number>

const READERS = Array.from({ length: 6 }, (_, index) => `reader-${index + 1}@example.net`)
const CONNECTIONS = 3

/**
 * Kills runs of a site at many points, each with new articles to gather, publish and mail, lets the last one end, and
 * checks that nothing was lost, doubled or left half done.
 * @returns what happened, in one line
 */
export async function surviveKills(plan: CrashPlan): Promise<string> {
  const sink = await startSink()
  const sites = [new CrashSite(plan, sink), new CrashSite(plan, sink), new CrashSite(plan, sink)] as const
  const [gauge, site, twin] = sites
  try {
    gauge.addArticles(1)
    const whole = await gauge.run(null)
    expect(whole.ended).toMatchObject({ code: 0, stderr: '' })
    sink.received.splice(0)

    const killed = await killAll(site, plan, whole.meter)
    await expectEnd(site)
    await expectLettersOnce(site, plan, killed)

    twin.addArticles(site.batches)
    expect((await twin.run(null)).ended.code).toBe(0)
    expect(site.published()).toEqual(twin.published())
    return `seed ${plan.seed}: ${await report(site, killed)}`
  } finally {
    for (const { dir } of sites) rmSync(dir, { recursive: true })
    await sink.close()
  }
}

/** A site in a folder of its own. */
class CrashSite {
  readonly dir: string
  readonly sink: SmtpSink
  /** Letters that the mail server took. */
  readonly received: Received[] = []
  batches = 0

  constructor({ mail }: CrashPlan, sink: SmtpSink) {
    this.sink = sink
    const smtp = mail === 'smtp' ? `, smtp: "${sink.url.href}", connections: ${CONNECTIONS}` : ''
    const settings = `
site: { title: Tide Notes, url: "https://tides.example.org/" }
feeds: { entries: 500 }
digest: { first_run: 200, max_entries: 200 }
mail: { from: digest@example.org${smtp} }
subscribers: [${READERS.join(', ')}]
`
    this.dir = tempFolder({ 'feedwire.config.yaml': settings })
    for (const folder of ['articles', 'public', 'outbox']) mkdirSync(join(this.dir, folder))
  }

  /** Writes two articles for each batch, later ones with later dates. */
  addArticles(batches: number): void {
    for (let n = this.batches * 2; n < (this.batches + batches) * 2; n++) {
      const date = new Date(Date.UTC(2020, 0, 1, 0, n)).toISOString()
      const text = `Gauge number ${n} stands in the harbour of its town, and is read at noon by whoever has the key. `
      putFile(
        this.dir,
        `articles/gauge-${n}.md`,
        `---\ntitle: Gauge ${n}\ndate: ${date}\n---\n${text.repeat(1 + (n % 9))}\n`,
      )
    }
    this.batches += batches
  }

  /** Runs the program to its end, or until it is killed. */
  async run(stop: { by: Cause; at: number } | null): Promise<{ ended: Ended; meter: Meter }> {
    const meter = { ms: 0, smtp: 0, file: 0 }
    const started = performance.now()
    const running = startProgram(this.dir, 'run', '--json')
    const note = (by: Cause): void => {
      meter[by] += 1
      if (stop?.by === by && meter[by] === stop.at) running.kill('SIGKILL')
    }
    this.sink.script = () => {
      note('smtp')
      return 'accept'
    }
    const watchers = ['.', 'public', 'outbox'].map((folder) => watch(join(this.dir, folder), () => note('file')))
    const timer = stop?.by === 'ms' ? setTimeout(() => running.kill('SIGKILL'), stop.at) : undefined
    const ended = await running.ended
    clearTimeout(timer)
    for (const watcher of watchers) watcher.close()
    await allAreGone(this.dir)
    meter.ms = performance.now() - started
    this.received.push(...this.sink.received.splice(0))
    return { ended, meter }
  }

  /** What is published, but for the pages of digests, whose names hold the moment when they were made. */
  published(): Record<string, string> {
    const paths = filesBelow(join(this.dir, 'public')).filter((path) => !/^(?:digests\/|\.feedwire)/.test(path))
    return Object.fromEntries(paths.map((path) => [path, readFileSync(join(this.dir, 'public', path), 'utf8')]))
  }

  /** Rows of the store. */
  async ask<T>(text: string): Promise<T[]> {
    const store = await openStore(storePlace(this.dir))
    try {
      return (await sql.raw<T>(text).execute(store)).rows
    } finally {
      await store.destroy()
    }
  }
}

/** Kills as many runs as planned; each cause sweeps from the beginning of a run to its end. */
async function killAll(site: CrashSite, { mail, kills, seed }: CrashPlan, whole: Meter): Promise<Meter> {
  const killed = { ms: 0, smtp: 0, file: 0 }
  const causes: Cause[] = mail === 'smtp' ? ['ms', 'smtp', 'file'] : ['ms', 'file']
  const random = randomFrom(seed)
  for (let n = 0; killed.ms + killed.smtp + killed.file < kills; n++) {
    expect(n, 'most runs are killed').toBeLessThan(4 * kills + 20)
    const by = causes[n % causes.length] ?? 'ms'
    site.addArticles(1)
    const { ended } = await site.run({ by, at: 1 + Math.floor(whole[by] * random()) })
    if (ended.signal === 'SIGKILL') killed[by] += 1
    else expect(ended).toMatchObject({ code: 0, stderr: '' })
    expectWhole(site.dir)
  }
  return killed
}

/** Every file that stands under its own name is whole, whatever was killed. */
function expectWhole(dir: string): void {
  for (const path of [...filesBelow(join(dir, 'public')).map((name) => `public/${name}`), ...lettersOf(dir)]) {
    const text = readFileSync(join(dir, path), 'utf8')
    if (path.endsWith('.html')) expect(text, path).toMatch(/<\/html>\s*$/)
    if (path.endsWith('.xml')) expect(text, path).toMatch(/<\/(?:rss|feed)>\s*$/)
    if (path.endsWith('.json')) expect(() => void JSON.parse(text), path).not.toThrow()
    if (path.endsWith('.eml')) expect(text, path).toMatch(/--\r\n$/)
  }
}

function lettersOf(dir: string): string[] {
  return filesBelow(join(dir, 'outbox')).map((name) => `outbox/${name}`)
}

/** The next run ends well, and the one after it finds nothing to do. */
async function expectEnd(site: CrashSite): Promise<void> {
  const { ended } = await site.run(null)
  expect(ended).toMatchObject({ code: 0, stderr: '' })
  expect(JSON.parse(ended.stdout)).toMatchObject({ deliveries: { due: 0, deferred: 0, refused: 0 } })
  const again = await site.run(null)
  expect(JSON.parse(again.ended.stdout)).toMatchObject({
    gathered: { new: 0, updated: 0, removed: 0 },
    ...{ digests: [], published: { written: [], removed: [] }, deliveries: { sent: 0, due: 0 } },
  })
  expectWhole(site.dir)
  expect(filesBelow(site.dir).filter((path) => path.endsWith('.tmp'))).toEqual([])
  const feed = JSON.parse(readFileSync(join(site.dir, 'public/feed.json'), 'utf8')) as { items: { title: string }[] }
  const titles = Array.from({ length: site.batches * 2 }, (_, n) => `Gauge ${n}`)
  expect(feed.items.map(({ title }) => title)).toEqual(titles.reverse())
  const ids = await site.ask<{ id: string }>('select id from digests')
  const pages = ids.map(({ id }) => `digests/${id}.html`).sort()
  expect(filesBelow(join(site.dir, 'public')).filter((path) => /^digests\/\d.*\.html$/.test(path))).toEqual(pages)
}

/** Each reader was told of each article once, by letters that each went once, save for those in flight at a kill. */
async function expectLettersOnce(site: CrashSite, plan: CrashPlan, killed: Meter): Promise<void> {
  const told = await site.ask<{ address: string; title: string; times: number }>(`
    select address, entries.title, count(digest_entries.entry_id) as times from subscribers cross join entries
    left join ledger on subscriber_id = subscribers.id
    left join digest_entries on digest_entries.digest_id = ledger.digest_id and entry_id = entries.id
    group by subscribers.id, entries.id`)
  expect(told).toHaveLength(READERS.length * site.batches * 2)
  expect(told.filter(({ times }) => times !== 1)).toEqual([])
  const open = await site.ask(`
    select digests.id from digests left join ledger on digest_id = digests.id and state = 'sent'
    group by digests.id having done_at is null or count(ledger.id) <> recipients`)
  expect(open).toEqual([])

  const rows = await ledgerOf(site)
  if (plan.mail === 'outbox') {
    expect(lettersOf(site.dir)).toEqual(rows.map(({ id }) => `outbox/${id}.eml`).sort())
    return
  }
  const copies = new Map(rows.map((row) => [`<${row.id}@example.org> ${row.address}`, { ...row, raw: [] as string[] }]))
  for (const { messageId, to, raw } of site.received) {
    const letter = copies.get(`${messageId} ${to.join()}`)
    expect(letter, `${messageId} to ${to.join()} is in the ledger`).toBeDefined()
    letter?.raw.push(raw.toString())
  }
  for (const { id, raw, maybe_twice } of copies.values()) {
    expect(raw.length, `${id} arrived`).toBeGreaterThan(0)
    expect(new Set(raw).size, `each copy of ${id} is the same`).toBe(1)
    if (raw.length > 1) expect(maybe_twice, `${id} is counted as maybe doubled`).toBe(1)
  }
  const kills = killed.ms + killed.smtp + killed.file
  expect(site.received.length - rows.length).toBeLessThanOrEqual(kills * CONNECTIONS)
}

function ledgerOf(site: CrashSite) {
  return site.ask<{ id: string; address: string; maybe_twice: number }>(`
    select ledger.id, address, maybe_twice from ledger join subscribers on subscribers.id = subscriber_id`)
}

async function report(site: CrashSite, killed: Meter): Promise<string> {
  const rows = await ledgerOf(site)
  const doubled = Math.max(0, site.received.length - rows.length)
  const maybe = rows.filter(({ maybe_twice }) => maybe_twice === 1).length
  return [
    `${killed.ms} runs killed by the clock, ${killed.smtp} by SMTP, ${killed.file} by files`,
    `${site.batches * 2} articles, ${rows.length} letters, ${doubled} doubled, ${maybe} counted as maybe doubled`,
  ].join('; ')
}
