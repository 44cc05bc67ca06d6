import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { FREQUENCIES, TOPIC_KINDS, parseFrequency, parseTopic, topicOf, topicSet } from '../src/preferences.ts'
import { problemOf } from './support/problem.ts'

describe('parseTopic()', () => {
  for (const [says, text, topic] of [
    ['reads a tag', 'tag:tides', 'tag:tides'],
    ['reads a category', 'category:science', 'category:science'],
    ['reads a source', 'source:notes', 'source:notes'],
    ['folds the case of kind and name', 'TAG:Tides', 'tag:tides'],
    ['drops white space around kind and name', '  tag: \t Spring Tides \n', 'tag:spring tides'],
    ['keeps colons in a name', 'tag:c:drive:', 'tag:c:drive:'],
    ['reads a name in any script', 'category:潮汐', 'category:潮汐'],
    ['composes a name', 'tag:Cafe\u0301', 'tag:caf\u00e9'],
    ['takes a name that looks like a kind', 'tag:tag', 'tag:tag'],
    ['keeps what JSON or HTML would escape', 'source:"a"<b>', 'source:"a"<b>'],
  ] as const)
    test(says, () => expect(parseTopic(text)).toBe(topic))

  for (const [says, text] of [
    ['nothing', ''],
    ['white space', ' '],
    ['a name without a kind', 'tides'],
    ['no kind before the colon', ':tides'],
    ['no name', 'tag:'],
    ['a name of white space', 'tag: \n '],
    ['an author, who is no topic', 'author:ada'],
    ['a kind with something before it', 'my tag:tides'],
    ['white space before the colon', 'tag :tides'],
    ['a name of the prototype as a kind', 'constructor:tides'],
    ['a letter that only looks like one of a kind', 'т\u0430g:tides'],
    ['a line feed in a name', 'tag:a\nb'],
    ['a NUL in a name', 'tag:a\u0000'],
    ['an escape in a name', 'tag:\u001b[2J'],
    ['a C1 control in a name', 'tag:a\u0085b'],
    ['DEL in a name', 'tag:\u007f'],
  ] as const)
    test(`refuses ${says}`, () => {
      const { code, mend } = problemOf(() => parseTopic(text))
      expect([code, mend]).toEqual(['topic-malformed', expect.stringContaining('tag:tides')])
    })

  test('shows no more than a hundred characters of what it refuses, written out', () => {
    const { message } = problemOf(() => parseTopic(`tag:\u001b${'x'.repeat(10_000)}`))
    expect(message).toMatch(/^"tag:\\u001bx{95}" is not a topic$/)
  })

  test('reads its own topics back, of any kind and name', () =>
    fc.assert(
      fc.property(fc.constantFrom(...TOPIC_KINDS), fc.string({ unit: 'grapheme', minLength: 1 }), (kind, name) => {
        fc.pre(name.trim() !== '' && !/\p{Cc}/u.test(name))
        const topic = parseTopic(`${kind}:${name}`)
        expect(topic).toBe(topicOf(kind, name.trim()))
        expect(parseTopic(topic)).toBe(topic)
      }),
    ))

  test('takes any text in hand: a topic or its Problem', () =>
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        try {
          expect(parseTopic(text)).toMatch(/^(?:tag|category|source):\P{Cc}+$/u)
        } catch (error) {
          expect(error).toMatchObject({ code: 'topic-malformed' })
        }
      }),
    ))
})

describe('topicSet()', () => {
  const setOf = (...texts: string[]): string[] => topicSet(texts.map(parseTopic))
  for (const [says, texts, topics] of [
    ['is empty for no topic', [], []],
    ['has each topic once', ['tag:a', 'TAG:A', 'tag: a'], ['tag:a']],
    ['keeps one name of two kinds', ['tag:a', 'category:a'], ['category:a', 'tag:a']],
    ['is in one order', ['tag:b', 'source:z', 'tag:a'], ['source:z', 'tag:a', 'tag:b']],
  ] as const)
    test(says, () => expect(setOf(...texts)).toEqual(topics))

  test('is the same for the same topics in any order', () =>
    fc.assert(
      fc.property(fc.shuffledSubarray(['tag:b', 'tag:a', 'tag:潮', 'category:a', 'source:é']), (texts) => {
        expect(setOf(...texts)).toEqual(setOf(...texts.toReversed()))
      }),
    ))

  test('leaves the list that it is given as it is', () => {
    const given = ['tag:b', 'tag:a'].map(parseTopic)
    topicSet(given)
    expect(given).toEqual(['tag:b', 'tag:a'])
  })
})

describe('parseFrequency()', () => {
  for (const name of FREQUENCIES)
    test(`reads ${name}`, () =>
      expect([parseFrequency(name), parseFrequency(` ${name.toUpperCase()}\n`)]).toEqual([name, name]))

  for (const text of ['', ' ', 'hourly', 'daily weekly', 'dai ly', 'toString', 'daily\u0000'])
    test(`refuses ${JSON.stringify(text)}`, () =>
      expect(problemOf(() => parseFrequency(text)).code).toBe('frequency-unknown'))

  test('shows no more than a hundred characters of what it refuses', () =>
    expect(problemOf(() => parseFrequency('x'.repeat(10_000))).message).toMatch(/^"x{100}" is not a frequency$/))
})
