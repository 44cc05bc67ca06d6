import { describe, expect, test } from 'vitest'
import { composeDigests } from '../../src/digest/compose.ts'

/** Entries with these numbers; the row id of each is ten times its number. */
function announced(...numbers: number[]) {
  return numbers.map((number) => ({ id: number * 10, number }))
}

describe('composeDigests()', () => {
  for (const [says, had, numbers, max, variants] of [
    ['gives a reader who had nothing all entries', [0], [1, 2], 20, [{ from: 0, to: 1, ids: [10, 20], more: 0 }]],
    [
      'gives a reader what is above the highest number had',
      [2],
      [2, 3, 4],
      20,
      [{ from: 2, to: 3, ids: [30, 40], more: 0 }],
    ],
    ['gives nothing to a reader who had the newest', [4], [3, 4], 20, []],
    ['gives nothing to a reader who had more than is announced', [9], [3, 4], 20, []],
    ['gives nothing when nothing is announced', [0, 3], [], 20, []],
    ['gives nothing when there is no reader', [], [1, 2], 20, []],
    [
      'makes one variant for readers whose entries are the same',
      [0, 1, 4],
      [5, 6],
      20,
      [{ from: 0, to: 5, ids: [50, 60], more: 0 }],
    ],
    [
      'parts readers at an announced number',
      [3, 4, 5, 7],
      [3, 5, 8],
      20,
      [
        { from: 3, to: 5, ids: [50, 80], more: 0 },
        { from: 5, to: 8, ids: [80], more: 0 },
      ],
    ],
    ['shows as many as fit and counts no more', [0], [1, 2, 3], 3, [{ from: 0, to: 1, ids: [10, 20, 30], more: 0 }]],
    ['shows the newest and counts the older ones', [0], [1, 2, 3, 4], 2, [{ from: 0, to: 1, ids: [30, 40], more: 2 }]],
    [
      'counts for each variant what it leaves out',
      [0, 2],
      [1, 2, 3],
      1,
      [
        { from: 0, to: 1, ids: [30], more: 2 },
        { from: 2, to: 3, ids: [30], more: 0 },
      ],
    ],
  ] as const)
    test(says, () => {
      const readers = had.map((number) => ({ had: number }))
      expect(composeDigests(readers, announced(...numbers), max)).toEqual(variants)
    })
})

test('composeDigests() puts each reader with something due into the range of exactly one variant', () => {
  const readers = Array.from({ length: 12 }, (_, had) => ({ had }))
  const entries = announced(2, 3, 7, 10)
  const variants = composeDigests(readers, entries, 20)
  for (const { had } of readers) {
    const theirs = variants.filter(({ from, to }) => from <= had && had < to)
    const due = entries.filter(({ number }) => number > had).map(({ id }) => id)
    expect(theirs.map(({ ids }) => ids)).toEqual(due.length > 0 ? [due] : [])
  }
})
