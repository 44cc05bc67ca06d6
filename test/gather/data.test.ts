import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type DataFormat, readData } from '../../src/gather/data.ts'
import { problemOf } from '../support/problem.ts'

describe('readData() reads', () => {
  test.each<[string, DataFormat, string, unknown]>([
    ['YAML', 'yaml', 'title: Tides\ntags: [a, b]\n', { title: 'Tides', tags: ['a', 'b'] }],
    ['no YAML', 'yaml', '', null],
    [
      'scalars of YAML as they are written',
      'yaml',
      'a: 007\nb: 3.10\nc: True\nd: 2026-01-11',
      { a: '007', b: '3.10', c: 'True', d: '2026-01-11' },
    ],
    ['null of YAML', 'yaml', 'a:\nb: ~\nc: "null"', { a: null, b: null, c: 'null' }],
    ['the last of equal keys', 'yaml', 'a: b\na: c', { a: 'c' }],
    ['YAML with Windows line ends', 'yaml', '\uFEFFa: b\r\nc: d\r\n', { a: 'b', c: 'd' }],
    ['YAML whose quotes go on in column 0', 'yaml', 'a: "b\nc"\nd: e', { a: 'b c', d: 'e' }],
    ['YAML with tabs', 'yaml', 'a:\n\tb: c\n\td:\n\t\t- e\n', { a: { b: 'c', d: ['e'] } }],
    ['YAML with tags of other programs', 'yaml', 'a: !ENV x\nb: !!python/name:c ""\n', { a: 'x', b: '' }],
    [
      'TOML',
      'toml',
      'title = "Tides"\n[params]\ntags = ["a", "b"]\n',
      { title: 'Tides', params: { tags: ['a', 'b'] } },
    ],
    ['no TOML', 'toml', '', {}],
    [
      'scalars of TOML as they are written',
      'toml',
      'a = 7\nb = 3.10\nc = true # d = 1\nd = 1234567890123456789\ne = -0x1f\nf = inf',
      { a: '7', b: '3.10', c: 'true', d: '1234567890123456789', e: '-0x1f', f: 'inf' },
    ],
    [
      'dates of TOML as they are written',
      'toml',
      'a = 2026-01-11\nb = 2026-01-11T09:30:00+08:00\nc = 2026-01-11 09:30:00Z\nd = 09:30:00\ne = 2026-02-30',
      { a: '2026-01-11', b: '2026-01-11T09:30:00+08:00', c: '2026-01-11 09:30:00Z', d: '09:30:00', e: '2026-02-30' },
    ],
    [
      'strings of TOML',
      'toml',
      `a = """x\n= 1"""\nb = '''= 2'''\nc = "= 3\\""\nd = '= 4'`,
      { a: 'x\n= 1', b: '= 2', c: '= 3"', d: '= 4' },
    ],
    [
      'arrays of TOML over lines',
      'toml',
      'a = [\n  1, # one\n  [2, true],\n  [3]\n]',
      { a: ['1', ['2', 'true'], ['3']] },
    ],
    [
      'tables of TOML',
      'toml',
      '[a.b]\nc = 1\n[[nav.items]]\nd = 1\n[[nav.items]]\n1 = 2',
      { a: { b: { c: '1' } }, nav: { items: [{ d: '1' }, { 1: '2' }] } },
    ],
    ['inline tables of TOML', 'toml', 'a = { b = 1, 2 = 3, true = false }', { a: { b: '1', 2: '3', true: 'false' } }],
    ['dotted keys of TOML', 'toml', 'a.b = 1\nnav.c = 2', { a: { b: '1' }, nav: { c: '2' } }],
    ['JSON', 'json', '{"title": "Tides", "tags": ["a", null]}', { title: 'Tides', tags: ['a', null] }],
    [
      'scalars of JSON as they are written',
      'json',
      '{"a": 3.10, "b": 1234567890123456789, "c": true, "d": "1, true", "e\\"": -1e3}',
      { a: '3.10', b: '1234567890123456789', c: 'true', d: '1, true', 'e"': '-1e3' },
    ],
  ])('%s', (_, format, text, data) => {
    expect(readData(text, format)).toEqual(data)
  })

  test.each<[DataFormat, string]>([
    ['yaml', '__proto__: {a: b}\n'],
    ['yaml', '__proto__: {a: "b\nc"}\n'],
    ['toml', '["__proto__"]\na = "b"\n'],
    ['json', '{"__proto__": {"a": "b"}}'],
  ])('no key of %s into a prototype', (format, text) => {
    expect(readData(text, format)).not.toHaveProperty('a')
    expect(Object.prototype).not.toHaveProperty('a')
  })
})

describe('readData() refuses', () => {
  const letters = ['a: &a [x, x, x, x, x, x, x, x, x, x]', ...Array.from('bcdefgh')].map((letter, index) =>
    index === 0
      ? letter
      : `${letter}: &${letter} [${Array<string>(10)
          .fill(`*${'abcdefgh'[index - 1] ?? ''}`)
          .join(', ')}]`,
  )
  test.each<[string, DataFormat, string, RegExp]>([
    ['broken YAML', 'yaml', 'a: b\nc: d: e\n', /line 2/],
    ['a billion laughs', 'yaml', letters.join('\n'), /too many|alias/i],
    ['a billion laughs in lenient YAML', 'yaml', `${letters.join('\n')}\nx: "y\nz"`, /./],
    ['lists within lists', 'yaml', '- '.repeat(15_000), /deep/],
    ['brackets within brackets', 'yaml', '['.repeat(15_000), /deep/],
    ['broken TOML', 'toml', 'a = 1\nb = \n', /line 2/],
    ['arrays within arrays', 'toml', `a = ${'['.repeat(50_000)}`, /./],
    ['broken JSON', 'json', '{"a": }', /JSON/],
    ['comments in JSON', 'json', '{} // note', /JSON/],
    ['JSON within JSON', 'json', '['.repeat(100_000) + ']'.repeat(100_000), /deep/],
    ['more than 256 KB', 'json', `"${'a'.repeat(300_000)}"`, /256 KB/],
  ])('%s', (_, format, text, message) => {
    const problem = problemOf(() => readData(text, format))
    expect(problem.code).toBe('data-invalid')
    expect(problem.message).toMatch(message)
  })
})

test('readData() throws nothing but a Problem, whatever the text', () => {
  const text = fc.string({ unit: fc.constantFrom(...Array.from('ab=:- \n\t"\'[]{}#.,1+T&*!|\\')), maxLength: 60 })
  fc.assert(
    fc.property(text, fc.constantFrom<DataFormat>('yaml', 'toml', 'json'), (source, format) => {
      try {
        readData(source, format)
        return true
      } catch (error) {
        return error instanceof Error && error.name === 'Problem'
      }
    }),
    { numRuns: 500 },
  )
})

test('readData() reads what JSON.stringify() writes', () => {
  const texts = (value: unknown): unknown =>
    typeof value === 'number' || typeof value === 'boolean' ? JSON.stringify(value) : value
  fc.assert(
    fc.property(
      fc.dictionary(
        fc.string(),
        fc.oneof(fc.string(), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.boolean(), fc.constant(null)),
      ),
      (map) => {
        const expected = Object.fromEntries(Object.entries(map).map(([key, value]) => [key, texts(value)]))
        expect(readData(JSON.stringify(map), 'json')).toEqual(expected)
      },
    ),
    { numRuns: 100 },
  )
})
