import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { NO_PREFERENCES } from '../../src/preferences.ts'
import { readerGroups } from '../../src/remember/freeze.ts'
import { settleAndClaim } from '../../src/remember/ledger.ts'
import { beginRun } from '../../src/remember/runs.ts'
import { removeSubscriber } from '../../src/remember/leave.ts'
import { addConfigured, addSubscriber, findSubscriber } from '../../src/remember/subscribers.ts'
import { liftSuppression, noteSoftBounce, suppress, suppressionOf } from '../../src/remember/suppressions.ts'
import { parseEmailAddress } from '../../src/subscriber.ts'
import { NOW, PostOffice } from '../deliver/post.ts'

const DAY = 24 * 60 * 60 * 1000
const GONE = '550 5.1.1 no such mailbox'
const ann = parseEmailAddress('ann@example.net')
const first = parseEmailAddress('reader-1@example.net')

let office: PostOffice
beforeEach(async () => {
  office = await PostOffice.open(3)
})
afterEach(() => office.close())

function suppressFirst(): Promise<boolean> {
  return suppress(office.store, { subscriberId: 1 }, 'bounced', GONE, NOW)
}

/** State of each letter, by its id. */
async function lettersOf(digest: string): Promise<Record<string, string>> {
  const rows = (await office.rows()).filter(({ id }) => id.startsWith(`${digest}.`))
  return Object.fromEntries(rows.map(({ id, state }) => [id, state]))
}

describe('suppress()', () => {
  test('keeps an address out of later digests, and nobody else', async () => {
    expect(await suppressFirst()).toBe(true)
    await office.freeze('digest-2')
    expect(await lettersOf('digest-2')).toEqual({ 'digest-2.2': 'due', 'digest-2.3': 'due' })
    const digest = office.store.selectFrom('digests').select('recipients').where('id', '=', 'digest-2')
    expect(await digest.executeTakeFirst()).toEqual({ recipients: 2 })
  })

  test('leaves no group of readers when it has all of them', async () => {
    for (const subscriberId of [1, 2, 3]) await suppress(office.store, { subscriberId }, 'complained', 'abuse', NOW)
    expect(await readerGroups(office.store)).toEqual([])
  })

  test('drops what waits for the address, be it due or put off, and tells why', async () => {
    await office.freeze('digest-2')
    await sql`update ledger set state = 'deferred', until = ${NOW + DAY} where id = 'digest-2.1'`.execute(office.store)
    await suppressFirst()
    const dropped = (await office.rows()).filter(({ state }) => state !== 'due')
    expect(dropped).toMatchObject([
      { id: 'digest-1.1', state: 'suppressed', reply: 'the address is suppressed: bounced' },
      { id: 'digest-2.1', state: 'suppressed', reply: 'the address is suppressed: bounced' },
    ])
  })

  test('leaves a letter that is on its way, and it does not go a second time', async () => {
    const [claim] = await office.claimAndDie(1)
    if (claim === undefined) throw new Error('nothing was claimed')
    await suppressFirst()
    expect(await lettersOf('digest-1')).toMatchObject({ 'digest-1.1': 'claimed' })
    const runId = await beginRun(office.store, NOW)
    await sql`update ledger set run_id = ${runId} where id = 'digest-1.1'`.execute(office.store)
    const back = await settleAndClaim(office.store, { runId }, [{ claim, state: 'due' }], 3, NOW)
    expect(back.claims.map(({ id }) => id)).toEqual(['digest-1.2', 'digest-1.3'])
    expect(back.settled).toEqual(['due', 'suppressed'])
    expect((await office.rows())[0]).toMatchObject({ state: 'suppressed', reply: 'the address is suppressed: bounced' })
  })

  test('is asked at the claim, so that a letter which was frozen meanwhile does not go', async () => {
    await suppressFirst()
    await sql`update ledger set state = 'due' where id = 'digest-1.1'`.execute(office.store)
    const claims = await office.claimAndDie(3)
    expect(claims.map(({ id }) => id)).toEqual(['digest-1.2', 'digest-1.3'])
    expect(await lettersOf('digest-1')).toMatchObject({ 'digest-1.1': 'suppressed' })
  })

  test('takes an address that is not on the list', async () => {
    expect(await suppress(office.store, { address: ann }, 'complained', 'abuse', NOW)).toBe(true)
    expect(await suppressionOf(office.store, ann)).toEqual({ reason: 'complained', detail: 'abuse', since: NOW })
    expect(await suppressionOf(office.store, first)).toBeNull()
  })

  test('keeps the first reason', async () => {
    await suppressFirst()
    expect(await suppress(office.store, { address: first }, 'complained', 'abuse', NOW + DAY)).toBe(false)
    expect(await suppressionOf(office.store, first)).toEqual({ reason: 'bounced', detail: GONE, since: NOW })
    expect(await findSubscriber(office.store, first)).toMatchObject({ suppressed: 'bounced' })
  })

  test('knows no reader who never was', async () => {
    expect(await suppress(office.store, { subscriberId: 99 }, 'bounced', GONE, NOW)).toBe(false)
    expect(await office.store.selectFrom('suppressions').selectAll().execute()).toEqual([])
  })
})

describe('what is kept of a suppressed address', () => {
  async function keys(of: PostOffice): Promise<string[]> {
    return (await of.store.selectFrom('suppressions').select('key').execute()).map(({ key }) => key)
  }

  test('is a keyed hash, from which it cannot be guessed', async () => {
    await suppressFirst()
    const [key = ''] = await keys(office)
    expect(key).toMatch(/^[0-9a-f]{64}$/)
    for (const algorithm of ['sha256', 'sha512', 'sha512-256', 'sha3-256'])
      expect(createHash(algorithm).update(first).digest('hex')).not.toContain(key)
  })

  test('does not name it, even where the answer of the server did', async () => {
    const detail = '550 5.1.1 <Reader-1@EXAMPLE.net>: reader-1@example.net is unknown'
    await suppress(office.store, { subscriberId: 1 }, 'bounced', detail, NOW)
    const rows = await office.store.selectFrom('suppressions').selectAll().execute()
    expect(JSON.stringify(rows)).not.toMatch(/reader-1|example\.net/i)
    expect(rows).toMatchObject([{ detail: '550 5.1.1 <…>: … is unknown' }])
  })

  test('is another in another store, and the same in one store for ever', async () => {
    const other = await PostOffice.open(1)
    await suppressFirst()
    await suppress(other.store, { subscriberId: 1 }, 'bounced', GONE, NOW)
    const [key = ''] = await keys(office)
    expect(await keys(other)).not.toEqual([key])
    await other.close()
    await liftSuppression(office.store, first)
    await suppressFirst()
    expect(await keys(office)).toEqual([key])
  })
})

for (const [says, known, spelled] of [
  ['of another case', 'Ann.Lee@Example.NET', 'ann.LEE@example.net'],
  ['with an international domain', 'ann@bücher.example', 'ann@XN--BCHER-KVA.example'],
  ['with an accent of its own', 'zoe\u0308@example.net', 'zo\u00eb@example.net'],
] as const)
  test(`a spelling ${says} is the same suppressed address`, async () => {
    const [reader, same] = [parseEmailAddress(known), parseEmailAddress(spelled)]
    await addSubscriber(office.store, reader, NOW)
    expect(await suppress(office.store, { address: same }, 'bounced', GONE, NOW)).toBe(true)
    expect(await suppress(office.store, { address: reader }, 'bounced', GONE, NOW)).toBe(false)
    expect(await findSubscriber(office.store, reader)).toMatchObject({ suppressed: 'bounced' })
    expect(await suppressionOf(office.store, reader)).toMatchObject({ reason: 'bounced' })
    expect(await liftSuppression(office.store, reader)).toBe(true)
    expect(await findSubscriber(office.store, same)).toMatchObject({ suppressed: null })
  })

describe('a suppressed address stays so', () => {
  const digestTo = async (address: string): Promise<number> => {
    await office.freeze('digest-2')
    const rows = await sql`
      select 1 from ledger join subscribers on subscribers.id = subscriber_id
      where digest_id = 'digest-2' and address = ${address}`.execute(office.store)
    return rows.rows.length
  }

  for (const [says, add] of [
    ['is added', () => addSubscriber(office.store, ann, NOW)],
    ['comes with the settings', () => addConfigured(office.store, [{ address: ann, ...NO_PREFERENCES }], NOW)],
  ] as const)
    test(`when a reader new to the store ${says}`, async () => {
      await suppress(office.store, { address: ann }, 'complained', 'abuse', NOW)
      await add()
      expect(await findSubscriber(office.store, ann)).toMatchObject({ state: 'active', suppressed: 'complained' })
      expect(await digestTo(ann)).toBe(0)
    })

  for (const [says, when] of [
    ['while they were there', 'before'],
    ['after they had left', 'after'],
  ] as const)
    test(`when a reader comes back who was suppressed ${says}`, async () => {
      await addSubscriber(office.store, ann, NOW)
      if (when === 'before') await suppress(office.store, { address: ann }, 'bounced', GONE, NOW)
      await removeSubscriber(office.store, ann, NOW)
      if (when === 'after') await suppress(office.store, { address: ann }, 'bounced', GONE, NOW)
      expect(await addSubscriber(office.store, ann, NOW)).toBe('returned')
      expect(await findSubscriber(office.store, ann)).toMatchObject({ state: 'active', suppressed: 'bounced' })
      expect(await digestTo(ann)).toBe(0)
    })
})

describe('liftSuppression()', () => {
  test('mails again from what comes next: no letter that was dropped, no entry that was missed', async () => {
    await suppressFirst()
    await sql`insert into sources (id, name, kind, first_read_at, problems) values (1, 'notes', 'markdown', 1, '[]')`.execute(
      office.store,
    )
    await sql`insert into entries (source_id, number, announce, guid, anchor, title, title_guessed, date, date_only, slug,
      tags, categories, snippet, body_format, fingerprint, body_length, first_seen, updated, revision)
      values (1, 7, 0, 'urn:7', '', '', 0, 7, 0, '', '[]', '[]', '', 'text', '', 0, 0, 0, 1)`.execute(office.store)
    expect(await liftSuppression(office.store, first)).toBe(true)
    expect(await suppressionOf(office.store, first)).toBeNull()
    const had = office.store.selectFrom('subscribers').select('had').orderBy('id')
    expect(await had.execute()).toEqual([{ had: 7 }, { had: 0 }, { had: 0 }])
    expect(await lettersOf('digest-1')).toMatchObject({ 'digest-1.1': 'suppressed' })
    await office.freeze('digest-2')
    expect(await lettersOf('digest-2')).toMatchObject({ 'digest-2.1': 'due' })
  })

  test('brings nobody back who has left', async () => {
    await suppressFirst()
    await removeSubscriber(office.store, first, NOW)
    await liftSuppression(office.store, first)
    expect(await findSubscriber(office.store, first)).toMatchObject({ state: 'unsubscribed', suppressed: null })
  })

  test('forgets the bounces before it, and those of no other', async () => {
    for (const days of [0, 5, 10, 15, 20])
      for (const id of days === 20 ? [1] : [1, 2])
        await noteSoftBounce(office.store, id, { mail: `m${days}`, detail: 'full' }, NOW + days * DAY)
    expect(await liftSuppression(office.store, first)).toBe(true)
    const late = { mail: 'm21', detail: 'full' }
    expect(await noteSoftBounce(office.store, 1, late, NOW + 21 * DAY)).toBe('counted')
    expect(await noteSoftBounce(office.store, 2, late, NOW + 21 * DAY)).toBe('suppressed')
  })

  test('says when there was nothing to lift', async () => {
    expect(await liftSuppression(office.store, first)).toBe(false)
    expect(await liftSuppression(office.store, ann)).toBe(false)
  })
})

describe('noteSoftBounce()', () => {
  /** What each bounce comes to; they are some days apart from the first. */
  async function bounce(days: readonly number[], mailOf = (index: number) => `mail-${index}`): Promise<string[]> {
    const ends: string[] = []
    for (const [index, day] of days.entries()) {
      const mail = { mail: mailOf(index), detail: '452 4.2.2 mailbox full' }
      ends.push(await noteSoftBounce(office.store, 1, mail, NOW + day * DAY))
    }
    return ends
  }

  for (const [says, days, last] of [
    ['suppresses after five, two weeks from the first to the last', [0, 3, 7, 10, 14], 'suppressed'],
    ['suppresses after five within sixty days', [0, 15, 30, 45, 60], 'suppressed'],
    ['suppresses once a burst has gone on for two weeks', [0, 1, 2, 3, 4, 14], 'suppressed'],
    ['only counts four', [0, 10, 20, 30], 'counted'],
    ['only counts a burst', [0, 1, 2, 3, 4, 5, 6, 13.99], 'counted'],
    ['only counts five of which one is older than sixty days', [0, 15, 30, 45, 60.01], 'counted'],
  ] as const)
    test(says, async () => {
      const ends = await bounce(days)
      expect(ends).toEqual([...days.slice(1).map(() => 'counted'), last])
      const { suppressed } = (await findSubscriber(office.store, first)) ?? {}
      expect(suppressed).toBe(last === 'suppressed' ? 'bounced' : null)
    })

  test('counts one mail once', async () => {
    expect(await bounce([0, 5, 10, 15, 20, 25], () => 'the same')).not.toContain('suppressed')
  })

  test('counts a mail for each reader', async () => {
    for (const day of [0, 5, 10, 15, 20])
      for (const id of [1, 2]) await noteSoftBounce(office.store, id, { mail: `m${day}`, detail: '' }, NOW + day * DAY)
    const suppressed = office.store.selectFrom('subscribers').select('id').where('suppressed', '=', 'bounced')
    expect(await suppressed.execute()).toEqual([{ id: 1 }, { id: 2 }])
  })

  test('drops what waits for the reader, and keeps the last answer', async () => {
    await bounce([0, 5, 10, 15, 20])
    expect(await lettersOf('digest-1')).toMatchObject({ 'digest-1.1': 'suppressed', 'digest-1.2': 'due' })
    expect(await suppressionOf(office.store, first)).toMatchObject({ detail: '452 4.2.2 mailbox full' })
  })

  test('leaves a reader alone who never was', async () => {
    expect(await noteSoftBounce(office.store, 99, { mail: 'm', detail: '' }, NOW)).toBe('counted')
    expect(await office.store.selectFrom('soft_bounces').selectAll().execute()).toEqual([])
  })
})
