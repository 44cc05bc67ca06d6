import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { parseDatabase } from '../../src/config.ts'
import { openStore } from '../../src/remember/open.ts'
import { feedwireAt } from '../support/command.ts'
import { storePlace } from '../support/database.ts'
import { tempFolder } from '../support/folder.ts'

const MOMENT = '2026-01-01T12:00:00Z'

let dir = ''
beforeEach(async () => {
  dir = tempFolder()
  await (await openStore(join(dir, 'feedwire.db'))).destroy()
})
afterEach(() => {
  rmSync(dir, { recursive: true })
})

for (const [says, text, environment, found] of [
  ['takes a database as it is', 'postgres://u:p@db.example.org/f', {}, 'postgres://u:p@db.example.org/f'],
  ['fills in a variable', 'postgres://u:${PW}@db.example.org/f', { PW: 'p' }, 'postgres://u:p@db.example.org/f'],
  ['takes what stands in .env', 'postgres://u:${FILED}@db.example.org/f', {}, 'postgres://u:f@db.example.org/f'],
] as const)
  test(`parseDatabase() ${says}`, () => {
    writeFileSync(join(dir, '.env'), 'FILED=f\n')
    expect(parseDatabase(text, dir, environment)).toBe(found)
  })

for (const [says, text, told] of [
  ['a sign in a password that ends it', 'postgres://u:pa#ss@db.example.org/f', 'must be a path'],
  ['a password that is half escaped', 'postgres://u:pa%zz@db.example.org/f', 'must be a path'],
  ['a variable that is not set', 'postgres://u:${PASS}@db.example.org/f', 'PASS is not set'],
  ['a URL without a database', 'postgres://u:pass@db.example.org', 'must be a path'],
  ['a file', 'other.db', 'is no PostgreSQL database'],
] as const)
  test(`migrate refuses ${says}, and shows no password`, async () => {
    const { code, err } = await feedwireAt(dir, MOMENT, 'migrate', '--from', 'feedwire.db', '--to', text)
    expect(code).toBe(2)
    expect(err).toContain(told)
    expect(err).not.toMatch(/pa[#%]|u:pass|TypeError| at /)
  })

test('migrate moves the store, and says what is to be done next', async () => {
  writeFileSync(join(dir, '.env'), `STORE=${storePlace(dir)}\n`)
  const { code, out } = await feedwireAt(dir, MOMENT, 'migrate', '--from', 'feedwire.db', '--to', '${STORE}')
  expect(out).toMatch(/^1 row copied to postgres:\/\/127\.0\.0\.1:\d+\/\w+, and both hold the same\.$/m)
  expect(out).toMatch(/marked as moved[^]*"database"/)
  expect(code).toBe(0)
})
