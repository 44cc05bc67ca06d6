import { describe, expect, onTestFinished, test } from 'vitest'
import { writeGauge } from './support/gauges.ts'
import { testChanges } from './support/preferences-changes.ts'
import { testThreeDays } from './support/preferences-days.ts'
import { PreferencesSite } from './support/preferences-site.ts'
import { expectEachOnce } from './support/preferences-steps.ts'

// The long form is test/slow/preferences-run.test.ts.
testThreeDays([0, 15])
testChanges(4)

test('a machine that was asleep for three days mails one digest to each, of all that came', async () => {
  const site = new PreferencesSite(
    { ann: { frequency: 'daily' }, bob: { frequency: 'weekly' }, cid: {} },
    { schedule: '0 8,20 * * *' },
  )
  onTestFinished(() => site.remove())
  expect(await site.mailedAt('2026-01-31T12:00:00Z')).toEqual([])
  writeGauge(site.dir, 'north')
  expect(await site.mailedAt('2026-01-31T12:15:00Z')).toEqual([])
  writeGauge(site.dir, 'south')
  expect(await site.mailedAt('2026-02-03T12:15:00Z')).toEqual([
    'ann: north south',
    'bob: north south',
    'cid: north south',
  ])
  expect(await site.mailedAt('2026-02-03T12:30:00Z')).toEqual([])
})

describe('run --digest now', () => {
  test('mails all readers at once, and their next slots neither repeat it nor are lost', async () => {
    const site = new PreferencesSite({ ann: {}, bob: { frequency: 'weekly' } }, { schedule: '0 8 * * *' })
    onTestFinished(() => site.remove())
    expect(await site.mailedAt('2026-01-31T12:00:00Z')).toEqual([])
    writeGauge(site.dir, 'north')
    expect(await site.mailedNow('2026-01-31T12:15:00Z')).toEqual(['ann: north', 'bob: north'])
    expect(await site.mailedNow('2026-01-31T12:30:00Z'), 'who had all gets nothing').toEqual([])
    expect(await site.mailedAt('2026-02-01T08:00:00Z')).toEqual([])
    writeGauge(site.dir, 'south')
    expect(await site.mailedAt('2026-02-01T09:00:00Z')).toEqual([])
    expect(await site.mailedAt('2026-02-02T08:00:00Z')).toEqual(['ann: south', 'bob: south'])
  })

  test('mails nothing to who had all, and the rest to who had not', async () => {
    const site = new PreferencesSite({ ann: {}, bob: { frequency: 'daily' } })
    onTestFinished(() => site.remove())
    await site.mailedAt('2026-01-31T12:00:00Z')
    writeGauge(site.dir, 'north')
    expect(await site.mailedAt('2026-01-31T12:15:00Z')).toEqual(['ann: north'])
    expect(await site.mailedNow('2026-01-31T12:30:00Z')).toEqual(['bob: north'])
  })
})

test('each reader gets each article of their topics once, whatever is written, wished for and slept through', async () => {
  await expectEachOnce(3)
}, 240_000)
