import { expect, test } from 'vitest'
import { punch } from '../../src/pages/tape.ts'

for (const [text, columns, holes] of [
  ['', 0, ''],
  // 0x41: tracks 1 and 7.
  ['A', 1, 'M0 8h0M0 1h0'],
  // 0x7C: tracks 3 to 7, on both sides of the feed holes in row 5.
  ['|', 1, 'M0 6h0M0 4h0M0 3h0M0 2h0M0 1h0'],
  // 0xC3 0xA9
  ['é', 2, 'M0 8h0M0 7h0M0 1h0M0 0h0M1 8h0M1 4h0M1 2h0M1 0h0'],
] as const) {
  test(`punch() spells "${text}"`, () => expect(punch(text)).toEqual({ columns, holes }))
}

test('punch() tears off a long tape', () => expect(punch('x'.repeat(500)).columns).toBe(96))
