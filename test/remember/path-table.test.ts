import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { KnownStamps } from '../../src/remember/known-stamps.ts'
import { PathTable } from '../../src/remember/path-table.ts'

function tableOf(paths: readonly string[]): PathTable {
  const table = new PathTable()
  for (const path of paths) table.add(path)
  return table
}

/** Enough to fill several pieces and to grow more than once. */
const MANY = Array.from({ length: 3_000 }, (_, index) => `posts/${index % 7}/tide-${index}.md`)

describe('PathTable', () => {
  for (const [says, paths] of [
    ['nothing', []],
    ['one path', ['a.md']],
    ['paths that begin alike', ['a', 'a.md', 'a.m', 'a.md/a', 'a.md.md']],
    ['paths that are one when they are joined', ['ab', 'c', 'a', 'bc', 'abc']],
    ['an empty path, and others than Latin', ['', '潮/汐.md', '😀.md', 'é.md', 'e\u0301.md', 'a\nb.md']],
    ['very many', MANY],
  ] as const) {
    test(`holds ${says}, each at its place`, () => {
      const table = tableOf(paths)
      expect(table.size).toBe(paths.length)
      expect(paths.map((path) => table.placeOf(path))).toEqual([...paths.keys()])
      expect(paths.map((_, place) => table.at(place))).toEqual(paths)
    })
  }

  test('does not know what was not added', () => {
    const table = tableOf(MANY)
    expect(MANY.filter((path) => table.placeOf(`${path}x`) !== -1 || table.placeOf(path.slice(1)) !== -1)).toEqual([])
    expect(tableOf([]).placeOf('')).toBe(-1)
  })

  test('is as good as a list, whatever the paths', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string({ unit: 'binary' }), { maxLength: 600 }), fc.string(), (paths, other) => {
        const table = tableOf(paths)
        expect(paths.map((path) => table.placeOf(path))).toEqual([...paths.keys()])
        expect(table.placeOf(other)).toBe(paths.indexOf(other))
      }),
      { numRuns: 50 },
    )
  })
})

describe('KnownStamps', () => {
  test('tells the stamp of each of very many files', () => {
    const stamps = new KnownStamps()
    const stampOf = (index: number) => ({
      ...{ size: index, mtime: 1_767_225_600_000_000 + index, ctime: -index },
      recipe: index % 100 === 0 ? '' : 'of all others',
      lookAgain: index % 50 === 0 ? index : null,
    })
    for (const [index, path] of MANY.entries()) stamps.add(path, stampOf(index))
    expect(MANY.map((path) => stamps.at(stamps.placeOf(path)))).toEqual(MANY.map((_, index) => stampOf(index)))
    expect([...stamps.paths()]).toEqual(MANY)
  })

  test('forgets which recipe it was when there are too many of them', () => {
    const stamps = new KnownStamps()
    for (const [index, path] of MANY.entries()) {
      stamps.add(path, { size: 0, mtime: 0, ctime: 0, recipe: `recipe ${index}`, lookAgain: null })
    }
    const recipes = MANY.map((_, place) => stamps.at(place).recipe)
    expect(recipes[7]).toBe('recipe 7')
    expect(recipes.every((recipe, index) => recipe === `recipe ${index}` || recipe === '')).toBe(true)
  })
})
