import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openStore } from '../../src/remember/open.ts'
import type { Store } from '../../src/remember/open.ts'
import { forgetThrottles, throttle } from '../../src/remember/throttle.ts'
import { testStore } from '../support/store.ts'
import { DAY, HOUR, MINUTE, NOW } from './asking.ts'

const THREE = { burst: 3, interval: HOUR }

let store: Store
let path: string
let drop: () => Promise<void>
beforeEach(async () => {
  ;({ store, path, drop } = await testStore())
})
afterEach(() => drop())

/** What each request comes to that is so many minutes from the first: minutes to wait, 0 when it passes. */
async function waits(minutes: readonly number[], allowance = THREE, key = 'k'): Promise<number[]> {
  const told: number[] = []
  for (const minute of minutes) told.push((await throttle(store, key, allowance, NOW + minute * MINUTE)) / MINUTE)
  return told
}

describe('throttle()', () => {
  for (const [says, minutes, told] of [
    ['lets a full share pass at once, and tells how long the next is to wait', [0, 0, 0, 0], [0, 0, 0, 60]],
    ['counts the wait down', [0, 0, 0, 20, 59], [0, 0, 0, 40, 1]],
    ['lets one pass exactly when it said', [0, 0, 0, 0, 60, 60], [0, 0, 0, 60, 0, 60]],
    ['does not count what it refuses', [0, 0, 0, 10, 20, 30, 60], [0, 0, 0, 50, 40, 30, 0]],
    ['gives the whole share back after a rest', [0, 0, 0, 180, 180, 180, 180], [0, 0, 0, 0, 0, 0, 60]],
    ['saves no more than one share up', [0, 6000, 6000, 6000, 6000], [0, 0, 0, 0, 60]],
    ['gives back one for each interval', [0, 0, 0, 120, 120, 120], [0, 0, 0, 0, 0, 60]],
  ] as const)
    test(says, async () => expect(await waits(minutes)).toEqual(told))

  test('lets one at a time pass when the burst is one', async () =>
    expect(await waits([0, 0, 59, 60], { burst: 1, interval: HOUR })).toEqual([0, 60, 1, 0]))

  test('counts each key by itself', async () => {
    expect(await waits([0, 0, 0, 0], THREE, 'ann')).toEqual([0, 0, 0, 60])
    expect(await waits([0], THREE, 'bo')).toEqual([0])
  })

  test('is not forgotten by who opens the store anew', async () => {
    await waits([0, 0, 0])
    const other = await openStore(path)
    expect(await throttle(other, 'k', THREE, NOW)).toBe(HOUR)
    await other.destroy()
  })

  test('lets no more pass within any time than the share and what came back in it', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({ burst: fc.integer({ min: 1, max: 4 }), interval: fc.integer({ min: 1, max: 50 }) }),
        fc.array(fc.nat(40), { maxLength: 40 }),
        fc.uuid(),
        async (allowance, steps, key) => {
          const passed: number[] = []
          let now = NOW
          for (const step of steps) {
            now += step
            if ((await throttle(store, key, allowance, now)) === 0) passed.push(now)
          }
          for (const [first, from] of passed.entries())
            for (const [further, to] of passed.slice(first).entries())
              expect(further + 1).toBeLessThanOrEqual(allowance.burst + (to - from) / allowance.interval)
        },
      ),
      { numRuns: 40 },
    )
  })

  test('tells the wait truly: not a millisecond before, and then at once', async () => {
    const allowance = { burst: 4, interval: 7777 }
    await waits([0, 0.01, 0.02, 0.03], allowance)
    const wait = await throttle(store, 'k', allowance, NOW + 2000)
    expect(await throttle(store, 'k', allowance, NOW + 2000 + wait - 1)).toBe(1)
    expect(await throttle(store, 'k', allowance, NOW + 2000 + wait)).toBe(0)
  })

  test('shuts nobody out for longer than a share takes when the clock is set back', async () => {
    await waits([0, 0, 0])
    const back = -DAY / MINUTE
    expect(await waits([back, back + 180])).toEqual([60, 0])
  })

  test('never tells to wait for longer than an interval, whatever the clock said before', async () => {
    await waits([0, 0, 0])
    expect(await waits([(-365 * DAY) / MINUTE])).toEqual([60])
  })
})

describe('forgetThrottles()', () => {
  const keys = async (): Promise<string[]> =>
    (await store.selectFrom('throttles').select('key').orderBy('key').execute()).map(({ key }) => key)

  test('forgets who has the whole share again, and nobody else', async () => {
    await waits([0], THREE, 'once')
    await waits([0, 0], THREE, 'twice')
    await forgetThrottles(store, NOW + HOUR)
    expect(await keys()).toEqual(['once', 'twice'])
    await forgetThrottles(store, NOW + HOUR + 1)
    expect(await keys()).toEqual(['twice'])
  })

  test('gives nobody more than their share', async () => {
    await waits([0, 0, 0])
    await forgetThrottles(store, NOW + 2 * HOUR)
    expect(await waits([120, 120, 120])).toEqual([0, 0, 60])
  })
})
