import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { composeDigests } from '../../src/digest/compose.ts'
import { type Preferences, parseTopic } from '../../src/preferences.ts'
import { announcedSince, entriesById } from '../../src/remember/entries.ts'
import {
  type FreezableDigest,
  type FrozenDigest,
  type Group,
  freezeDigests,
  readerGroups,
} from '../../src/remember/freeze.ts'
import { lastSlot, takeSlot } from '../../src/remember/runs.ts'
import { removeSubscriber } from '../../src/remember/leave.ts'
import { addSubscriber, setPreferences } from '../../src/remember/subscribers.ts'
import { readTopics } from '../../src/remember/wishes.ts'
import { type EmailAddress, parseEmailAddress } from '../../src/subscriber.ts'
import { TempSite, article, words } from '../support/site.ts'

const SLOT = '2026-01-31T08:00'
const ann = parseEmailAddress('ann@example.net')
const bob = parseEmailAddress('bob@example.net')

let site: TempSite
beforeEach(async () => {
  site = (await TempSite.open()).folder('articles')
})
afterEach(() => site.close())

/** Writes an article with a tag, and remembers it as one that readers are to be told of. */
async function publish(name: string, tag = 'sea'): Promise<void> {
  site.write(`articles/${name}.md`, article(`The ${name} gauge`, words(name), ['date: 2026-02-01', `tags: [${tag}]`]))
  await site.run({ firstRun: 1 })
}

function enrol(address: EmailAddress, wishes: Partial<Preferences> = {}): Promise<unknown> {
  const preferences = { frequency: 'site', zone: null, topics: [], language: null, ...wishes } as const
  return addSubscriber(site.store, address, site.now, preferences)
}

const wish = (address: EmailAddress, changes: Partial<Preferences>): Promise<boolean> =>
  setPreferences(site.store, address, changes)

/** The digests that these groups are due, ready to be frozen. */
async function composed(groups: readonly Group[]): Promise<FreezableDigest[]> {
  const announced = await announcedSince(site.store, site.scope(), Math.min(...groups.map(({ had }) => had)))
  const audiences = groups.map((group) => {
    return { ...group, group, topics: readTopics(group.topics), language: 'en', day: '2026-01-31' }
  })
  const digests: FreezableDigest[] = []
  for (const [n, variant] of composeDigests(audiences, announced, 20).entries()) {
    digests.push({
      ...{ id: `d${site.now}-${n}`, frequency: 'site', zone: 'UTC', slot: String(site.now), variant: `v${n}` },
      ...{ language: '', isListed: true, domain: 'example.org', more: variant.more },
      letter: { subject: `Digest ${n}`, html: '<p>Tides</p>', text: 'Tides' },
      entries: await entriesById(site.store, site.scope(), variant.ids),
      groups: variant.audiences.map(({ group }) => group),
    })
  }
  return digests
}

/** Composes what these groups are due and freezes it, with what the test does in between. */
async function freeze(
  groups: readonly Group[],
  between: () => Promise<unknown> = () => Promise.resolve(),
  slots: { schedule: string; slot: string }[] = [],
): Promise<FrozenDigest[]> {
  const digests = await composed(groups)
  await between()
  site.now += 1
  return freezeDigests(site.store, { digests, groups, slots }, site.now)
}

/** What each reader is told of, in the order of the letters: `ann: north, south`. */
async function told(): Promise<string[]> {
  const rows = await site.store
    .selectFrom('ledger')
    .innerJoin('subscribers', 'subscribers.id', 'ledger.subscriber_id')
    .innerJoin('digest_entries', 'digest_entries.digest_id', 'ledger.digest_id')
    .select(['address', 'title', 'ledger.id', 'entry_id'])
    .orderBy('subscribers.id')
    .orderBy('entry_id')
    .execute()
  const letters = new Map<string, string[]>()
  for (const { address, title } of rows) {
    const name = address.slice(0, 3)
    letters.set(name, [...(letters.get(name) ?? []), title.split(' ')[1] ?? ''])
  }
  return [...letters].map(([name, titles]) => `${name}: ${titles.join(', ')}`)
}

async function had(): Promise<Record<string, number>> {
  const rows = await site.store.selectFrom('subscribers').select(['address', 'had']).orderBy('id').execute()
  return Object.fromEntries(rows.map((row) => [row.address.slice(0, 3), row.had]))
}

const all = (): Promise<Group[]> => readerGroups(site.store)
const of = async (frequency: string): Promise<Group[]> => (await all()).filter((group) => group.frequency === frequency)

describe('readerGroups()', () => {
  test('puts readers together who want the same and had the same', async () => {
    await enrol(ann)
    await enrol(bob)
    const group = { frequency: 'site', zone: '', topics: '[]', language: '', had: 0 }
    expect(await all()).toEqual([group])
  })

  for (const [says, changes] of [
    ['frequency', { frequency: 'daily' }],
    ['zone', { zone: 'Asia/Shanghai' }],
    ['topics', { topics: [parseTopic('tag:sea')] }],
    ['language', { language: 'zh' }],
  ] as const satisfies [string, Partial<Preferences>][])
    test(`parts them by ${says}`, async () => {
      await enrol(ann)
      await enrol(bob, changes)
      expect(await all()).toHaveLength(2)
    })

  test('parts them by what they had, the least first, and leaves out who has left', async () => {
    await enrol(ann)
    await publish('north')
    await enrol(bob)
    await enrol(parseEmailAddress('cid@example.net'))
    await removeSubscriber(site.store, parseEmailAddress('cid@example.net'), site.now)
    expect((await all()).map((group) => group.had)).toEqual([0, 1])
    await removeSubscriber(site.store, bob, site.now)
    expect((await all()).map((group) => group.had)).toEqual([0])
  })
})

describe('freezeDigests()', () => {
  test('tells each reader once, and moves what they had', async () => {
    await enrol(ann)
    await enrol(bob)
    await publish('north')
    expect(await freeze(await all())).toMatchObject([{ subject: 'Digest 0', entries: 1, more: 0, recipients: 2 }])
    expect(await freeze(await all())).toEqual([])
    expect([await told(), await had()]).toEqual([['ann: north', 'bob: north'], { ann: 1, bob: 1 }])
  })

  test('enters two groups into one digest, with one row of the ledger for each reader', async () => {
    await enrol(ann)
    await enrol(bob, { frequency: 'daily', zone: 'Asia/Shanghai', topics: [parseTopic('tag:sea')] })
    await publish('north')
    expect(await freeze(await all())).toMatchObject([{ recipients: 2 }])
    const digests = await site.store.selectFrom('digests').select(['id', 'recipients']).execute()
    expect(digests).toMatchObject([{ recipients: 2 }])
    const id = digests[0]?.id ?? ''
    const ledger = await site.store.selectFrom('ledger').select(['id', 'digest_id', 'state']).orderBy('id').execute()
    expect(ledger).toEqual([
      { id: `${id}.1`, digest_id: id, state: 'due' },
      { id: `${id}.2`, digest_id: id, state: 'due' },
    ])
    expect(await had()).toEqual({ ann: 1, bob: 1 })
  })

  test('keeps what a group that is not due had, and tells it later of everything', async () => {
    await enrol(ann)
    await enrol(bob, { frequency: 'weekly' })
    await publish('north')
    await freeze(await of('site'))
    expect(await had()).toEqual({ ann: 1, bob: 0 })
    await publish('south')
    await freeze(await of('site'))
    await freeze(await all())
    expect(await told()).toEqual(['ann: north, south', 'bob: north, south'])
  })

  test('moves what a group had also when nothing of its topics was there', async () => {
    await enrol(ann, { topics: [parseTopic('tag:sky')] })
    await publish('north')
    expect(await freeze(await all())).toEqual([])
    expect(await had()).toEqual({ ann: 1 })
    await wish(ann, { topics: [] })
    await publish('south')
    await freeze(await all())
    expect(await told(), 'and what was passed over stays so').toEqual(['ann: south'])
  })

  test('tells each group of its own topics', async () => {
    await enrol(ann, { topics: [parseTopic('tag:sea')] })
    await enrol(bob, { topics: [parseTopic('tag:sky'), parseTopic('source:none')] })
    await publish('north', 'sea')
    await publish('cloud', 'sky')
    await freeze(await all())
    expect([await told(), await had()]).toEqual([['ann: north', 'bob: cloud'], { ann: 2, bob: 2 }])
  })

  for (const [says, changes] of [
    ['frequency', { frequency: 'instant' }],
    ['zone', { zone: 'Asia/Shanghai' }],
    ['topics', { topics: [parseTopic('tag:sea')] }],
    ['language', { language: 'zh' }],
  ] as const satisfies [string, Partial<Preferences>][])
    test(`loses and doubles nothing for a reader who changes their ${says} before it is written down`, async () => {
      await enrol(ann)
      await enrol(bob)
      await publish('north')
      await freeze(await all(), () => wish(ann, changes))
      expect([await told(), await had()]).toEqual([['bob: north'], { ann: 0, bob: 1 }])
      await freeze(await all())
      await freeze(await all())
      expect([await told(), await had()]).toEqual([['ann: north', 'bob: north'], { ann: 1, bob: 1 }])
    })

  test('tells a reader who moves into another group of the same decision what that group is told', async () => {
    await enrol(ann, { topics: [parseTopic('tag:sea')] })
    await enrol(bob, { topics: [parseTopic('tag:sky')] })
    await publish('north', 'sea')
    await publish('cloud', 'sky')
    await freeze(await all(), () => wish(ann, { topics: [parseTopic('tag:sky')] }))
    expect([await told(), await had()]).toEqual([['ann: cloud', 'bob: cloud'], { ann: 2, bob: 2 }])
  })

  test('writes nothing to a reader who left before it is written down, and no digest when nobody is left', async () => {
    await enrol(ann)
    await publish('north')
    expect(await freeze(await all(), () => removeSubscriber(site.store, ann, site.now))).toEqual([])
    expect(await site.store.selectFrom('digests').select('id').execute()).toEqual([])
    expect(await had()).toEqual({ ann: 0 })
  })

  test('tells a reader who came meanwhile of nothing, and of all that comes then', async () => {
    await enrol(ann)
    await publish('north')
    await freeze(await all(), () => enrol(bob))
    expect([await told(), await had()]).toEqual([['ann: north'], { ann: 1, bob: 1 }])
    await publish('south')
    await freeze(await all())
    expect(await told()).toEqual(['ann: north, south', 'bob: south'])
  })

  test('writes down what the digest shows, whatever becomes of the entry', async () => {
    await enrol(ann)
    await publish('north')
    await freeze(await all())
    site.write('articles/north.md', article('The south gauge', words('north'), ['date: 2026-02-01']))
    await site.run()
    expect(await told()).toEqual(['ann: north'])
    const rows = await site.store.selectFrom('digest_entries').selectAll().execute()
    expect(rows).toMatchObject([{ position: 0, title: 'The north gauge', tags: '["sea"]', categories: '[]' }])
  })

  test('writes down what the digest is', async () => {
    await enrol(ann)
    await publish('north')
    const groups = await all()
    const [digest] = await composed(groups)
    if (digest === undefined) throw new Error('nothing is due')
    const special = {
      frequency: 'weekly',
      zone: 'Asia/Shanghai',
      slot: SLOT,
      language: 'zh',
      isListed: false,
      more: 4,
    } as const
    await freezeDigests(site.store, { digests: [{ ...digest, ...special }], groups, slots: [] }, site.now)
    const { isListed: _, ...columns } = special
    expect(await site.store.selectFrom('digests').selectAll().execute()).toMatchObject([
      {
        ...columns,
        listed: 0,
        created_at: site.now,
        done_at: null,
        recipients: 1,
        html: '<p>Tides</p>',
        text: 'Tides',
      },
    ])
  })

  test('writes nothing and moves nothing when one of its slots is taken already', async () => {
    await enrol(ann)
    await publish('north')
    await takeSlot(site.store, 'daily UTC', SLOT)
    const slots = [
      { schedule: 'digest', slot: SLOT },
      { schedule: 'daily UTC', slot: SLOT },
    ]
    expect(await freeze(await all(), undefined, slots)).toEqual([])
    expect([await told(), await had(), await lastSlot(site.store, 'digest')]).toEqual([[], { ann: 0 }, null])
    await freeze(await all())
    expect(await told()).toEqual(['ann: north'])
  })

  test('takes every slot, also while there is no reader', async () => {
    const slots = [
      { schedule: 'digest', slot: SLOT },
      { schedule: 'daily UTC', slot: SLOT },
    ]
    expect(await freezeDigests(site.store, { digests: [], groups: [], slots }, site.now)).toEqual([])
    expect([await lastSlot(site.store, 'digest'), await lastSlot(site.store, 'daily UTC')]).toEqual([SLOT, SLOT])
  })

  test('writes all or nothing', async () => {
    await enrol(ann)
    await publish('north')
    const groups = await all()
    const [whole] = await composed(groups)
    if (whole === undefined) throw new Error('nothing is due')
    const broken = { ...whole, id: 'e', variant: 'e', entries: whole.entries.map((entry) => ({ ...entry, id: 4711 })) }
    const decision = { digests: [whole, broken], groups, slots: [{ schedule: 'digest', slot: SLOT }] }
    await expect(freezeDigests(site.store, decision, site.now)).rejects.toThrow(/foreign key/i)
    expect([await told(), await had(), await lastSlot(site.store, 'digest')]).toEqual([[], { ann: 0 }, null])
  })

  test('moves what readers had past entries that are held back no further than those that are published', async () => {
    await enrol(ann)
    await publish('north')
    site.write('articles/south.md', article('The south gauge', words('south')))
    await site.run({ hold: true })
    await freeze(await all())
    expect(await had()).toEqual({ ann: 1 })
  })
})
