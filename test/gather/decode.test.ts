import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decode } from '../../src/gather/decode.ts'

describe('decode()', () => {
  test.each([
    ['takes UTF-8', 'Tides 潮汐 🌊\n', 'Tides 潮汐 🌊\n', []],
    ['drops a byte order mark', '\uFEFFTides', 'Tides', []],
    ['drops two byte order marks', '\uFEFF\uFEFFTides', 'Tides', []],
    ['drops a zero-width space at the start', '\u200B---\ntitle: Tides', '---\ntitle: Tides', []],
    ['makes Windows line ends plain', 'one\r\ntwo\r\n', 'one\ntwo\n', []],
    ['makes old Mac line ends plain', 'one\rtwo\r', 'one\ntwo\n', []],
    ['makes mixed line ends plain', 'one\r\ntwo\rthree\nfour\n\r', 'one\ntwo\nthree\nfour\n\n', []],
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
    ['a character cut in two', Buffer.from('潮').subarray(0, 2), '\uFFFD', 'a.md:1'],
    ['a surrogate in UTF-8', Buffer.from([0x61, 0xed, 0xa0, 0x80]), 'a\uFFFD\uFFFD\uFFFD', 'a.md:1'],
    [
      'one broken byte',
      withByte('潮水每天涨落两次。\n渔民们都记得时间。', 0xff),
      '潮水每天涨落两次。\n渔\uFFFD民们都记得时间。',
      'a.md:2',
    ],
    [
      'one broken byte in accents',
      withByte('Élève, hôtel, forêt, été\nà côté', 0xe9),
      'Élève, hôtel, forêt, été\nà\uFFFD côté',
      'a.md:2',
    ],
    [
      'bytes that are nothing',
      Buffer.from('one\n\x81\x82\x83\x84\xff\xff\xfe', 'latin1'),
      'one\n'.padEnd(11, '\uFFFD'),
      'a.md:2',
    ],
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

/** A text with one more byte, behind the first letter of its last line. */
function withByte(text: string, byte: number): Buffer {
  const at = Buffer.byteLength(text.slice(0, text.indexOf('\n') + 2))
  const bytes = Buffer.from(text)
  return Buffer.concat([bytes.subarray(0, at), Buffer.from([byte]), bytes.subarray(at)])
}

describe('decode() recognises', () => {
  test.each([
    ['GB18030', 'gb18030.md', '潮汐笔记', '如果风向改变，船就不能按时回到港口。'],
    ['GB18030', 'gb18030-four.md', '潮汐笔记', '她写下了𠮷和€。'],
    ['GB18030', 'gbk.md', '潮汐笔记', '如果风向改变，船就不能按时回到港口。'],
    ['Big5', 'big5.md', '潮汐筆記', '如果風向改變，船就不能按時回到港口。'],
    ['Shift_JIS', 'shift-jis.md', '潮のノート', '灯台の光は霧の中では近くしか届かない。'],
    ['EUC-JP', 'euc-jp.md', '潮のノート', '灯台の光は霧の中では近くしか届かない。'],
    ['EUC-KR', 'euc-kr.md', '밀물과 썰물', '나는 바닷가에서 삼 년을 살았다.'],
    ['windows-1252', 'windows-1252.md', 'Le journal des marées', '« Où est le bateau ? » demande l’élève – 5 €.'],
    ['windows-1252', 'windows-1252-short.md', 'Größe', ''],
    ['UTF-16LE', 'utf-16le-mark.md', '潮汐笔记', '如果风向改变，船就不能按时回到港口。'],
    ['UTF-16BE', 'utf-16be-mark.md', '潮汐笔记', '如果风向改变，船就不能按时回到港口。'],
    ['UTF-16LE', 'utf-16le.md', 'Tides', 'The water rises twice a day.'],
    ['UTF-16BE', 'utf-16be.md', 'Tides', 'The water rises twice a day.'],
    ['UTF-16LE', 'utf-16le-chinese.md', '潮汐笔记', '如果风向改变，船就不能按时回到港口。'],
  ])('%s in %s', (name, file, title, end) => {
    const { text, problems } = decode(readFileSync(new URL(`../fixtures/encodings/${file}`, import.meta.url)), 'a.md')
    expect(text.startsWith(`---\ntitle: ${title}\n`)).toBe(true)
    expect(text.trimEnd().endsWith(end)).toBe(true)
    expect(problems).toMatchObject([
      { code: 'encoding-other', severity: 'warning', message: `The file is not UTF-8 and was read as ${name}` },
    ])
    expect(problems[0]?.where).toMatch(/^a\.md:[12]$/)
  })

  test('one letter of windows-1252 and says where', () => {
    expect(decode(Buffer.from('one\ntwo\nna\u00EFve', 'latin1'), 'a.md')).toMatchObject({
      text: 'one\ntwo\nnaïve',
      problems: [{ code: 'encoding-other', where: 'a.md:3' }],
    })
  })

  test('UTF-8 whatever its words are', () => {
    const letters = fc.string({
      unit: fc.constantFrom(...Array.from('a \n潮水的，。한글テスト¿éß’€🌊\u0300')),
      maxLength: 200,
    })
    fc.assert(
      fc.property(letters, (text) => {
        expect(decode(Buffer.from(text), 'a.md')).toEqual({ text, problems: [] })
      }),
    )
  })

  test('UTF-8 of every character', () => {
    for (let code = 0xc0; code < 0x110000; code += 0x40) {
      const codes = Array.from({ length: 0x40 }, (_, index) => code + index)
      const text = String.fromCodePoint(...codes).replace(/[\p{Surrogate}\ufffe\uffff]/gu, '')
      expect(decode(Buffer.from(`a${text}`), 'a.md').text).toBe(`a${text}`)
    }
  })

  test('UTF-8 with one broken byte as no other encoding', () => {
    const letters = fc.string({
      unit: fc.constantFrom(...Array.from('潮水的是在，。한글テストéß’')),
      minLength: 12,
      maxLength: 200,
    })
    fc.assert(
      fc.property(letters, fc.integer({ min: 0x80, max: 0xff }), (text, byte) => {
        const { problems } = decode(Buffer.concat([Buffer.from(text), Buffer.from([byte, 0x20])]), 'a.md')
        expect(problems).toMatchObject([{ code: 'encoding-broken' }])
      }),
    )
  })

  test('something in whatever bytes, and throws nothing', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const { text } = decode(Buffer.from(bytes), 'a.md')
        return !/[\r\0\u001b]/.test(text)
      }),
      { numRuns: 300 },
    )
  })
})
