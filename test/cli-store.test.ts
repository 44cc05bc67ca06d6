import {
  chownSync,
  copyFileSync,
  cpSync,
  existsSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { takeLock } from '../src/remember/lock.ts'
import type { SqliteFile } from '../src/remember/sqlite.ts'
import { feedwireAt } from './support/command.ts'
import { tempFolder } from './support/folder.ts'
import { gaugeSettings, gaugesIn, writeGauge } from './support/gauges.ts'
import { STEPS, makeOlderStore } from './support/older-store.ts'
import { lettersIn } from './support/run-at.ts'
import { asAfterExit, changeIn, rowsIn, storeFiles } from './support/store-files.ts'
import { holdStore } from './support/store-holder.ts'

const READERS = ['ann@example.net', 'bob@example.net']

let dir = ''
let path = ''
beforeEach(async () => {
  dir = tempFolder()
  path = join(dir, 'feedwire.db')
  gaugeSettings(dir, { subscribers: READERS })
  writeGauge(dir, 'old')
  await feedwireAt(dir, '2026-01-01T12:00:00Z', 'run')
  await runWith('north', '2026-01-02T12:00:00Z')
  asAfterExit(dir)
})
afterEach(() => {
  rmSync(dir, { recursive: true })
})

/** A run that finds one more article. */
async function runWith(name: string, moment: string): Promise<void> {
  writeGauge(dir, name)
  await run(moment)
}

async function run(moment: string): Promise<void> {
  expect((await feedwireAt(dir, moment, 'run')).err).toBe('')
}

async function backUp(change?: (file: SqliteFile) => void): Promise<void> {
  expect((await feedwireAt(dir, '2026-01-03T12:00:00Z', 'backup', 'backup.db')).code).toBe(0)
  if (change !== undefined) await changeIn(join(dir, 'backup.db'), change)
}

const RESTORED = z.object({
  ...{ entries: z.number(), subscribers: z.number(), digests: z.number(), digestsSince: z.number() },
  ...{ held: z.number(), isInformed: z.boolean(), left: z.number(), joined: z.number(), keptAs: z.string().nullable() },
})

async function restore(...more: string[]): Promise<z.infer<typeof RESTORED>> {
  asAfterExit(dir)
  const { out, err } = await feedwireAt(dir, '2026-01-06T12:00:00Z', 'restore', 'backup.db', '--json', ...more)
  expect(err).toBe('')
  return RESTORED.parse(JSON.parse(out))
}

/** The letters that went since the outbox was emptied: to whom, and of which gauges. */
async function sent(): Promise<string[]> {
  return (await lettersIn(dir)).map(({ to, text }) => `${to}: ${gaugesIn(text).join(' ')}`)
}
const emptyOutbox = (): void => rmSync(join(dir, 'outbox'), { recursive: true, force: true })
const feed = (): string[] =>
  z
    .object({ items: z.array(z.object({ id: z.string() })) })
    .parse(JSON.parse(readFileSync(join(dir, 'public/feed.json'), 'utf8')))
    .items.map(({ id }) => id)

describe('backup', () => {
  test('says what the file holds, and that it is to be kept from others', async () => {
    const { code, out } = await feedwireAt(dir, '2026-01-03T12:00:00Z', 'backup', 'backup.db')
    expect({ code, out }).toEqual({
      code: 0,
      out: expect.stringMatching(
        /^backup\.db: \d+\.\d kB; 2 entries, 2 subscribers, 1 digest\. It holds .* addresses and the secret/,
      ) as string,
    })
  })

  test('refuses a file that is there with exit 1, and writes over it with --force', async () => {
    writeFileSync(join(dir, 'backup.db'), 'older')
    await expect(feedwireAt(dir, '2026-01-03T12:00:00Z', 'backup', 'backup.db')).resolves.toMatchObject({ code: 1 })
    expect(readFileSync(join(dir, 'backup.db'), 'utf8')).toBe('older')
    const { out } = await feedwireAt(dir, '2026-01-03T12:00:00Z', 'backup', 'backup.db', '--force', '--json')
    expect(JSON.parse(out)).toMatchObject({ file: join(dir, 'backup.db'), entries: 2, subscribers: 2, digests: 1 })
  })
})

describe('restore', () => {
  test('brings back what was lost, and the next run publishes the same and mails nothing', async () => {
    await backUp()
    const before = feed()
    for (const file of storeFiles(dir)) rmSync(join(dir, file))
    for (const ending of ['-wal', '-shm']) rmSync(path + ending, { force: true })
    expect(await restore()).toMatchObject({ entries: 2, subscribers: 2, digestsSince: 0, held: 0, keptAs: null })
    emptyOutbox()
    await run('2026-01-07T12:00:00Z')
    expect(feed()).toEqual(before)
    expect(await sent()).toEqual([])
    await runWith('west', '2026-01-08T12:00:00Z')
    expect(await sent()).toEqual(['ann@example.net: west', 'bob@example.net: west'])
  })

  for (const [says, lose] of [
    ['in the place of a newer store', () => undefined],
    ['when the newer store is lost', () => ['', '-wal', '-shm'].forEach((end) => rmSync(path + end, { force: true }))],
  ] as const) {
    test(`${says}, what went out since is not announced again, and has the same ids`, async () => {
      await backUp()
      await runWith('east', '2026-01-04T12:00:00Z')
      const before = feed()
      lose()
      expect(await restore('--force')).toMatchObject({ entries: 2, digestsSince: 1 })
      emptyOutbox()
      await run('2026-01-07T12:00:00Z')
      expect(await sent()).toEqual([])
      expect(feed()).toEqual(before)
      await runWith('west', '2026-01-08T12:00:00Z')
      expect(await sent()).toEqual(['ann@example.net: west', 'bob@example.net: west'])
    })
  }

  test('loses nothing that waited for a digest, when none went out since', async () => {
    gaugeSettings(dir, { subscribers: READERS, digest: { schedule: '0 8 * * 1' } })
    await runWith('east', '2026-01-03T12:00:00Z')
    await backUp()
    await runWith('south', '2026-01-04T12:00:00Z')
    emptyOutbox()
    expect(await restore('--force')).toMatchObject({ entries: 3, digestsSince: 0 })
    await run('2026-01-04T13:00:00Z')
    expect(await sent()).toEqual([])
    await run('2026-01-05T12:00:00Z')
    expect(await sent()).toEqual(['ann@example.net: east south', 'bob@example.net: east south'])
  })

  test('keeps who left, paused or was suppressed since from being mailed to', async () => {
    await feedwireAt(dir, '2026-01-03T12:00:00Z', 'subscribers', 'add', 'cid@example.net', 'dan@example.net')
    await backUp()
    await feedwireAt(dir, '2026-01-04T12:00:00Z', 'subscribers', 'remove', 'bob@example.net')
    await feedwireAt(dir, '2026-01-04T12:00:00Z', 'subscribers', 'remove', '--forget', 'cid@example.net')
    await feedwireAt(dir, '2026-01-04T12:00:00Z', 'subscribers', 'add', 'eve@example.net')
    await changeIn(path, (file) => file.exec("update subscribers set state = 'paused' where address like 'dan%'"))
    expect(await restore('--force')).toMatchObject({ subscribers: 4, left: 3, joined: 1, isInformed: true })
    emptyOutbox()
    await runWith('west', '2026-01-08T12:00:00Z')
    expect(await sent()).toEqual(['ann@example.net: west'])
    expect(await rowsIn(path, "select id from subscribers where address like 'cid%'")).toEqual([])
  })

  test('tells of readers who joined since and of whom the backup only knows the address', async () => {
    await feedwireAt(dir, '2026-01-03T12:00:00Z', 'subscribers', 'remove', 'bob@example.net')
    await backUp((file) => file.exec("update subscribers set state = 'pending' where address like 'ann%'"))
    await changeIn(path, (file) => file.exec("update subscribers set state = 'active' where address like 'bob%'"))
    expect(await restore('--force')).toMatchObject({ left: 0, joined: 2 })
  })

  test('gives no id again that readers may have in a letter', async () => {
    await backUp()
    await feedwireAt(dir, '2026-01-04T12:00:00Z', 'subscribers', 'add', 'eve@example.net')
    const [eve] = await rowsIn(path, "select id from subscribers where address like 'eve%'")
    await restore('--force')
    await feedwireAt(dir, '2026-01-07T12:00:00Z', 'subscribers', 'add', 'fay@example.net')
    const [fay] = await rowsIn(path, "select id from subscribers where address like 'fay%'")
    expect(Number(fay?.['id'])).toBeGreaterThan(Number(eve?.['id']))
  })

  test('holds letters that may have gone since, until the owner sends them', async () => {
    await backUp((file) => {
      file.exec("update ledger set state = 'due', settled_at = null, run_id = null where subscriber_id = 2")
      file.exec('update digests set done_at = null')
    })
    for (const ending of ['', '-wal', '-shm']) rmSync(path + ending, { force: true })
    expect(await restore()).toMatchObject({ held: 1 })
    emptyOutbox()
    await run('2026-01-07T12:00:00Z')
    expect(await sent()).toEqual([])
    const { out } = await feedwireAt(dir, '2026-01-07T12:00:00Z', 'digests', 'list')
    expect(out).toContain('2 letters: 1 held, 1 sent')
    await feedwireAt(dir, '2026-01-07T12:00:00Z', 'digests', 'retry', '2026')
    await run('2026-01-08T12:00:00Z')
    expect(await sent()).toEqual(['bob@example.net: north'])
  })

  for (const [says, was, held, state] of [
    ['were sent since are taken for sent', 'sent', 0, 'sent'],
    ['still are to go stay so', 'due', 0, 'due'],
    ['a run had in its hands are held', 'claimed', 1, 'held'],
  ] as const) {
    test(`letters that by the store that was there ${says}`, async () => {
      await backUp((file) => {
        file.exec("update ledger set state = 'due', settled_at = null, run_id = null where subscriber_id = 2")
        file.exec('update digests set done_at = null')
      })
      await changeIn(path, (file) => file.exec(`update ledger set state = '${was}' where subscriber_id = 2`))
      expect(await restore('--force')).toMatchObject({ held, isInformed: true })
      expect(await rowsIn(path, 'select state from ledger where subscriber_id = 2')).toEqual([{ state }])
    })
  }

  test('a digest that was paused or resumed since stays so', async () => {
    await backUp()
    await changeIn(path, (file) => file.exec('update digests set paused = 1'))
    await restore('--force')
    expect(await rowsIn(path, 'select paused from digests')).toEqual([{ paused: 1 }])
    await changeIn(path, (file) => file.exec('update digests set paused = 0'))
    await changeIn(join(dir, 'backup.db'), (file) => file.exec('update digests set paused = 1'))
    await restore('--force')
    expect(await rowsIn(path, 'select paused from digests')).toEqual([{ paused: 0 }])
  })

  test('keeps the store that was there beside, whole', async () => {
    await backUp()
    await runWith('east', '2026-01-04T12:00:00Z')
    const { keptAs } = await restore('--force')
    expect(keptAs).toBe(`${path}.before-restore-20260106-120000`)
    expect(await rowsIn(keptAs ?? '', 'select count(*) as n from entries')).toEqual([{ n: 3 }])
    expect(existsSync(`${path}-wal`)).toBe(false)
    if (process.platform !== 'win32') expect(statSync(path).mode & 0o777).toBe(0o600)
    await restore('--force')
    expect(storeFiles(dir).filter((name) => name.includes('before-restore'))).toEqual([
      'feedwire.db.before-restore-20260106-120000',
      'feedwire.db.before-restore-20260106-120000-2',
    ])
  })

  test.skipIf(process.getuid?.() !== 0)(
    'leaves the store to the user who had it, also when root restores',
    async () => {
      await backUp()
      asAfterExit(dir)
      chownSync(path, 12_345, 12_346)
      await feedwireAt(dir, '2026-01-06T12:00:00Z', 'restore', 'backup.db', '--force')
      expect(statSync(path)).toMatchObject({ uid: 12_345, gid: 12_346 })
      rmSync(path)
      chownSync(dir, 12_347, 12_348)
      await feedwireAt(dir, '2026-01-06T12:00:00Z', 'restore', 'backup.db')
      expect(statSync(path)).toMatchObject({ uid: 12_347, gid: 12_348 })
    },
  )

  test('takes a store that is too damaged to be opened out of the way', async () => {
    await backUp()
    writeFileSync(path, 'no database at all. '.repeat(300))
    rmSync(`${path}-wal`, { force: true })
    const { keptAs, isInformed } = await restore('--force')
    expect(isInformed).toBe(false)
    expect(readFileSync(keptAs ?? '', 'utf8')).toMatch(/^no database/)
    expect(await rowsIn(path, 'select count(*) as n from entries')).toEqual([{ n: 2 }])
  })

  test('brings a backup of an older schema up to date, and leaves the file as it is', async () => {
    await makeOlderStore(path, join(dir, 'backup.db'), '003-collections')
    const bytes = readFileSync(join(dir, 'backup.db'))
    await restore('--force')
    expect((await rowsIn(path, 'select name from kysely_migration order by name')).map(({ name }) => name)).toEqual(
      STEPS,
    )
    expect(readFileSync(join(dir, 'backup.db'))).toEqual(bytes)
    expect(storeFiles(dir).filter((name) => /before-\d/.test(name))).toEqual([])
  })

  for (const [says, file, problem, words] of [
    ['without --force', 'backup.db', 'There is a store already', []],
    ['of a file that is not there', 'none.db', 'There is no such file', ['--force']],
    ['of a file that is no database', 'text.db', 'not a database', ['--force']],
    ['of another program', 'songs.db', 'another program', ['--force']],
    ['of an empty file', 'empty.db', 'The file is empty', ['--force']],
    ['of a damaged file', 'damaged.db', 'damaged', ['--force']],
    ['of a newer program', 'newer.db', 'newer Feedwire', ['--force']],
    ['of the store itself', 'feedwire.db', 'the store itself', ['--force']],
  ] as const) {
    test(`changes nothing ${says}`, async () => {
      await backUp()
      const at = (name: string): string => join(dir, name)
      writeFileSync(at('text.db'), 'no database at all. '.repeat(300))
      writeFileSync(at('empty.db'), '')
      await changeIn(at('songs.db'), (file) => file.exec('create table songs (title)'))
      copyFileSync(at('backup.db'), at('newer.db'))
      await changeIn(at('newer.db'), (store) => store.exec("insert into kysely_migration values ('999-later', '')"))
      const bytes = readFileSync(at('backup.db'))
      writeFileSync(at('damaged.db'), bytes.fill(7, bytes.length - 4096))
      const [before, files] = [readFileSync(path), storeFiles(dir)]
      const { code, err } = await feedwireAt(dir, '2026-01-06T12:00:00Z', 'restore', file, ...words)
      expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining(problem) as string })
      expect(readFileSync(path)).toEqual(before)
      expect(storeFiles(dir)).toEqual(files)
    })
  }

  test('changes nothing while another process has the store open, and says what to stop', async () => {
    await backUp()
    asAfterExit(dir)
    const holder = await holdStore(path)
    const { code, err } = await feedwireAt(dir, '2026-01-06T12:00:00Z', 'restore', 'backup.db', '--force')
    expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining('stop "feedwire start"') as string })
    expect(storeFiles(dir).filter((name) => /before|tmp/.test(name))).toEqual([])
    await holder.end()
    await restore('--force')
  })

  for (const command of [['restore', 'backup.db', '--force'], ['compact']]) {
    test(`${command[0] ?? ''} changes nothing while a run is at work`, async () => {
      await backUp()
      const lock = await takeLock(path)
      const { code, err } = await feedwireAt(dir, '2026-01-06T12:00:00Z', ...command)
      await lock?.release()
      expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining('A run is at work') as string })
    })
  }

  test('says that who left since is not known when the newer store is lost', async () => {
    await backUp()
    for (const ending of ['', '-wal', '-shm']) rmSync(path + ending, { force: true })
    const { out } = await feedwireAt(dir, '2026-01-06T12:00:00Z', 'restore', 'backup.db')
    expect(out).toContain('Who left since the backup is not known, and gets letters again.')
    expect(out).toContain('No digest is known to have gone out since; if one has, what was in it is mailed again.')
  })

  test('tells a person what became of letters and readers', async () => {
    await backUp()
    await runWith('east', '2026-01-04T12:00:00Z')
    await feedwireAt(dir, '2026-01-04T12:00:00Z', 'subscribers', 'remove', 'bob@example.net')
    asAfterExit(dir)
    const { out } = await feedwireAt(dir, '2026-01-06T12:00:00Z', 'restore', 'backup.db', '--force')
    expect(out.replaceAll(dir, '').split('\n')).toEqual([
      '/feedwire.db is as it was in backup.db: 2 entries, 2 subscribers, 1 digest.',
      'The store that was there is kept as /feedwire.db.before-restore-20260106-120000.',
      '1 digest has gone out since: no reader is told again of what stands here or in the published feeds.',
      '1 reader left or must not be mailed to since: that stays so.',
      'The next "feedwire run" publishes everything anew.',
      '',
    ])
  })
})

describe('compact', () => {
  test('forgets what is kept for long enough, gives room back, and says so', async () => {
    await changeIn(path, (file) => {
      file.exec("insert into settings select 'filler', hex(randomblob(400000))")
      file.exec("delete from settings where key = 'filler'")
    })
    asAfterExit(dir)
    const { code, out } = await feedwireAt(dir, '2028-01-01T12:00:00Z', 'compact', '--json')
    const { before, after, letters } = z
      .object({ before: z.number(), after: z.number(), letters: z.number() })
      .parse(JSON.parse(out))
    expect({ code, letters }).toEqual({ code: 0, letters: 2 })
    expect(after).toBeLessThan(before - 700_000)
    const { out: list } = await feedwireAt(dir, '2028-01-01T12:00:00Z', 'digests', 'list')
    expect(list).toContain('2 letters: 2 sent')
    expect((await feedwireAt(dir, '2028-01-01T12:00:00Z', 'compact')).out).toMatch(/ kB before, .* kB now\.\n$/)
  })

  test('says when there is no store, and makes none', async () => {
    const empty = tempFolder()
    cpSync(join(dir, 'feedwire.config.yaml'), join(empty, 'feedwire.config.yaml'))
    expect((await feedwireAt(empty, '2026-01-06T12:00:00Z', 'compact')).err).toContain('There is no store')
    expect(readdirSync(empty)).toEqual(['feedwire.config.yaml'])
    rmSync(empty, { recursive: true })
  })
})
