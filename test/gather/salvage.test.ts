import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { salvage } from '../../src/gather/salvage.ts'

describe('salvage() reads of a head that a line closes', () => {
  test.each<[string, string[], Record<string, unknown>]>([
    [
      'a field that is right beside one that is wrong',
      ['title: a: b', 'tags: [c, "d: e"]'],
      { title: 'a: b', tags: ['c', 'd: e'] },
    ],
    [
      'a draft behind a blank line and prose',
      ['title: a: b', '', 'some words', 'draft: true'],
      { title: 'a: b', draft: 'true' },
    ],
    ['a draft behind something like a fence', ['title: a: b', '====', 'draft: true'], { title: 'a: b', draft: 'true' }],
    [
      'a draft behind a text that no quote closes',
      ['title: "a', 'x: "b"', 'draft: true'],
      { title: 'a', x: 'b', draft: 'true' },
    ],
    [
      'a draft behind a list that no bracket closes',
      ['tags: [a,', '  b', 'draft: true'],
      { tags: ['a', null], draft: 'true' },
    ],
    ['a draft in capitals', ['title: a: b', 'Draft: True'], { title: 'a: b', draft: 'True' }],
    ['a draft with a comment', ['title: a: b', 'draft: true # not yet'], { title: 'a: b', draft: 'true' }],
    ['published without space', ['title: a: b', 'published:false'], { title: 'a: b', published: 'false' }],
    [
      'lines that are indented alike',
      ['  title: a: b', '  x: y', '  tags:', '    - c'],
      { title: 'a: b', x: 'y', tags: ['c'] },
    ],
    ['a quoted text over lines', ['title: "a: b', 'c" d', 'x: y'], { title: 'a: b', x: 'y' }],
    [
      'a quoted text with quotes in it over lines',
      ["title: 'a", "it''s b'", 'x: y: z'],
      { title: "a it's b", x: 'y: z' },
    ],
    [
      'a map that is right',
      ['title: a: b', 'author:', '  name: Ada', '  title: Dr.'],
      { title: 'a: b', author: { name: 'Ada', title: 'Dr.' } },
    ],
    [
      'the texts of a list',
      ['tags:', '- a: b: c', '- "d"', "- 'e''f'", 'title: x'],
      { tags: ['a: b: c', 'd', "e'f"], title: 'x' },
    ],
    ['no text of another field', ['title: a: b', '  x: y', '  c'], { title: 'a: b c' }],
    ['null', ['title: ~ # none', 'x: y: z', 'date: null'], { title: null, x: 'y: z', date: null }],
    [
      'no aliases without end',
      ['title: x', `a: [&a [x,x,x,x,x,x,x,x], ${'&b [*a,*a,*a,*a,*a,*a,*a,*a], '.repeat(3)}*c]`],
      { title: 'x' },
    ],
  ])('%s', (_, lines, data) => expect(salvage(lines.join('\n'), 'yaml', true).data).toMatchObject(data))

  test('tables of TOML', () => {
    const head = [
      'title = a',
      'draft = true',
      '',
      '[extra]',
      'title = "b"',
      'n = 1',
      '',
      '[broken',
      '[taxonomies]',
      'tags = ["c"]',
    ]
    expect(salvage(head.join('\n'), 'toml', true)).toMatchObject({
      data: { title: 'a', draft: 'true', taxonomies: { tags: ['c'] } },
      lines: head.length,
    })
  })

  test('nothing of prose', () => {
    expect(salvage('High water at noon.\n\nLow water at six: see below.', 'yaml', true)).toMatchObject({
      hasFields: false,
      isHead: false,
    })
  })
})

describe('salvage() finds the end of a head that nothing closes', () => {
  test.each([
    ['at a blank line', ['title: a', '', 'High.'], 1],
    ['at prose', ['title: a', 'High.', 'date: 1'], 1],
    ['behind a list', ['tags:', '- a', '- b', '', '- High.'], 3],
    ['behind a field that a blank line parts from the others', ['title: a', '', 'draft: true', '', 'High.'], 3],
    ['behind something like a fence', ['title: a', '--', 'High.'], 2],
    ['before a heading', ['title: a', '# High', 'Water.'], 1],
    ['at the end', ['title: a', 'date: 1'], 2],
  ])('%s', (_, lines, count) => expect(salvage(lines.join('\n'), 'yaml', false).lines).toBe(count))
})

test('salvage() says which line is wrong', () => {
  expect(salvage('date: 1\ntitle: a: b', 'yaml', true).wrong).toBe(1)
  expect(salvage('date: 1\ntitle: a', 'yaml', true).wrong).toBeNull()
})

test('salvage() reads whatever stands there', () => {
  const unit = fc.constantFrom(...Array.from('ab: -\n"\'[]{}#,=&*|>\t'), 'title', 'draft: true\n', '[t]\n')
  fc.assert(
    fc.property(
      fc.string({ unit, maxLength: 60 }),
      fc.constantFrom('yaml', 'toml', 'json'),
      fc.boolean(),
      (head, format, isClosed) => {
        const { lines, data } = salvage(head, format, isClosed)
        return lines <= head.split('\n').length && Object.keys(data).every((name) => name === name.toLowerCase())
      },
    ),
    { numRuns: 1000 },
  )
})
