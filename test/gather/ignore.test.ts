import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Ignoring, ignoring, isQuickPattern, matcher, patternsOf } from '../../src/gather/ignore.ts'
import { putFile, tempFolder } from '../support/folder.ts'

/** Goes down to a path as a walk does: a folder that is left out is never entered. */
function leavesOut(path: string, exclude: readonly string[], files: Record<string, readonly string[]>): boolean {
  let here: Ignoring = ignoring(exclude)
  const names = path.split('/')
  return names.some((_, index) => {
    const folder = names
      .slice(0, index)
      .map((name) => `${name}/`)
      .join('')
    here = here.within(folder, files[folder] ?? [])
    return here.ignores(names.slice(0, index + 1).join('/') + (index < names.length - 1 ? '/' : ''))
  })
}

describe('ignoring()', () => {
  test.each([
    ['a name anywhere below', 'x/y/a.md', [], { 'x/': ['a.md'] }, true],
    ['nothing outside the folder', 'a.md', [], { 'x/': ['a.md'] }, false],
    ['nothing in a folder whose name begins alike', 'xy/a.md', [], { 'x/': ['*'] }, false],
    ['a name in the folder alone', 'x/y/a.md', [], { 'x/': ['/a.md'] }, false],
    ['a path from the folder', 'x/y/a.md', [], { 'x/': ['y/a.md'] }, true],
    ['no such path further down', 'x/z/y/a.md', [], { 'x/': ['y/a.md'] }, false],
    ['a folder', 'x/drafts/a.md', [], { 'x/': ['drafts/'] }, true],
    ['no file in the place of a folder', 'x/drafts', [], { 'x/': ['drafts/'] }, false],
    ['by stars over folders', 'x/a/b/c.md', [], { 'x/': ['a/**/c.md'] }, true],
    ['all but one', 'x/a.md', [], { 'x/': ['*.md', '!a.md'] }, false],
    ['not what a deeper file takes back', 'x/y/a.md', [], { 'x/': ['*.md'], 'x/y/': ['!a.md'] }, false],
    ['what a deeper file adds', 'x/y/a.md', [], { 'x/': ['!*.md'], 'x/y/': ['a.md'] }, true],
    ['all below a folder that is left out', 'x/y/a.md', [], { 'x/': ['y/'], 'x/y/': ['!a.md'] }, true],
    ['what the configuration excludes, whatever a file says', 'x/a.md', ['a.md'], { 'x/': ['!a.md'] }, true],
    ['not what the configuration takes back', 'x/a.md', ['!a.md'], { 'x/': ['a.md'] }, false],
    ['in a folder named like a pattern', '[x] *!#/a.md', [], { '[x] *!#/': ['a.md'] }, true],
    ['nothing beside a folder named like a pattern', 'x/a.md', [], { '[x]/': ['a.md'] }, false],
    ['a name with an escaped hash', 'x/#a.md', [], { 'x/': ['\\#a.md'] }, true],
    ['a name with an escaped mark', 'x/!a.md', [], { 'x/': ['\\!a.md'] }, true],
    ['letters of either case', 'Drafts/a.md', ['drafts/'], {}, true],
    ['by a pattern in another spelling', 'caf\u00e9/a.md', ['cafe\u0301/'], {}, true],
    ['nothing by an empty pattern', 'a.md', ['', ' ', '#', '/'], {}, false],
  ] as const)('leaves out %s', (_, path, exclude, files, expected) => {
    expect(leavesOut(path, exclude, files)).toBe(expected)
  })
})

test('matcher() of no pattern names nothing', () => expect(matcher([])('a.md')).toBe(false))

test.each([
  ['drafts/**/old/*.md', true],
  ['/a/**/b/**/*-draft-*.md', true],
  ['*a*b*c*d*.md', false],
  ['**/a/**/a/**/a/**/b', false],
])('isQuickPattern() says of %j: %j', (pattern, expected) => expect(isQuickPattern(pattern)).toBe(expected))

describe('patternsOf()', () => {
  let dir = ''
  beforeEach(() => {
    dir = tempFolder()
  })
  afterEach(() => {
    rmSync(dir, { recursive: true })
  })

  test('is empty where there is no file', () => expect(patternsOf(dir)).toEqual([]))

  test('is empty where a folder has that name', () => {
    mkdirSync(join(dir, '.feedwireignore'))
    expect(patternsOf(dir)).toEqual([])
  })

  test('has one pattern a line, without comments', () => {
    putFile(dir, '.feedwireignore', '\ufeff# notes\r\n*.md\r\n\n!a.md\n\\#b.md')
    expect(patternsOf(dir)).toEqual(['*.md', '!a.md', '\\#b.md'])
  })

  test('refuses a file of more than 64 KB', () => {
    putFile(dir, '.feedwireignore', 'x'.repeat(64 * 1024 + 1))
    expect(() => patternsOf(dir)).toThrow(
      expect.objectContaining({ code: 'EFBIG', path: join(dir, '.feedwireignore') }),
    )
  })

  test('refuses a pattern that would take too long', () => {
    putFile(dir, '.feedwireignore', `${'*ab'.repeat(30)}c`)
    expect(() => patternsOf(dir)).toThrow(expect.objectContaining({ code: 'EINVAL' }))
  })
})
