import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { RecordSplitter } from '../../src/subscriber-list/records.ts'
import { csvLines } from '../../src/subscriber-list/write.ts'

/** Line and cells of each record, however the text is cut into parts; a line without cells stands as it is. */
function split(text: string, partLength = text.length): (readonly [number, string[] | string])[] {
  const splitter = new RecordSplitter()
  const parts = text.match(new RegExp(`[^]{1,${Math.max(partLength, 1)}}`, 'g')) ?? []
  const records = [...parts.flatMap((part) => splitter.push(part)), ...splitter.end()]
  return records.map(({ line, cells, text: whole }) => [line, cells ?? whole] as const)
}

describe('RecordSplitter', () => {
  for (const [says, text, records] of [
    [
      'splits at commas',
      'a,b\nc,d\n',
      [
        [1, ['a', 'b']],
        [2, ['c', 'd']],
      ],
    ],
    [
      'splits at semicolons',
      'a;b,c\nd;e\n',
      [
        [1, ['a;b', 'c']],
        [2, ['d;e']],
      ],
    ],
    [
      'splits at semicolons that outnumber commas',
      'a;b;c,d\n1;2;3\n',
      [
        [1, ['a', 'b', 'c,d']],
        [2, ['1', '2', '3']],
      ],
    ],
    [
      'splits at tabs',
      'a\tb\nc\td',
      [
        [1, ['a', 'b']],
        [2, ['c', 'd']],
      ],
    ],
    [
      'does not count delimiters in quotes',
      '"a,b,c";d\ne;f\n',
      [
        [1, ['a,b,c', 'd']],
        [2, ['e', 'f']],
      ],
    ],
    [
      'takes Windows line ends',
      'a,b\r\n"c","d"\r\ne,f\r\n',
      [
        [1, ['a', 'b']],
        [2, ['c', 'd']],
        [3, ['e', 'f']],
      ],
    ],
    ['takes a last line without an end', 'a,"b"', [[1, ['a', 'b']]]],
    ['takes empty cells', ',"",\n', [[1, ['', '', '']]]],
    [
      'takes line breaks, delimiters and quotes in quotes',
      'a,"b\n,""c"""\nd,e\n',
      [
        [1, ['a', 'b\n,"c"']],
        [3, ['d', 'e']],
      ],
    ],
    [
      'counts a Windows line end in quotes once',
      'a,"b\r\nc"\r\nd,e\r\n',
      [
        [1, ['a', 'b\r\nc']],
        [3, ['d', 'e']],
      ],
    ],
    ['takes a quote within an unquoted cell as it is', 'a,5" pipe,"b"\n', [[1, ['a', '5" pipe', 'b']]]],
    [
      'sets aside the one line whose quote is not closed',
      'a,"b\nc,d\ne,f\n',
      [
        [1, 'a,"b'],
        [2, ['c', 'd']],
        [3, ['e', 'f']],
      ],
    ],
    [
      'goes on behind a quote that another line seems to close',
      'a,"b\nc,d\ne,"f"\n',
      [
        [1, 'a,"b'],
        [2, ['c', 'd']],
        [3, ['e', 'f']],
      ],
    ],
    [
      'sets aside a line with more behind a closing quote',
      '"a"b,c\nd,e\n',
      [
        [1, '"a"b,c'],
        [2, ['d', 'e']],
      ],
    ],
    ['has nothing of an empty text', '', []],
  ] as const)
    for (const length of [text.length, 1, 3])
      test(`${says}, in parts of ${length}`, () => expect(split(text, length)).toEqual(records))

  test('sets aside one line alone when the end of a quote is further away than any cell is long', () => {
    const lines = Array.from({ length: 10_000 }, (_, index) => `reader-${index}@example.net,x`)
    const records = split(['email,name', 'ann@example.net,"Ann', ...lines, 'bob@example.net,"Bob"'].join('\n'), 4096)
    expect(records.length).toBe(10_003)
    expect(records[1]).toEqual([2, 'ann@example.net,"Ann'])
    expect(records.at(-1)).toEqual([10_003, ['bob@example.net', 'Bob']])
  })

  test('does not hold a line without an end, and goes on behind it', () => {
    const splitter = new RecordSplitter()
    const part = 'x'.repeat(50_000)
    const records = [part, part, part, `${part}\na,b\n`].flatMap((text) => splitter.push(text))
    expect(records.map(({ line, cells, text }) => [line, cells ?? text.length])).toEqual([
      [1, 200],
      [2, ['a', 'b']],
    ])
  })

  test('reads back what is written, for any cells and any parts', () => {
    // A lone empty cell is an empty line; the guards of formulas are taken away by the one who reads cells.
    const cell = fc.string({ unit: fc.constantFrom('a', ',', ';', '"', '\n', 'a\r\n', ' ', 'é') })
    const table = fc.array(fc.tuple(cell, cell, cell), { minLength: 1 })
    fc.assert(
      fc.property(table, fc.integer({ min: 1, max: 9 }), (records, partLength) => {
        const text = csvLines([['x', 'y', 'z'], ...records])
        const read = split(text, partLength).slice(1)
        expect(read.map(([, cells]) => cells)).toEqual(records)
      }),
    )
  })
})
