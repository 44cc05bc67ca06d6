import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { composeMime } from '../../src/deliver/mime.ts'
import { outboxMailer } from '../../src/deliver/outbox.ts'
import { letterWith } from './samples.ts'

let dir = ''
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'feedwire-'))
})
afterEach(() => {
  rmSync(dir, { recursive: true })
})

test('a letter becomes one file named by its id, in a folder that is made', async () => {
  const outbox = join(dir, 'mail', 'outbox')
  expect(await outboxMailer(outbox).open().send(letterWith())).toEqual({ kind: 'sent', reply: '7.42.eml' })
  expect(readdirSync(outbox)).toEqual(['7.42.eml'])
  expect(readFileSync(join(outbox, '7.42.eml'))).toEqual(await composeMime(letterWith()))
})

test('a letter that is there counts as sent and is left alone', async () => {
  writeFileSync(join(dir, '7.42.eml'), 'moved by the owner')
  expect(await outboxMailer(dir).open().send(letterWith())).toEqual({ kind: 'sent', reply: '7.42.eml' })
  expect(readFileSync(join(dir, '7.42.eml'), 'utf8')).toBe('moved by the owner')
  expect(readdirSync(dir)).toHaveLength(1)
})

test('a letter that a killed run did not finish leaves no trace', async () => {
  writeFileSync(join(dir, '.7.41.eml.4711.tmp'), 'half')
  await outboxMailer(dir).open().send(letterWith())
  expect(readdirSync(dir)).toEqual(['7.42.eml'])
})

describe('the name of the file is a hash when the id is', () => {
  for (const [says, id] of [
    ['a path', '../../etc/passwd@example.org'],
    ['a Windows path', '..\\x@example.org'],
    ['hidden', '.7.42@example.org'],
    ['a device of Windows', 'con.42@example.org'],
    ['a stream of Windows', '7:42@example.org'],
    ['in capitals, which some disks fold', 'A.42@example.org'],
    ['of other letters', '潮.42@example.org'],
    ['with a line break', '7\n42@example.org'],
    ['with a NUL', '7\u000042@example.org'],
    ['long', `${'7'.repeat(300)}@example.org`],
    ['empty', '@example.org'],
  ] as const)
    test(says, async () => {
      const outcome = await outboxMailer(dir).open().send(letterWith({ id }))
      const files = readdirSync(dir)
      expect(files.join()).toMatch(/^[0-9a-f]{64}\.eml$/)
      expect(outcome).toEqual({ kind: 'sent', reply: files[0] })
    })
})

test('a folder that cannot be written stops everything', async () => {
  writeFileSync(join(dir, 'outbox'), 'a file where the folder should be')
  const outcome = await outboxMailer(join(dir, 'outbox')).open().send(letterWith())
  expect(outcome).toMatchObject({ kind: 'stopped', problem: { code: 'outbox-unwritable', where: join(dir, 'outbox') } })
})
