import { describe, expect, test } from 'vitest'
import { feedHtml, feedText, isRssAuthor, plainCaption, webAddress } from '../../src/feeds/clean.ts'

for (const [says, text, clean] of [
  ['folds white space', ' a\n b ', 'a b'],
  ['shows a question mark where bytes were lost', 'a\uFFFDb', 'a?b'],
  ['takes out what is no character', 'a\uFDD0b\u{1FFFE}c\u{10FFFF}', 'abc'],
  ['takes out controls', 'a\u0080b\u0007', 'ab'],
] as const)
  test(`feedText() ${says}`, () => expect(feedText(text)).toBe(clean))

test('feedHtml() cleans as well, and keeps white space but for line ends', () => {
  expect(feedHtml('<pre>a \r\n\tb\uFFFD\u{2FFFF}</pre>')).toBe('<pre>a \n\tb?</pre>')
})

for (const [says, text, address] of [
  ['keeps a plain one', 'https://a.example/b?c=d#e', 'https://a.example/b?c=d#e'],
  ['writes other letters in ASCII', 'https://a.example/潮', 'https://a.example/%E6%BD%AE'],
  ['encodes what no URI may hold', 'https://a.example/a|b?c[]=^\\', 'https://a.example/a%7Cb?c%5B%5D=%5E%5C'],
  ['keeps an IPv6 address', 'http://[2001:db8::1]:8080/a[b]', 'http://[2001:db8::1]:8080/a%5Bb%5D'],
  ['refuses another scheme', 'javascript:alert(1)', null],
  ['refuses a relative one', '/a', null],
] as const)
  test(`webAddress() ${says}`, () => expect(webAddress(text)).toBe(address))

describe('isRssAuthor()', () => {
  for (const [says, name, email, is] of [
    ['takes a name and an address', 'Ada Marsh', 'ada@example.org', true],
    ['takes a Chinese name', '林波', 'bo.lin+feed@mail.example.org', true],
    ['needs an address', 'Ada', null, false],
    ['refuses brackets, which end a comment', 'Ada (Marsh)', 'ada@example.org', false],
    ['refuses what parts a list of addresses', 'Marsh, Ada', 'ada@example.org', false],
    ['refuses an address that is not ASCII', 'Ada', 'ädä@example.org', false],
    ['refuses an address without a full domain', 'Ada', 'ada@localhost', false],
  ] as const)
    test(says, () => expect(isRssAuthor({ name, email })).toBe(is))
})

for (const [says, text, caption] of [
  ['keeps words', 'The "old" gauge & pole, 1 < 2', 'The "old" gauge & pole, 1 < 2'],
  ['leaves out what looks like a tag', 'a </b>', ''],
  ['leaves out what looks like an entity', 'a &amp; b', ''],
] as const)
  test(`plainCaption() ${says}`, () => expect(plainCaption(text)).toBe(caption))
