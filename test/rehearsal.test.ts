import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { Kysely, Migrator } from 'kysely'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { migrations } from '../src/remember/migrations.ts'
import { kyselyDatabase, openSqlite, sqliteDialect } from '../src/remember/sqlite.ts'
import { TestHub } from './announce/test-hub.ts'
import { feedwireAt } from './support/command.ts'
import { putFile, tempFolder } from './support/folder.ts'
import { gaugeSettings, writeGauge } from './support/gauges.ts'
import { scriptOf } from './support/script.ts'
import { stateOf } from './support/site-state.ts'
import { type SmtpSink, startSink } from './support/smtp-sink.ts'

const BEFORE = '2026-01-31T12:00:00Z'
const NOW = '2026-02-01T12:15:00Z'
const READERS = [
  'ann@example.net',
  { address: 'bob@example.net', frequency: 'daily', zone: 'Asia/Tokyo' },
  { address: 'cid@example.net', topics: ['tag:tides'] },
  { address: 'dan@example.net', language: 'zh' },
]
const HOLDER = await scriptOf('hold-lock.ts')

let dir = ''
let temporary = ''
let hub: TestHub
let sink: SmtpSink
beforeEach(async () => {
  dir = tempFolder()
  temporary = tempFolder()
  vi.stubEnv('TMPDIR', temporary)
  hub = await TestHub.start()
  sink = await startSink()
  settings()
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await Promise.all([hub.stop(), sink.close()])
  for (const folder of [dir, temporary]) rmSync(folder, { recursive: true })
})

function settings(digest: object = {}, feeds: object = {}): void {
  gaugeSettings(dir, {
    ...{ digest, feeds: { hub: hub.url, ...feeds }, publish: { after: 'echo out >> after.log' } },
    mail: { from: 'digest@example.org', smtp: sink.url.href },
    subscribers: READERS,
  })
}

function gauges(...names: string[]): void {
  for (const name of names) writeGauge(dir, name, name === 'north' ? ['tags: [tides]'] : [])
}

/** Runs for good, and forgets what readers and the hub were told. */
async function ran(): Promise<void> {
  await feedwireAt(dir, BEFORE, 'run')
  sink.received.splice(0)
  hub.topics()
}

/** What a run says of itself; deliveries and announcements, which a rehearsal leaves out, apart. */
const REPORT = z.looseObject({
  run: z.looseObject({ id: z.number() }),
  digests: z.array(z.looseObject({ recipients: z.number(), subject: z.string() })),
  announced: z.unknown(),
  deliveries: z.looseObject({ due: z.number(), sent: z.number() }),
})

async function reportOf(...words: string[]) {
  const { code, out, err } = await feedwireAt(dir, NOW, 'run', '--json', ...words)
  const { announced, deliveries, ...rest } = REPORT.parse(JSON.parse(out))
  return { announced, deliveries, rest: { code, err, ...rest } }
}

/** Looks at everything before and after some work: the folder, the store, mail, hub and temporary files. */
async function expectNothingDone(work: () => Promise<unknown>): Promise<void> {
  const before = await stateOf(dir)
  await work()
  expect(await stateOf(dir)).toEqual(before)
  expect(sink.sessions, 'nobody spoke to the mail server').toBe(sessions)
  expect(hub.pings).toEqual([])
  expect(readdirSync(temporary)).toEqual([])
}

let sessions = 0
beforeEach(() => {
  sessions = 0
})

const CASES: readonly (readonly [says: string, digests: number, prepare: () => Promise<void>, words?: string[]])[] = [
  [
    'a site that has no store yet',
    3,
    () => {
      settings({ first_run: 5 })
      gauges('north', 'east')
      return Promise.resolve()
    },
  ],
  [
    'articles that are new, edited and gone, and one that cannot be read',
    3,
    async () => {
      gauges('east', 'south', 'west')
      await ran()
      gauges('north', 'inner')
      writeGauge(dir, 'east', ['tags: [harbour]'])
      rmSync(join(dir, 'articles/south.md'))
      putFile(dir, 'articles/broken.md', '---js\n{}\n---\n')
    },
  ],
  [
    'nothing new',
    0,
    async () => {
      gauges('east')
      await ran()
    },
  ],
  [
    'a digest for all, before the hour of any',
    2,
    async () => {
      settings({ schedule: '0 20 * * *' })
      gauges('east')
      await ran()
      gauges('north')
    },
    ['--digest', 'now'],
  ],
  [
    'articles that wait to be published',
    0,
    async () => {
      settings({}, { hold: '2h' })
      gauges('east')
      await ran()
      gauges('north')
    },
  ],
  [
    'a source that lost most of its articles',
    0,
    async () => {
      gauges(...Array.from({ length: 12 }, (_, index) => `gauge-${index}`))
      await ran()
      for (let index = 1; index < 12; index++) rmSync(join(dir, `articles/gauge-${index}.md`))
    },
    ['--accept-removals'],
  ],
  [
    'a store that was lost',
    0,
    async () => {
      gauges('east')
      await ran()
      rmSync(join(dir, 'feedwire.db'))
    },
  ],
  [
    'letters that a dead server left',
    1,
    async () => {
      gauges('east')
      await ran()
      gauges('north')
      sink.script = () => '421 4.3.2 going away'
      await ran()
      sink.script = () => 'accept'
    },
  ],
]

describe('feedwire run --dry-run', () => {
  for (const [says, digests, prepare, words = []] of CASES) {
    test(`says of ${says} what the run after it then does`, async () => {
      await prepare()
      const said = await reportOf('--dry-run', ...words)
      const did = await reportOf(...words)
      const withoutTime = ({ run, ...rest }: typeof said.rest) => ({ ...rest, run: { ...run, durationMs: 0 } })
      expect(withoutTime(said.rest)).toEqual(withoutTime(did.rest))
      expect(said.rest.digests).toHaveLength(digests)
      expect(said.deliveries).toEqual({ ...did.deliveries, sent: 0, due: did.deliveries.sent })
      expect(said.announced).toEqual({ command: 'none', told: [] })
      expect(sink.received).toHaveLength(did.deliveries.sent)
    })

    test(`changes nothing, sends nothing and tells nobody of ${says}`, async () => {
      await prepare()
      sessions = sink.sessions
      await expectNothingDone(() => reportOf('--dry-run', ...words))
      await expectNothingDone(() => feedwireAt(dir, NOW, 'run', '--dry-run', ...words))
    })
  }

  test('tells a person what a run would do, in the words of a run', async () => {
    gauges('east')
    await ran()
    gauges('north', 'south')
    const { code, out, err } = await feedwireAt(dir, NOW, 'run', '--dry-run')
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out.split('\n').filter((line) => !line.startsWith('Published'))).toEqual([
      'Nothing was changed. A run now would do this:',
      'Gathered   2 new, 0 updated, 0 removed',
      'Digest     2 entries for 2 readers: Tide Notes: The south gauge (+1 more)',
      'Digest     1 entry for 1 reader: Tide Notes: The north gauge',
      'Digest     2 entries for 1 reader: Tide Notes：The south gauge（另有 1 篇）',
      'Mail       4 letters sent',
      '',
    ])
  })

  test('looks at a store at which another run is at work', async () => {
    gauges('east')
    await ran()
    gauges('north')
    const holder = spawn(process.execPath, [HOLDER, join(dir, 'feedwire.db')], { stdio: ['pipe', 'pipe', 'inherit'] })
    await once(holder.stdout, 'data')
    sessions = sink.sessions
    expect((await feedwireAt(dir, NOW, 'run')).out).toContain('Another run is at work')
    await expectNothingDone(async () => {
      const { rest } = await reportOf('--dry-run')
      expect(rest.digests.map(({ recipients }) => recipients)).toEqual([3, 1])
    })
    holder.stdin.end()
    await once(holder, 'exit')
  })

  test('looks at a store of an older program, and leaves its schema as it is', async () => {
    const path = join(dir, 'feedwire.db')
    const old = new Kysely({ dialect: sqliteDialect({ database: kyselyDatabase(await openSqlite(path)) }) })
    const steps = Object.fromEntries(Object.entries(migrations).slice(0, -1))
    await new Migrator({ db: old, provider: { getMigrations: () => Promise.resolve(steps) } }).migrateToLatest()
    await old.destroy()
    gauges('east')
    await expectNothingDone(async () => {
      const { rest } = await reportOf('--dry-run')
      expect(rest).toMatchObject({ code: 0, gathered: { new: 1 } })
    })
  })

  test('leaves no copy of the store behind when an article breaks a template', async () => {
    gauges('east')
    await ran()
    sessions = sink.sessions
    putFile(dir, 'templates/page.liquid', '{{ entries[7].title }}')
    await expectNothingDone(async () => {
      const { code, err } = await feedwireAt(dir, NOW, 'run', '--dry-run')
      expect({ code, err }).toEqual({ code: 1, err: expect.stringMatching(/templates\/page\.liquid:1:/) })
    })
  })
})
