import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { PLAIN_TEXTS, TEXT_NAMES, type TextName, isTextName } from '../src/text-names.ts'
import { type TextTable, isOneLanguage, readTexts, textsOf } from '../src/texts.ts'
import { problemOf } from './support/problem.ts'

const ownText = (file: string): string => readFileSync(new URL(`../templates/texts/${file}`, import.meta.url), 'utf8')
const FILES = ['en.yaml', 'zh.yaml'] as const
const ENGLISH = readTexts('en.yaml', ownText('en.yaml'))
const NAMES = Object.keys(TEXT_NAMES).filter(isTextName)

/** The forms of a text: one, or one for each plural category. */
function formsOf(table: TextTable, name: TextName): string[] {
  const text = table.get(name)
  if (text === undefined) return []
  return typeof text === 'string' ? [text] : [...text.values()]
}

describe('our own texts', () => {
  for (const file of FILES) {
    const table = readTexts(file, ownText(file))

    test(`${file} has every text, and no other`, () => expect([...table.keys()].sort()).toEqual(NAMES.toSorted()))

    test(`${file} says something in every form`, () => {
      for (const name of NAMES)
        for (const form of formsOf(table, name)) expect({ name, form }).not.toEqual({ name, form: '' })
    })

    test(`${file} leaves no word in braces when all are filled in`, () => {
      const { say } = textsOf(file.slice(0, 2), table, ENGLISH)
      for (const name of NAMES) {
        const words = Object.fromEntries(TEXT_NAMES[name].map((word, n) => [word, word === 'count' ? 7 : `<${n}>`]))
        const said = say(name, words)
        expect(said).not.toMatch(/[{}]/)
        for (const word of Object.values(words)) expect(said).toContain(String(word))
      }
    })
  }

  test('are not the same in two languages', () => {
    const chinese = readTexts('zh.yaml', ownText('zh.yaml'))
    const same = NAMES.filter((name) => formsOf(chinese, name).join() === formsOf(ENGLISH, name).join())
    expect(same).toEqual([])
  })
})

describe('readTexts()', () => {
  for (const [says, yaml, text] of [
    ['reads a text', 'tags: Étiquettes', 'Étiquettes'],
    ['reads a quoted text with its white space', "tags: ' # '", ' # '],
    ['reads a folded text as one line', 'tags: >-\n  all\n  of them\n', 'all of them'],
    ['takes a number for its digits', 'tags: 7', '7'],
    ['takes an empty text for one', "tags: ''", ''],
  ] as const)
    test(says, () => expect(readTexts('fr.yaml', yaml)).toEqual(new Map([['tags', text]])))

  for (const [says, yaml] of [
    ['an empty file', ''],
    ['a file of comments', '# later\n'],
    ['an empty list of texts', '{}'],
  ] as const)
    test(`finds nothing in ${says}`, () => expect(readTexts('fr.yaml', yaml).size).toBe(0))

  for (const [says, yaml, line, message] of [
    ['an unknown name', '# ours\ntags: a\ntagz: b', 3, 'There is no text called "tagz"'],
    ['a name of the prototype', 'tags: a\nconstructor: b', 2, 'There is no text called "constructor"'],
    ['a name in another case', 'Tags: a', 1, 'There is no text called "Tags"'],
    ['a missing word', 'tags: a\nmore_on_web: plus', 2, '"more_on_web" must hold {count}, and no other word in braces'],
    ['one of two words missing', "reason: 'for {site}'", 1, '"reason" must hold {address} and {site}, and no'],
    ['a word that is mistyped', "more_on_web: '{counts} plus'", 1, '"more_on_web" must hold {count}'],
    ['a word with a space in its braces', "more_on_web: '{ count } plus'", 1, '"more_on_web" must hold {count}'],
    ['a word too much', "more_on_web: '{count} of {site}'", 1, '"more_on_web" must hold {count}'],
    ['a word where none is filled in', "tags: '{count} tags'", 1, '"tags" must hold nothing to be filled in'],
    ['empty braces', "tags: 'a {}'", 1, '"tags" must hold nothing to be filled in'],
    [
      'a wrong word in one form alone',
      "more_on_web:\n  one: 'one {x}'\n  other: '{count}'",
      1,
      '"more_on_web" must hold {count}',
    ],
    [
      'forms without the one for all others',
      "more_on_web: { one: '{count} plus' }",
      1,
      '"more_on_web" is neither a text nor one of',
    ],
    [
      'a form that is no plural category',
      "\nmore_on_web: { once: 'x', other: '{count}' }",
      2,
      'zero, one, two, few, many, other',
    ],
    ['no forms', 'more_on_web: {}', 1, '"more_on_web" is neither'],
    ['a list for a text', 'older: a\ntags: [a, b]', 2, '"tags" is neither a text nor'],
    ['a name without a text', 'older: a\ntags:\nnewer: b', 2, '"tags" is neither a text nor'],
    ['a form without a text', "more_on_web: { one: , other: '{count}' }", 1, '"more_on_web" is neither'],
    ['a list instead of texts', '- tags\n- older', 1, 'The texts are no list of "name: text"'],
    ['a text instead of texts', 'tags', 1, 'The texts are no list of "name: text"'],
    ['a quote that is not closed', "older: a\ntags: 'b", 2, 'The texts cannot be read: '],
    ['a text that begins like a map', 'older: a\n\ntags: {count} more\n', 3, 'The texts cannot be read: '],
    ['the same name twice', 'tags: a\nolder: b\ntags: c', 3, 'The texts cannot be read: '],
  ] as const)
    test(`refuses ${says}, at its line`, () => {
      const problem = problemOf(() => readTexts('templates/texts/fr.yaml', yaml))
      expect({ ...problem.toJSON() }).toMatchObject({
        code: 'template-texts',
        where: expect.stringMatching(new RegExp(`^templates/texts/fr\\.yaml:${line}$`)),
        message: expect.stringContaining(message),
      })
      expect(problem.message).not.toContain('\n')
    })

  test('lets a form for one number leave the number out', () => {
    const table = readTexts('en.yaml', "entries_count: { one: a single entry, other: '{count} entries' }")
    expect(textsOf('en', table, ENGLISH).say('entries_count', { count: 1 })).toBe('a single entry')
  })
})

const RUSSIAN = readTexts(
  'ru.yaml',
  "entries_count: { one: '{count} запись', few: '{count} записи', many: '{count} записей', other: '{count} записи!' }",
)

describe('say()', () => {
  const russian = textsOf('ru', RUSSIAN, ENGLISH)
  for (const [count, said] of [
    [0, '0 записей'],
    [1, '1 запись'],
    [2, '2 записи'],
    [4, '4 записи'],
    [5, '5 записей'],
    [11, '11 записей'],
    [21, '21 запись'],
    [22, '22 записи'],
    [111, '111 записей'],
    [1.5, '1.5 записи!'],
  ] as const)
    test(`takes the plural form of ${count} in Russian`, () =>
      expect(russian.say('entries_count', { count })).toBe(said))

  for (const [says, language, yaml, count, said] of [
    ['of none in Arabic', 'ar', "entries_count: { zero: لا شيء, other: '{count}' }", 0, 'لا شيء'],
    ['of two in Arabic', 'ar', "entries_count: { two: اثنان, other: '{count}' }", 2, 'اثنان'],
    [
      'for all others when the own one is left out',
      'ru',
      "entries_count: { one: 'x {count}', other: 'y {count}' }",
      3,
      'y 3',
    ],
    [
      'for all others in a language without plurals',
      'zh',
      "entries_count: { one: 'x {count}', other: 'y {count}' }",
      1,
      'y 1',
    ],
    ['of a language with its region', 'pt-PT', "entries_count: { one: 'x {count}', other: 'y {count}' }", 0, 'y 0'],
  ] as const)
    test(`takes the form ${says}`, () =>
      expect(textsOf(language, readTexts('x.yaml', yaml), ENGLISH).say('entries_count', { count })).toBe(said))

  test('falls back to English for what is left out, with the plural rules of English', () => {
    const { say } = textsOf('ru', readTexts('ru.yaml', 'tags: Метки'), ENGLISH)
    expect([say('tags'), say('older')]).toEqual(['Метки', 'Older'])
    expect([1, 2, 21].map((count) => say('entries_count', { count }))).toEqual(['1 entry', '2 entries', '21 entries'])
  })

  test('keeps the rules of the language when English was asked first', () => {
    const { say } = textsOf('ru', RUSSIAN, ENGLISH)
    say('more_on_latest', { count: 21 })
    expect(say('entries_count', { count: 21 })).toBe('21 запись')
  })

  const english = textsOf('en', ENGLISH, ENGLISH)
  for (const [says, name, words, said] of [
    ['every word', 'subject', { site: 'Sea', title: 'Tides' }, 'Sea: Tides'],
    ['a number', 'more_on_web', { count: 12_345 }, '12345 more on the web'],
    ['nothing for a word that it is not given', 'subject', { site: 'Sea' }, 'Sea: '],
    [
      'a word as it stands, whatever is in it',
      'subject',
      { site: '{title}', title: '$& $1 {site}' },
      '{title}: $& $1 {site}',
    ],
  ] as const)
    test(`fills in ${says}`, () => expect(english.say(name, words)).toBe(said))
})

test('plain holds the texts into which nothing is filled, and those alone', () => {
  const { plain, language } = textsOf('ru', readTexts('ru.yaml', 'tags: Метки'), ENGLISH)
  expect(Object.keys(plain).sort()).toEqual(NAMES.filter((name) => TEXT_NAMES[name].length === 0).sort())
  expect(Object.keys(plain)).toEqual(PLAIN_TEXTS)
  expect([plain['tags'], plain['older'], plain['more_on_web'], language]).toEqual(['Метки', 'Older', undefined, 'ru'])
})

describe('isOneLanguage()', () => {
  for (const [one, other, isOne] of [
    ['zh', 'zh-CN', true],
    ['zh-Hant-TW', 'ZH-Hans', true],
    ['en', 'en', true],
    ['en', 'de', false],
    ['fi', 'fil', false],
  ] as const)
    test(`is ${isOne} of ${one} and ${other}`, () => expect(isOneLanguage(one, other)).toBe(isOne))
})
