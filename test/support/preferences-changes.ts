import { describe, expect, onTestFinished, test } from 'vitest'
import { writeGauge } from './gauges.ts'
import { PreferencesSite } from './preferences-site.ts'

const HOUR = 3_600_000

/**
 * Tests that what readers wish for takes effect amid what is due.
 * @param step hours between the runs that follow a change
 */
export function testChanges(step: number): void {
  describe(`a change amid loses nothing and doubles nothing, with a run every ${step} h:`, () => {
    const [noon, evening, nextDay] = ['2026-01-31T12:00:00Z', '2026-01-31T18:00:00Z', '2026-02-02T12:00:00Z']
    for (const [says, before, words, atOnce, later] of [
      ['of frequency to each run', { frequency: 'daily' }, ['--frequency', 'instant'], 'north', 'south'],
      ['of frequency to the site', { frequency: 'weekly' }, ['--frequency', 'site'], 'north', 'south'],
      ['of frequency to each day', {}, ['--frequency', 'daily'], null, 'south'],
      ['of zone', { frequency: 'daily', zone: 'Asia/Tokyo' }, ['--zone', 'America/Los_Angeles'], null, 'north south'],
      ['of language', { frequency: 'daily' }, ['--language', 'zh'], null, 'north south'],
      ['to a topic', { frequency: 'daily' }, ['--topic', 'tag:tides'], null, 'south'],
      ['from a topic', { frequency: 'daily', topics: ['tag:tides'] }, ['--topic', 'everything'], null, 'north south'],
    ] as const)
      test(says, async () => {
        const site = new PreferencesSite({ ann: before })
        onTestFinished(() => site.remove())
        expect(await site.mailedAt(noon)).toEqual([])
        writeGauge(site.dir, 'north')
        const first = await site.mailedAt('2026-01-31T12:15:00Z')
        await site.wish('2026-01-31T17:00:00Z', 'ann', ...words)
        const evenings = await site.mailedAt(evening)
        expect(evenings).toEqual(atOnce === null ? [] : [`ann: ${atOnce}`])
        writeGauge(site.dir, 'south', ['tags: [tides]'])
        const rest: string[] = []
        for (let hour = step; hour <= 44; hour += step) {
          rest.push(...(await site.mailedAt(Date.parse(evening) + hour * HOUR)))
        }
        expect(rest).toEqual([`ann: ${later}`])
        expect(first).toEqual(says === 'of frequency to each day' ? ['ann: north'] : [])
        expect(await site.mailedAt(nextDay)).toEqual([])
      })
  })
}
