import { expect, test } from 'vitest'
import { dayIn, secondIn } from '../../src/pages/day.ts'

const at = Date.UTC(2026, 2, 1, 23, 30)

for (const [zone, day, second] of [
  ['Asia/Shanghai', '2026-03-02', '2026-03-02T07:30:00+08:00'],
  ['UTC', '2026-03-01', '2026-03-01T23:30:00+00:00'],
  ['America/St_Johns', '2026-03-01', '2026-03-01T20:00:00-03:30'],
] as const) {
  test(`dayIn() and secondIn() read the clock of ${zone}`, () => {
    expect([dayIn(zone, at), secondIn(zone, at)]).toEqual([day, second])
  })
}
