import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { inspectStore } from '../../src/remember/inspect.ts'
import { movedTo, noteMove } from '../../src/remember/moved.ts'
import { removeSubscriber } from '../../src/remember/leave.ts'
import { openAsItIs, openStore, type Store } from '../../src/remember/open.ts'
import { addSubscriber } from '../../src/remember/subscribers.ts'
import { parseEmailAddress } from '../../src/subscriber.ts'
import { NOW } from '../deliver/post.ts'
import { tempFolder } from '../support/folder.ts'

const PLACE = 'postgres://db.example.org/feedwire'
const ANN = parseEmailAddress('ann@example.net')

let dir = ''
let path = ''
let store: Store
beforeEach(async () => {
  dir = tempFolder()
  path = join(dir, 'feedwire.db')
  store = await openStore(path)
  await addSubscriber(store, ANN, NOW)
})
afterEach(async () => {
  await store.destroy()
  rmSync(dir, { recursive: true })
})

function move(): Promise<void> {
  return store.transaction().execute((tx) => noteMove(tx, PLACE))
}

test('openStore() refuses a file whose store was moved, and says where it is', async () => {
  await move()
  await expect(openStore(path)).rejects.toMatchObject({
    code: 'store-moved',
    message: `The store was moved to ${PLACE}`,
    mend: expect.stringContaining('"database"'),
  })
})

test('who has the file open writes nothing into it once it was moved', async () => {
  const other = await openStore(path)
  await move()
  const moved = expect.objectContaining({ code: 'store-moved' })
  await expect(removeSubscriber(other, ANN, NOW)).rejects.toEqual(moved)
  await expect(addSubscriber(other, parseEmailAddress('ben@example.net'), NOW)).rejects.toEqual(moved)
  await expect(other.deleteFrom('subscribers').execute()).rejects.toEqual(moved)
  expect(await other.selectFrom('subscribers').select(['address', 'state']).execute()).toHaveLength(1)
  await other.destroy()
})

test('no table of a moved file can be written to', async () => {
  await move()
  const tables = await sql<{ name: string }>`
    select name from sqlite_master where type = 'table' and name not like 'sqlite%' and name <> 'moved_to'`.execute(
    store,
  )
  expect(tables.rows.length).toBeGreaterThan(20)
  for (const { name } of tables.rows) {
    const { rows } = await sql`
      select name from sqlite_master where type = 'trigger' and tbl_name = ${name}`.execute(store)
    expect([name, rows.length]).toEqual([name, 3])
  }
})

test('a moved file can be looked at', async () => {
  await move()
  const seen = await openAsItIs(path)
  expect(await movedTo(seen)).toBe(PLACE)
  await seen.destroy()
  expect(await inspectStore(path)).toMatchObject({ check: 'ok' })
})
