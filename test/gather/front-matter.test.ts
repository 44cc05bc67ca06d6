import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import { decode } from '../../src/gather/decode.ts'
import { readFrontMatter } from '../../src/gather/front-matter.ts'
import { isSimpleYaml, readLenientYaml, readStrictYaml } from '../../src/gather/yaml-text.ts'
import { Problem } from '../../src/problem.ts'

/** What the bytes of a file say. */
function read(text: string) {
  return readFrontMatter(decode(Buffer.from(text), 'a.md').text, 'a.md')
}

describe('readFrontMatter() reads, without a warning,', () => {
  test.each([
    ['a text without a head', '# Tides\n', {}, '# Tides\n'],
    ['nothing', '', {}, ''],
    ['a head', '---\ntitle: Tides\n---\nHigh.\n', { title: 'Tides' }, 'High.\n'],
    ['a byte order mark', '\uFEFF---\ntitle: Tides\n---\nHigh.', { title: 'Tides' }, 'High.'],
    ['Windows line ends', '---\r\ntitle: Tides\r\n---\r\nHigh.\r\n', { title: 'Tides' }, 'High.\n'],
    ['old Mac line ends', '---\rtitle: Tides\r---\rHigh.\r', { title: 'Tides' }, 'High.\n'],
    ['mixed line ends', '---\r\ntitle: Tides\n---\rHigh.\r\n', { title: 'Tides' }, 'High.\n'],
    ['a language that is YAML', '---yaml\ntitle: Tides\n---\nHigh.', { title: 'Tides' }, 'High.'],
    ['a language in capitals', '--- YML\ntitle: Tides\n---\nHigh.', { title: 'Tides' }, 'High.'],
    ['spaces behind the lines', '--- \t\ntitle: Tides\n--- \nHigh.', { title: 'Tides' }, 'High.'],
    ['blank lines before the head', '\n \n---\ntitle: Tides\n---\nHigh.', { title: 'Tides' }, 'High.'],
    ['blank lines in the head', '---\n\ntitle: Tides\n\ndate: 1\n\n---\nHigh.', { title: 'Tides', date: '1' }, 'High.'],
    ['a head at the end', '---\ntitle: Tides\n---', { title: 'Tides' }, ''],
    ['an empty head', '---\n---\nHigh.', {}, 'High.'],
    ['a head of comments', '---\n# title: Tides\n\n---\nHigh.', {}, 'High.'],
    ['comments', '---\n# a note\ntitle: Tides # mine\n---\n', { title: 'Tides' }, ''],
    ['a colon in quotes', '---\ntitle: "Tides: a primer"\n---\n', { title: 'Tides: a primer' }, ''],
    ['tabs between words', '---\ntitle:\tTides\t# mine\n---\n', { title: 'Tides' }, ''],
    ['the last of two keys', '---\ntitle: Old\ntitle: New\n---\n', { title: 'New' }, ''],
    ['the last of two keys in other cases', '---\nTitle: Old\ntitle: New\n---\n', { title: 'New' }, ''],
    ['keys in capitals', '---\nTitle: Tides\nTAGS: [Sea]\n---\n', { title: 'Tides', tags: ['Sea'] }, ''],
    ['keys in a map as they are', '---\nauthor: {Name: Ada}\n---\n', { author: { Name: 'Ada' } }, ''],
    ['indented keys', '---\n  title: Tides\n  date: 1\n---\nHigh.', { title: 'Tides', date: '1' }, 'High.'],
    [
      'lists and maps',
      '---\ntags: [a, b]\nauthor: {name: Ada}\n---\n',
      { tags: ['a', 'b'], author: { name: 'Ada' } },
      '',
    ],
    ['a list at the margin', '---\ntags:\n- a\n- b\ntitle: x\n---\n', { tags: ['a', 'b'], title: 'x' }, ''],
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
    ['five dashes on both sides', '-----\ntitle: Tides\n-----\nHigh.', { title: 'Tides' }, 'High.'],
    ['more dashes at the end', '---\ntitle: Tides\n-----\nHigh.', { title: 'Tides' }, 'High.'],
    [
      'three dots at the end, as Jekyll does',
      '---\ntitle: Tides\n...\nHigh.\n\n---\n',
      { title: 'Tides' },
      'High.\n\n---\n',
    ],
    [
      'a head without opening, as Hexo does',
      'title: Tides\ndate: 1\n---\nHigh.',
      { title: 'Tides', date: '1' },
      'High.',
    ],
    [
      'a head with lists without opening',
      '\ntitle: Tides\ntags:\n- a\n  # none\n\n---\nHigh.',
      { title: 'Tides', tags: ['a'] },
      'High.',
    ],
    ...[' ---', '  ---', '--', '\u2014', '\u2014--', '\u2014\u2014', '\u2013\u2013\u2013'].map(
      (line): [string, string, Record<string, unknown>, string] => [
        `a head that opens with "${line}"`,
        `${line}\ntitle: Tides\ntags:\n- sea\n---\nHigh.`,
        { title: 'Tides', tags: ['sea'] },
        'High.',
      ],
    ),
    ['indented lines around a head', ' ---\ntitle: Tides\n ---\nHigh.', { title: 'Tides' }, 'High.'],
    ['a comment before the head', '<!-- mine -->\n\n---\ntitle: Tides\n---\nHigh.', { title: 'Tides' }, 'High.'],
    ['no head in a text between odd lines', '--\nNote: high.\n--\n', {}, '--\nNote: high.\n--\n'],
    ['no head behind a comment', '<!-- more -->\n--- high\n', {}, '<!-- more -->\n--- high\n'],
    [
      'JSON without opening and braces, as Hexo does',
      '"title": "Tides",\n"tags": [\n  "sea"\n],\n"n": 1\n;;;\nHigh.',
      { title: 'Tides', tags: ['sea'], n: '1' },
      'High.',
    ],
    [
      'fields up to a blank line, as Pelican does',
      'Title: Tides\nDate: 2026-01-11 09:30\nTags: sea, moon\n\nHigh.\n\n---\n\nLow.',
      { title: 'Tides', date: '2026-01-11 09:30', tags: 'sea, moon' },
      'High.\n\n---\n\nLow.',
    ],
    [
      'fields with colons and quotes up to a blank line, as Pelican does',
      'Title: Tides: a "primer"\nDate: 2026-01-11\n\nHigh.',
      { title: 'Tides: a "primer"', date: '2026-01-11' },
      'High.',
    ],
    [
      'fields in Chinese up to a blank line',
      '标题：潮汐\n日期：2026-01-11\n\n涨潮。',
      { 标题: '潮汐', title: '潮汐', 日期: '2026-01-11', date: '2026-01-11' },
      '涨潮。',
    ],
    [
      'names in Chinese',
      '---\n标题: 潮汐\ntitle: 潮\n标签: [海]\n---\n',
      { 标题: '潮汐', title: '潮', 标签: ['海'], tags: ['海'] },
      '',
    ],
    [
      'the comment of Nikola',
      '\n<!-- \n.. title: Tides: high\n.. date: 2026-01-11 09:30:00 UTC+08:00\n.. link: \n.. type: text\n-->\n\nHigh.',
      { title: 'Tides: high', date: '2026-01-11 09:30:00 UTC+08:00', type: 'text' },
      '\nHigh.',
    ],
    ['the lines of Nikola', '.. title: Tides\n.. tags: a, b\n\nHigh.', { title: 'Tides', tags: 'a, b' }, '\nHigh.'],
    [
      'the lines of Org',
      '#+TITLE: Tides\n#+DATE: <2026-01-11 Sun>\n\nHigh.',
      { title: 'Tides', date: '<2026-01-11 Sun>' },
      '\nHigh.',
    ],
    [
      'the title block of Pandoc',
      '% Tides\n  and moons\n% Ada; Bob\n% 2026-01-11\n\nHigh.',
      { title: 'Tides\n  and moons', author: ['Ada', 'Bob'], date: '2026-01-11' },
      '\nHigh.',
    ],
    [
      'a title block without authors',
      '% Tides\n%\n% May 2026\n\nHigh.',
      { title: 'Tides', date: 'May 2026' },
      '\nHigh.',
    ],
    ['a title block of the title alone', '% Tides\n\nHigh.', { title: 'Tides' }, '\nHigh.'],
    ['properties', 'title:: Tides\nup:: [[Sea]]\nalias::\n\n- High.', { title: 'Tides', up: '[[Sea]]' }, '\n- High.'],
    ['properties above a rule', 'Status:: done\n---\nHigh.', { status: 'done' }, '---\nHigh.'],
    [
      'properties below a head',
      '---\ntitle: Tides\n---\n\ntitle:: Moons\nup:: [[Sea]]\nHigh.',
      { title: 'Tides', up: '[[Sea]]' },
      'High.',
    ],
  ])('%s', (_, text, data, content) => {
    const head = read(text)
    expect(head.data).toEqual(data)
    expect(head.content).toBe(content)
    expect(head.problems).toEqual([])
  })

  test.each([
    ['prose between two rules', '---\nHigh.\n\n---\nLow.\n'],
    ['prose with colons between two rules', '---\nShe said: "no": never.\n\n---\nLow.\n'],
    ['a list between two rules', '---\n- High.\n---\nLow.\n'],
    ['a rule alone', '---'],
    ['a rule before prose', '---\nHigh.\n\nLow.'],
    ['a rule before prose with a colon', '---\n\nNote: high.\n\nLow.'],
    ['a rule with words', '--- high ---\ntitle: x\n'],
    ['another language after a blank line', '\n---js\nprocess.exit(9)\n---\n'],
    ['a heading with a line below', 'Tides: a primer\n---\nHigh.'],
    ['words before a rule', 'title: Tides\nHigh water.\n\n---\nLow.'],
    ['Liquid at the start', '{% raw %}\n{{ x }}\n'],
    ['a shortcode at the start', '{{< note >}}\nHigh.\n'],
    ['an attribute list at the start', '{: .note}\nHigh.\n'],
    ['an object that goes on', '{"a": 1} is JSON.\n'],
    ['an object without end', '{"title": "Tides",\n\nHigh.\n'],
    ['a comment that is none of Nikola', '<!--\n.. note: high\n-->\nHigh.'],
    ['a comment of Nikola that does not end', '<!--\n.. title: Tides\nHigh.\n'],
    ['percents of prose', '% of tides\nare high.'],
    ['code of reStructuredText', 'Example::\n\n    high\n'],
    ['a name with colons', 'std::tide is high.'],
    ['lines of Org without a title', '#+BEGIN_QUOTE\nHigh.\n#+END_QUOTE'],
    ['lists within lists', `---\n${'- '.repeat(15_000)}a\n---\n`],
    ['keys within keys', `---\n${'? '.repeat(15_000)}a\n---\n`],
    ['megabytes of blank lines', `---\n${'\n'.repeat(2_000_000)}---\n`],
    ['megabytes of prose between two rules', `---\n${'High water.\n'.repeat(100_000)}---\n`],
  ])('%s as no head', (_, text) => {
    expect(read(text)).toMatchObject({ format: 'none', data: {}, content: text, problems: [] })
  })

  test('no key into the prototype', () => {
    const { data } = read('---\n__proto__: {draft: true}\nconstructor: x\n---\n')
    expect(data.draft).toBeUndefined()
    expect(Object.prototype).not.toHaveProperty('draft')
  })

  test('the same broken head twice, with the same answer', () => {
    const broken = () => read('---\ntitle: "Tides\n---\n').data
    expect(broken()).toEqual({ title: 'Tides' })
    expect(broken()).toEqual({ title: 'Tides' })
  })

  test('a key that is a list without a word on the terminal', () => {
    const spy = vi.spyOn(process, 'emitWarning')
    expect(read('---\n? [a, b]\n: c\n---\n').data).toEqual({ '[ a, b ]': 'c' })
    expect(spy).not.toHaveBeenCalled()
    spy.mockRestore()
  })
})

describe('readFrontMatter() reads', () => {
  test.each([
    [
      'TOML',
      '+++\ntitle = "Tides"\ndate = 2026-01-11T09:30:00+08:00\ntags = ["a", "b"]\n\n[extra]\nn = 3.10\n+++\nHigh.',
      { title: 'Tides', date: '2026-01-11T09:30:00+08:00', tags: ['a', 'b'], extra: { n: '3.10' } },
    ],
    [
      'TOML with capital keys',
      '+++\nTitle = "Tides"\nDate = 2026-01-11\n+++\nHigh.',
      { title: 'Tides', date: '2026-01-11' },
    ],
    ['empty TOML', '+++\n+++\nHigh.', {}],
    ['TOML by name', '---toml\ntitle = "Tides"\n---\nHigh.', { title: 'Tides' }],
    [
      'JSON at the start',
      '{\n  "Title": "Tides",\n  "n": 007e1,\n  "a": {"b": ["}"]}\n}\n\nHigh.'.replace('007e1', '3.10'),
      { title: 'Tides', n: '3.10', a: { b: ['}'] } },
    ],
    ['JSON on one line', '{"title": "Tides"}\nHigh.', { title: 'Tides' }],
    ['JSON by name', '---json\n{"title": "Tides"}\n---\nHigh.', { title: 'Tides' }],
    [
      'JSON without braces, as Hexo does',
      ';;;\n"title": "Tides",\n"tags": ["a"]\n;;;\nHigh.',
      { title: 'Tides', tags: ['a'] },
    ],
  ])('%s', (_, text, data) => {
    const head = read(text)
    expect(head.data).toEqual(data)
    expect(head.content.trim()).toBe('High.')
    expect(head.problems).toEqual([])
  })

  test.each([
    ['yaml', '---\na: b\n---\n'],
    ['toml', '+++\na = "b"\n+++\n'],
    ['json', '{"a": "b"}\n'],
    ['none', 'a'],
  ])('the language %s', (format, text) => expect(read(text).format).toBe(format))
})

/** What is salvaged of these lines of front matter. */
describe('readFrontMatter() salvages', () => {
  test.each([
    ['a bare colon', ['date: 1', 'title: Tides: a primer'], { date: '1', title: 'Tides: a primer' }, 3],
    ['a colon without space', ['title:Tides', 'date:2026-01-11'], { title: 'Tides', date: '2026-01-11' }, 2],
    ['one colon without space', ['title:Tides', 'draft: true'], { title: 'Tides', draft: 'true' }, 2],
    ['a full-width colon', ['title：Tides', 'draft：true'], { title: 'Tides', draft: 'true' }, 2],
    ['a space that does not break', ['title:\u00a0Tides', 'date: 1'], { title: 'Tides', date: '1' }, 2],
    ['a full-width space', ['title:\u3000潮汐'], { title: '潮汐' }, 2],
    [
      'a quoted text that goes on at the margin',
      ['title: "Tides', 'and wind"', 'date: 1'],
      { title: 'Tides and wind', date: '1' },
      2,
    ],
    [
      'the same beside another fault',
      ['title: "Tides', 'and wind"', 'a: b: c', 'date: 1'],
      { title: 'Tides and wind', a: 'b: c', date: '1' },
      2,
    ],
    ['a tab for an indent', ['title: x', 'author:', '\tname: Ada'], { title: 'x', author: { name: 'Ada' } }, 4],
    ['a list with tabs', ['tags:', '\t- a', '\t- b', 'title: x'], { tags: ['a', 'b'], title: 'x' }, 3],
    ['text behind a list', ['title: [Tides] and wind'], { title: '[Tides] and wind' }, 2],
    ['a colon behind a list', ['title: [Tides] wind: a', 'x: y'], { title: '[Tides] wind: a', x: 'y' }, 2],
    ['a colon behind quotes', ['"title": \'Tides\' wind: a', 'x: y'], { title: "'Tides' wind: a", x: 'y' }, 2],
    ['an at sign', ['title: @tides'], { title: '@tides' }, 2],
    ['a backtick', ['title: `tides` and wind'], { title: '`tides` and wind' }, 2],
    ['a percent sign', ['title: %tides', 'date: 1'], { title: '%tides', date: '1' }, 2],
    ['text behind quotes', ['title: "Tides" and wind'], { title: '"Tides" and wind' }, 2],
    ['a quote within quotes', ["title: 'it's high'"], { title: "it's high" }, 2],
    ['double quotes within quotes', ['title: "a "high" tide"'], { title: 'a "high" tide' }, 2],
    ['backslashes that are no escapes', ['title: "C:\\Users\\name \\"a\\""'], { title: 'C:\\Users\\name "a"' }, 2],
    ['a backslash in quotes', ['title: "C:\\Users\\ada"'], { title: 'C:\\Users\\ada' }, 2],
    ['stars', ['title: *tides*', 'date: 1'], { title: '*tides*', date: '1' }, 2],
    [
      'a quote that nothing closes',
      ['title: "Tides', 'date: 1', 'draft: true'],
      { title: 'Tides', date: '1', draft: 'true' },
      2,
    ],
    [
      'a list that nothing closes',
      ['title: x', 'tags: [a, "b"', 'draft: true'],
      { title: 'x', tags: ['a', 'b'], draft: 'true' },
      3,
    ],
    [
      'keys that are indented now and then',
      ['title: Tides', ' date: 1', '  tags: [a]'],
      { title: 'Tides', date: '1', tags: ['a'] },
      3,
    ],
    [
      'keys of a map as those of a map',
      ['title: a: b', 'author:', '  name: Ada', '  title: Countess'],
      { title: 'a: b', author: { name: 'Ada', title: 'Countess' } },
      2,
    ],
    [
      'a list with a bare colon',
      ['title: x', 'tags:', '  - a: b: c', '  - d', 'draft: true'],
      { title: 'x', tags: ['a: b: c', 'd'], draft: 'true' },
      3,
    ],
    ['a comment behind a bare colon', ['title: a: b # mine'], { title: 'a: b' }, 2],
    ['the last of two keys', ['title: a: b', 'Title: c'], { title: 'c' }, 2],
    ['null', ['title: a: b', 'date:', 'tags: ~'], { title: 'a: b', date: null, tags: null }, 2],
    ['a line that is nothing', ['title: Tides', 'what is this', 'date: 1'], { title: 'Tides', date: '1' }, 3],
    ['a lost alias', ['title: Tides', 'a: *b', 'draft: true'], { title: 'Tides', a: '*b', draft: 'true' }, 3],
    ['a block of lines', ['title: a: b', 'summary: |', '  one', '  two'], { title: 'a: b', summary: 'one\ntwo\n' }, 2],
    ['quoted keys', ['"title": a: b', "'draft': true"], { title: 'a: b', draft: 'true' }, 2],
    ['published: false', ['title: a: b', 'published: false'], { title: 'a: b', published: 'false' }, 2],
    ['Chinese keys', ['title: a: b', '标签: 潮'], { title: 'a: b', 标签: '潮', tags: '潮' }, 2],
    [
      'a word of a title that is a key',
      ['title: a: b', 'date: 1', 'date created: 2'],
      { title: 'a: b', date: '1', 'date created': '2' },
      2,
    ],
  ])('%s', (_, lines, data, line) => {
    const head = read(['---', ...lines, '---', 'High.'].join('\n'))
    expect(head.data).toEqual(data)
    expect(head.content).toBe('High.')
    expect(head.problems.map(({ code, severity, where }) => `${code} ${severity} ${where ?? ''}`)).toEqual([
      `front-matter-salvaged warning a.md:${line}`,
    ])
  })

  test.each([
    [
      'TOML with a bare text',
      '+++\ntitle = Tides\ndate = 2026-01-11\ndraft = true\n+++\nHigh.',
      { title: 'Tides', date: '2026-01-11', draft: 'true' },
      2,
    ],
    ['TOML with colons', '+++\ntitle: Tides\ndraft: true\n+++\nHigh.', { title: 'Tides', draft: 'true' }, 2],
    [
      'TOML with a key twice',
      '+++\ntitle = "a"\ntitle = "b"\ntags = [\n  "c",\n]\n+++\nHigh.',
      { title: 'b', tags: ['c'] },
      3,
    ],
    [
      'JSON with a comma too many',
      '{\n  "title": "Tides",\n  "draft": true,\n}\nHigh.',
      { title: 'Tides', draft: 'true' },
      1,
    ],
    ['JSON without quotes', '---json\n{ title: "Tides" }\n---\nHigh.', { title: 'Tides' }, 2],
    ['JSON without a comma', '{\n  "title": "Tides"\n  "draft": true\n}\nHigh.', { title: 'Tides', draft: 'true' }, 1],
  ])('%s', (_, text, data, line) => {
    const head = read(text)
    expect(head.data).toEqual(data)
    expect(head.content).toBe('High.')
    expect(head.problems).toMatchObject([{ code: 'front-matter-salvaged', severity: 'warning' }])
    expect(head.problems[0]?.where).toMatch(/^a\.md:\d+$/)
    expect(line).toBeGreaterThan(0)
  })

  test.each([
    ['a head without end', '---\ntitle: Tides\ndate: 1', { title: 'Tides', date: '1' }, ''],
    [
      'a head without end before a blank line',
      '---\ntitle: Tides\ndraft: true\n\nHigh.\n',
      { title: 'Tides', draft: 'true' },
      '\nHigh.\n',
    ],
    ['a head without end before prose', '---\ntitle: Tides\nHigh.\n', { title: 'Tides' }, 'High.\n'],
    ['a head with another end', '---\ntitle: Tides\n--\nHigh.\n', { title: 'Tides' }, 'High.\n'],
    ['a head with a dash of prose for its end', '---\ntitle: Tides\n——\nHigh.\n', { title: 'Tides' }, 'High.\n'],
    ['a head that begins with more dashes', '----\ntitle: Tides\n---\nHigh.\n', { title: 'Tides' }, 'High.\n'],
    [
      'a head that a rule of the text closes',
      '---\ntitle: Tides\ntags:\n- a\n\n# High\n\nWater.\n\n---\n\nLow.',
      { title: 'Tides', tags: ['a'] },
      '\n# High\n\nWater.\n\n---\n\nLow.',
    ],
    ['a head of TOML without end', '+++\ntitle = "Tides"\n\nHigh.', { title: 'Tides' }, '\nHigh.'],
  ])('%s', (_, text, data, content) => {
    const head = read(text)
    expect(head.data).toEqual(data)
    expect(head.content).toBe(content)
    expect(head.problems).toMatchObject([{ code: 'front-matter-unclosed', severity: 'warning', where: 'a.md:1' }])
  })

  test('the title of a head of more than 32 KB', () => {
    const head = read(`---\ntitle: Tides\nb: ${'x'.repeat(40_000)}\ndraft: true\n---\nHigh.`)
    expect(head).toMatchObject({
      data: { title: 'Tides' },
      content: 'High.',
      problems: [{ code: 'front-matter-salvaged' }],
    })
  })
})

describe('readFrontMatter() of JavaScript', () => {
  test('reads the simple values of an object, and runs none of it', () => {
    const text = [
      '---js',
      '{',
      '  title: `Spring tides`, // of the sea',
      "  date: '2026-01-11',",
      '  Tags: ["sea", "moon"],',
      '  draft: false,',
      '  sub: { key: "low", order: 2 },',
      '  made: process.exit(1),',
      '}',
      '---',
      'High.',
    ].join('\n')
    const head = read(text)
    expect(head.data).toEqual({
      ...{ title: 'Spring tides', date: '2026-01-11', tags: ['sea', 'moon'], draft: 'false' },
      sub: { key: 'low', order: '2' },
    })
    expect([head.content, head.lineOf('title'), head.lineOf('tags')]).toEqual(['High.', 3, 5])
  })

  test('reads constants', () => {
    const head = read('--- javascript\nconst title = "Tides"\nconst tags = ["sea"]\n---\nHigh.')
    expect([head.data, head.content]).toEqual([{ title: 'Tides', tags: ['sea'] }, 'High.'])
  })

  test('reads a permalink that a function makes of fields', () => {
    expect(read('---js\n{ title: "Tides", permalink: (data) => `/sea/${data.slug}/` }\n---\n').data).toEqual({
      ...{ title: 'Tides', permalink: '/sea/{{ slug }}/' },
    })
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
    ['CoffeeScript', '---coffee\ntitle: "Tides"\n---\n', 'front-matter-language', 'a.md:1'],
    ['JavaScript without a field', '---javascript\n{}\n---\n', 'front-matter-language', 'a.md:1'],
    ['JavaScript in capitals', '--- JS\n{}\n---\n', 'front-matter-language', 'a.md:1'],
    ['a language that does not end', '---js', 'front-matter-language', 'a.md:1'],
    ['an alias of nothing', '---\na: *b\n---\n', 'front-matter-yaml', 'a.md:1'],
    ['broken YAML without a field of articles', '---\na: b\nc: d: e\n---\n', 'front-matter-yaml', 'a.md:3'],
    ['broken TOML without a field of articles', '+++\na = b c\n+++\n', 'front-matter-toml', 'a.md:2'],
    ['broken JSON without a field of articles', '---json\n{"a": [}\n---\n', 'front-matter-json', 'a.md:2'],
    ['a billion laughs', `---\n${laughs.join('\n')}\n---\n`, 'front-matter-yaml', 'a.md:1'],
    ['a head of more than 32 KB', `---\na: ${'x'.repeat(33_000)}\n---\n`, 'front-matter-long', 'a.md:1'],
    ['thousands of open brackets', `---\na: ${'['.repeat(30_000)}\n---\n`, 'front-matter-yaml', 'a.md:1'],
  ])('%s', (_, text, code, where) => {
    expect(() => read(text)).toThrow(expect.objectContaining({ name: 'Problem', code, where }))
  })

  test('a billion laughs, but not the title above them', () => {
    expect(read(`---\ntitle: Tides\ndraft: true\n${laughs.join('\n')}\n---\n`).data).toMatchObject({
      title: 'Tides',
      draft: 'true',
    })
  })

  test('code, and runs none of it', () => {
    for (const language of ['js', 'javascript', 'JavaScript', ' js', 'js ', 'coffee', 'cson']) {
      expect(() => read(`---${language}\n(globalThis.wasRun = true, {})\n---\n`)).toThrow(Problem)
    }
    expect(globalThis).not.toHaveProperty('wasRun')
  })
})

test('isQuoted() tells what stands between quotes', () => {
  const head = read('---\na: "b"\nC:  \'d\'\ne: f "g"\nh:\n  - "i"\n---\n')
  expect(['a', 'c', 'e', 'h', 'j'].map((key) => head.isQuoted(key))).toEqual([true, true, false, false, false])
})

describe('lineOf()', () => {
  const head = read('---\n# date: never\nauthor:\n  date: Ada\ndate: old\ntitle: |\n  date: x\nDate: new\n---\n')
  test('is the line of the key that counts', () => expect(head.lineOf('date')).toBe(8))
  test('takes the key in any case', () => expect(head.lineOf('TITLE')).toBe(6))
  test('is that of a property', () => {
    const properties = read('---\ntitle: Tides\n---\n\nup:: x\ntitle:: y\n')
    expect([properties.lineOf('up'), properties.lineOf('title')]).toEqual([5, 2])
  })
  test('is that of a name in Chinese', () => expect(read('---\na: b\n标题: 潮\n---\n').lineOf('title')).toBe(3))
  test('is that of a line of Nikola', () => expect(read('<!--\n.. title: a\n.. date: b\n-->').lineOf('date')).toBe(3))
  test('is 1 for a key that is not there', () => expect(head.lineOf('slug')).toBe(1))
  test.each([
    ['---yaml\na: b\nc: d\n---\n', 3],
    ['\n\n---\na: b\nc: d\n---\n', 5],
    ['title: b\nc: d\n---\n', 2],
    ['+++\na = 1\nc = 2\n+++\n', 3],
    ['{\n"a": 1,\n  "c": 2\n}\n', 3],
    ['+++\nc = 1\n[extra]\nc = 2\n+++\n', 2],
    ['+++\na = [\n  [1],\n]\n[extra]\nc = 2\n+++\n', 6],
    ['---\n a: 1\n c: 2\n---\n', 3],
  ])('counts the lines of the file %j', (text, line) => expect(read(text).lineOf('c')).toBe(line))
})

test('readFrontMatter() throws nothing but a Problem, whatever the text', () => {
  const marks = fc.string({
    unit: fc.constantFrom(...Array.from('ab:- ?\n\t"\'[]{}&*!|>%@`#,~.1=…：'), 'title', 'date:'),
    maxLength: 60,
  })
  const anything = fc.oneof(
    fc.string({ unit: 'binary' }),
    marks,
    fc
      .tuple(
        fc.constantFrom('---\n', '---yaml\n', '---js\n', '--- ', '+++\n', ';;;\n', '{"a":', '---json\n', '----\n'),
        marks,
        fc.constantFrom('', '\n---\n', '\n---', '\n+++\n', '\n;;;\n', '}\n', '\n...\n'),
      )
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
    { numRuns: 1000 },
  )
})

test('readFrontMatter() never loses a title or a draft, whatever stands beside them', () => {
  const line = fc.string({ unit: fc.constantFrom(...Array.from('ab:- ?"\'[]{}&*!|>%@`#,~.1=')), maxLength: 20 })
  const safe = line.filter((text) => !/^(?:---|\.\.\.|-{2,}$|\*{3,}$|={3,}$)|["'[{|>&!:?]/.test(text.trim()))
  fc.assert(
    fc.property(fc.array(safe, { maxLength: 4 }), (lines) => {
      const head = read(
        ['---', 'title: Tides', ...lines.map((text) => `x: ${text}`), 'draft: true', '---', 'High.'].join('\n'),
      )
      expect(head.data).toMatchObject({ title: 'Tides', draft: 'true' })
      expect(head.content).toBe('High.')
    }),
    { numRuns: 300 },
  )
})

test('isSimpleYaml() is true only for what the strict and the lenient parser read alike', () => {
  const word = fc.string({
    unit: fc.constantFrom(...Array.from('ab潮1 :#-/.,"\'[]{}&*!|>%@`?~=+()_\\<《$^;'), 'null', ': ', ' #'),
    maxLength: 12,
  })
  const value = fc.oneof(
    word,
    word.map((text) => `a${text}`),
    word.map((text) => `"${text}"`),
    word.map((text) => `'${text}'`),
    fc.array(word.map((text) => `b${text}`)).map((items) => `[${items.join(', ')}]`),
  )
  const name = fc.constantFrom('title', 'a', 'b', 'date-x', 'true')
  const indent = fc.constantFrom('', '', '', ' ', '  ', '    ')
  const line = fc.oneof(
    fc.tuple(indent, name, value).map(([space, key, text]) => `${space}${key}: ${text}`),
    fc.tuple(indent, name).map(([space, key]) => `${space}${key}:`),
    fc.tuple(indent, value).map(([space, text]) => `${space}- ${text}`),
    fc.tuple(indent, name, value).map(([space, key, text]) => `${space}- ${key}: ${text}`),
    fc.constantFrom('', '# note', '  # note', '   '),
  )
  const attempt = (parse: (text: string) => unknown, text: string): unknown => {
    try {
      return parse(text)
    } catch (error) {
      return error instanceof Error ? error.name : error
    }
  }
  let simple = 0
  fc.assert(
    fc.property(fc.array(line, { minLength: 1, maxLength: 6 }), (lines) => {
      const text = `\n${lines.join('\n')}`
      if (!isSimpleYaml(text)) return
      simple += 1
      expect([text, attempt(readLenientYaml, text)]).toEqual([text, attempt(readStrictYaml, text)])
    }),
    { numRuns: 3000 },
  )
  expect(simple).toBeGreaterThan(300)
})

test.each([
  ['spaces before a comment', `title: a${' '.repeat(30_000)}# b`],
  ['a list with spaces that nothing closes', `tags: [${'a   , '.repeat(5_000)}`],
  ['colons', `title: ${'a:'.repeat(15_000)} # b`],
])('isSimpleYaml() comes to an end with %s', (_, text) => expect(isSimpleYaml(text)).toBe(false))

test('isSimpleYaml() takes a head as people write it', () => {
  const head = [
    '',
    'title: "Tides: a primer"',
    'date: 2026-01-11 09:30:00 +0800',
    'tags:',
    '  - 潮汐',
    '  - sea',
    'categories: [Nature, "Sea"]',
  ]
  expect(
    isSimpleYaml(
      [...head, "description: 'High, and low.'", 'cover: /img/tides.png', 'draft: false', '# mine', 'x:'].join('\n'),
    ),
  ).toBe(true)
})
