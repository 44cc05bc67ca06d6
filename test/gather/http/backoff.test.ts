import { describe, expect, test } from 'vitest'
import { Backoff, nextBackoff } from '../../../src/gather/http/backoff.ts'
import { retryAfter } from '../../../src/gather/http/retry-after.ts'
import { NOW } from './tools.ts'

const MINUTE = 60_000

describe('nextBackoff() leaves a host alone', () => {
  for (const [says, failures, asked, minutes] of [
    ['for ten minutes at first', 0, null, 10],
    ['for twice as long the next time', 1, null, 20],
    ['for four times as long then', 2, null, 40],
    ['for four hours at most', 5, null, 240],
    ['for four hours for ever', 5000, null, 240],
    ['for longer when it asks for that', 0, 90, 90],
    ['for no shorter than it would', 0, 1, 10],
  ] as const) {
    test(says, () => {
      const before = failures === 0 ? null : { host: 'a.example', until: NOW - 1, failures }
      const until = NOW + minutes * MINUTE
      const state = nextBackoff('a.example', before, NOW, asked === null ? null : NOW + asked * MINUTE)
      expect(state).toEqual({ host: 'a.example', until, failures: failures + 1 })
    })
  }
})

test('Backoff does not believe what a clock that went wrong left behind', () => {
  const backoff = new Backoff([{ host: 'a.example', until: NOW + 48 * 60 * MINUTE, failures: 1 }])
  expect(backoff.heldUntil('a.example', NOW)).toBeNull()
})

test('Backoff keeps from run to run what it is told, host by host', () => {
  const before = new Backoff()
  before.hold('a.example', NOW, null)
  before.hold('b.example', NOW, NOW + 30 * MINUTE)
  before.hold('c.example', NOW, null)
  before.forget('c.example')
  const kept = before.states()
  expect(kept).toEqual([
    { host: 'a.example', until: NOW + 10 * MINUTE, failures: 1 },
    { host: 'b.example', until: NOW + 30 * MINUTE, failures: 1 },
  ])
  const after = new Backoff(kept)
  const hosts = ['a.example', 'b.example', 'c.example']
  const until = [kept[0]?.until, kept[1]?.until, null]
  expect(hosts.map((host) => after.heldUntil(host, NOW + 10 * MINUTE - 1))).toEqual(until)
  expect(hosts.map((host) => after.heldUntil(host, NOW + 10 * MINUTE))).toEqual([null, until[1], null])
  expect(after.hold('a.example', NOW + 10 * MINUTE, null)).toBe(NOW + 30 * MINUTE)
})

describe('retryAfter() reads', () => {
  const DAY = 86_400
  for (const [header, seconds] of [
    ['120', 120],
    [' 120 ', 120],
    ['0', 0],
    ['86401', DAY],
    ['9'.repeat(400), DAY],
    ['Mon, 30 Nov 2026 04:30:00 GMT', 1800],
    ['Monday, 30-Nov-26 04:30:00 GMT', 1800],
    ['Mon Nov 30 04:30:00 2026', 1800],
    ['Tue, 30 Nov 2027 04:30:00 GMT', DAY],
    ['Sun, 29 Nov 2026 04:30:00 GMT', 0],
    ['', null],
    ['-5', null],
    ['1.5', null],
    ['soon', null],
    ['Mon, 30 Nov 2026 25:30:00 GMT', null],
    ['2026-11-30T04:30:00Z', null],
    [undefined, null],
  ] as const) {
    const shown = header === undefined || header.length < 40 ? header : `${header.slice(0, 9)}…`
    test(`${shown}`, () => expect(retryAfter(header, NOW)).toBe(seconds === null ? null : NOW + seconds * 1000))
  }
})
