import { describe, expect, test } from 'vitest'
import { acceptedLanguage, languageLike, languageName } from '../../src/web/language.ts'

const OURS = ['en', 'pt-BR', 'zh', 'zh-TW'] as const

describe('acceptedLanguage() finds', () => {
  for (const [says, accepted, found] of [
    ['the only one', 'zh', 'zh'],
    ['one in other letters', 'ZH-tw', 'zh-TW'],
    ['the first of two that are liked alike', 'zh, en', 'zh'],
    ['the one with the higher weight', 'en;q=0.5, zh;q=0.8', 'zh'],
    ['one of three digits', 'en;q=0.999, zh', 'zh'],
    ['one with fewer subtags', 'zh-CN, en;q=0.9', 'zh'],
    ['the nearest of two', 'zh-TW-x-a, en;q=0.9', 'zh-TW'],
    ['one with more subtags', 'pt, en;q=0.9', 'pt-BR'],
    ['the next when the first is not there', 'fr-CH, fr;q=0.9, en;q=0.8, de;q=0.7, *;q=0.5', 'en'],
    ['none when nothing is said', null, null],
    ['none in an empty header', '', null],
    ['none that is there', 'fr, de', null],
    ['none in particular when anything will do', '*', null],
    ['none in particular before what is liked less', '*, en;q=0.5', null],
    ['what is liked before anything', 'en, *;q=0.5', 'en'],
    ['none that is refused', 'zh;q=0', null],
    ['none that is refused by its own name', 'zh-CN, zh;q=0, en;q=0.1', 'en'],
    ['none in what is no header', ';;,,q=1;="en', null],
    ['none in a tag that is none', 'en_US.UTF-8', null],
    ['one beside what is no tag', '<script>, zh;q=x', 'zh'],
    ['the last within 200 characters', `${'fr,'.repeat(65)}zh, en`, 'zh'],
    ['none behind 200 characters', `${'fr,'.repeat(67)}zh`, null],
    ['none in a million commas', ','.repeat(1_000_000), null],
  ] as const)
    test(says, () => expect(acceptedLanguage(accepted, OURS)).toBe(found))

  test('none when we have none', () => expect(acceptedLanguage('en', [])).toBe(null))
})

describe('languageLike() takes', () => {
  for (const [range, found] of [
    ['en', 'en'],
    ['EN-gb', 'en'],
    ['pt-PT', null],
    ['pt', 'pt-BR'],
    ['', null],
    ['-', null],
    ['e', null],
    ['en-', null],
    ['../en', null],
    ['zh-Hant-TW', 'zh'],
  ] as const)
    test(`${found ?? 'nothing'} for "${range}"`, () => expect(languageLike(range, OURS)).toBe(found))
})

test('languageName() is what its speakers call a language', () => {
  expect(['en', 'zh', 'pt-BR', 'qq'].map(languageName)).toEqual(['English', '中文', 'português (Brasil)', 'qq'])
})
