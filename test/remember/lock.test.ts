import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { takeLock } from '../../src/remember/lock.ts'
import { onServer, storePlace } from '../support/database.ts'
import { putFile, tempFolder } from '../support/folder.ts'
import { scriptOf } from '../support/script.ts'

const HOLDER = await scriptOf('hold-lock.ts')

let dir = ''
let path = ''
let children: ChildProcessByStdio<Writable, Readable, null>[] = []
beforeEach(() => {
  dir = tempFolder()
  path = storePlace(dir)
  children = []
})
afterEach(() => {
  for (const child of children) child.kill('SIGKILL')
  rmSync(dir, { recursive: true })
})

/** Starts another process that takes the lock, and waits for what it says: `held` or `refused`. */
async function holder(): Promise<{ child: (typeof children)[number]; says: string }> {
  const child = spawn(process.execPath, [HOLDER, path], { stdio: ['pipe', 'pipe', 'inherit'] })
  children.push(child)
  const [bytes]: unknown[] = await once(child.stdout, 'data')
  return { child, says: String(bytes).trim() }
}

test('takeLock() gives one lock at a time', async () => {
  const lock = await takeLock(path)
  expect(lock).not.toBeNull()
  expect(await takeLock(path)).toBeNull()
  await lock?.release()
  const next = await takeLock(path)
  expect(next).not.toBeNull()
  await next?.release()
})

test('takeLock() leaves other stores alone', async () => {
  const locks = [await takeLock(path), await takeLock(storePlace(dir, 'other.db'))]
  expect(locks).not.toContain(null)
  for (const lock of locks) await lock?.release()
})

test('takeLock() gives no lock that another process holds, until that gives it back', async () => {
  const { child, says } = await holder()
  expect(says).toBe('held')
  expect(await takeLock(path)).toBeNull()
  expect((await holder()).says).toBe('refused')
  child.stdin.end()
  await once(child, 'exit')
  const lock = await takeLock(path)
  expect(lock).not.toBeNull()
  await lock?.release()
})

test('takeLock() gives the lock at once when its holder was killed', async () => {
  const { child } = await holder()
  child.kill('SIGKILL')
  await once(child, 'exit')
  const lock = await takeLock(path)
  expect(lock).not.toBeNull()
  await lock?.release()
})

test('takeLock() gives one lock to several that ask at once', async () => {
  const said = (await Promise.all([holder(), holder(), holder()])).map(({ says }) => says)
  expect(said.sort()).toEqual(['held', 'refused', 'refused'])
})

for (const [says, make, alias] of [
  ['a file', () => putFile(dir, 'feedwire.db', ''), 'alias.db'],
  ['a folder, before the store is there', () => undefined, 'alias/feedwire.db'],
] as const)
  test.skipIf(onServer())(`takeLock() gives one lock through a link to ${says}`, async () => {
    make()
    symlinkSync(path, join(dir, 'alias.db'))
    symlinkSync(dir, join(dir, 'alias'))
    const lock = await takeLock(path)
    expect(await takeLock(join(dir, alias))).toBeNull()
    await lock?.release()
  })

test.skipIf(onServer())('takeLock() makes the folder of the store', async () => {
  const lock = await takeLock(join(dir, 'data', 'deep', 'feedwire.db'))
  expect(lock).not.toBeNull()
  await lock?.release()
})

test.skipIf(onServer())('takeLock() says when the lock cannot be', async () => {
  putFile(dir, 'feedwire.db.lock', 'a text that is no database, and long enough to be looked at as one. '.repeat(20))
  await expect(takeLock(path)).rejects.toMatchObject({ name: 'Problem', code: 'store-unreadable' })
  mkdirSync(join(dir, 'other.db.lock'))
  await expect(takeLock(join(dir, 'other.db'))).rejects.toMatchObject({ name: 'Problem', code: 'store-unreadable' })
})
