import {
  chmodSync,
  linkSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { backUpStore } from '../../src/remember/backup.ts'
import { inspectStore } from '../../src/remember/inspect.ts'
import { takeLock } from '../../src/remember/lock.ts'
import { type Store, openStore } from '../../src/remember/open.ts'
import { writeSetting } from '../../src/remember/settings.ts'
import { addSubscriber } from '../../src/remember/subscribers.ts'
import { parseEmailAddress } from '../../src/subscriber.ts'
import { tempFolder } from '../support/folder.ts'
import { MOUNT_FAULT, mountDisk, unmountDisk } from '../support/small-disk.ts'
import { STEPS, makeOlderStore } from '../support/older-store.ts'
import { asAfterExit, changeIn, rowsIn } from '../support/store-files.ts'
import { holdStore } from '../support/store-holder.ts'

let dir = ''
let path = ''
let target = ''
let store: Store
beforeEach(async () => {
  dir = tempFolder()
  path = join(dir, 'feedwire.db')
  target = join(dir, 'backup.db')
  store = await openStore(path)
  await addSubscriber(store, parseEmailAddress('ann@example.net'), 0)
})
afterEach(async () => {
  await store.destroy()
  rmSync(dir, { recursive: true })
})

describe('backUpStore()', () => {
  test('copies a store that is open and at work, and says what the copy holds', async () => {
    const lock = await takeLock(path)
    const { size, ...counts } = await backUpStore(path, target, false)
    await lock?.release()
    expect(counts).toEqual({ entries: 0, subscribers: 1, digests: 0 })
    expect(size).toBe(statSync(target).size)
    expect(await rowsIn(target, 'select address from subscribers')).toEqual([{ address: 'ann@example.net' }])
    expect(await inspectStore(target)).toMatchObject({ schema: STEPS, walSize: 0, check: 'ok' })
    expect(readdirSync(dir).filter((name) => name.includes('backup'))).toEqual(['backup.db'])
  })

  test.skipIf(process.platform === 'win32')('writes what only its owner may read', async () => {
    await backUpStore(path, target, false)
    expect(statSync(target).mode & 0o777).toBe(0o600)
    chmodSync(target, 0o644)
    await backUpStore(path, target, true)
    expect(statSync(target).mode & 0o777).toBe(0o600)
  })

  test('copies one moment, while another process writes all the time', async () => {
    const writer = await holdStore(path, 'write')
    for (const name of ['1.db', '2.db', '3.db', '4.db']) await backUpStore(path, join(dir, name), false)
    await writer.end()
    const seen: number[] = []
    for (const name of ['1.db', '2.db', '3.db', '4.db', 'feedwire.db']) {
      const [one, other] = await rowsIn(join(dir, name), "select value from settings where key in ('one', 'other')")
      expect(one).toEqual(other)
      seen.push(Number(one?.['value']))
    }
    // The writer went on meanwhile.
    expect(seen.at(-1)).toBeGreaterThan(seen[0] ?? 0)
    expect(seen).toEqual(seen.toSorted((a, b) => a - b))
  })

  test('leaves the schema of an older store as it is, and copies it so', async () => {
    const older = join(dir, 'older.db')
    await makeOlderStore(path, older, '005-suppressions')
    await backUpStore(older, target, false)
    expect((await inspectStore(target)).schema).toEqual(STEPS.slice(0, 5))
    expect((await inspectStore(older)).schema).toEqual(STEPS.slice(0, 5))
  })

  test('writes over an older backup only when it is told to', async () => {
    writeFileSync(target, 'an older one')
    await expect(backUpStore(path, target, false)).rejects.toMatchObject({ code: 'backup-exists' })
    expect(readFileSync(target, 'utf8')).toBe('an older one')
    await backUpStore(path, target, true)
    expect((await inspectStore(target)).check).toBe('ok')
  })

  for (const [says, name, code] of [
    ['the store itself', 'feedwire.db', 'backup-place'],
    ['the store by another way', '../{dir}/feedwire.db', 'backup-place'],
    ['the store by a link', 'link.db', 'backup-place'],
    ['the store by its second name', 'second.db', 'backup-place'],
    ['its log', 'feedwire.db-wal', 'backup-place'],
    ['its lock', 'feedwire.db.lock', 'backup-place'],
    ['a folder', 'folder', 'backup-place'],
    ['a file in no folder', 'nowhere/backup.db', 'backup-place'],
  ] as const) {
    test(`never writes over ${says}`, async () => {
      symlinkSync(path, join(dir, 'link.db'))
      linkSync(path, join(dir, 'second.db'))
      mkdirSync(join(dir, 'folder'))
      const before = readFileSync(path)
      const place = join(dir, name.replace('{dir}', dir.split(/[/\\]/).at(-1) ?? ''))
      await expect(backUpStore(path, place, true)).rejects.toMatchObject({ name: 'Problem', code })
      expect(readFileSync(path)).toEqual(before)
    })
  }

  test.skipIf(MOUNT_FAULT !== null)('names the disk that is full, and leaves nothing on it', async () => {
    await writeSetting(store, 'long', 'x'.repeat(8_000_000))
    const disk = mountDisk(dir)
    const problem: unknown = await backUpStore(path, join(disk, 'backup.db'), false).catch((error: unknown) => error)
    const left = readdirSync(disk)
    unmountDisk(disk)
    expect(problem).toMatchObject({ name: 'Problem', code: 'copy-full', where: disk })
    expect(left).toEqual([])
  })

  test('says when there is no store', async () => {
    const nowhere = join(dir, 'other.db')
    await expect(backUpStore(nowhere, target, false)).rejects.toMatchObject({ code: 'store-missing' })
    expect(readdirSync(dir)).not.toContain('other.db')
  })

  test('leaves the backup that is there when the store is damaged', async () => {
    await backUpStore(path, target, false)
    const whole = readFileSync(target)
    await writeSetting(store, 'long', 'x'.repeat(200_000))
    await store.destroy()
    await changeIn(path, (file) => file.exec('pragma wal_checkpoint(truncate)'))
    asAfterExit(dir)
    const bytes = readFileSync(path)
    writeFileSync(path, bytes.fill(7, 4096, bytes.length))
    await expect(backUpStore(path, target, true)).rejects.toMatchObject({ name: 'Problem' })
    expect(readFileSync(target)).toEqual(whole)
    expect(readdirSync(dir).filter((name) => name.includes('.tmp'))).toEqual([])
    store = await openStore(join(dir, 'another.db'))
  })
})

describe('inspectStore()', () => {
  test('tells how a store is as a file, without changing it', async () => {
    const before = readFileSync(path)
    const { size, walSize, ...rest } = await inspectStore(path)
    expect(rest).toEqual({ schema: STEPS, freePages: 0, check: 'ok' })
    expect(size).toBe(statSync(path).size)
    expect(walSize).toBe(statSync(`${path}-wal`).size)
    expect(readFileSync(path)).toEqual(before)
  })

  test('tells what is damaged', async () => {
    await backUpStore(path, target, false)
    const bytes = readFileSync(target)
    writeFileSync(target, bytes.fill(7, bytes.length - 4096))
    expect((await inspectStore(target)).check).not.toBe('ok')
  })

  test('refuses what is no store', async () => {
    writeFileSync(target, 'no database at all. '.repeat(300))
    await expect(inspectStore(target)).rejects.toMatchObject({ code: 'store-unreadable' })
    await expect(inspectStore(join(dir, 'none.db'))).rejects.toMatchObject({ code: 'store-missing' })
  })
})
