import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { sweepTemporaries, writeFileAtomic } from '../src/files.ts'

let dir = ''
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'feedwire-'))
})
afterEach(() => {
  rmSync(dir, { recursive: true })
})

for (const [says, bytes] of [
  ['a text as UTF-8', '潮汐\n'],
  ['bytes as they are', Uint8Array.of(0, 255, 13, 10)],
  ['nothing', ''],
] as const)
  test(`writeFileAtomic() writes ${says} and leaves no other file`, () => {
    writeFileAtomic(join(dir, 'feed.xml'), bytes)
    expect(readFileSync(join(dir, 'feed.xml'))).toEqual(Buffer.from(bytes))
    expect(readdirSync(dir)).toEqual(['feed.xml'])
  })

test('writeFileAtomic() replaces a file as a whole, over the remains of a crash', () => {
  writeFileSync(join(dir, 'feed.xml'), 'a long text that was there before')
  writeFileSync(join(dir, `.feed.xml.${String(process.pid)}.tmp`), 'a long text that was never finished')
  writeFileAtomic(join(dir, 'feed.xml'), 'new')
  expect(readFileSync(join(dir, 'feed.xml'), 'utf8')).toBe('new')
  expect(readdirSync(dir)).toEqual(['feed.xml'])
})

test('writeFileAtomic() that fails throws, leaves the target and takes its temporary file away', () => {
  mkdirSync(join(dir, 'feed.xml'))
  expect(() => {
    writeFileAtomic(join(dir, 'feed.xml'), 'new')
  }).toThrow()
  expect(readdirSync(dir)).toEqual(['feed.xml'])
})

test('writeFileAtomic() makes no folder', () => {
  expect(() => {
    writeFileAtomic(join(dir, 'tags', 'feed.xml'), 'new')
  }).toThrow('ENOENT')
})

test('sweepTemporaries() takes away what killed processes left of our files, and nothing else', () => {
  const others = ['.htaccess', '.mine.1.tmp', '.note.tmp', 'feed.xml', 'feed.xml.4711.tmp']
  for (const name of ['.feed.xml.4711.tmp', '.7.42.eml.4712.tmp', ...others]) writeFileSync(join(dir, name), 'half')
  mkdirSync(join(dir, '.feed.xml.1.tmp'))
  sweepTemporaries(dir, (name) => name === 'feed.xml' || name.endsWith('.eml'))
  expect(readdirSync(dir).sort()).toEqual(['.feed.xml.1.tmp', ...others].sort())
})
