import { rmSync } from 'node:fs'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { clockOf, clockOffset, storeClock } from '../../src/remember/clock.ts'
import { storePlace } from '../support/database.ts'
import { tempFolder } from '../support/folder.ts'

let dir = ''
beforeEach(() => {
  dir = tempFolder()
})
afterEach(() => rmSync(dir, { recursive: true }))

/** This machine's clock is so many milliseconds ahead of what it was. */
function setAhead(time: number): void {
  vi.spyOn(Date, 'now').mockImplementation(() => Math.round(performance.timeOrigin + performance.now()) + time)
}

const HOUR = 3_600_000

test('a machine whose clock is wrong goes by that of the server', async () => {
  setAhead(HOUR)
  expect(await clockOffset(storePlace(dir))).toBe(-HOUR)
  const clock = await clockOf(storePlace(dir), Date.now)
  const before = Date.now()
  const told = clock() + HOUR
  expect([before <= told, told <= Date.now()]).toEqual([true, true])
})

test('a clock that is right by half a second is left as it is', async () => {
  setAhead(300)
  expect(await clockOffset(storePlace(dir))).toBe(0)
})

test('a clock that was set meanwhile is asked for anew', async () => {
  const clock = storeClock(storePlace(dir), () => Date.now())
  await clock.set()
  setAhead(-HOUR)
  await clock.set()
  const before = Date.now()
  const told = clock.read() - HOUR
  expect([before <= told, told <= Date.now()]).toEqual([true, true])
})

test('in a file the clock of the machine counts', async () => {
  setAhead(HOUR)
  expect(await clockOffset(`${dir}/feedwire.db`)).toBe(0)
})
