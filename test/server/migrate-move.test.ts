import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { backUpStore } from '../../src/remember/backup.ts'
import { removeSubscriber } from '../../src/remember/leave.ts'
import { takeLock } from '../../src/remember/lock.ts'
import { migrateStore } from '../../src/remember/migrate.ts'
import { type Store, openStore } from '../../src/remember/open.ts'
import { restoreStore } from '../../src/remember/restore.ts'
import { addSubscriber, findSubscriber } from '../../src/remember/subscribers.ts'
import { parseEmailAddress } from '../../src/subscriber.ts'
import { placeName } from '../../src/store-place.ts'
import { NOW } from '../deliver/post.ts'
import { storePlace } from '../support/database.ts'
import { tempFolder } from '../support/folder.ts'
import { asAfterExit } from '../support/store-files.ts'
import { inStore } from '../support/in-store.ts'

const ANN = parseEmailAddress('ann@example.net')

let dir = ''
let path = ''
let url = ''
beforeEach(async () => {
  dir = tempFolder()
  path = join(dir, 'feedwire.db')
  url = storePlace(dir)
  await inStore(path, (store) => addSubscriber(store, ANN, NOW))
})
afterEach(() => {
  rmSync(dir, { recursive: true })
})

test('a reader who leaves while the store is moved leaves in the file before, or not at all', async () => {
  const web = await openStore(path)
  let leaving: Promise<unknown> = Promise.resolve()
  await migrateStore(path, url, (table) => {
    if (table === 'subscribers') leaving = removeSubscriber(web, ANN, NOW).catch((error: unknown) => error)
  })
  expect(await leaving).toMatchObject({ code: 'store-moved' })
  await web.destroy()
  expect(await inStore(url, (store) => findSubscriber(store, ANN))).toMatchObject({ state: 'active' })
})

test('a store that was moved is opened where it is now, and not where it was', async () => {
  await migrateStore(path, url)
  await expect(openStore(path)).rejects.toMatchObject({
    code: 'store-moved',
    message: `The store was moved to ${placeName(url)}`,
  })
  await expect(migrateStore(path, url)).rejects.toMatchObject({ code: 'store-moved' })
  await expect(migrateStore(path, storePlace(dir, 'other.db'))).rejects.toMatchObject({ code: 'store-moved' })
})

test('a move that was killed when the file was marked ends with the next try', async () => {
  await migrateStore(path, url)
  const nonce = await inStore(url, (store) =>
    store.selectFrom('settings').select('value').where('key', '=', 'nonce').executeTakeFirstOrThrow(),
  )
  await inStore(url, (store) => sql`comment on table settings is ${sql.lit(`copying ${nonce.value}`)}`.execute(store))
  await expect(takeLock(url)).rejects.toMatchObject({ code: 'store-half-copied' })
  expect(await migrateStore(path, url)).toMatchObject({ subscribers: 1 })
  const lock = await takeLock(url)
  expect(lock).not.toBeNull()
  await lock?.release()
})

test('a move that fails leaves the file in use', async () => {
  const failed = migrateStore(path, url, (table) => {
    if (table === 'subscribers') throw new Error('the power went')
  })
  await expect(failed).rejects.toThrow('the power went')
  expect(await inStore(path, (store) => removeSubscriber(store, ANN, NOW))).toBe(true)
})

test('with a backup from before the file is gone on with, and what was to go then waits for the owner', async () => {
  const before = join(dir, 'before.db')
  await inStore(path, async (store) => {
    const { id } = (await findSubscriber(store, ANN)) ?? { id: 0 }
    await insertLetter(store, id)
  })
  await backUpStore(path, before, false)
  await migrateStore(path, url)
  const after = join(dir, 'after.db')
  await backUpStore(path, after, false)
  asAfterExit(dir)
  const since = { published: [], force: true, now: NOW }
  await expect(restoreStore(after, path, since)).rejects.toMatchObject({ code: 'store-moved' })
  asAfterExit(dir)
  await restoreStore(before, path, since)
  const letters = await inStore(path, (store) => store.selectFrom('ledger').select('state').execute())
  expect(letters).toEqual([{ state: 'held' }])
})

async function insertLetter(store: Store, reader: number): Promise<void> {
  const texts = { id: 'd1', frequency: 'site' as const, zone: '', slot: 's', variant: '', domain: 'example.org' }
  await store
    .insertInto('digests')
    .values({
      ...texts,
      subject: '',
      html: '',
      text: '',
      more: 0,
      recipients: 1,
      created_at: NOW,
      language: '',
      listed: 1,
    })
    .execute()
  const letter = { id: 'd1.1', digest_id: 'd1', subscriber_id: reader, state: 'due' as const, until: 0, attempts: 0 }
  await store
    .insertInto('ledger')
    .values({ ...letter, maybe_twice: 0 })
    .execute()
}

test('two stores that were never published are told apart', async () => {
  const failed = migrateStore(path, url, () => {
    throw new Error('the power went')
  })
  await expect(failed).rejects.toThrow('the power went')
  const other = join(dir, 'other.db')
  await inStore(other, (store) => addSubscriber(store, parseEmailAddress('ben@example.net'), NOW))
  await expect(migrateStore(other, url)).rejects.toMatchObject({ code: 'target-not-empty' })
})
