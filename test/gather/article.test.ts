import { describe, expect, test } from 'vitest'
import { type Article, readArticle } from '../../src/gather/article.ts'
import { RULES } from '../support/site.ts'

const NOW = Date.parse('2026-02-10T04:00:00Z')

function read(text: string, path = 'sea/2026-01-11-tide_tables.md', now = NOW): Article {
  return readArticle(text, path, `articles/${path}`, RULES, now)
}

/** The draft that these lines of front matter make. */
function draftOf(lines: string[], body = 'High water at noon.') {
  const article = read(['---', ...lines, '---', body].join('\n'))
  if (article.kind !== 'entry') throw new Error(`it is ${article.kind}`)
  return article.draft
}

/** Code and place of each warning. */
function warnings(text: string): string[] {
  const article = read(text)
  if (article.kind !== 'entry') throw new Error(`it is ${article.kind}`)
  expect(article.problems.filter(({ severity }) => severity !== 'warning')).toEqual([])
  return article.problems.map(({ code, where }) => `${code} ${(where ?? '').replace(/^[^:]*/, '')}`)
}

test('readArticle() reads a whole article', () => {
  const head = ['title: "Tides: a primer"', 'date: 2026-01-11 09:30', 'id: tides', 'slug: tides', 'author: Ada']
  const lists = ['tags: [sea, moon]', 'categories: Nature', 'permalink: /tides/', 'summary: How *high*.']
  expect(read(['---', ...head, ...lists, '---', '', 'High water.', ''].join('\n'), 'tides.md')).toEqual({
    kind: 'entry',
    problems: [],
    draft: {
      key: 'tides.md',
      explicitId: 'tides',
      title: 'Tides: a primer',
      titleGuessed: false,
      date: { kind: 'instant', at: Date.parse('2026-01-11T01:30:00Z') },
      permalink: 'https://blog.example.org/tides/',
      slug: 'tides',
      author: 'Ada',
      tags: ['sea', 'moon'],
      categories: ['Nature'],
      snippet: 'How high.',
      body: { format: 'markdown', text: '\nHigh water.\n' },
    },
  })
})

describe('the title', () => {
  test.each([
    ['comes from the front matter', '---\ntitle: Tides\n---\n# Wind', 'Tides', false],
    ['may be a number', '---\ntitle: 007\n---\n', '007', false],
    ['is one line', '---\ntitle: |\n  Tides\n  and wind\n---\n', 'Tides and wind', false],
    ['falls back on the first heading', '# Tides *and* wind\n\nHigh.', 'Tides and wind', false],
    ['falls back on a heading of the second level', 'High.\n\nTides\n-----\n', 'Tides', false],
    ['falls back on the file name', 'High.', 'tide tables', true],
    ['falls back when it is empty', '---\ntitle: ""\n---\nHigh.', 'tide tables', true],
    ['falls back when it is a list', '---\ntitle: [a]\n---\nHigh.', 'tide tables', true],
  ])('%s', (_, text, title, titleGuessed) => {
    expect(read(text)).toMatchObject({ kind: 'entry', draft: { title, titleGuessed } })
  })

  test('is the file name as it is when nothing else is left of it', () => {
    expect(read('High.', '2026-01-11-.md')).toMatchObject({ draft: { title: '2026-01-11-' } })
    expect(read('High.', '--.md')).toMatchObject({ draft: { title: '--' } })
  })

  test.each([
    ['---\ntitle: Tides\ndate: 2026-01-11\n---\n', []],
    ['---\ndate: 2026-01-11\n---\n# Tides', ['title-missing ']],
    ['---\ntitle: Tides\n---\n', ['date-missing ']],
    ['---\ntitle: Tides\ndate:\n---\n', ['date-missing ']],
    ['---\ntitle: Tides\ndate: 2026-02-30\n---\n', ['date-invalid :3']],
    ['---\n\n# mine\ntitle: Tides\ndate: [2026-01-11]\n---\n', ['date-invalid :5']],
    ['---\ntitle: Tides\ndate: 2026-01-11\nurl: x\npermalink: javascript:alert(1)\n---\n', ['permalink-invalid :5']],
    ['High.', ['date-missing ', 'title-missing ']],
  ])('and what else is guessed is a warning: %j', (text, codes) => expect(warnings(text)).toEqual(codes))
})

describe('an article is not gathered', () => {
  test.each([
    ['while draft is true', 'draft: true', 'draft'],
    ['while draft is True', 'draft: True', 'draft'],
    ['while draft is yes', 'draft: "yes"', 'draft'],
    ['while published is false', 'published: false', 'draft'],
    ['while published is no', 'published: no', 'draft'],
    ['on the day before', 'date: 2026-02-11', 'future'],
    ['on the day before, by an instant', 'date: 2026-02-11 00:00', 'future'],
    ['on the day before, by an instant of another zone', 'date: 2026-02-10T16:00:00Z', 'future'],
  ])('%s', (_, line, kind) => expect(read(`---\n${line}\n---\nHigh.`).kind).toBe(kind))

  test.each([
    ['with draft false', 'draft: false'],
    ['with draft empty', 'draft:'],
    ['with published true', 'published: true'],
    ['with published empty', 'published:'],
    ['later on its day', 'date: 2026-02-10'],
    ['later on its day, by an instant', 'date: 2026-02-10 23:59'],
    ['later on its day, by an instant of another zone', 'date: 2026-02-10T15:59:59Z'],
  ])('but %s it is', (_, line) => expect(read(`---\n${line}\n---\nHigh.`).kind).toBe('entry'))

  test('before the day begins in the zone of the site', () => {
    const text = '---\ndate: 2026-02-11\n---\nHigh.'
    const midnight = Date.parse('2026-02-10T16:00:00Z')
    expect(read(text, 'a.md', midnight - 1)).toEqual({ kind: 'future', from: midnight })
    expect(read(text, 'a.md', midnight).kind).toBe('entry')
  })
})

test.each([
  ['', 'file-empty'],
  [' \n\t\n', 'file-empty'],
  ['---\ntitle: Tides\n', 'front-matter-unclosed'],
])('readArticle() sets aside %j', (text, code) => {
  expect(() => read(text)).toThrow(expect.objectContaining({ name: 'Problem', code, severity: 'error' }))
})

test.each([
  ['permalink: https://example.org/tides', 'https://example.org/tides'],
  ['permalink: /tides/', 'https://blog.example.org/tides/'],
  ['permalink: tides.html', 'https://blog.example.org/tides.html'],
  ['permalink: //example.org/a b', 'https://example.org/a%20b'],
  ['canonical_url: https://example.org/tides', 'https://example.org/tides'],
  ['canonicalUrl: https://example.org/tides', 'https://example.org/tides'],
  ['canonical: https://example.org/tides', 'https://example.org/tides'],
  ['permalink: javascript:alert(1)', null],
  ['permalink: " javascript:alert(1)"', null],
  ['permalink: "java\\0script:alert(1)"', null],
  ['permalink: data:text/html,x', null],
  ['permalink: file:///etc/passwd', null],
  ['permalink: mailto:ada@example.org', null],
  ['permalink: "http://"', null],
  ['permalink: false', null],
  ['permalink:', null],
  ['title: Tides', null],
])('the permalink of %j', (line, permalink) => expect(draftOf([line]).permalink).toBe(permalink))

test.each([
  ['guid: g', 'g'],
  ['id: 12', '12'],
  ['id: 1234567890123456789', '1234567890123456789'],
  ['uuid: u', 'u'],
  ['id:', null],
  ['id: [a]', null],
])('the explicit id of %j', (line, id) => expect(draftOf([line]).explicitId).toBe(id))

test('a guid counts more than an id, and that more than a uuid', () => {
  expect(draftOf(['uuid: u', 'id: i', 'guid: g']).explicitId).toBe('g')
  expect(draftOf(['uuid: u', 'id: i', 'guid:']).explicitId).toBe('i')
})

test.each([
  ['tags: [sea, moon]', ['sea', 'moon']],
  ['tags: sea, moon', ['sea', 'moon']],
  ['tag: sea', ['sea']],
  ['tags: [3.10, 2026]', ['3.10', '2026']],
  ['tags:', []],
  ['tags: {a: b}', []],
])('the tags of %j', (line, tags) => expect(draftOf([line]).tags).toEqual(tags))

test.each([
  ['categories: [Sea, Moon]', ['Sea', 'Moon']],
  ['category: Sea', ['Sea']],
])('the categories of %j', (line, categories) => expect(draftOf([line]).categories).toEqual(categories))

test.each([
  ['author: Ada', 'Ada'],
  ['author: {name: Ada, email: ada@example.org}', 'Ada'],
  ['authors: [Ada, Grace]', 'Ada'],
  ['authors: [{name: Ada}]', 'Ada'],
  ['author:', null],
])('the author of %j', (line, author) => expect(draftOf([line]).author).toBe(author))

test('the slug of an index file is the name of its folder', () => {
  const article = readArticle('---\ntitle: A\ndate: 2026-01-11\n---\nx', 'tides/index.md', 'tides/index.md', RULES, NOW)
  expect(article).toMatchObject({ draft: { slug: 'tides' } })
})

test('the slug falls back on the file name', () => {
  expect(draftOf(['slug: tides']).slug).toBe('tides')
  expect(draftOf(['title: Tides']).slug).toBe('2026-01-11-tide_tables')
})

test.each(['summary', 'description', 'excerpt'])('%s is the snippet', (key) => {
  expect(draftOf([`${key}: How high.`]).snippet).toBe('How high.')
})
