import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Announced, type Audience, composeDigests } from '../../src/digest/compose.ts'
import { parseTopic } from '../../src/preferences.ts'

/** An audience that the test tells apart by its name. */
interface Named extends Audience {
  name: string
}

const EVERYTHING = { topics: [], language: 'en', day: '2026-03-02' }

/** Readers who want everything, named by what they had. */
function readers(...had: number[]): Named[] {
  return had.map((number) => ({ name: `had ${number}`, had: number, ...EVERYTHING }))
}

/** An audience that had nothing, with what the test says about it. */
function audience(name: string, topics: readonly string[] = [], more: Partial<Audience> = {}): Named {
  return { ...EVERYTHING, name, had: 0, topics: topics.map(parseTopic), ...more }
}

/** An entry with this number; its row id is ten times that. */
function entry(number: number, ...topics: string[]): Announced {
  return { id: number * 10, number, topics: new Set(topics.map(parseTopic)) }
}

/** Each variant as `ids +more: names`. */
function composed(audiences: readonly Named[], announced: readonly Announced[], max = 20): string[] {
  return composeDigests(audiences, announced, max).map(
    ({ ids, more, audiences: all }) => `${ids.join(' ')} +${more}: ${all.map(({ name }) => name).join(', ')}`,
  )
}

describe('composeDigests()', () => {
  for (const [says, had, numbers, max, variants] of [
    ['gives a reader who had nothing all entries', [0], [1, 2], 20, ['10 20 +0: had 0']],
    ['gives a reader what is above the highest number had', [2], [2, 3, 4], 20, ['30 40 +0: had 2']],
    ['gives nothing to a reader who had the newest', [4], [3, 4], 20, []],
    ['gives nothing to a reader who had more than is announced', [9], [3, 4], 20, []],
    ['gives nothing when nothing is announced', [0, 3], [], 20, []],
    ['gives nothing when there is no reader', [], [1, 2], 20, []],
    ['makes one variant of the same entries', [0, 1, 4], [5, 6], 20, ['50 60 +0: had 0, had 1, had 4']],
    [
      'parts readers at an announced number',
      [3, 4, 5, 7],
      [3, 5, 8],
      20,
      ['50 80 +0: had 3, had 4', '80 +0: had 5, had 7'],
    ],
    ['shows as many as fit and counts no more', [0], [1, 2, 3], 3, ['10 20 30 +0: had 0']],
    ['shows the newest and counts the older ones', [0], [1, 2, 3, 4], 2, ['30 40 +2: had 0']],
    ['parts readers for whom the rest differs', [0, 2], [1, 2, 3], 1, ['30 +2: had 0', '30 +0: had 2']],
  ] as const)
    test(says, () =>
      expect(
        composed(
          readers(...had),
          numbers.map((n) => entry(n)),
          max,
        ),
      ).toEqual(variants),
    )

  const ENTRIES = [
    entry(1, 'tag:tides', 'category:sea', 'source:notes'),
    entry(2, 'tag:wind', 'category:sky', 'source:notes'),
    entry(3, 'tag:tides', 'tag:wind', 'category:sky', 'source:essays'),
    entry(4, 'source:notes'),
  ]
  for (const [says, topics, variants] of [
    ['everything when no topic is named', [], ['10 20 30 40 +0: ann']],
    ['the entries of a tag', ['tag:tides'], ['10 30 +0: ann']],
    ['the entries of a category', ['category:sky'], ['20 30 +0: ann']],
    ['the entries of a source', ['source:notes'], ['10 20 40 +0: ann']],
    [
      'the entries of any of several topics, each once',
      ['category:sea', 'tag:tides', 'tag:wind'],
      ['10 20 30 +0: ann'],
    ],
    ['the entries of a topic however it is written', ['Tag: TIDES'], ['10 30 +0: ann']],
    ['nothing for a topic of no entry', ['tag:moon'], []],
    ['nothing for a name of another kind', ['category:tides'], []],
    ['nothing for a part of a name', ['tag:tide'], []],
  ] as const)
    test(`gives ${says}`, () => expect(composed([audience('ann', topics)], ENTRIES)).toEqual(variants))

  test('counts for a topic above the highest number had', () =>
    expect(
      composed([audience('ann', ['tag:tides'], { had: 1 }), audience('bob', ['tag:tides'], { had: 3 })], ENTRIES),
    ).toEqual(['30 +0: ann']))

  test('counts what is left out of a topic, and of nothing else', () =>
    expect(composed([audience('ann', ['source:notes'])], ENTRIES, 1)).toEqual(['40 +2: ann']))

  test('shows the newest of each topic when everything would be too much', () =>
    expect(
      composed([audience('ann', ['tag:tides']), audience('bob', ['tag:wind']), audience('cid')], ENTRIES, 2),
    ).toEqual(['10 30 +0: ann', '20 30 +0: bob', '30 40 +2: cid']))

  for (const [says, one, other, variants] of [
    [
      'whose topics differ and come to the same',
      audience('ann', ['tag:tides']),
      audience('bob', ['category:sea', 'source:essays']),
      1,
    ],
    [
      'who want everything and a topic that is everything',
      audience('ann'),
      audience('bob', ['source:notes', 'source:essays']),
      1,
    ],
    [
      'who had other numbers and get the same',
      audience('ann', ['category:sky']),
      audience('bob', ['category:sky'], { had: 1 }),
      1,
    ],
    ['of another language', audience('ann'), audience('bob', [], { language: 'zh' }), 2],
    ['of another day', audience('ann'), audience('bob', [], { day: '2026-03-03' }), 2],
    ['of other entries', audience('ann'), audience('bob', ['tag:wind']), 2],
  ] as const)
    test(`makes ${variants === 1 ? 'one variant' : 'two variants'} for readers ${says}`, () =>
      expect(composeDigests([one, other], ENTRIES, 20)).toHaveLength(variants))

  test('brings readers of several frequencies and zones into one variant, and hands each back as it came', () => {
    const all = [
      { ...audience('ann'), frequency: 'daily', zone: 'Europe/Berlin' },
      { ...audience('bob'), frequency: 'instant', zone: '' },
      { ...audience('cid'), frequency: 'weekly', zone: 'Asia/Shanghai' },
    ]
    const [variant, ...others] = composeDigests(all, ENTRIES, 20)
    expect(others).toEqual([])
    expect(variant?.audiences).toEqual(all)
  })
})

const TOPICS = ['tag:a', 'tag:b', 'category:a', 'source:n'].map(parseTopic)
const anyAudience = fc.record({
  name: fc.uuid(),
  had: fc.nat(12),
  topics: fc.subarray(TOPICS),
  language: fc.constantFrom('en', 'zh'),
  day: fc.constantFrom('2026-03-02', '2026-03-03'),
})
const anyAnnounced = fc
  .uniqueArray(fc.record({ number: fc.integer({ min: 1, max: 12 }), topics: fc.subarray(TOPICS) }), {
    selector: ({ number }) => number,
  })
  .map((entries) =>
    entries
      .sort((a, b) => a.number - b.number)
      .map(({ number, topics }): Announced => ({ id: 100 - number, number, topics: new Set(topics) })),
  )

test('composeDigests() gives each audience, in one variant at most, what of its topics is above what it had', () =>
  fc.assert(
    fc.property(
      fc.array(anyAudience, { maxLength: 12 }),
      anyAnnounced,
      fc.integer({ min: 1, max: 5 }),
      (audiences, announced, max) => {
        const variants = composeDigests(audiences, announced, max)
        for (const reader of audiences) {
          const theirs = announced
            .filter(({ number }) => number > reader.had)
            .filter(({ topics }) => reader.topics.length === 0 || reader.topics.some((topic) => topics.has(topic)))
            .map(({ id }) => id)
          const shown = theirs.slice(-max)
          const mine = variants.filter((variant) => variant.audiences.includes(reader))
          expect(mine.map(({ ids, more }) => ({ ids, more }))).toEqual(
            theirs.length === 0 ? [] : [{ ids: shown, more: theirs.length - shown.length }],
          )
        }
        const keys = variants.map(({ ids, more, audiences: all }) => {
          expect(ids.length).toBeGreaterThan(0)
          expect(all.length).toBeGreaterThan(0)
          const [language, ...languages] = new Set(all.map((one) => one.language))
          const [day, ...days] = new Set(all.map((one) => one.day))
          expect([languages, days]).toEqual([[], []])
          return JSON.stringify([ids, more, language, day])
        })
        expect(new Set(keys).size).toBe(keys.length)
      },
    ),
    { numRuns: 500 },
  ))
