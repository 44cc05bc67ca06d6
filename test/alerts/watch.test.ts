import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openStore } from '../../src/remember/open.ts'
import { suppress } from '../../src/remember/suppressions.ts'
import { WatchedSite } from './watched-site.ts'
import { storePlace } from '../support/database.ts'

let site: WatchedSite
beforeEach(async () => {
  site = await WatchedSite.open()
})
afterEach(() => site.close())

describe('a source that cannot be read', () => {
  test('is counted from run to run, and no more once it can', async () => {
    expect((await site.run()).sources).toMatchObject([{ failing: null }])
    site.takeArticles('away')
    expect((await site.run()).sources).toMatchObject([{ failing: { runs: 1, since: '2026-02-01T02:00:00.000Z' } }])
    expect((await site.run()).sources).toMatchObject([{ failing: { runs: 2, since: '2026-02-01T02:00:00.000Z' } }])
    site.takeArticles('back')
    expect((await site.run()).sources).toMatchObject([{ failing: null }])
    site.takeArticles('away')
    expect((await site.run()).sources).toMatchObject([{ failing: { runs: 1, since: '2026-02-01T05:00:00.000Z' } }])
  })

  test('is told of once, by every way, and once more when it is over', async () => {
    site.takeArticles('away')
    await site.run()
    expect(await site.told()).toEqual([[], []])
    await site.run()
    expect(site.posted()).toEqual(['source:articles standing'])
    expect(await site.mailed()).toEqual([
      expect.stringMatching(/^\[Tide Notes\] The source "articles" could not be read/),
    ])
    await site.run()
    expect(await site.told()).toEqual([[], []])
    site.takeArticles('back')
    await site.run()
    expect(site.posted()).toEqual(['source:articles over'])
    expect(await site.mailed()).toEqual([expect.stringMatching(/^\[Tide Notes\] Over: The source "articles"/)])
    await site.run()
    expect(await site.told()).toEqual([[], []])
  })

  test('is told of by the next run when this one was told to stop meanwhile', async () => {
    const stop = new AbortController()
    site.takeArticles('away')
    await site.run()
    site.hook.answer = () => {
      stop.abort()
    }
    expect(await site.run(stop.signal)).toMatchObject({ problems: [], fresh: [] })
    site.hookAnswers(200)
    site.hook.take()
    await site.run()
    expect(site.posted()).toEqual(['source:articles standing'])
  })

  test('is forgotten when it is over, and news again when it comes back', async () => {
    site.takeArticles('away')
    await site.run()
    await site.run()
    site.takeArticles('back')
    await site.run()
    const store = await openStore(storePlace(site.dir))
    expect(await store.selectFrom('alerts').selectAll().execute()).toEqual([])
    await store.destroy()
    site.takeArticles('away')
    await site.run()
    await site.run()
    expect(site.posted()).toEqual(['source:articles standing', 'source:articles over', 'source:articles standing'])
  })

  test('is told of to nobody by a run that only says what it would do', async () => {
    site.takeArticles('away')
    await site.run()
    await site.say('run', '--dry-run')
    expect(await site.told()).toEqual([[], []])
  })
})

describe('who cannot be reached', () => {
  test('is a problem that is told once, and gets the news at a later run; who could is not told twice', async () => {
    site.hookAnswers(500)
    site.takeArticles('away')
    await site.run()
    const failed = await site.run()
    expect(failed.fresh).toContainEqual(
      expect.objectContaining({
        code: 'alert-undelivered',
        where: 'alerts.url',
        message: expect.stringContaining('it answers 500'),
      }),
    )
    expect(await site.mailed()).toHaveLength(1)
    const again = await site.run()
    expect(again.problems).toContainEqual(expect.objectContaining({ code: 'alert-undelivered' }))
    expect(again.fresh).toEqual([])
    site.hook.take()
    site.hookAnswers(200)
    expect((await site.run()).problems).toEqual([])
    expect(site.posted()).toEqual(['source:articles standing'])
    expect(await site.mailed()).toEqual([])
  })

  test('is told nothing of what was over before', async () => {
    site.hookAnswers(500)
    site.takeArticles('away')
    await site.run()
    await site.run()
    site.takeArticles('back')
    site.hookAnswers(200)
    site.hook.take()
    await site.run()
    expect(site.posted()).toEqual([])
    expect(await site.mailed()).toHaveLength(2)
  })

  test('keeps no run from going on, be it the mail server that is away', async () => {
    site.settings({ alerts: `{ mail: owner@example.net, source_failures: 1 }` })
    site.sink.script = () => '421 4.3.2 closed'
    site.takeArticles('away')
    const report = await site.run()
    expect(report.exitCode).toBe(3)
    expect(report.fresh).toContainEqual(expect.objectContaining({ code: 'alert-undelivered', where: 'alerts.mail' }))
  })
})

test('letters that wait for too long are told of, until they are sent', async () => {
  site.settings({
    alerts: `{ url: "${site.hook.url}", stuck_after: 2h }`,
    readers: ['ann@example.net', 'bob@example.net'],
  })
  site.sink.script = (stage) => (stage === 'mail' ? '451 4.3.0 later' : 'accept')
  await site.run()
  await site.run()
  expect(site.posted()).toEqual([])
  await site.run()
  await site.run()
  expect(site.posted()).toEqual(['stuck standing'])
  site.sink.script = () => 'accept'
  expect((await site.run()).deliveries.sent).toBe(2)
  expect(site.posted()).toEqual(['stuck over'])
})

test('letters that the owner holds back are not told of', async () => {
  site.settings({ alerts: `{ url: "${site.hook.url}", stuck_after: 2h }`, readers: ['ann@example.net'] })
  site.sink.script = (stage) => (stage === 'mail' ? '451 4.3.0 later' : 'accept')
  const { digests } = await site.run()
  await site.say('digests', 'pause', digests[0]?.id ?? '')
  site.hour = 8
  await site.run()
  expect(site.posted()).toEqual([])
})

describe('letters that are lost', () => {
  const READERS = Array.from({ length: 25 }, (_, index) => `reader-${index + 1}@example.net`)
  const refuse = (count: number): void => {
    const bad = new Set(READERS.slice(0, count))
    site.sink.script = (stage, about) => (stage === 'rcpt' && bad.has(about) ? '550 5.1.1 unknown' : 'accept')
  }

  test('are told of when they are more than so many percent of a digest', async () => {
    site.settings({ alerts: `{ url: "${site.hook.url}", bounce_rate: 8 }`, readers: READERS })
    refuse(3)
    expect((await site.run()).deliveries).toMatchObject({ sent: 22, refused: 3 })
    expect(site.posted()).toEqual(['bounces standing'])
    await site.run()
    expect(site.posted()).toEqual([])
    site.hour = 24 * 8
    await site.run()
    expect(site.posted()).toEqual(['bounces over'])
  })

  test('are counted with those that came back, of the last digest that their reader was sent', async () => {
    site.settings({ alerts: `{ url: "${site.hook.url}", bounce_rate: 8 }`, readers: READERS })
    refuse(2)
    await site.run()
    expect(site.posted()).toEqual([])
    site.put('articles/ebb.md', '---\ntitle: Ebb\ndate: 2026-01-02\n---\nThe water leaves.\n')
    await site.run()
    const store = await openStore(storePlace(site.dir))
    await suppress(store, { subscriberId: 10 }, 'bounced', 'no such user', Date.UTC(2026, 1, 1, 3))
    await store.destroy()
    await site.run()
    // 1 of the 23 of the second digest, and none more of the first.
    expect(site.posted()).toEqual([])
    const again = await openStore(storePlace(site.dir))
    await suppress(again, { subscriberId: 11 }, 'bounced', 'no such user', Date.UTC(2026, 1, 1, 4))
    await again.destroy()
    await site.run()
    expect(site.posted()).toEqual(['bounces standing'])
  })
})

test('the letter to the owner says that a program wrote it', async () => {
  site.takeArticles('away')
  await site.run()
  await site.run()
  const [letter] = site.sink.received
  const raw = letter?.raw.toString() ?? ''
  expect(letter).toMatchObject({ from: 'ada@example.org', to: ['owner@example.net'] })
  expect(raw).toMatch(/^Auto-Submitted: auto-generated\r$/m)
  expect(raw).not.toMatch(/^List-Unsubscribe/m)
})
