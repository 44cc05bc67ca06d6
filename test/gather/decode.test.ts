import { describe, expect, test } from 'vitest'
import { decode } from '../../src/gather/decode.ts'

describe('decode()', () => {
  test.each([
    ['takes UTF-8', 'Tides 潮汐 🌊\n', 'Tides 潮汐 🌊\n', []],
    ['drops a byte order mark', '\uFEFFTides', 'Tides', []],
    ['makes Windows line ends plain', 'one\r\ntwo\r\n', 'one\ntwo\n', []],
    ['makes old Mac line ends plain', 'one\rtwo\r', 'one\ntwo\n', []],
    ['keeps tab and form feed', 'one\ttwo\f', 'one\ttwo\f', []],
    ['keeps a replacement character that somebody wrote', 'one \uFFFD', 'one \uFFFD', []],
    ['leaves out NUL', 'one\ntw\0o', 'one\ntwo', ['control-character a.md:2 U+0000']],
    ['leaves out escape', 'one\r\rt\u001Bwo\0', 'one\n\ntwo', ['control-character a.md:3 U+001B']],
    ['leaves out DEL and noncharacters', '\u007Fone\uFFFE\uFFFF', 'one', ['control-character a.md:1 U+007F']],
    ['takes nothing', '', '', []],
  ])('%s', (_, bytes, text, says) => {
    const decoded = decode(Buffer.from(bytes), 'a.md')
    expect(decoded.text).toBe(text)
    expect(
      decoded.problems.map(({ code, where, message }) => `${code} ${where ?? ''} ${/U\+\w+/.exec(message)?.[0] ?? ''}`),
    ).toEqual(says)
  })

  test.each([
    ['Latin-1', Buffer.from('one\ntwo\nna\u00EFve', 'latin1'), 'one\ntwo\nna\uFFFDve', 'a.md:3'],
    ['a character cut in two', Buffer.from('潮').subarray(0, 2), '\uFFFD', 'a.md:1'],
    ['a surrogate in UTF-8', Buffer.from([0x61, 0xed, 0xa0, 0x80]), 'a\uFFFD\uFFFD\uFFFD', 'a.md:1'],
  ])('replaces %s and says where', (_, bytes, text, where) => {
    expect(decode(bytes, 'a.md')).toMatchObject({
      text,
      problems: [{ code: 'encoding-broken', severity: 'warning', where }],
    })
  })

  test('names both faults of one file', () => {
    const { problems } = decode(Buffer.from([0xff, 0x0a, 0x00]), 'a.md')
    expect(problems.map(({ where }) => where)).toEqual(['a.md:1', 'a.md:2'])
  })
})
