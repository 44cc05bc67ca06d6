import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decode } from '../../src/gather/decode.ts'
import { parseListing } from '../../src/gather/listing.ts'

interface Script {
  words: string[]
  gap: string
  end: string
  encodings: string[]
}

const SCRIPTS: Record<string, Script> = {
  english: {
    words:
      'tide moon harbour skipper table water clock wind gull boat rope morning keeps follows waits for the a of and with Thursday Bergen 12 old slowly'.split(
        ' ',
      ),
    gap: ' ',
    end: '.',
    encodings: ['utf-8', 'utf-16le', 'utf-16be'],
  },
  french: {
    words:
      'marée été port élève hôtel forêt garçon où près déjà leçon phare côte île très bientôt la le de et où Noël'.split(
        ' ',
      ),
    gap: ' ',
    end: '.',
    encodings: ['windows-1252', 'utf-8', 'utf-16le'],
  },
  simplified: {
    words:
      '潮汐 港口 时间 我们 知道 每天 水位 因为 所以 可以 船长 这个 那里 大家 来回 机器 学习 数据 没有 问题 的 是 在 了'.split(
        ' ',
      ),
    gap: '',
    end: '。',
    encodings: ['gb18030', 'utf-8', 'utf-16be'],
  },
  traditional: {
    words:
      '潮汐 港口 時間 我們 知道 每天 水位 因為 所以 可以 船長 這個 那裡 大家 來回 機器 學習 數據 沒有 問題 的 是 在 了'.split(
        ' ',
      ),
    gap: '',
    end: '。',
    encodings: ['big5', 'utf-8'],
  },
  japanese: {
    words:
      'これは しおの みちひきを しるした ノートです ふねは ゆっくりと みなとへ かえります あさの ひかりが とても きれいでした'.split(
        ' ',
      ),
    gap: '',
    end: '。',
    encodings: ['shift_jis', 'utf-8'],
  },
  korean: {
    words:
      '나는 바다에서 사는 사람이다 밀물과 썰물을 보고 하루를 시작하는 일이 좋다 그리고 다시 돌아오는 배를 기다린다'.split(
        ' ',
      ),
    gap: ' ',
    end: '.',
    encodings: ['euc-kr', 'utf-8'],
  },
}

const MARKS: Record<string, (n: number) => string> = {
  none: () => '',
  stop: (n) => `${n}. `,
  down: (n) => `${200 - n}) `,
  square: (n) => `[${n + 40}] `,
  sign: (n) => `#${n} `,
  comma: (n) => `${n}、`,
  bullet: () => '• ',
  hyphen: () => '- ',
}
/** Marks that any encoding has. */
const ASCII_MARKS = ['none', 'stop', 'down', 'square', 'sign', 'hyphen']

const DATES: Record<string, (text: string, day: number) => string> = {
  none: (text) => text,
  iso: (text, day) => `2026-01-${day} ${text}`,
  dash: (text, day) => `Jan ${day}, 2026 - ${text}`,
  brackets: (text, day) => `[2026/1/${day}] ${text}`,
  last: (text, day) => `${text} (${day} January 2026)`,
  bare: (text, day) => `${text} ${day}/1/2026`,
}

const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

/** Some sentences of different words. */
function snippetIn({ words, gap, end }: Script): fc.Arbitrary<string> {
  const sentence = fc.shuffledSubarray(words, { minLength: 9, maxLength: 12 })
  const sentences = fc.array(sentence, { minLength: 2, maxLength: 6 })
  return sentences.map((some) => some.map((each) => capitalised(each.join(gap)) + end).join(gap))
}

function columnsIn(text: string): number {
  return Array.from(text, (character) => (character > '\u10ff' ? 2 : 1)).reduce<number>(
    (sum, columns) => sum + columns,
    0,
  )
}

/** Breaks a text as a terminal does: between words, or between characters but not before a full stop. */
function wrap(text: string, width: number): string {
  const units = text.match(/[^\s\u2E80-\uABFF\uFF00-\uFFEF]+ ?|[\uAC00-\uD7A3.]+ ?|.。? ?/gu) ?? []
  const lines = ['']
  for (const unit of units) {
    if (columnsIn((lines.at(-1) ?? '') + unit.trimEnd()) > width) lines.push('')
    lines.push((lines.pop() ?? '') + unit)
  }
  return lines.map((line) => line.trim()).join('\n')
}

/** A page that breaks hardly a sentence does not show that it is wrapped. */
function breaksSentences(texts: readonly string[]): boolean {
  const wrapped = texts.filter((text) => text.includes('\n'))
  const breaks = wrapped.flatMap((text) => text.split('\n').slice(0, -1))
  return wrapped.length > 1 && breaks.filter((line) => /(?:[.。)\d]|January)$/.test(line)).length * 2 < breaks.length
}

/** Each character that an encoding of one or two bytes has, with its bytes. */
function bytesByCharacter(encoding: string): Map<string, number[]> {
  const decoder = new TextDecoder(encoding)
  const bytes = new Map<string, number[]>()
  const put = (...units: number[]): void => {
    const text = decoder.decode(Uint8Array.from(units))
    if (Array.from(text).length === 1 && text !== '\ufffd' && !bytes.has(text)) bytes.set(text, units)
  }
  for (let unit = 0; unit < 0x100; unit++) put(unit)
  if (encoding === 'windows-1252') return bytes
  for (let first = 0x81; first < 0xff; first++) for (let second = 0x40; second < 0xff; second++) put(first, second)
  return bytes
}
const tables = new Map<string, Map<string, number[]>>()

function encode(text: string, encoding: string, hasMark: boolean): Buffer {
  const marked = hasMark && encoding.startsWith('utf') ? `\ufeff${text}` : text
  if (encoding === 'utf-8') return Buffer.from(marked)
  if (encoding === 'utf-16le') return Buffer.from(marked, 'utf16le')
  if (encoding === 'utf-16be') return Buffer.from(marked, 'utf16le').swap16()
  const table = tables.get(encoding) ?? bytesByCharacter(encoding)
  tables.set(encoding, table)
  const units = Array.from(text, (character) => table.get(character))
  expect(units).not.toContain(undefined)
  return Buffer.from(units.flatMap((unit) => unit ?? []))
}

const listings = fc.constantFrom(...Object.values(SCRIPTS)).chain((script) =>
  fc.record({
    script: fc.constant(script),
    snippets: fc.uniqueArray(snippetIn(script), { minLength: 3, maxLength: 12 }),
    mark: fc.constantFrom(
      ...(script.end === '。' ? Object.keys(MARKS).filter((name) => name !== 'bullet') : ASCII_MARKS),
    ),
    date: fc.constantFrom(...Object.keys(DATES)),
    layout: fc.constantFrom('lines', 'gaps', 'wrapped', 'blocks', 'wrapped blocks'),
    width: fc.integer({ min: 36, max: 100 }),
    lineEnd: fc.constantFrom('\n', '\r\n', '\r'),
    encoding: fc.constantFrom(...script.encodings),
    hasMark: fc.boolean(),
    isFramed: fc.boolean(),
  }),
)

describe('a listing', () => {
  test('gives its snippets back, in whatever shape and encoding they stand in it', () => {
    fc.assert(
      fc.property(listings, ({ script, snippets, mark, date, layout, width, lineEnd, encoding, hasMark, isFramed }) => {
        const titles = snippets.map((text, index) =>
          layout.includes('blocks')
            ? `${text.slice(0, 14).replace(/[.。]/g, '').trim()} ${index}${script.words[0] ?? ''}`
            : '',
        )
        const put = MARKS[mark] ?? String
        const stamp = DATES[date] ?? String
        // A title that is as wide as the texts below is told from them by nothing.
        const edge = layout === 'wrapped blocks' ? width + 20 : width
        const lined = (text: string): string => (layout.includes('wrapped') ? wrap(text, edge) : text)
        const blocks = snippets.map((text, index) => {
          const number = put(index + 1)
          if (!layout.includes('blocks')) return lined(number + stamp(text, 13 + index))
          return `${number}${titles[index] ?? ''}\n${date === 'none' ? '' : `2026-01-${13 + index}\n`}${lined(text)}\nRead more`
        })
        fc.pre(layout !== 'wrapped' || breaksSentences(blocks))
        const body = blocks.join(layout === 'lines' ? '\n' : '\n\n')
        const page = isFramed ? `HARBOUR\n\nLatest\n\n${body}\n\n1 2 3 ... 20\nHome | About | RSS\n` : body
        const { text } = decode(encode(page.replaceAll('\n', lineEnd), encoding, hasMark), 'a.txt')
        const { entries } = parseListing(text, 'Harbour')
        expect(entries.map((entry) => entry.text)).toEqual(snippets)
        const days = entries.map((entry) => (entry.date?.kind === 'day' ? entry.date.day : null))
        expect(days).toEqual(snippets.map((_, index) => (date === 'none' ? null : 13 + index)))
        if (layout.includes('blocks')) expect(entries.map(({ title }) => title)).toEqual(titles)
      }),
      // The same pages each time: a few of thousands are told from others by nothing, which is no news of a change.
      { numRuns: 300, seed: 20261130 },
    )
  })

  test('of any lines is read without an error, and every text is a folded line', () => {
    const line = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 40 }),
      fc.constantFrom(
        '',
        '1. Tide',
        '2. Wind',
        '- gull',
        '2026-01-11',
        'NLP · 2026-01-11',
        'Latest',
        'the tide goes on',
        '潮汐',
      ),
      fc.constantFrom('(11 Jan 2026)', 'Tide 2026-01-11', '[2026/1/11]', '—', 'TIDE TABLE', '1.', '#1', '①', '\u200b'),
    )
    fc.assert(
      fc.property(fc.array(line, { maxLength: 30 }), (lines) => {
        for (const { text, title } of parseListing(lines.join('\n'), 'Tide').entries) {
          expect(text).toMatch(/^\S(?:.*\S)?$/su)
          expect(text).not.toContain('\n')
          expect(title).not.toBe('')
        }
      }),
      { numRuns: 500 },
    )
  })
})
