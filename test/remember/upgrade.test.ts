import { execFile } from 'node:child_process'
import { mkdirSync, readFileSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { copyStore } from '../../src/remember/copy.ts'
import { inspectStore } from '../../src/remember/inspect.ts'
import { openStore } from '../../src/remember/open.ts'
import { type SqliteFile, openSqlite } from '../../src/remember/sqlite.ts'
import { feedwireAt } from '../support/command.ts'
import { tempFolder } from '../support/folder.ts'
import { gaugeSettings, writeGauge } from '../support/gauges.ts'
import { STEPS, makeOlderStore } from '../support/older-store.ts'
import { lettersIn, runAt } from '../support/run-at.ts'
import { scriptOf } from '../support/script.ts'
import { changeIn, rowsIn, storeFiles } from '../support/store-files.ts'

const OPENER = await scriptOf('open-store.ts')
const LATEST = STEPS.at(-1) ?? ''
const OLDER = STEPS.slice(0, -1)

let dir = ''
let path = ''
beforeEach(async () => {
  dir = tempFolder()
  path = join(dir, 'feedwire.db')
  gaugeSettings(dir, { subscribers: ['ann@example.net', 'bob@example.net'] })
  writeGauge(dir, 'north', ['date: 2026-01-01', 'author: Ada', 'tags: [tides]'])
  await runAt(dir, '2026-01-31T12:00:00Z')
  writeGauge(dir, 'east', ['date: 2026-01-30'])
  await runAt(dir, '2026-01-31T12:15:00Z')
})
afterEach(() => {
  rmSync(dir, { recursive: true })
})

/** Puts a store of an older schema in the place of the site's. */
async function becomeOlder(step: string, change: (file: SqliteFile) => void = () => undefined): Promise<void> {
  const today = `${path}.today`
  await copyStore(path, today)
  for (const ending of ['', '-wal', '-shm']) rmSync(path + ending, { force: true })
  await makeOlderStore(today, path, step)
  rmSync(today)
  await changeIn(path, change)
}

const kept = (): string[] =>
  readdirSync(dir)
    .filter((name) => name.startsWith('feedwire.db.before-'))
    .sort()
const beside = (): string[] => storeFiles(dir)
const ENTRIES = 'select guid, number, announce, title, date, updated, first_seen from entries order by number'
const LETTERS = 'select id, state, settled_at from ledger order by id'

describe('a store of', () => {
  for (const step of OLDER) {
    test(`${step} goes on: nothing is announced anew, nothing lost, and what was due is sent`, async () => {
      const [sent] = (await lettersIn(dir)).filter(({ to }) => to.includes('bob'))
      rmSync(join(dir, 'outbox'), { recursive: true })
      await becomeOlder(step, (file) => {
        file.exec("update ledger set state = 'due', settled_at = null, run_id = null where subscriber_id = 2")
        file.exec('update digests set done_at = null')
      })
      const [entries, feed] = [await rowsIn(path, ENTRIES), readFileSync(join(dir, 'public/feed.json'))]

      const { gathered, digests, deliveries, exitCode } = await runAt(dir, '2026-01-31T12:30:00Z')
      expect({ gathered, digests, exitCode, sent: deliveries.sent }).toEqual({
        gathered: { seen: 2, new: 0, updated: 0, removed: 0, rejected: 0 },
        ...{ digests: [], exitCode: 0, sent: 1 },
      })
      expect(await rowsIn(path, ENTRIES)).toEqual(entries)
      expect(readFileSync(join(dir, 'public/feed.json'))).toEqual(feed)
      const letters = await lettersIn(dir)
      expect(letters.map(({ to, text }) => [to, text])).toEqual([['bob@example.net', sent?.text]])
      expect((await rowsIn(path, LETTERS)).map(({ state }) => state)).toEqual(['sent', 'sent'])
      expect((await inspectStore(path)).schema).toEqual(STEPS)
    })

    test(`${step} is kept beside as it was, for its owner alone`, async () => {
      await becomeOlder(step)
      const [entries, letters] = [await rowsIn(path, ENTRIES), await rowsIn(path, LETTERS)]
      await (await openStore(path)).destroy()
      const next = STEPS[STEPS.indexOf(step) + 1] ?? ''
      expect(kept()).toEqual([`feedwire.db.before-${next}`])
      const old = join(dir, `feedwire.db.before-${next}`)
      if (process.platform !== 'win32') expect(statSync(old).mode & 0o777).toBe(0o600)
      expect(await inspectStore(old)).toMatchObject({ schema: STEPS.slice(0, STEPS.indexOf(next)), check: 'ok' })
      expect(await rowsIn(old, ENTRIES)).toEqual(entries)
      expect(await rowsIn(old, LETTERS)).toEqual(letters)
    })
  }
})

describe('openStore()', () => {
  const before = OLDER.at(-1) ?? ''
  const name = `feedwire.db.before-${LATEST}`

  test('keeps nothing beside a new store, nor one that is up to date', async () => {
    await (await openStore(path)).destroy()
    await (await openStore(join(dir, 'new.db'))).destroy()
    expect(readdirSync(dir).filter((file) => file.includes('before'))).toEqual([])
  })

  test('keeps one copy when several processes find an older store at once', async () => {
    await becomeOlder(before)
    const run = promisify(execFile)
    await Promise.all([1, 2, 3, 4].map(() => run(process.execPath, [OPENER, path])))
    expect(kept()).toEqual([name])
    expect((await inspectStore(join(dir, name))).schema).toEqual(OLDER)
    expect((await inspectStore(path)).schema).toEqual(STEPS)
    expect(beside()).toEqual(['feedwire.db', name, 'feedwire.db.lock'])
  })

  test('leaves the two newest of the stores that were kept, and all else', async () => {
    for (const [index, old] of ['before-003-collections', 'before-004-preferences', 'before-my-move'].entries()) {
      writeFileSync(`${path}.${old}`, 'older')
      utimesSync(`${path}.${old}`, index, index)
    }
    await becomeOlder(before)
    await (await openStore(path)).destroy()
    expect(kept()).toEqual(['feedwire.db.before-004-preferences', name, 'feedwire.db.before-my-move'])
  })

  test('writes over what was kept by an earlier upgrade to the same schema', async () => {
    writeFileSync(join(dir, name), 'an earlier one')
    await becomeOlder(before)
    await (await openStore(path)).destroy()
    expect((await inspectStore(join(dir, name))).schema).toEqual(OLDER)
  })

  test('changes nothing when the older store cannot be kept', async () => {
    await becomeOlder(before)
    mkdirSync(join(dir, name, 'full'), { recursive: true })
    await expect(openStore(path)).rejects.toMatchObject({ name: 'Problem', code: 'upgrade-unkept' })
    expect((await inspectStore(path)).schema).toEqual(OLDER)
    expect(beside()).toEqual(['feedwire.db', name, 'feedwire.db.lock'])
  })

  test('leaves an older store as it was when a step fails', async () => {
    await becomeOlder(before, (file) => file.exec('create table sightings (in_the_way)'))
    const letters = await rowsIn(path, LETTERS)
    await expect(openStore(path)).rejects.toThrow('sightings')
    expect(await inspectStore(path)).toMatchObject({ schema: OLDER, check: 'ok' })
    expect(await rowsIn(path, LETTERS)).toEqual(letters)
    expect(await rowsIn(path, "select name from pragma_table_info('entries') where name = 'enclosures'")).toEqual([])
  })

  test('refuses the database of another program, and leaves it as it is', async () => {
    const other = join(dir, 'other.db')
    const file = await openSqlite(other)
    file.exec('create table songs (title)')
    file.close()
    await expect(openStore(other)).rejects.toMatchObject({ name: 'Problem', code: 'store-foreign' })
    expect(await rowsIn(other, "select name from sqlite_master where type = 'table'")).toEqual([{ name: 'songs' }])
  })
})

test('run --dry-run leaves an older store as it is, and nothing beside it', async () => {
  await becomeOlder(OLDER.at(-1) ?? '')
  // Else what an older connection left may be written back at any moment.
  await changeIn(path, (file) => {
    file.exec('pragma wal_checkpoint(truncate)')
  })
  const [files, bytes] = [beside(), readFileSync(path)]
  expect((await feedwireAt(dir, '2026-01-31T12:30:00Z', 'run', '--dry-run')).code).toBe(0)
  expect(readFileSync(path)).toEqual(bytes)
  expect(beside()).toEqual(files)
})
