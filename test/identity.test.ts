import { describe, expect, test } from 'vitest'
import {
  codePoints,
  fingerprintOf,
  guidOfExplicitId,
  isSameCapture,
  likeness,
  mintId,
  openingOf,
  spaceOut,
  writtenText,
} from '../src/identity.ts'

describe('mintId()', () => {
  test('gives the ids that were given before', () => {
    expect(mintId('articles', 'tides.md')).toBe('urn:uuid:d41c5d2d-a5e7-54ca-96ed-7f3ba13c61a2')
  })

  test('gives ids of version 5 and variant 2', () => {
    for (let n = 0; n < 50; n++) {
      expect(mintId(String(n))).toMatch(
        /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
      )
    }
  })

  test('keeps words apart', () => {
    expect(new Set([mintId('ab', 'c'), mintId('a', 'bc'), mintId('abc'), mintId('a', 'b', 'c')]).size).toBe(4)
  })
})

describe('guidOfExplicitId()', () => {
  const UUID = '6f2a1c3e-0b4d-4e5f-8a9b-0c1d2e3f4a5b'
  test.each([
    ['keeps an absolute URL', 'https://example.org/tides', 'https://example.org/tides'],
    ['keeps a URN', 'urn:isbn:9780000000000', 'urn:isbn:9780000000000'],
    ['keeps a tag URI', 'tag:example.org,2026:tides', 'tag:example.org,2026:tides'],
    ['makes a URN of a UUID', UUID, `urn:uuid:${UUID}`],
    ['makes a UUID lower case', UUID.toUpperCase(), `urn:uuid:${UUID}`],
    ['hashes a word', 'tides', mintId('articles', 'id', 'tides')],
    ['hashes a number', '12', mintId('articles', 'id', '12')],
    ['hashes a path', '/2026/tides', mintId('articles', 'id', '/2026/tides')],
    ['hashes what looks like a URI with a space', 'note: tides', mintId('articles', 'id', 'note: tides')],
    [
      'hashes a URI that is not ASCII',
      'https://example.org/潮汐',
      mintId('articles', 'id', 'https://example.org/潮汐'),
    ],
    ['hashes a URL without a host', 'https://', mintId('articles', 'id', 'https://')],
  ])('%s', (_, id, guid) => expect(guidOfExplicitId('articles', id)).toBe(guid))

  test('hashes per source', () => expect(guidOfExplicitId('a', '1')).not.toBe(guidOfExplicitId('b', '1')))
})

test.each([
  ['', 0],
  ['tide', 4],
  ['潮汐', 2],
  ['🌊a🌊', 3],
  ['\uD83C', 1],
])('codePoints() of %j is %i', (text, count) => expect(codePoints(text)).toBe(count))

test('fingerprintOf() is SHA-256', () => {
  expect(fingerprintOf('tides')).toBe('0e714fd92f7538e3531b61c0eeb7f9c70e44475be7557df873b13df3af34225f')
})

const STEM = 'The harbour keeps one table of tides for the whole year, and every skipper copies the week that matters. '
const MORE = 'What the copy leaves out is the wind.'

describe('openingOf()', () => {
  test('is null under a hundred code points', () => expect(openingOf('潮'.repeat(99))).toBeNull())
  test('counts a character outside the BMP once', () => expect(openingOf('🌊'.repeat(99))).toBeNull())
  test('is the same for each cut of a text', () => {
    const openings = [STEM + MORE, `${STEM.slice(0, 100)}...`, `${STEM.slice(0, 99)}…`].map(openingOf)
    expect(new Set(openings).size).toBe(1)
    expect(openings[0]).not.toBeNull()
  })
  test('differs for another opening', () => expect(openingOf(`A ${STEM}`)).not.toBe(openingOf(STEM)))
})

describe('isSameCapture()', () => {
  const agreeing = '潮'.repeat(327)
  test.each([
    ['joins a cut to the whole', `${STEM}...`, STEM + MORE, true],
    ['joins the whole to a cut', STEM + MORE, `${STEM}...`, true],
    ['knows the other ellipsis', `${STEM}…`, STEM + MORE, true],
    ['knows a long ellipsis', `${STEM} .....`, STEM + MORE, true],
    ['joins a cut to a longer cut', `${STEM}...`, `${STEM}What the...`, true],
    ['joins two cuts at one place', `${STEM}...`, `${STEM}…`, true],
    ['joins at a hundred code points', `${'潮'.repeat(97)}...`, '潮'.repeat(200), true],
    ['joins nothing below', `${'潮'.repeat(96)}...`, '潮'.repeat(200), false],
    ['joins nothing without an ellipsis', STEM, STEM + MORE, false],
    ['joins nothing that goes on otherwise', `${STEM}And...`, STEM + MORE, false],
    ['parts two that agree for 327 characters', `${agreeing}高...`, `${agreeing}低...`, false],
    ['takes two dots for no ellipsis', `${STEM}..`, STEM + MORE, false],
  ])('%s', (_, a, b, same) => expect(isSameCapture(a, b)).toBe(same))

  test('takes a long row of dots in its stride', () => {
    expect(isSameCapture(`${'.'.repeat(400_000)}x${'…'.repeat(400_000)}x`, STEM)).toBe(false)
  })
})

test('writtenText() is equal for two spellings of one date, and differs for a day and an instant', () => {
  const day = { kind: 'day', year: 2026, month: 1, day: 11 } as const
  expect(writtenText(day)).toBe(writtenText({ ...day }))
  expect(writtenText({ kind: 'instant', at: Date.UTC(2026, 0, 11) })).not.toBe(writtenText(day))
  expect(writtenText(null)).toBeNull()
})

test.each([
  ['tides', 'tides', 1],
  ['tides', 'stone', 0],
  ['', 'tides', 0],
  ['ab', 'ab', 0],
  ['abcd', 'abce', 0.5],
])('likeness() of %j and %j is %d', (a, b, share) => expect(likeness(a, b)).toBe(share))

describe('spaceOut()', () => {
  const NOW = 1_000_000
  test.each([
    ['leaves what is apart', [1000, 2000], [], [1000, 2000]],
    ['keeps the order of equals', [5000, 5000, 5000], [], [5000, 6000, 7000]],
    ['goes back from the limit', [NOW, NOW, NOW], [], [NOW - 2000, NOW - 1000, NOW]],
    ['passes over what is taken', [5000, 5000], [6000], [5000, 7000]],
    ['goes below what is taken at the limit', [NOW], [NOW, NOW - 1000], [NOW - 2000]],
    ['keeps batches apart', [5000, 6000, 5000], [], [5000, 6000, 7000]],
  ])('%s', async (_, wanted, taken, given) => {
    expect(await spaceOut(wanted, NOW, (at) => Promise.resolve(taken.includes(at)))).toEqual(given)
  })

  test.each([
    ['above', 5000, [5000, 6000, 7000]],
    ['below the limit', NOW, [NOW, NOW - 1000, NOW - 2000]],
  ])('asks once for each instant %s, however many want the same', async (_, wanted, taken) => {
    const asked: number[] = []
    const given = await spaceOut(Array<number>(4).fill(wanted), NOW, (at) => {
      asked.push(at)
      return Promise.resolve(taken.includes(at))
    })
    expect(new Set(given).size).toBe(4)
    expect(asked).toHaveLength(new Set(asked).size)
  })

  test('gives hundreds their own, none after the limit', async () => {
    const given = await spaceOut(Array<number>(500).fill(NOW), NOW, () => Promise.resolve(false))
    expect(new Set(given).size).toBe(500)
    expect(given).toEqual([...given].sort((a, b) => a - b))
    expect(given.at(-1)).toBe(NOW)
  })
})
