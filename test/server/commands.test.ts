import { existsSync, readFileSync, rmSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { filesBelow, putFile, tempFolder } from '../support/folder.ts'
import { gaugeSettings, writeGauge } from '../support/gauges.ts'
import { PASSWORD, USER, guardedPlace } from '../support/guarded.ts'
import { freePort } from '../support/journey-port.ts'
import { runProgram, startDaemon } from '../support/program.ts'

const READERS = ['ann@example.net', 'bob@example.net']

let dir = ''
let database = ''
/** What of it may be told. */
let place = ''

async function begin(): Promise<void> {
  dir = tempFolder()
  database = await guardedPlace(dir)
  place = placeOf(database)
  writeGauge(dir, 'north', ['date: 2026-01-30'])
  writeGauge(dir, 'south', ['date: 2026-01-29'])
}

function settings(more: Record<string, unknown> = {}): void {
  gaugeSettings(dir, { database, digest: { first_run: 5 }, subscribers: READERS, ...more })
}

/** How a command ended; neither the user nor the password is told. */
async function said(...words: string[]): Promise<{ code: number | null; out: string; err: string }> {
  const { code, stdout: out, stderr: err } = await runProgram(dir, ...words)
  expectNothingTold(out + err, words.join(' '))
  return { code, out, err }
}

function expectNothingTold(text: string, where: string): void {
  for (const secret of [USER, PASSWORD, encodeURIComponent(PASSWORD)]) expect(text, where).not.toContain(secret)
}

/** Files that others may come to read; the settings hold the password. */
function expectNothingWritten(): void {
  for (const path of filesBelow(dir))
    if (path !== 'feedwire.config.yaml') expectNothingTold(readFileSync(join(dir, path), 'latin1'), path)
}

describe('on a server', () => {
  beforeAll(async () => {
    await begin()
    settings()
    expect(await said('run')).toMatchObject({ code: 0, out: expect.stringContaining('2 letters put into'), err: '' })
  })
  afterAll(() => {
    rmSync(dir, { recursive: true })
  })

  test('what is asked of the store is answered', async () => {
    const digest = /^\S+/.exec((await said('digests', 'list')).out)?.[0] ?? ''
    for (const [words, answer] of [
      [['status'], /^All is well\./],
      [['status', '--html', 'status.html'], /^All is well\./],
      [['entries', 'list'], /^2 .*north[^]*^1 .*south/m],
      [['subscribers', 'list'], /ann@[^]*bob@/],
      [['subscribers', 'export'], /^ann@.*^bob@/ms],
      [['digests', 'list'], / 2 letters: 2 sent /],
      [['digests', 'show', digest], /^Letters {4}2 letters: 2 sent$/m],
      [['sources', 'list'], /2 files, 2 shown/],
      [['preview', '--no-open', '--out', 'preview'], /^Entries {4}2$/m],
      [
        ['doctor', '--offline'],
        /^ok {4}store: postgres:\/\/127\.0\.0\.1:\d+\/\w+ answers \(PostgreSQL \d+, [\d.]+ MB\), schema /m,
      ],
    ] as const)
      expect(await said(...words), words.join(' ')).toEqual({ code: 0, out: expect.stringMatching(answer), err: '' })
    const { code, out } = await said('status', '--json')
    expect(code).toBe(0)
    expect(JSON.parse(out)).toMatchObject({ isWell: true, letters: { sent: 2 }, runs: [{ exitCode: 0 }] })
    expectNothingWritten()
  })

  test('what is changed in the store stays', async () => {
    for (const words of [
      ['entries', 'hide', '1'],
      ['subscribers', 'add', 'dan@example.net'],
      ['subscribers', 'remove', 'ann@example.net'],
      ['subscribers', 'set', 'bob@example.net', '--topic', 'tag:tides'],
    ])
      expect(await said(...words), words.join(' ')).toMatchObject({ code: 0, err: '' })
    expect((await said('entries', 'list')).out).not.toContain('south')
    const list = (await said('subscribers', 'list')).out
    expect(list).toMatch(/^unsubscribed .* ann@/m)
    expect(list).toMatch(/^active .* dan@/m)
    expect((await said('subscribers', 'show', 'bob@example.net')).out).toContain('tag:tides')
  })

  test('a list of readers is tried out, and then taken', async () => {
    putFile(dir, 'list.csv', 'email\ncid@example.net\nANN@example.net\nCID@example.net\n')
    const tried = await said('subscribers', 'import', 'list.csv', '--dry-run', '--json')
    expect((await said('subscribers', 'list')).out).not.toContain('cid')
    const taken = await said('subscribers', 'import', 'list.csv', '--json')
    expect([tried.code, taken.code]).toEqual([0, 0])
    const { dryRun: _, ...counts } = JSON.parse(tried.out)
    expect(JSON.parse(taken.out)).toMatchObject(counts)
    expect((await said('subscribers', 'list')).out).toContain('cid')
  })

  test('what is done to files is refused, with what to do in its place', async () => {
    for (const words of [['backup', 'copy.db'], ['restore', 'copy.db', '--force'], ['compact']])
      expect(await said(...words)).toEqual({
        ...{ code: 1, out: '' },
        err:
          `feedwire: ${place}: The store is no file - ` +
          'use what the server has for it, such as pg_dump, pg_restore and vacuum\n',
      })
    expect(existsSync(join(dir, 'copy.db'))).toBe(false)
  })
})

const COMMANDS = [['run'], ['run', '--dry-run'], ['status']]

describe('the server', () => {
  beforeEach(begin)
  afterEach(() => {
    rmSync(dir, { recursive: true })
  })

  for (const [says, url, reason] of [
    ['refuses the password', () => guardedPlace(dir, 'flood'), 'The server of the store refused the user'],
    [
      'has no such database',
      () => Promise.resolve(database.replace(/\/\w+$/, '/nosuch')),
      'The server of the store has no such database',
    ],
    [
      'is away',
      () => Promise.resolve(database.replace(/:\d+\//, ':1/')),
      'The server of the store cannot be reached: connect ECONNREFUSED 127.0.0.1:1',
    ],
  ] as const)
    test(`that ${says} is told of by host and database`, async () => {
      database = await url()
      settings({ alerts: { mail: 'owner@example.org' } })
      place = placeOf(database)
      for (const words of COMMANDS) {
        const { code, out, err } = await said(...words)
        expect({ code, out }, words.join(' ')).toEqual({ code: 1, out: '' })
        expect(err.split(' - ')[0]).toBe(`feedwire: ${place}: ${reason}`)
        expect(err).not.toContain('flood')
      }
      const { code, out } = await said('doctor', '--offline')
      expect(code).toBe(3)
      expect(out).toContain(`fault store: ${place}: ${reason}\n`)
      const letters = filesBelow(join(dir, 'outbox'))
      expect(letters).toHaveLength(1)
      expect(readFileSync(join(dir, 'outbox', letters[0] ?? ''), 'utf8')).toContain('The server of the store')
      expectNothingWritten()
    })

  test('that is away is told of by a daemon, which goes on', async () => {
    database = database.replace(/:\d+\//, ':1/')
    settings()
    const daemon = startDaemon(dir)
    expect(await daemon.event('failed')).toMatchObject({ code: 'store-unreachable', where: placeOf(database) })
    await daemon.event('waiting')
    daemon.stop()
    expect(await daemon.ended).toEqual({ code: 0, stderr: '' })
    expectNothingTold(daemon.lines.join('\n'), 'log')
  })

  test('that is away is waited for by a daemon that serves pages', async () => {
    const port = await freePort()
    database = database.replace(/:\d+\//, `:${port}/`)
    settings({ web: { url: 'https://news.example.org/', port: await freePort() } })
    const daemon = startDaemon(dir)
    await daemon.event('failed')
    const server = createServer((socket) => {
      const there = connect(Number(new URL(place).port), '127.0.0.1')
      for (const [from, to] of [
        [socket, there],
        [there, socket],
      ] as const)
        from.pipe(to).on('error', () => from.destroy())
    }).listen(port, '127.0.0.1')
    await daemon.event('serving')
    daemon.stop()
    expect(await daemon.ended).toEqual({ code: 0, stderr: '' })
    server.close()
    expectNothingTold(daemon.lines.join('\n'), 'log')
  })
})

/** As it may be told of. */
function placeOf(url: string): string {
  return url.replace(/\/\/.*@/, '//')
}
