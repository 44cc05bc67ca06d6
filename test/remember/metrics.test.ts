import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { hideEntries } from '../../src/remember/curate.ts'
import { pauseSubscriber, removeSubscriber } from '../../src/remember/leave.ts'
import { type Claim, type Settlement, settleAndClaim } from '../../src/remember/ledger.ts'
import { type Counts, readCounts } from '../../src/remember/metrics.ts'
import type { Store } from '../../src/remember/open.ts'
import { beginRun, endRun } from '../../src/remember/runs.ts'
import { addSubscriber } from '../../src/remember/subscribers.ts'
import { suppress } from '../../src/remember/suppressions.ts'
import { parseEmailAddress } from '../../src/subscriber.ts'
import { NOW, PostOffice } from '../deliver/post.ts'
import { TempSite, article, words } from '../support/site.ts'
import { testStore } from '../support/store.ts'

describe('of an empty store', () => {
  let store: Store
  let drop: () => Promise<void>
  beforeEach(async () => {
    ;({ store, drop } = await testStore())
  })
  afterEach(() => drop())

  const counted = (): Promise<Counts> => readCounts(store, [], NOW)
  const nobody = { none: 0, bounced: 0, complained: 0, deleted: 0 }

  test('every count is there, and zero', async () =>
    expect(await counted()).toEqual({
      ...{ entries: 0, lettersDue: 0, sourcesWithProblems: 0, lastRun: null },
      subscribers: { pending: nobody, active: nobody, paused: nobody, unsubscribed: nobody },
      letters: {
        ...{ due: 0, claimed: 0, sent: 0, deferred: 0, refused: 0, suppressed: 0, held: 0, expired: 0, cancelled: 0 },
      },
    }))

  test('subscribers are counted by what they chose and by why nothing is mailed to them', async () => {
    const [ann, bob, cid, dan, eve] = ['ann', 'bob', 'cid', 'dan', 'eve'].map((name) =>
      parseEmailAddress(`${name}@example.net`),
    )
    if (!ann || !bob || !cid || !dan || !eve) throw new Error('five readers')
    for (const address of [ann, bob, cid, dan, eve]) await addSubscriber(store, address, NOW)
    await removeSubscriber(store, bob, NOW)
    await suppress(store, { address: cid }, 'bounced', '550 gone', NOW)
    await removeSubscriber(store, dan, NOW)
    await suppress(store, { address: dan }, 'complained', 'spam', NOW)
    await pauseSubscriber(store, 5, NOW)
    expect((await counted()).subscribers).toEqual({
      pending: nobody,
      active: { ...nobody, none: 1, bounced: 1 },
      paused: { ...nobody, none: 1 },
      unsubscribed: { ...nobody, none: 1, complained: 1 },
    })
  })

  test('the last run is the last that ended and did not only send letters of another, with how it ended and how long it took', async () => {
    await endRun(store, await beginRun(store, NOW), 0, NOW + 1500)
    await endRun(store, await beginRun(store, NOW + 60_000), 3, NOW + 60_250)
    await beginRun(store, NOW + 120_000)
    await endRun(store, await beginRun(store, NOW + 130_000, 'share'), 0, NOW + 140_000)
    expect((await counted()).lastRun).toEqual({ endedAt: NOW + 60_250, durationMs: 250, exitCode: 3 })
  })
})

describe('letters', () => {
  let office: PostOffice
  beforeEach(async () => {
    office = await PostOffice.open(7)
  })
  afterEach(() => office.close())

  /** Settles claimed letters, the first ones as these settlements say. */
  async function settle(...ends: ((claim: Claim) => Settlement)[]): Promise<void> {
    const runId = await beginRun(office.store, NOW)
    const { claims } = await settleAndClaim(office.store, { runId }, [], ends.length, NOW)
    const settlements = claims.map((claim, index) => ends[index]?.(claim) ?? { claim, state: 'due' as const })
    await settleAndClaim(office.store, { runId }, settlements, 0, NOW)
  }

  test('are counted by state, over all digests, and those that are due by now', async () => {
    await office.freeze('digest-2')
    const putOff =
      (hours: number) =>
      (claim: Claim): Settlement => ({
        ...{ claim, state: 'deferred', until: NOW + hours * 3_600_000, reply: '450 later', unknown: false },
      })
    await settle(
      (claim) => ({ claim, state: 'sent', reply: '250 ok' }),
      (claim) => ({ claim, state: 'sent', reply: '250 ok' }),
      (claim) => ({ claim, state: 'refused', reply: '550 no', isDead: false }),
      putOff(1),
      putOff(3),
    )
    await office.claimAndDie(1)
    const counts = (hours: number): Promise<Counts> => readCounts(office.store, [], NOW + hours * 3_600_000)
    expect((await counts(0)).letters).toMatchObject({ due: 8, claimed: 1, sent: 2, refused: 1, deferred: 2, held: 0 })
    // What a dead run claimed is tried again too.
    expect((await counts(0)).lettersDue).toBe(9)
    expect((await counts(2)).lettersDue).toBe(10)
    expect((await counts(4)).lettersDue).toBe(11)
  })
})

describe('of sources', () => {
  let site: TempSite
  beforeEach(async () => {
    site = (await TempSite.open()).folder('articles').folder('notes')
    for (const path of ['articles/first', 'articles/second', 'notes/third']) {
      site.write(`${path}.md`, article(`Title of ${path}`, words(path)))
    }
    await site.run()
  })
  afterEach(() => site.close())

  const counted = async (names = ['articles', 'notes']): Promise<Counts> => readCounts(site.store, names, site.now)

  test('entries are counted that stand', async () => expect((await counted()).entries).toBe(3))

  test('entries are not counted that are hidden, removed or held back', async () => {
    const [hidden] = await site.store.selectFrom('entries').select('id').where('title', 'like', '%third').execute()
    await hideEntries(site.store, hidden === undefined ? [] : [hidden.id])
    site.remove('articles/second.md')
    site.write('articles/fourth.md', article('Title of fourth', words('fourth')))
    await site.run({ hold: true, acceptRemovals: true })
    expect((await counted()).entries).toBe(1)
  })

  test('entries of a source that is no longer read are not counted', async () =>
    expect((await counted(['notes'])).entries).toBe(1))

  test('no source has problems while all is well, or only guessed at', async () => {
    const head = [`date: '"severity":"error"'`]
    site.write('notes/guessed.md', article('Guessed', words('guessed'), head))
    const [, notes] = await site.run()
    expect(notes?.problems).toMatchObject([{ severity: 'warning', message: expect.stringContaining(':"error"') }])
    expect((await counted()).sourcesWithProblems).toBe(0)
  })

  test('a source has problems while a file of it is set aside', async () => {
    for (const name of ['one', 'two']) site.write(`notes/${name}.md`, '---coffee\n{ title: "Tides" }\n---\n')
    const [, notes] = await site.run()
    expect(notes?.rejected).toBe(2)
    expect((await counted()).sourcesWithProblems).toBe(1)
    expect((await counted(['articles'])).sourcesWithProblems).toBe(0)
    site.remove('notes/one.md', 'notes/two.md')
    await site.run()
    expect((await counted()).sourcesWithProblems).toBe(0)
  })

  test('a source has problems that cannot be read as a whole', async () => {
    site.remove('notes')
    const [, notes] = await site.run()
    expect(notes?.problems.map(({ severity }) => severity)).toEqual(['error'])
    expect((await counted()).sourcesWithProblems).toBe(1)
  })
})
