import { describe, expect, test } from 'vitest'
import { cleanText, foldText } from '../../src/markdown/text.ts'

describe('cleanText()', () => {
  for (const [says, text, cleaned] of [
    ['removes C0 controls', 'a\u0000b\u001Fc', 'abc'],
    ['keeps tab, line feed and carriage return', 'a\tb\nc\r', 'a\tb\nc\r'],
    ['removes DEL and C1 controls', 'a\u007Fb\u0085c\u009F', 'abc'],
    ['removes U+FFFE and U+FFFF', 'a\uFFFEb\uFFFF', 'ab'],
    ['removes lone surrogates', '\uD83Da\uDE00b', 'ab'],
    ['keeps whole surrogate pairs', 'a😀b', 'a😀b'],
    ['keeps letters decomposed', 'e\u0301', 'e\u0301'],
  ] as const)
    test(says, () => expect(cleanText(text)).toBe(cleaned))
})

describe('foldText()', () => {
  for (const [says, text, folded] of [
    ['folds white space to one space', '  a \t\r\n b\u00A0\u3000c ', 'a b c'],
    ['composes letters', 'e\u0301', '\u00E9'],
    ['removes bidi overrides and isolates', 'a\u202Eb\u2066c\u2069', 'abc'],
    ['removes byte order marks', '\uFEFFa\uFEFFb', 'ab'],
    ['parts words at a form feed and at NEL', 'a\fb\u0085c', 'a b c'],
    ['removes controls', 'a\u0001b', 'ab'],
  ] as const)
    test(says, () => expect(foldText(text)).toBe(folded))

  test('keeps 30 marks on a letter, of however many', () =>
    expect(foldText(`a${'\u0316'.repeat(200_000)}b`)).toBe(`a${'\u0316'.repeat(30)}b`))

  test('gets through marks in the order that is worst to normalise', () =>
    expect(foldText(`a${'\u0301\u0316'.repeat(300_000)}`).length).toBeLessThan(40))
})
