import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ARCHIVE_SIZE, archiveFolder, archivesToClose } from '../../src/feeds/archive.ts'

function numbers(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, n) => from + n)
}

for (const [says, open, room, wanted, closed] of [
  ['closes none while the feed holds all', numbers(1, 50), 100, 50, []],
  ['waits while the feed has room for more than it needs', numbers(1, 99), 100, 50, []],
  ['closes fifty once the feed need not hold them', numbers(1, 100), 100, 50, [50]],
  ['closes several at once', numbers(1, 230), 100, 50, [50, 100, 150]],
  ['counts entries, not numbers', [...numbers(1, 20), ...numbers(101, 180)], 100, 50, [130]],
  ['goes on behind the last archive', numbers(51, 160), 100, 50, [100]],
  ['closes half of what does not fit', numbers(1, 26), 25, 50, [13]],
  ['closes fifty first where there is little room', numbers(1, 90), 25, 50, [50, 70]],
  ['closes what a feed of a few entries has no room for', numbers(1, 4), 3, 3, [2]],
  ['leaves a feed one entry at least', numbers(1, 2), 1, 50, [1]],
  ['has nothing to close', [], 0, 50, []],
] as const)
  test(`archivesToClose() ${says}`, () => expect(archivesToClose(open, { room, wanted })).toEqual(closed))

test('archivesToClose() leaves what the feed has room for, in archives of fifty at most', () => {
  const sizes = fc.record({
    open: fc.nat(700),
    room: fc.integer({ min: 1, max: 120 }),
    wanted: fc.integer({ min: 1, max: 90 }),
  })
  fc.assert(
    fc.property(sizes, ({ open, room, wanted }) => {
      const closed = archivesToClose(numbers(1, open), { room, wanted })
      expect(open - (closed.at(-1) ?? 0)).toBeLessThanOrEqual(room)
      for (const [index, last] of closed.entries()) {
        const held = last - (closed[index - 1] ?? 0)
        expect(held).toBeGreaterThan(0)
        expect(held).toBeLessThanOrEqual(ARCHIVE_SIZE)
      }
    }),
  )
})

test('archiveFolder() counts from the oldest', () => expect(archiveFolder(12)).toBe('archive/12/'))
