import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import { decode } from '../../src/gather/decode.ts'
import { readFrontMatter } from '../../src/gather/front-matter.ts'
import { Problem } from '../../src/problem.ts'

/** What the bytes of a file say. */
function read(text: string) {
  return readFrontMatter(decode(Buffer.from(text), 'a.md').text, 'a.md')
}

describe('readFrontMatter() reads', () => {
  test.each([
    ['a text without a head', '# Tides\n', {}, '# Tides\n'],
    ['nothing', '', {}, ''],
    ['a head', '---\ntitle: Tides\n---\nHigh.\n', { title: 'Tides' }, 'High.\n'],
    ['a byte order mark', '\uFEFF---\ntitle: Tides\n---\nHigh.', { title: 'Tides' }, 'High.'],
    ['Windows line ends', '---\r\ntitle: Tides\r\n---\r\nHigh.\r\n', { title: 'Tides' }, 'High.\n'],
    ['old Mac line ends', '---\rtitle: Tides\r---\rHigh.\r', { title: 'Tides' }, 'High.\n'],
    ['a language that is YAML', '---yaml\ntitle: Tides\n---\nHigh.', { title: 'Tides' }, 'High.'],
    ['a language in capitals', '--- YML\ntitle: Tides\n---\nHigh.', { title: 'Tides' }, 'High.'],
    ['spaces behind the line', '--- \t\ntitle: Tides\n---\nHigh.', { title: 'Tides' }, 'High.'],
    ['a head at the end', '---\ntitle: Tides\n---', { title: 'Tides' }, ''],
    ['an empty head', '---\n---\nHigh.', {}, 'High.'],
    ['a head of comments', '---\n# title: Tides\n\n---\nHigh.', {}, 'High.'],
    ['comments', '---\n# a note\ntitle: Tides # mine\n---\n', { title: 'Tides' }, ''],
    ['a colon in quotes', '---\ntitle: "Tides: a primer"\n---\n', { title: 'Tides: a primer' }, ''],
    ['tabs between words', '---\ntitle:\tTides\t# mine\n---\n', { title: 'Tides' }, ''],
    ['the last of two keys', '---\ntitle: Old\ntitle: New\n---\n', { title: 'New' }, ''],
    [
      'lists and maps',
      '---\ntags: [a, b]\nauthor: {name: Ada}\n---\n',
      { tags: ['a', 'b'], author: { name: 'Ada' } },
      '',
    ],
    ['numbers as they are written', '---\na: 007\nb: 3.10\nc: 1e3\n---\n', { a: '007', b: '3.10', c: '1e3' }, ''],
    ['a long number exactly', '---\nid: 1234567890123456789\n---\n', { id: '1234567890123456789' }, ''],
    ['a date as it is written', '---\ndate: 2026-01-11\n---\n', { date: '2026-01-11' }, ''],
    ['null', '---\na:\nb: ~\nc: null\nd: "null"\n---\n', { a: null, b: null, c: null, d: 'null' }, ''],
    ['true as it is written', '---\ndraft: True\n---\n', { draft: 'True' }, ''],
    ['an alias', '---\na: &x Tides\nb: *x\n---\n', { a: 'Tides', b: 'Tides' }, ''],
    ['a block of lines', '---\nsummary: |\n  one\n  ---\n  two\n---\nHigh.', { summary: 'one\n---\ntwo\n' }, 'High.'],
    [
      'a second rule in the text',
      '---\ntitle: Tides\n---\nHigh.\n\n---\n\nLow.',
      { title: 'Tides' },
      'High.\n\n---\n\nLow.',
    ],
    ['four dashes as no head', '----\ntitle: Tides\n---\n', {}, '----\ntitle: Tides\n---\n'],
    ['prose between two rules', '---\nHigh.\n\n---\nLow.\n', {}, '---\nHigh.\n\n---\nLow.\n'],
    ['a list between two rules', '---\n- High.\n---\nLow.\n', {}, '---\n- High.\n---\nLow.\n'],
    ['another language after a blank line', '\n---js\nprocess.exit(9)\n---\n', {}, '\n---js\nprocess.exit(9)\n---\n'],
  ])('%s', (_, text, data, content) => {
    const head = read(text)
    expect(head.data).toEqual(data)
    expect(head.content).toBe(content)
  })

  test('no key into the prototype', () => {
    const { data } = read('---\n__proto__: {draft: true}\nconstructor: x\n---\n')
    expect(data.draft).toBeUndefined()
    expect(Object.prototype).not.toHaveProperty('draft')
  })

  test('the same broken head twice, with the same answer', () => {
    const broken = () => read('---\ntitle: "Tides\n---\n')
    expect(broken).toThrow(Problem)
    expect(broken).toThrow(Problem)
  })

  test('a key that is a list without a word on the terminal', () => {
    const spy = vi.spyOn(process, 'emitWarning')
    expect(read('---\n? [a, b]\n: c\n---\n').data).toEqual({ '[ a, b ]': 'c' })
    expect(spy).not.toHaveBeenCalled()
    spy.mockRestore()
  })
})

describe('readFrontMatter() refuses', () => {
  const laughs = ['a: &a [x, x, x, x, x, x, x, x, x, x]']
  for (const [to, from] of ['ba', 'cb', 'dc', 'ed', 'fe', 'gf', 'hg'].map((pair) => pair.split(''))) {
    laughs.push(
      `${to ?? ''}: &${to ?? ''} [${Array<string>(10)
        .fill(`*${from ?? ''}`)
        .join(', ')}]`,
    )
  }
  test.each([
    ['a head without end', '---\ntitle: Tides\n', 'front-matter-unclosed', 'a.md:1'],
    ['three dashes alone', '---', 'front-matter-unclosed', 'a.md:1'],
    ['JavaScript', '---js\n{ title: "Tides" }\n---\n', 'front-matter-language', 'a.md:1'],
    ['JavaScript by its whole name', '---javascript\n{}\n---\n', 'front-matter-language', 'a.md:1'],
    ['JavaScript in capitals', '--- JS\n{}\n---\n', 'front-matter-language', 'a.md:1'],
    ['JSON', '---json\n{"title": "Tides"}\n---\n', 'front-matter-language', 'a.md:1'],
    ['TOML', '---toml\ntitle = "Tides"\n---\n', 'front-matter-language', 'a.md:1'],
    ['a language that does not end', '---js', 'front-matter-language', 'a.md:1'],
    ['a bare colon', '---\ndate: 2026-01-11\ntitle: Tides: a primer\n---\n', 'front-matter-yaml', 'a.md:3'],
    ['a bare colon with Windows line ends', '---\r\na: b\r\ntitle: x: y\r\n---\r\n', 'front-matter-yaml', 'a.md:3'],
    ['a bare colon with old Mac line ends', '---\ra: b\rtitle: x: y\r---\r', 'front-matter-yaml', 'a.md:3'],
    ['a bare colon behind a language', '---yaml\ntitle: x: y\n---\n', 'front-matter-yaml', 'a.md:2'],
    ['a tab for an indent', '---\nauthor:\n\tname: Ada\n---\n', 'front-matter-yaml', 'a.md:3'],
    ['a quote without end', '---\na: b\ntitle: "Tides\n---\n', 'front-matter-yaml', 'a.md:3'],
    ['an alias of nothing', '---\na: *b\n---\n', 'front-matter-yaml', 'a.md:1'],
    ['a billion laughs', `---\n${laughs.join('\n')}\n---\n`, 'front-matter-yaml', 'a.md:1'],
    ['a head of more than 32 KB', `---\na: ${'x'.repeat(33_000)}\n---\n`, 'front-matter-long', 'a.md:1'],
    ['megabytes of blank lines', `---\n${'\n'.repeat(2_000_000)}---\n`, 'front-matter-long', 'a.md:1'],
    ['thousands of keys within keys', `---\n${'? '.repeat(15_000)}a\n---\n`, 'front-matter-yaml', 'a.md:1'],
    ['thousands of lists within lists', `---\n${'- '.repeat(15_000)}a\n---\n`, 'front-matter-yaml', 'a.md:1'],
    ['thousands of open brackets', `---\na: ${'['.repeat(30_000)}\n---\n`, 'front-matter-yaml', 'a.md:1'],
  ])('%s', (_, text, code, where) => {
    expect(() => read(text)).toThrow(expect.objectContaining({ name: 'Problem', code, where }))
  })

  test('code, and runs none of it', () => {
    for (const language of ['js', 'javascript', 'JavaScript', ' js', 'js ', 'coffee', 'cson']) {
      expect(() => read(`---${language}\n(globalThis.wasRun = true, {})\n---\n`)).toThrow(Problem)
    }
    expect(globalThis).not.toHaveProperty('wasRun')
  })
})

describe('lineOf()', () => {
  const head = read('---\n# date: never\nauthor:\n  date: Ada\ndate: old\ntitle: |\n  date: x\ndate: new\n---\n')
  test('is the line of the key that counts', () => expect(head.lineOf('date')).toBe(8))
  test('is 1 for a key that is not there', () => expect(head.lineOf('slug')).toBe(1))
  test('counts from the top behind a language', () => expect(read('---yaml\na: b\nc: d\n---\n').lineOf('c')).toBe(3))
})

test('readFrontMatter() throws nothing but a Problem, whatever the text', () => {
  const yaml = fc.string({ unit: fc.constantFrom(...Array.from('ab:- ?\n\t"\'[]{}&*!|>%@`#,~.1…')), maxLength: 60 })
  const anything = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc
      .tuple(fc.constantFrom('---\n', '---yaml\n', '---js\n', '--- '), yaml, fc.constantFrom('', '\n---\n', '\n---'))
      .map((parts) => parts.join('')),
  )
  fc.assert(
    fc.property(anything, (text) => {
      try {
        const head = readFrontMatter(text, 'a.md')
        return text.endsWith(head.content) && head.lineOf('a') >= 1
      } catch (error) {
        return error instanceof Problem && /^a\.md:[1-9]\d*$/.test(error.where ?? '')
      }
    }),
    { numRuns: 300 },
  )
})
