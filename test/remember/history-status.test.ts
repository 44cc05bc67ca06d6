import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { hideEntries } from '../../src/remember/curate.ts'
import { directDigest } from '../../src/remember/direct.ts'
import { removeSubscriberById } from '../../src/remember/leave.ts'
import { type Claim, type Settlement, settleAndClaim } from '../../src/remember/ledger.ts'
import { takeLock } from '../../src/remember/lock.ts'
import { beginRun } from '../../src/remember/runs.ts'
import { nextRetry, openDigests, reasonsOf } from '../../src/remember/status-letters.ts'
import { isRunAtWork } from '../../src/remember/status-lock.ts'
import { sourceStandings } from '../../src/remember/status-sources.ts'
import { suppress } from '../../src/remember/suppressions.ts'
import { NOW, PostOffice } from '../deliver/post.ts'
import { storePlace } from '../support/database.ts'
import { TempSite, article, words } from '../support/site.ts'

const HOUR = 3_600_000

describe('letters', () => {
  let office: PostOffice
  beforeEach(async () => {
    office = await PostOffice.open(5)
  })
  afterEach(() => office.close())

  const sent = (claim: Claim): Settlement => ({ claim, state: 'sent', reply: '250 ok' })
  const held = (claim: Claim): Settlement => ({ claim, state: 'held', reply: 'no answer' })
  const refused = (claim: Claim): Settlement => ({
    claim,
    state: 'refused',
    reply: `550 <${claim.address}> no`,
    isDead: false,
  })
  const putOff = (claim: Claim): Settlement => ({
    claim,
    state: 'deferred',
    until: NOW + HOUR,
    reply: '450 later',
    unknown: false,
  })

  /** Claims as many letters as there are ends, and settles them so. */
  async function settle(now: number, ...ends: ((claim: Claim) => Settlement)[]): Promise<void> {
    const runId = await beginRun(office.store, now)
    const { claims } = await settleAndClaim(office.store, { runId }, [], ends.length, now)
    const settlements = claims.map((claim, index) => ends[index]?.(claim) ?? { claim, state: 'due' as const })
    await settleAndClaim(office.store, { runId }, settlements, 0, now)
  }

  const open = async () =>
    (await openDigests(office.store)).map(({ id, open, held, failed }) => [id, open, held, failed])

  test('that wait, may have gone or did not arrive are counted by digest', async () => {
    await settle(NOW, sent, refused, refused, held, putOff)
    expect(await openDigests(office.store)).toEqual([
      { id: 'digest-1', subject: 'Tides digest-1', date: NOW, isPaused: false, open: 1, held: 1, failed: 2 },
    ])
  })

  test('that all went are of no digest', async () => {
    await settle(NOW, sent, sent, sent, sent, sent)
    expect(await open()).toEqual([])
  })

  test('to readers who left, or whose address is no more, are no matter', async () => {
    await settle(NOW, refused, held, refused, held, refused)
    await removeSubscriberById(office.store, 1, NOW)
    await removeSubscriberById(office.store, 2, NOW)
    await suppress(office.store, { subscriberId: 3 }, 'bounced', '550', NOW)
    expect(await open()).toEqual([['digest-1', 0, 1, 1]])
  })

  test('that did not arrive are no matter once a later one did', async () => {
    await settle(NOW, refused, held, refused, sent, sent)
    await office.freeze('digest-2')
    await settle(NOW + 1, sent, sent, refused, sent, sent)
    expect(await open()).toEqual(
      expect.arrayContaining([
        ['digest-2', 0, 0, 1],
        ['digest-1', 0, 1, 1],
      ]),
    )
  })

  test('that are sent again wait again', async () => {
    await settle(NOW, refused, held, sent, sent, sent)
    await directDigest(office.store, 'digest-1', 'retry', NOW)
    await directDigest(office.store, 'digest-1', 'pause', NOW)
    expect(await openDigests(office.store)).toMatchObject([{ open: 2, held: 0, failed: 0, isPaused: true }])
  })

  test('that did not go are counted by state and reason, the most first', async () => {
    await settle(NOW, sent, refused, putOff, putOff, held)
    const [first, ...others] = await reasonsOf(office.store)
    expect(first).toEqual({ state: 'deferred', reply: '450 later', letters: 2 })
    expect(others).toHaveLength(2)
    expect(others).toContainEqual({ state: 'refused', reply: '550 <reader-2@example.net> no', letters: 1 })
    expect(others).toContainEqual({ state: 'held', reply: 'no answer', letters: 1 })
  })

  test('that were put off tell when the first is tried again', async () => {
    expect(await nextRetry(office.store)).toBeNull()
    await settle(NOW, putOff)
    expect(await nextRetry(office.store)).toBe(NOW + HOUR)
  })
})

test('isRunAtWork() is true as long as a run holds the lock, and does not take it', async () => {
  const office = await PostOffice.open(0)
  const path = storePlace(office.dir)
  expect(await isRunAtWork(path)).toBe(false)
  const lock = await takeLock(path)
  expect(await isRunAtWork(path)).toBe(true)
  await lock?.release()
  expect(await isRunAtWork(path)).toBe(false)
  const again = await takeLock(path)
  expect(again).not.toBeNull()
  await again?.release()
  await office.close()
})

describe('sourceStandings()', () => {
  let site: TempSite
  beforeEach(async () => {
    site = (await TempSite.open()).folder('articles').folder('notes')
    for (const name of ['one', 'two', 'three']) site.write(`articles/${name}.md`, article(name, words(name)))
    site.write('notes/note.md', article('note', words('note')))
    await site.run()
  })
  afterEach(() => site.close())

  const standing = async () => (await sourceStandings(site.store, ['articles'])).get('articles')

  test('tells of sources that are asked for and were read', async () => {
    expect([...(await sourceStandings(site.store, ['articles', 'nowhere'])).keys()]).toEqual(['articles'])
    expect(await standing()).toEqual({
      ...{ firstRead: site.now, files: 3, setAside: 0, failing: null, problems: [], moreProblems: 0 },
      entries: { shown: 3, hidden: 0, removed: 0, held: 0 },
    })
  })

  test('counts entries by how they stand', async () => {
    const entries = await site.store.selectFrom('entries').select(['id', 'title']).execute()
    await hideEntries(
      site.store,
      entries.filter(({ title }) => title === 'one').map(({ id }) => id),
    )
    site.remove('articles/two.md')
    site.write('articles/four.md', article('four', words('four')))
    await site.run({ hold: true, acceptRemovals: true })
    expect((await standing())?.entries).toEqual({ shown: 1, hidden: 1, removed: 1, held: 1 })
  })

  test('names the first files that are set aside, and counts the others', async () => {
    for (const n of [1, 2, 3, 4, 5, 6, 7]) site.write(`articles/bad-${n}.md`, '---js\n{}\n---\n')
    site.write('articles/guessed.md', article('Guessed', words('guessed'), ['date: nonsense']))
    await site.run()
    const found = await standing()
    expect(found).toMatchObject({ setAside: 7, moreProblems: 2 })
    expect(found?.problems.map(({ severity, where }) => `${severity} ${where ?? ''}`)).toEqual(
      [1, 2, 3, 4, 5].map((n) => expect.stringMatching(new RegExp(`^error .*articles/bad-${n}\\.md`)) as string),
    )
  })

  test('tells since when a source cannot be read', async () => {
    site.remove('articles')
    await site.run()
    const since = site.now
    await site.run()
    const found = await standing()
    expect(found?.failing).toEqual({ runs: 2, since })
    expect(found?.problems).toMatchObject([{ severity: 'error' }])
  })
})
