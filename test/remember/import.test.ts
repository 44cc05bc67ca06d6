import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { NO_PREFERENCES, parseTopic } from '../../src/preferences.ts'
import { confirmConsent, consentsOf } from '../../src/remember/consents.ts'
import { type ExportedReader, exportReaders } from '../../src/remember/export.ts'
import { importReaders } from '../../src/remember/import.ts'
import { type ImportCounts, NO_IMPORT } from '../../src/remember/import-decision.ts'
import { deleteSubscriber, pauseSubscriber, removeSubscriber, removeSubscriberById } from '../../src/remember/leave.ts'
import type { ListedReader } from '../../src/remember/listed.ts'
import { addSubscriber, findSubscriber, listSubscribers } from '../../src/remember/subscribers.ts'
import { liftSuppression, suppress, suppressionOf } from '../../src/remember/suppressions.ts'
import { parseEmailAddress } from '../../src/subscriber.ts'
import { NOW, PostOffice } from '../deliver/post.ts'
import { askToConfirm, idOf } from './asking.ts'

const LATER = NOW + 1000
const JOINED = NOW - 1000

let office: PostOffice
beforeEach(async () => {
  office = await PostOffice.open(3)
})
afterEach(() => office.close())

/** `reader-1`, `reader-2` and `reader-3` are on the list already. */
function listed(name: string, more: Partial<ListedReader> = {}): ListedReader {
  const origin = { source: 'import', place: 'old.csv', client: '192.0.2.7', text: 'Mailchimp: confirmed' } as const
  return {
    ...{ address: parseEmailAddress(`${name}@example.net`), state: 'active', suppression: null },
    ...{ joinedAt: JOINED, leftAt: null, wishes: NO_PREFERENCES },
    consent: { ...origin, askedAt: JOINED, confirmedAt: null },
    ...more,
  }
}

const BOUNCED = { suppression: { reason: 'bounced', detail: 'Mailchimp: cleaned', since: JOINED } } as const
const LEFT = { state: 'unsubscribed', leftAt: JOINED, consent: null } as const

/**
 * Brings readers, in parts as they may come from a file.
 * @param meanwhile happens before the last part is read
 */
async function bring(
  readers: readonly ListedReader[],
  options?: { dryRun: boolean },
  meanwhile: () => Promise<unknown> = () => Promise.resolve(),
): Promise<Partial<ImportCounts>> {
  async function* parts(): AsyncGenerator<ListedReader[]> {
    for (let at = 0; at < readers.length; at += 700) {
      if (at + 700 >= readers.length) await meanwhile()
      yield readers.slice(at, at + 700)
    }
  }
  const counts = await importReaders(office.store, parts(), LATER, options)
  expect(Object.keys(counts)).toEqual(Object.keys(NO_IMPORT))
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0))
}

async function stateOf(name: string): Promise<string> {
  const found = await findSubscriber(office.store, parseEmailAddress(`${name}@example.net`))
  return found === null ? 'unknown' : [found.state, found.suppressed].filter((word) => word !== null).join(' ')
}

/** States of the letters that wait, by reader. */
async function letters(): Promise<string[]> {
  return (await office.rows()).map(({ id, state }) => `${id} ${state}`)
}

describe('importReaders() brings', () => {
  test('a new reader with what they want, when they joined, and what they agreed to', async () => {
    const wishes = {
      frequency: 'weekly',
      zone: 'Asia/Tokyo',
      topics: [parseTopic('tag:tides')],
      language: 'zh',
    } as const
    expect(await bring([listed('Ann', { wishes })])).toEqual({ added: 1 })
    const ann = await findSubscriber(office.store, parseEmailAddress('ann@example.net'))
    expect(ann).toEqual({
      ...{ id: 4, address: 'Ann@example.net', state: 'active', suppressed: null },
      ...{ addedAt: JOINED, leftAt: null, preferences: wishes },
    })
    expect(await consentsOf(office.store, 4)).toEqual([
      {
        ...{ source: 'import', place: 'old.csv', client: '192.0.2.7', text: 'Mailchimp: confirmed' },
        ...{ askedAt: JOINED, confirmedAt: LATER, wishes },
      },
    ])
  })

  test('a new reader into the next digest', async () => {
    await bring([listed('ann')])
    await office.freeze('digest-2')
    expect((await letters()).filter((letter) => letter.includes('.4 '))).toEqual(['digest-2.4 due'])
  })

  test('one who had paused, left or bounced, and mails none of them', async () => {
    const readers = [listed('ann', { state: 'paused' }), listed('bob', LEFT), listed('cid', BOUNCED)]
    expect(await bring(readers)).toEqual({ paused: 1, left: 1, suppressed: 1 })
    expect([await stateOf('ann'), await stateOf('bob'), await stateOf('cid')]).toEqual([
      ...['paused', 'unsubscribed', 'active bounced'],
    ])
    expect(await findSubscriber(office.store, parseEmailAddress('bob@example.net'))).toMatchObject({ leftAt: JOINED })
    const detail = { reason: 'bounced', detail: 'Mailchimp: cleaned', since: JOINED }
    expect(await suppressionOf(office.store, parseEmailAddress('CID@example.net'))).toEqual(detail)
    await office.freeze('digest-2')
    expect((await letters()).filter((letter) => letter.startsWith('digest-2'))).toHaveLength(3)
  })

  test('a reader who bounced, so that lifting lets them be mailed', async () => {
    await bring([listed('cid', BOUNCED)])
    expect(await liftSuppression(office.store, parseEmailAddress('cid@example.net'))).toBe(true)
    expect(await stateOf('cid')).toBe('active')
  })

  test('thousands, each once, whatever is repeated and however often it is done', async () => {
    const readers = Array.from({ length: 6500 }, (_, index) => listed(`new-${index}`))
    const twice = [...readers, listed('NEW-0'), listed('new-6499'), listed('new-6499')]
    expect(await bring(twice)).toEqual({ added: 6500, repeated: 3 })
    expect(await bring(twice)).toEqual({ thereAlready: 6503 })
    expect(await listSubscribers(office.store, 0, 9999)).toHaveLength(6503)
    const consents = await office.store.selectFrom('consents').select('subscriber_id').distinct().execute()
    expect(consents.length).toBe(6503)
  })

  test('in the order of the list', async () => {
    await bring([listed('zoe'), listed('ann'), listed('mia')])
    const names = (await listSubscribers(office.store, 3, 9)).map(({ address }) => address.slice(0, 3))
    expect(names).toEqual(['zoe', 'ann', 'mia'])
  })

  test('one who asked and has not confirmed yet, as the list says that they agreed elsewhere', async () => {
    await office.store.updateTable('subscribers').set({ state: 'pending' }).where('id', '=', 1).execute()
    expect(await bring([listed('reader-1')])).toEqual({ added: 1 })
    expect(await stateOf('reader-1')).toBe('active')
    expect((await consentsOf(office.store, 1))[0]).toMatchObject({ source: 'import', confirmedAt: LATER })
  })

  for (const state of ['active', 'paused'] as const)
    test(`one who had asked, as ${state}, so that the link they got changes nothing later`, async () => {
      const consent = await askToConfirm(office.store, 'ann@example.net', NOW)
      expect(await bring([listed('ann', { state })])).toEqual({ [state === 'active' ? 'added' : 'paused']: 1 })
      expect(await stateOf('ann')).toBe(state)
      await pauseSubscriber(office.store, 4, LATER)
      expect(await confirmConsent(office.store, consent, '', LATER)).toBe('expired')
      expect(await stateOf('ann')).toBe('paused')
    })

  test('one who joins by the form while the list is read', async () => {
    const many = Array.from({ length: 5600 }, (_, index) => listed(`new-${index}`))
    const join = (): Promise<number> => askToConfirm(office.store, 'ann@example.net', NOW)
    expect(await bring([...many, listed('ann'), listed('new-7'), listed('zoe')], undefined, join)).toEqual({
      ...{ added: 5602, repeated: 1 },
    })
    expect(await stateOf('ann')).toBe('active')
    expect(await bring([listed('new-0'), listed('zoe')])).toEqual({ thereAlready: 2 })
  })
})

describe('importReaders() leaves as they are', () => {
  const one = parseEmailAddress('reader-1@example.net')

  for (const [says, prepare, state] of [
    ['an active reader', () => Promise.resolve(), 'active'],
    ['one who paused', () => pauseSubscriber(office.store, 1, NOW), 'paused'],
  ] as const)
    test(`${says}, with their wishes`, async () => {
      await prepare()
      const wishes = { ...NO_PREFERENCES, frequency: 'weekly' } as const
      expect(await bring([listed('reader-1', { wishes }), listed('READER-1')])).toEqual({ thereAlready: 2 })
      expect(await stateOf('reader-1')).toBe(state)
      expect(await findSubscriber(office.store, one)).toMatchObject({ preferences: NO_PREFERENCES, addedAt: NOW })
    })

  for (const [says, prepare, state] of [
    ['left', () => removeSubscriber(office.store, one, NOW), 'unsubscribed'],
    ['bounced', () => suppress(office.store, { subscriberId: 1 }, 'bounced', 'gone', NOW), 'active bounced'],
    ['complained', () => suppress(office.store, { subscriberId: 1 }, 'complained', 'spam', NOW), 'active complained'],
    ['was deleted', () => deleteSubscriber(office.store, 1, NOW), 'unknown'],
  ] as const)
    test(`one who ${says} here, whatever the list says, and mails them nothing`, async () => {
      await prepare()
      const before = await office.store.selectFrom('subscribers').selectAll().execute()
      expect(await bring([listed('reader-1'), listed('READER-1', { state: 'paused' })])).toEqual({ staysOff: 2 })
      expect(await stateOf('reader-1')).toBe(state)
      expect(await office.store.selectFrom('subscribers').selectAll().execute()).toEqual(before)
      await office.freeze('digest-2')
      expect((await letters()).filter((letter) => letter.startsWith('digest-2.1 '))).toEqual([])
    })

  for (const dryRun of [true, false])
    test(`one who withdrew what they had asked for, ${dryRun ? 'tried' : 'in earnest'}`, async () => {
      const consent = await askToConfirm(office.store, 'ann@example.net', NOW)
      await removeSubscriberById(office.store, await idOf(office.store, 'ann@example.net'), NOW)
      expect(await bring([listed('ann'), listed('ann', { state: 'paused' })], { dryRun })).toEqual({ staysOff: 2 })
      expect(await stateOf('ann')).toBe('pending')
      expect(await confirmConsent(office.store, consent, '', NOW)).toBe('expired')
    })

  test('one who bounced elsewhere before they confirm here: that is still theirs to do', async () => {
    const wishes = { ...NO_PREFERENCES, frequency: 'daily' } as const
    const consent = await askToConfirm(office.store, 'ann@example.net', NOW, { wishes })
    expect(await bring([listed('ann', BOUNCED)])).toEqual({ suppressed: 1 })
    expect(await stateOf('ann')).toBe('pending bounced')
    expect(await consentsOf(office.store, 4)).toMatchObject([{ source: 'form', confirmedAt: null }])
    expect(await confirmConsent(office.store, consent, '', LATER)).toBe('confirmed')
    expect(await findSubscriber(office.store, parseEmailAddress('ann@example.net'))).toMatchObject({
      ...{ state: 'active', suppressed: null, preferences: wishes },
    })
  })

  test('an address that was suppressed though it never was on the list', async () => {
    const eve = parseEmailAddress('eve@example.net')
    await suppress(office.store, { address: eve }, 'complained', 'spam', NOW)
    expect(await bring([listed('eve'), listed('eve', LEFT), listed('eve', BOUNCED)])).toEqual({ staysOff: 3 })
    expect(await stateOf('eve')).toBe('unknown')
  })
})

describe('importReaders() takes a reader who is there', () => {
  test('off the list when it says that they left, with the letters that wait', async () => {
    expect(await bring([listed('reader-1', LEFT), listed('reader-2')])).toEqual({ takenOff: 1, thereAlready: 1 })
    expect([await stateOf('reader-1'), await stateOf('reader-2')]).toEqual(['unsubscribed', 'active'])
    expect(await findSubscriber(office.store, parseEmailAddress('reader-1@example.net'))).toMatchObject({
      leftAt: LATER,
    })
    expect(await letters()).toEqual(['digest-1.1 suppressed', 'digest-1.2 due', 'digest-1.3 due'])
  })

  test('off for good when it says that they left, whatever they were asked to confirm before', async () => {
    const consent = await askToConfirm(office.store, 'ann@example.net', NOW)
    expect(await bring([listed('ann', LEFT)])).toEqual({ takenOff: 1 })
    expect(await confirmConsent(office.store, consent, '', LATER)).toBe('expired')
    expect(await stateOf('ann')).toBe('unsubscribed')
  })

  test('out of the digests until they resume when it says that they paused, with the letters that wait', async () => {
    const paused = { state: 'paused' } as const
    expect(await bring([listed('reader-1', paused), listed('reader-1', paused), listed('reader-1')])).toEqual({
      ...{ nowPaused: 1, repeated: 2 },
    })
    expect(await bring([listed('reader-1', paused)])).toEqual({ thereAlready: 1 })
    expect(await stateOf('reader-1')).toBe('paused')
    expect(await letters()).toEqual(['digest-1.1 suppressed', 'digest-1.2 due', 'digest-1.3 due'])
  })

  test('out of the digests when it says that they bounced or complained', async () => {
    const complained = { suppression: { reason: 'complained', detail: 'listmonk: blocklisted', since: null } } as const
    expect(await bring([listed('reader-1', BOUNCED), listed('reader-3', { ...complained, ...LEFT })])).toEqual({
      suppressed: 2,
    })
    expect([await stateOf('reader-1'), await stateOf('reader-3')]).toEqual([
      'active bounced',
      'unsubscribed complained',
    ])
    expect(await letters()).toEqual(['digest-1.1 suppressed', 'digest-1.2 due', 'digest-1.3 suppressed'])
  })

  test('off also when another record of the same list would have them mailed', async () => {
    const readers = [
      listed('ann'),
      listed('ann', LEFT),
      listed('bob', LEFT),
      listed('bob'),
      listed('cid'),
      listed('cid', BOUNCED),
      listed('dan'),
      listed('dan', { state: 'paused' }),
    ]
    expect(await bring(readers)).toEqual({
      ...{ added: 3, takenOff: 1, left: 1, repeated: 1, suppressed: 1, nowPaused: 1 },
    })
    expect([await stateOf('ann'), await stateOf('bob'), await stateOf('cid'), await stateOf('dan')]).toEqual([
      ...['unsubscribed', 'unsubscribed', 'active bounced', 'paused'],
    ])
    expect(await suppressionOf(office.store, parseEmailAddress('cid@example.net'))).toMatchObject({ reason: 'bounced' })
  })
})

test('importReaders() that only tries comes to the same counts, and writes nothing', async () => {
  const many = Array.from({ length: 5500 }, (_, index) => listed(`new-${index}`))
  const readers = [
    ...[listed('reader-1', LEFT), listed('reader-2', BOUNCED), listed('reader-3'), ...many],
    ...[listed('new-0'), listed('new-1', LEFT), listed('new-1'), listed('reader-1'), listed('reader-2', BOUNCED)],
    ...[listed('reader-3', { state: 'paused' }), listed('new-2', { state: 'paused' }), listed('new-2')],
  ]
  const rows = async (): Promise<unknown> => [
    await office.store.selectFrom('subscribers').selectAll().execute(),
    await office.store.selectFrom('consents').selectAll().execute(),
    await office.store.selectFrom('suppressions').selectAll().execute(),
    await letters(),
  ]
  const before = await rows()
  const counts = await bring(readers, { dryRun: true })
  expect(await rows()).toEqual(before)
  expect(await bring(readers, { dryRun: true })).toEqual(counts)
  expect(await bring(readers)).toEqual(counts)
  expect(counts).toEqual({
    added: 5500,
    takenOff: 2,
    suppressed: 1,
    nowPaused: 2,
    staysOff: 1,
    thereAlready: 2,
    repeated: 3,
  })
})

describe('exportReaders()', () => {
  async function exported(...states: ('active' | 'paused' | 'unsubscribed' | 'pending')[]): Promise<ExportedReader[]> {
    const all: ExportedReader[] = []
    for await (const page of exportReaders(office.store, states)) all.push(...page)
    return all
  }

  test('gives readers of some states, with all that is known of them', async () => {
    await bring([listed('ann', BOUNCED)])
    await pauseSubscriber(office.store, 1, NOW)
    expect((await exported('paused')).map(({ reader }) => reader.id)).toEqual([1])
    expect((await exported('active')).map(({ reader }) => reader.id)).toEqual([2, 3, 4])
    expect((await exported('active'))[2]).toMatchObject({
      reader: { address: 'ann@example.net', suppressed: 'bounced' },
      suppression: { reason: 'bounced', detail: 'Mailchimp: cleaned', since: JOINED },
      consent: { text: 'Mailchimp: confirmed', place: 'old.csv' },
    })
  })

  test('gives every reader once, page after page, and none who was deleted', async () => {
    await bring(Array.from({ length: 1200 }, (_, index) => listed(`new-${index}`)))
    await deleteSubscriber(office.store, 2, NOW)
    const ids = (await exported('active', 'unsubscribed')).map(({ reader }) => reader.id)
    expect(ids).toEqual(Array.from({ length: 1203 }, (_, index) => index + 1).filter((id) => id !== 2))
  })

  test('gives the newest consent that was confirmed', async () => {
    const at = { subscriber_id: 1, source: 'form', place: 'p', client: '', frequency: 'site', zone: '' } as const
    const row = (text: string, confirmed: number | null) => ({
      ...{ ...at, topics: '[]', language: '', asked_at: NOW, confirmed_at: confirmed, text },
    })
    await office.store
      .insertInto('consents')
      .values([row('old', NOW), row('newest', NOW), row('open', null)])
      .execute()
    expect((await exported('active'))[0]).toMatchObject({ consent: { text: 'newest', confirmedAt: NOW } })
  })
})

test('an address of an import is found under the hash of every other suppression', async () => {
  await bring([listed('cid', BOUNCED)])
  expect(await suppress(office.store, { address: parseEmailAddress('cid@example.net') }, 'complained', '', NOW)).toBe(
    false,
  )
  expect(await addSubscriber(office.store, parseEmailAddress('cid@example.net'), NOW)).toBe('there already')
})
