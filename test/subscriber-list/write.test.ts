import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { csvLines, newPrivateFile } from '../../src/subscriber-list/write.ts'
import { filesBelow, tempFolder } from '../support/folder.ts'
import { problemOf } from '../support/problem.ts'
import { rowsOf } from './list.ts'

describe('csvLines()', () => {
  for (const [says, cell, written] of [
    ['leaves a plain cell', 'ann@example.net', 'ann@example.net'],
    ['quotes a delimiter', 'a,b', '"a,b"'],
    ['quotes and doubles quotes', 'a"b', '"a""b"'],
    ['quotes a line break', 'a\nb', '"a\nb"'],
    ['guards a formula', '=HYPERLINK("http://x.example")', `"'=HYPERLINK(""http://x.example"")"`],
    ['guards a plus', '+tag@example.net', "'+tag@example.net"],
    ['guards a minus', '-1', "'-1"],
    ['guards an at', '@sum', "'@sum"],
    ['guards a wide sign', '＝1', "'＝1"],
    ['guards what looks guarded, so that it comes back', "'=1", "''=1"],
    ['leaves any other quotation mark', "'tis", "'tis"],
  ] as const)
    test(says, () => expect(csvLines([[cell, 'x']])).toBe(`${written},x\n`))

  for (const local of ['=a', '+a', '-a', "'=a", "''-a", "'a", '＝a'])
    test(`writes ${local}@example.net so that it is read back`, async () => {
      const text = csvLines([['address'], [`${local}@example.net`]])
      expect(await rowsOf(text)).toMatchObject([{ reader: { address: `${local}@example.net` } }])
    })
})

describe('newPrivateFile()', () => {
  test('takes the place of a file when it is whole, for its owner alone', () => {
    const dir = tempFolder({ 'list.csv': 'old' })
    const file = newPrivateFile(join(dir, 'list.csv'))
    file.write('é'.repeat(100_000))
    expect(readFileSync(join(dir, 'list.csv'), 'utf8')).toBe('old')
    file.finish()
    expect(readFileSync(join(dir, 'list.csv'), 'utf8')).toBe('é'.repeat(100_000))
    expect(statSync(join(dir, 'list.csv')).mode & 0o777).toBe(0o600)
    expect(filesBelow(dir)).toEqual(['list.csv'])
  })

  test('leaves what was there when it is dropped', () => {
    const dir = tempFolder({ 'list.csv': 'old' })
    const file = newPrivateFile(join(dir, 'list.csv'))
    file.write('new')
    file.drop()
    expect(filesBelow(dir)).toEqual(['list.csv'])
    expect(readFileSync(join(dir, 'list.csv'), 'utf8')).toBe('old')
  })

  test('is for its owner alone even where a killed process left a file', () => {
    const dir = tempFolder()
    writeFileSync(join(dir, `.list.csv.${process.pid}.tmp`), 'half', { mode: 0o644 })
    newPrivateFile(join(dir, 'list.csv')).finish()
    expect(statSync(join(dir, 'list.csv')).mode & 0o777).toBe(0o600)
  })

  for (const [says, path] of [
    ['a folder that is not there', 'nowhere/list.csv'],
    ['a folder in its place', '.'],
  ] as const)
    test(`refuses ${says}`, () => {
      expect(problemOf(() => newPrivateFile(join(tempFolder(), path))).code).toBe('argument-file')
    })
})
