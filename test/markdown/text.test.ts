import { describe, expect, test } from 'vitest'
import { cleanText, foldText } from '../../src/markdown/text.ts'

/** What folding is for text that does not hold many marks, in as few words as it can be said. */
function slowlyFolded(text: string): string {
  const spaced = cleanText(text.replace(/[\v\f\u0085]/g, ' ')).replace(/[\u202A-\u202E\u2066-\u2069\uFEFF]/g, '')
  return spaced.normalize('NFC').replace(/\s+/g, ' ').trim()
}

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

  test('is the same for each character, whatever stands beside it', () => {
    for (let code = 0; code < 0x20000; code++) {
      const char = String.fromCodePoint(code)
      const text = `${char} a${char}b\n中${char}${char}\u1100${char}👩${char}\uFE0F\t${char}`
      if (foldText(text) !== slowlyFolded(text)) expect.fail(`U+${code.toString(16)}`)
    }
  })

  test('keeps half a character of no emoji', () =>
    expect(['\uD83C', 'a\uD83C\uD83C\uDF0A', '\uDF0A'].map(foldText)).toEqual(['', 'a🌊', '']))

  test('keeps 30 marks of an emoji', () => expect(foldText(`❤${'\uFE0F'.repeat(200)}`)).toBe(`❤${'\uFE0F'.repeat(30)}`))

  test('keeps 30 marks on a letter, of however many', () =>
    expect(foldText(`a${'\u0316'.repeat(200_000)}b`)).toBe(`a${'\u0316'.repeat(30)}b`))

  test('gets through marks in the order that is worst to normalise', () =>
    expect(foldText(`a${'\u0301\u0316'.repeat(300_000)}`).length).toBeLessThan(40))
})
