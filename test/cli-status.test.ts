import { readFileSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'parse5'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { openStore } from '../src/remember/open.ts'
import { takeLock } from '../src/remember/lock.ts'
import { beginRun, endRun } from '../src/remember/runs.ts'
import { type Said, feedwireAt } from './support/command.ts'
import { filesBelow, putFile, tempFolder } from './support/folder.ts'
import { gaugeSettings, writeGauge } from './support/gauges.ts'
import { startSink } from './support/smtp-sink.ts'
import { storePlace } from './support/database.ts'

const BEFORE = '2026-01-31T12:00:00Z'
const NOW = '2026-01-31T12:15:00Z'
const READERS = ['ann@example.net', 'bob@example.net']

let dir = ''
beforeEach(() => {
  dir = tempFolder()
})
afterEach(() => {
  rmSync(dir, { recursive: true })
})

/** A site with two readers, an old article and a run; then a new article, and a run that mails it. */
async function begun(more: Record<string, unknown> = {}): Promise<void> {
  gaugeSettings(dir, { subscribers: READERS, ...more })
  writeGauge(dir, 'old')
  await feedwireAt(dir, BEFORE, 'run')
  writeGauge(dir, 'north', ['date: 2026-01-30'])
  await feedwireAt(dir, NOW, 'run')
}

const status = (...words: string[]): Promise<Said> => feedwireAt(dir, '2026-01-31T12:20:00Z', 'status', ...words)
const firstLine = ({ out }: Said): string => out.split('\n')[0] ?? ''

const REPORT = z.looseObject({
  isWell: z.boolean(),
  needs: z.array(z.object({ code: z.string(), message: z.string(), mend: z.string() })),
  isAtWork: z.boolean(),
  runs: z.array(z.looseObject({ startedAt: z.string(), exitCode: z.number().nullable() })),
  next: z.record(z.string(), z.unknown()),
  letters: z.record(z.string(), z.number()),
  reasons: z.array(z.unknown()),
  subscribers: z.record(z.string(), z.record(z.string(), z.number())),
  sources: z.array(z.unknown()),
  history: z.record(z.string(), z.array(z.unknown())),
})
const report = async (): Promise<z.infer<typeof REPORT>> => REPORT.parse(JSON.parse((await status('--json')).out))

describe('feedwire status', () => {
  test('says that all is well, and how the site stands', async () => {
    await begun()
    const said = await status()
    expect({ code: said.code, err: said.err, first: firstLine(said) }).toEqual({
      code: 0,
      err: '',
      first: 'All is well.',
    })
    expect(said.out).toMatch(/^ {2}2026-01-31 12:15 {2}0\.0 s {4}1 {8}0 {8}2 {2}0, well$/m)
    expect(said.out).toMatch(/^ {2}articles {2}markdown {8}2 {6}2 {10}0$/m)
    expect(said.out).toMatch(/^ {2}sent\n {5}2$/m)
  })

  test('says of a new site that nothing ran yet, and makes no store', async () => {
    gaugeSettings(dir)
    const before = filesBelow(dir)
    const said = await status()
    expect(filesBelow(dir)).toEqual(before)
    expect([said.code, said.out.split('\n').slice(0, 3)]).toEqual([
      3,
      ['One thing needs you:', '- There was no run yet', '  run "feedwire run", then let cron do so'],
    ])
  })

  test('ends with 3 and names a file that is set aside, until it is mended', async () => {
    await begun()
    putFile(dir, 'articles/bad.md', '---js\n{}\n---\n')
    await feedwireAt(dir, NOW, 'run')
    const said = await status()
    expect([said.code, firstLine(said)]).toEqual([3, 'One thing needs you:'])
    expect(said.out).toMatch(/^- articles\/bad\.md/m)
    rmSync(join(dir, 'articles/bad.md'))
    await feedwireAt(dir, NOW, 'run')
    expect((await status()).code).toBe(0)
  })

  test('names a mail that was kept for a person', async () => {
    await begun()
    putFile(dir, 'unread/20260131T080000Z-0123456789abcdef.eml', 'From: a@b.example\n\nhello')
    putFile(dir, 'unread/notes.txt', 'mine')
    const said = await status()
    expect([said.code, said.out.split('\n').slice(1, 3)]).toEqual([
      3,
      ['- 1 mail could not be understood and was kept for you', `  read and delete it: ${join(dir, 'unread')}`],
    ])
  })

  test('tells why letters did not go, without addresses', async () => {
    const sink = await startSink()
    sink.script = (stage, about) => (stage === 'rcpt' ? `550 5.7.1 <${about}> not from here` : 'accept')
    await begun({ mail: { from: 'Ada <digest@example.org>', smtp: sink.url.href } })
    const said = await status()
    expect(said.code).toBe(3)
    expect(said.out).toMatch(/^- 2 letters of the digest \S+ did not arrive/m)
    expect(said.out).toMatch(/^ {8}2 {2}refused {2}.*<\*\*\*@example\.net> not from here/m)
    expect(said.out).not.toContain('ann@')
    expect(JSON.stringify(await report())).not.toContain('ann@')
    await sink.close()
  })

  test('works while a run is at work, and tells so', async () => {
    await begun()
    const database = storePlace(dir)
    const lock = await takeLock(database)
    const store = await openStore(database)
    await beginRun(store, Date.parse(NOW))
    expect(await status()).toMatchObject({ code: 0, out: expect.stringMatching(/at work$/m) as string })
    expect((await report()).isAtWork).toBe(true)
    await lock?.release()
    expect(await status()).toMatchObject({ code: 3, out: expect.stringMatching(/no end$/m) as string })
    await store.destroy()
  })

  test('goes on to tell that the last run failed when letters of it are sent by others', async () => {
    await begun()
    const store = await openStore(storePlace(dir))
    await endRun(store, await beginRun(store, Date.parse(NOW)), 1, Date.parse(NOW), '{"problem":"The disk is full"}')
    const share = await beginRun(store, Date.parse(NOW), 'share')
    const failed = { code: 3, out: expect.stringMatching(/^- The last run failed: The disk is full$/m) as string }
    expect(await status()).toMatchObject(failed)
    await endRun(store, share, 0, Date.parse(NOW))
    expect(await status()).toMatchObject(failed)
    await store.destroy()
  })

  test('tells when the next digest of the site is due, in its zone', async () => {
    await begun({
      site: { title: 'Tide Notes', url: 'https://tides.example.org/', timezone: 'Asia/Shanghai' },
      ...{ digest: { schedule: '0 8 * * *' }, schedule: '0 * * * *' },
    })
    const { out } = await status()
    expect(out).toMatch(/^ {2}Gathering {2}2026-01-31 21:00/m)
    expect(out).toMatch(/^ {2}Digest {5}2026-02-01 08:00$/m)
  })

  test('changes nothing', async () => {
    await begun()
    const before = filesBelow(dir).filter((path) => !/-(?:wal|shm)$/.test(path))
    await status()
    expect(filesBelow(dir).filter((path) => !/-(?:wal|shm)$/.test(path))).toEqual(before)
  })
})

describe('feedwire status --json', () => {
  test('prints everything as one value', async () => {
    await begun()
    expect(await report()).toMatchObject({
      ...{ isWell: true, needs: [], isAtWork: false, reasons: [], digests: [], alerts: [] },
      runs: [{ startedAt: '2026-01-31T12:15:00.000Z', exitCode: 0, did: { new: 1, sent: 2 } }, { exitCode: 0 }],
      next: { gathering: '2026-01-31T12:30', digest: null, dueDigests: [], lettersDue: 0, retryAt: null },
      sources: [{ name: 'articles', kind: 'markdown', firstRead: '2026-01-31T12:00:00.000Z', failing: null }],
      subscribers: { active: { none: 2 } },
      letters: { sent: 2 },
      history: { digests: [{ letters: { sent: 2 }, date: '2026-01-31T12:15:00.000Z' }], left: [] },
    })
  })

  test('names what needs a person', async () => {
    gaugeSettings(dir)
    const { code, out } = await status('--json')
    expect(code).toBe(3)
    expect(JSON.parse(out)).toMatchObject({ isWell: false, needs: [{ code: 'run-none' }] })
  })
})

describe('feedwire status --html', () => {
  const page = (path = 'status.html'): string => readFileSync(join(dir, path), 'utf8')

  test('writes a page of HTML without errors, and prints the verdict alone', async () => {
    await begun({ site: { title: 'Tide <Notes> & "more"', url: 'https://tides.example.org/' } })
    expect(await status('--html', 'status.html')).toMatchObject({ code: 0, out: 'All is well.\n', err: '' })
    const errors: string[] = []
    parse(page(), { onParseError: ({ code }) => void errors.push(code) })
    expect(errors).toEqual([])
    expect(page()).toContain('<title>All is well. - Tide &lt;Notes&gt; &amp; &quot;more&quot;</title>')
    expect(page()).toContain('2 entries in the last 26 weeks')
    expect(page()).toContain('The last 1 digest: 2 sent.')
    expect(page()).toContain('The last 2 runs: 2 well.')
    expect(page()).toMatch(/From 0 at \S+ to 2 at 2026-01-31/)
  })

  test('writes a page of a site without anything, into a folder that is not there yet', async () => {
    gaugeSettings(dir)
    expect((await status('--html', 'pages/of/status.html')).code).toBe(3)
    expect(page('pages/of/status.html').match(/nothing yet/g)).toHaveLength(4)
  })

  test('leaves the page alone when it cannot write it', async () => {
    await begun()
    putFile(dir, 'status.html/inside', 'a folder')
    const { code, err } = await status('--html', 'status.html')
    expect(code).toBe(1)
    expect(err).toContain('Cannot write the page')
    expect(statSync(join(dir, 'status.html')).isDirectory()).toBe(true)
    expect(filesBelow(dir).filter((path) => path.endsWith('.tmp'))).toEqual([])
  })
})
