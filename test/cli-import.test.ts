import { createReadStream, linkSync, readFileSync, readdirSync, rmSync, statSync, symlinkSync } from 'node:fs'
import { once } from 'node:events'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Context } from '../src/cli/context.ts'
import { exportCommand } from '../src/cli/export.ts'
import { type ImportOptions, importCommand } from '../src/cli/import.ts'
import { progressText } from '../src/cli/progress.ts'
import { openStore } from '../src/remember/open.ts'
import { type Said, feedwireAt } from './support/command.ts'
import { storePlace } from './support/database.ts'
import { filesBelow, putFile, tempFolder } from './support/folder.ts'
import { gaugeSettings, writeGauge } from './support/gauges.ts'
import { stateOf } from './support/site-state.ts'

const NOW = '2026-01-31T12:00:00Z'
const MIXED = [
  'email;name;status;created_at;tags',
  'ann@example.net;Ann;active;2024-03-14 09:12:31;vip',
  'bob@;Bob;active;;',
  'cid@example.net;Cid;unsubscribed;;',
  'dan@example.net;Dan;pending;;',
  'eve@example.net;Eve;active;14.3.2024;',
  'ANN@example.net;Ann;active;;',
].join('\r\n')

let dir = ''
beforeEach(() => {
  dir = tempFolder()
  gaugeSettings(dir)
})
afterEach(() => {
  rmSync(dir, { recursive: true })
})

function subscribers(...words: string[]): Promise<Said> {
  return feedwireAt(dir, NOW, 'subscribers', ...words)
}

async function listed(): Promise<unknown> {
  return JSON.parse((await subscribers('list', '--json')).out)
}

/** Imports with streams of the test. */
async function importFrom(
  input: Readable,
  options: ImportOptions = {},
  { file = '-', isTTY = false, signal = new AbortController().signal } = {},
): Promise<{ code: number; out: string; err: string; terminal: string }> {
  const said = { out: '', err: '', terminal: '' }
  let now = Date.parse(NOW)
  const context: Context = {
    ...{ cwd: dir, environment: {}, clock: () => (now += 200), random: () => 0.5, signal },
    print: (line) => void (said.out += `${line}\n`),
    complain: (line) => void (said.err += `${line}\n`),
  }
  const terminal = { isTTY, write: (text: string) => void (said.terminal += text) }
  const code = await importCommand(context, file, options, { input, terminal })
  return { code, ...said }
}

describe('feedwire subscribers import', () => {
  test('takes what it understands, reports the rest with its line, and ends with 3', async () => {
    putFile(dir, 'lists/mixed.csv', MIXED)
    expect(await subscribers('import', 'lists/mixed.csv')).toEqual({
      code: 3,
      err: 'lists/mixed.csv:3: "bob@" is not an e-mail address\n',
      out: [
        'lists/mixed.csv: 6 rows',
        '          2  added, and mailed from the next digest on',
        '          1  kept as having left, and never mailed',
        '          1  again in the same list',
        '          1  not confirmed, and not imported',
        '          1  not understood',
        '1 row has a date that is not understood, such as "14.3.2024": write 2024-03-14.',
        'Not kept: name, tags. Tags of other tools are no topics.',
        '',
      ].join('\n'),
      opened: [],
    })
    expect(await listed()).toMatchObject([
      { address: 'ann@example.net', state: 'active', addedAt: '2024-03-14T09:12:31.000Z' },
      { address: 'cid@example.net', state: 'unsubscribed' },
      { address: 'eve@example.net', state: 'active', addedAt: '2026-01-31T12:00:00.000Z' },
    ])
  })

  test('ends with 0 when all is understood, and does nothing when it is done again', async () => {
    putFile(dir, 'list.csv', 'ann@example.net\nbob@example.net\n')
    expect(await subscribers('import', 'list.csv')).toMatchObject({ code: 0, err: '' })
    const before = await stateOf(dir)
    const again = 'list.csv: 2 rows\n          2  there already, and left as they are\n'
    expect(await subscribers('import', 'list.csv')).toMatchObject({ code: 0, err: '', out: again })
    expect(await stateOf(dir)).toEqual(before)
  })

  test('prints one object for programs', async () => {
    putFile(dir, 'list.csv', MIXED)
    const { code, out, err } = await subscribers('import', 'list.csv', '--json')
    expect({ code, err }).toEqual({ code: 3, err: '' })
    expect(JSON.parse(out)).toEqual({
      ...{ file: 'list.csv', tool: '', dryRun: false, stopped: false, rows: 6, bad: 1, unconfirmed: 1, oddDates: 1 },
      ...{
        added: 2,
        paused: 0,
        left: 1,
        suppressed: 0,
        takenOff: 0,
        nowPaused: 0,
        thereAlready: 0,
        staysOff: 0,
        repeated: 1,
      },
      ignoredColumns: ['name', 'tags'],
      problems: [expect.objectContaining({ code: 'email-malformed', where: 'list.csv:3' })],
    })
  })

  test('says what it would do with --dry-run, and changes nothing', async () => {
    await subscribers('add', 'cid@example.net')
    putFile(dir, 'list.csv', MIXED)
    const before = await stateOf(dir)
    const { code, out } = await subscribers('import', 'list.csv', '--dry-run')
    expect(code).toBe(3)
    expect(out).toContain('Nothing is written; an import would come to this:\n          2  added')
    expect(out).toContain('          1  taken off the list, as they left elsewhere\n')
    expect(await stateOf(dir)).toEqual(before)
  })

  test('makes no store with --dry-run where there is none', async () => {
    putFile(dir, 'list.csv', MIXED)
    const before = await stateOf(dir)
    expect((await subscribers('import', 'list.csv', '--dry-run')).out).toContain('          2  added')
    expect(await stateOf(dir)).toEqual(before)
  })

  test('takes everybody for what --state says', async () => {
    expect(await importFrom(Readable.from(['ann@example.net\n']), { state: 'unsubscribed' })).toMatchObject({
      out: [
        'standard input: 1 row',
        '          1  kept as having left, and never mailed',
        'All are taken for unsubscribed, as --state says, but for whom the list says something stricter.',
        '',
      ].join('\n'),
    })
    putFile(dir, 'list.csv', 'ann@example.net\nbob@example.net\n')
    expect((await subscribers('import', 'list.csv', '--state', 'pending')).code).toBe(2)
    expect((await subscribers('import', 'list.csv', '--state', 'bounced')).code).toBe(0)
    expect(await listed()).toMatchObject([
      { address: 'ann@example.net', state: 'unsubscribed', suppressed: 'bounced' },
      { address: 'bob@example.net', state: 'active', suppressed: 'bounced' },
    ])
  })

  test('says for whom it takes everybody in a list of Mailchimp, by its name', async () => {
    putFile(dir, 'cleaned_email_audience_export_1.csv', 'Email Address,MEMBER_RATING\nann@example.net,2\n')
    const { out } = await subscribers('import', 'cleaned_email_audience_export_1.csv')
    expect(out.split('\n').slice(0, 3)).toEqual([
      'cleaned_email_audience_export_1.csv, an export of Mailchimp: 1 row',
      '          1  suppressed, as mail to them bounced or they complained',
      'All are taken for bounced, as the name of the list or its columns say.',
    ])
  })

  test('reads standard input', async () => {
    const { code, err } = await importFrom(Readable.from(['ann@exam', 'ple.net\nbob@\n']))
    expect({ code, err }).toEqual({ code: 3, err: 'standard input:2: "bob@" is not an e-mail address\n' })
    expect(await listed()).toMatchObject([{ address: 'ann@example.net' }])
  })

  test('tells the first twenty bad rows, and how many more there are', async () => {
    putFile(dir, 'list.csv', `email\n${'bad@\n'.repeat(25)}`)
    const { err } = await subscribers('import', 'list.csv')
    expect(err.split('\n').slice(19)).toEqual([
      'list.csv:21: "bad@" is not an e-mail address',
      'and 5 more; --rejects FILE writes all of them',
      '',
    ])
  })

  test('writes all bad rows into a file that can be mended and imported', async () => {
    const bad = Array.from({ length: 25 }, (_, index) => `"=1+1, ""x""",reader-${index}@,paused`)
    putFile(dir, 'list.csv', ['name,email,state', ...bad, '"open,x@example.net,active'].join('\n'))
    expect(await subscribers('import', 'list.csv', '--rejects', 'bad.csv')).toMatchObject({ code: 3 })
    expect(statSync(join(dir, 'bad.csv')).mode & 0o777).toBe(0o600)
    const rejects = readFileSync(join(dir, 'bad.csv'), 'utf8')
    expect(rejects.split('\n').length).toBe(28)
    expect(rejects.split('\n').slice(0, 2)).toEqual([
      'name,email,state,problem',
      `"'=1+1, ""x""",reader-0@,paused,"list.csv:2: ""reader-0@"" is not an e-mail address"`,
    ])
    putFile(dir, 'mended.csv', rejects.replaceAll(/(reader-\d+)@/g, '$1@example.net'))
    expect((await subscribers('import', 'mended.csv')).out).toContain('         25  added, as they had paused\n')
  })

  for (const [says, words, text, rejects, outcome] of [
    [
      'left, by its name',
      ['unsubscribed.csv'],
      'Email Address,MEMBER_RATING,State\nbad@,2,Ohio\n',
      'feedwire_state,Email Address,MEMBER_RATING,State,problem\nunsubscribed,bad@,2,Ohio,',
      'kept as having left, and never mailed',
    ],
    [
      'left, by its name, and has one address a line',
      ['unsubscribed.csv'],
      'ann@example.net\nbad@\n',
      'feedwire_state,email,beside,problem\nunsubscribed,bad@,,',
      'kept as having left, and never mailed',
    ],
    [
      'left, by its name, and has something beside addresses',
      ['unsubscribed.csv'],
      'Ann,ann@example.net\nLovelace, Ada,bad@\n',
      'feedwire_state,email,beside,problem\nunsubscribed, Ada,"Lovelace, bad@",',
      null,
    ],
    [
      'bounced, by --state',
      ['list.csv', '--state', 'bounced'],
      'email\nbad@\n',
      'feedwire_state,email,problem\nbounced,bad@,',
      'suppressed, as mail to them bounced or they complained',
    ],
    [
      'paused, by --state, and has another state for each',
      ['list.csv', '--state', 'paused'],
      'email_address,type\nbad@,regular\n',
      'feedwire_state,email_address,type,problem\npaused,bad@,regular,',
      'added, as they had paused',
    ],
    [
      'left, by a word of a file of rejects and by --state',
      ['list.csv', '--state', 'unsubscribed'],
      'feedwire_state,email\nactive,bad@\n',
      'feedwire_state,feedwire_state,email,problem\nunsubscribed,active,bad@,',
      'kept as having left, and never mailed',
    ],
  ] as const)
    test(`keeps in the rejects what is true of everybody in a list: ${says}`, async () => {
      putFile(dir, words[0], text)
      await subscribers('import', ...words, '--rejects', 'rejects.csv')
      const written = readFileSync(join(dir, 'rejects.csv'), 'utf8')
      expect(written).toContain(rejects)
      putFile(dir, 'mended.csv', written.replace(/\bbad@,/, 'bad@example.net,'))
      const { out } = await subscribers('import', 'mended.csv')
      if (outcome !== null) expect(out).toContain(`          1  ${outcome}\n`)
      expect(await listed()).not.toContainEqual(
        expect.objectContaining({ address: 'bad@example.net', state: 'active', suppressed: null }),
      )
    })

  for (const [says, put] of [
    ['the list itself', () => 'list.csv'],
    ['the list by another path', () => 'nowhere/../list.csv'],
    ['a link to the list', () => (symlinkSync('list.csv', join(dir, 'link.csv')), 'link.csv')],
    ['another name of the list', () => (linkSync(join(dir, 'list.csv'), join(dir, 'name.csv')), 'name.csv')],
  ] as const)
    test(`refuses to write the rejects over ${says}`, async () => {
      putFile(dir, 'list.csv', MIXED)
      const rejects = put()
      const before = await stateOf(dir)
      const { code, out } = await subscribers('import', 'list.csv', '--rejects', rejects, '--json')
      expect(code).toBe(2)
      expect(JSON.parse(out)).toMatchObject({ problems: [{ code: 'argument-file' }] })
      const input = createReadStream(join(dir, 'list.csv'))
      await once(input, 'open')
      await expect(importFrom(input, { rejects })).rejects.toMatchObject({ code: 'argument-file' })
      expect(await stateOf(dir)).toEqual(before)
      expect(readFileSync(join(dir, 'list.csv'), 'utf8')).toBe(MIXED)
    })

  for (const [says, name, text, code] of [
    ['a file that is not there', 'none.csv', null, 'argument-file'],
    ['a folder', '.', null, 'argument-file'],
    ['a zip', 'list.zip', 'PK\u0003\u0004', 'argument-archive'],
    ['a list without addresses', 'list.csv', 'name\nAnn\n', 'argument-columns'],
    ['an empty list', 'list.csv', '', 'argument-list'],
  ] as const)
    test(`ends with 2 for ${says}, and makes no store`, async () => {
      if (text !== null) putFile(dir, name, text)
      const before = await stateOf(dir)
      const { code: exit, out } = await subscribers('import', name, '--json')
      expect(exit).toBe(2)
      expect(JSON.parse(out)).toMatchObject({ problems: [{ code }] })
      expect(await stateOf(dir)).toEqual(before)
    })

  test('leaves a file of rejects alone when the list cannot be read', async () => {
    putFile(dir, 'bad.csv', 'mine')
    putFile(dir, 'list.csv', 'name\nAnn\n')
    await subscribers('import', 'list.csv', '--rejects', 'bad.csv')
    expect(readFileSync(join(dir, 'bad.csv'), 'utf8')).toBe('mine')
  })

  test('shows on a terminal how far it is, and takes that away', async () => {
    const part = `ann@example.net\n`.repeat(8192)
    putFile(dir, 'list.csv', part.repeat(4))
    const { terminal } = await importFrom(Readable.from([]), {}, { file: 'list.csv', isTTY: true })
    expect(terminal).toMatch(/\[#+\.+\] \d\d%\s+[\d,]+ rows, [\d,]+ a second, \d+ s left/)
    expect(terminal.endsWith('\r\u001b[K')).toBe(true)
    expect((await importFrom(Readable.from([part]), {})).terminal).toBe('')
  })

  test('stops when it is told to, keeps what it has, and goes on when it is run again', async () => {
    const end = new AbortController()
    async function* parts(): AsyncGenerator<string> {
      yield `email\n${Array.from({ length: 8000 }, (_, index) => `reader-${index}@example.net`).join('\n')}\nhalf@exam`
      end.abort()
      yield await Promise.resolve('ple.net\n')
    }
    const { code, err } = await importFrom(Readable.from(parts()), {}, { signal: end.signal })
    expect({ code, err }).toEqual({ code: 1, err: 'feedwire: stopped half way; import the list again for the rest\n' })
    const kept = (await subscribers('list')).out
    expect(kept).not.toContain('half')
    const again = `email\n${Array.from({ length: 8000 }, (_, index) => `reader-${index}@example.net`).join('\n')}`
    expect((await importFrom(Readable.from([again]))).code).toBe(0)
    expect((await subscribers('list')).out.split('\n').length).toBe(8001)
  })

  test('lets new readers begin with what comes from now on', async () => {
    gaugeSettings(dir, { subscribers: ['old@example.net'], mail: { from: 'Ada <ada@example.org>' } })
    writeGauge(dir, 'quay')
    await feedwireAt(dir, NOW, 'run')
    writeGauge(dir, 'lock')
    await feedwireAt(dir, '2026-01-31T13:00:00Z', 'run')
    putFile(dir, 'list.csv', 'ann@example.net\n')
    await subscribers('import', 'list.csv')
    const letters = (): string[] =>
      filesBelow(join(dir, 'outbox')).map((path) => readFileSync(join(dir, 'outbox', path), 'utf8'))
    const toAnn = (): string[] => letters().filter((letter) => letter.includes('ann@example.net'))
    await feedwireAt(dir, '2026-01-31T14:00:00Z', 'run')
    expect([letters().length, toAnn().length]).toEqual([1, 0])
    writeGauge(dir, 'weir')
    await feedwireAt(dir, '2026-01-31T15:00:00Z', 'run')
    expect(toAnn().length).toBe(1)
    expect(toAnn()[0]).toContain('weir')
    expect(toAnn()[0]).not.toContain('The lock gauge')
  })
})

describe('feedwire subscribers export', () => {
  const LIST = [
    'address,state,frequency,zone,topics,language,created_at,ip',
    `"'=ann@example.net",active,weekly,Europe/Berlin,"tag:wind, source:notes",zh-CN,2024-03-14,192.0.2.7`,
    'bob@example.net,unsubscribed,,,,,,',
    'cid@example.net,bounced,,,,,,',
    'dan@example.net,paused,,,,,,',
    'eve@example.net,complained,,,"[""tag:a, b"",""tag:c""]",,,',
  ].join('\n')

  test('comes back without loss', async () => {
    putFile(dir, 'list.csv', LIST)
    await subscribers('import', 'list.csv')
    await subscribers('add', 'form@example.net', '--frequency', 'daily')
    expect(await subscribers('export', 'export.csv')).toMatchObject({
      code: 0,
      out: '6 readers are written to export.csv\n',
    })
    const exported = readFileSync(join(dir, 'export.csv'), 'utf8')
    expect(exported.split('\n')[1]).toBe(
      '\'=ann@example.net,active,,,,2024-03-14T00:00:00.000Z,,weekly,Europe/Berlin,"source:notes, tag:wind",zh,' +
        '2024-03-14T00:00:00.000Z,2024-03-14T00:00:00.000Z,import,list.csv,192.0.2.7,active',
    )
    const other = tempFolder()
    gaugeSettings(other)
    putFile(other, 'elsewhere.csv', exported)
    const later = '2026-02-28T12:00:00Z'
    expect((await feedwireAt(other, later, 'subscribers', 'import', 'elsewhere.csv')).code).toBe(0)
    expect((await feedwireAt(other, later, 'subscribers', 'export')).out).toBe(exported)
    const [here, there] = [
      await subscribers('list', '--json'),
      await feedwireAt(other, later, 'subscribers', 'list', '--json'),
    ]
    expect(there.out).toBe(here.out)
  })

  test('writes a file for its owner alone, in the place of the former', async () => {
    await subscribers('add', 'ann@example.net')
    putFile(dir, 'export.csv', 'old')
    expect(JSON.parse((await subscribers('export', 'export.csv', '--json')).out)).toEqual({
      file: 'export.csv',
      readers: 1,
    })
    expect(statSync(join(dir, 'export.csv')).mode & 0o777).toBe(0o600)
    expect(readdirSync(dir).filter((name) => name.endsWith('.tmp'))).toEqual([])
  })

  test('leaves the former file when it is told to stop', async () => {
    await subscribers('add', 'ann@example.net')
    putFile(dir, 'export.csv', 'old')
    const context: Context = {
      ...{ cwd: dir, environment: {}, clock: () => Date.parse(NOW), random: () => 0.5, signal: AbortSignal.abort() },
      ...{ print: () => undefined, complain: () => undefined },
    }
    expect(await exportCommand(context, 'export.csv', {})).toBe(1)
    expect(filesBelow(dir).filter((path) => path.includes('export'))).toEqual(['export.csv'])
    expect(readFileSync(join(dir, 'export.csv'), 'utf8')).toBe('old')
  })

  test('says in its help that those who never confirmed are left out', async () => {
    expect((await subscribers('export', '--help')).out).toMatch(/pending\s+ones\s+only\s+with\s+--state\s+pending/)
  })

  test('writes those of one state, and who never confirmed only when asked', async () => {
    putFile(dir, 'list.csv', LIST)
    await subscribers('import', 'list.csv')
    const addresses = async (...words: string[]): Promise<string[]> =>
      (await subscribers('export', ...words)).out
        .split('\n')
        .slice(1, -1)
        .map((line) => line.split('@')[0] ?? '')
    expect(await addresses('--state', 'paused')).toEqual(['dan'])
    expect(await addresses('--state', 'unsubscribed')).toEqual(['bob', 'eve'])
    const store = await openStore(storePlace(dir))
    await store.updateTable('subscribers').set({ state: 'pending' }).where('address', 'like', 'cid@%').execute()
    await store.destroy()
    expect(await addresses('--state', 'pending')).toEqual(['cid'])
    expect(await addresses()).toEqual(["'=ann", 'bob', 'dan', 'eve'])
  })

  for (const [says, words, code] of [
    ['a folder that is not there', ['nowhere/export.csv'], 'argument-file'],
    ['JSON', [], 'argument-json'],
  ] as const)
    test(`ends with 2 for ${says}`, async () => {
      const said = await subscribers('export', ...words, '--json')
      expect(said.code).toBe(2)
      expect(JSON.parse(said.out)).toMatchObject({ problems: [{ code }] })
    })
})

describe('progressText()', () => {
  for (const [says, at, text] of [
    [
      'a quarter',
      { done: 25, whole: 100, items: 250_000, elapsed: 5000 },
      '[######..................] 25%  250,000 rows, 50,000 a second, 15 s left',
    ],
    [
      'the end',
      { done: 100, whole: 100, items: 10, elapsed: 1000 },
      '[########################] 100%  10 rows, 10 a second, 0 s left',
    ],
    ['the start', { done: 0, whole: 100, items: 0, elapsed: 0 }, '[........................] 0%  0 rows, 0 a second'],
    [
      'a pipe, whose end nobody knows',
      { done: 5, whole: null, items: 3000, elapsed: 2000 },
      '3,000 rows, 1,500 a second',
    ],
  ] as const)
    test(`tells of ${says}`, () => expect(progressText({ ...at, unit: 'rows' })).toBe(text))
})
