import { describe, expect, test } from 'vitest'
import { itemDate } from '../../../src/gather/feed/item-date.ts'

const EIGHT = '2026-01-11T08:00:00.000Z'
const SEVEN = '2026-01-11T07:00:00.000Z'

/** What feedparser reads otherwise or not at all. */
describe('itemDate() reads', () => {
  for (const [text, at] of [
    ['Sun, 11 Jan 2026 08:00:00 CET', SEVEN],
    ['Sun, 11 Jan 2026 08:00:00 BST', SEVEN],
    ['Sun, 11 Jan 2026 08:00:00 +100', SEVEN],
    ['Sun, 11 Jan 2026 08:00:00', EIGHT],
    ['Sun, 11-Jan-2026 08:00:00 GMT', EIGHT],
    ['Sun, 11. Jan 2026 08:00:00 GMT', EIGHT],
    ['So, 11 Jan 2026 08:00:00 GMT', EIGHT],
    ['Jan 11, 2026 8:00 AM', EIGHT],
    ['20260111T080000Z', EIGHT],
    ['1768118400', EIGHT],
    ['11/01/2026 08:00', '2026-11-01T08:00:00.000Z'],
    ['Thu, 31 Dec 1998 23:59:60 GMT', '1998-12-31T23:59:59.000Z'],
    ['Sun, 31 Dec 2023 24:00:00 GMT', '2024-01-01T00:00:00.000Z'],
    ['Sun, 11 Jan 99 08:00:00 GMT', '1999-01-11T08:00:00.000Z'],
    ['2026/01/11', '2026-01-11'],
    ['January 11, 2026', '2026-01-11'],
    ['2026', '2026-01-01'],
    ['2026-01', '2026-01-01'],
    ['0000-00-00 00:00:00', null],
    ['Sun, 31 Feb 2026 08:00:00 GMT', null],
    ['Sun, 11 Jan 2026 25:00:00 GMT', null],
    ['2026-W02-7', null],
    ['yesterday', null],
    ['', null],
  ] as const)
    test(`"${text}" as ${at ?? 'no date'}`, () => expect(written(text)).toBe(at))
})

function written(text: string): string | null {
  const date = itemDate(text)
  if (date === null) return null
  if (date.kind === 'instant') return new Date(date.at).toISOString()
  return [date.year, ...[date.month, date.day].map((part) => String(part).padStart(2, '0'))].join('-')
}
