import { describe, expect, test } from 'vitest'
import type { Draft } from '../../src/entry.ts'
import { type Article, readArticle } from '../../src/gather/article.ts'
import type { DialectName } from '../../src/dialect-name.ts'
import type { Dialect } from '../../src/gather/dialects/dialect.ts'
import { findDialect } from '../../src/gather/dialects/find.ts'
import { tempFolder } from '../support/folder.ts'
import { RULES } from '../support/site.ts'

const NOW = Date.parse('2026-02-10T04:00:00Z')
const PATH = 'sea/2026-01-11-tide_tables.md'
const EMPTY_FOLDER = tempFolder()
const PLAIN = dialect('plain')

function dialect(name: DialectName): Dialect {
  return findDialect(EMPTY_FOLDER, name, { baseDir: '/', siteUrl: RULES.siteUrl })
}

interface Place {
  path?: string
  now?: number
  dialect?: Dialect
  hasPattern?: boolean
  commit?: number | null
}

function read(text: string, place: Place = {}): Article {
  const { path = PATH, now = NOW, dialect = PLAIN, hasPattern = false, commit = null } = place
  const file = { path, place: `articles/${path}`, firstCommit: () => commit }
  return readArticle(text, file, { dialect, hasPattern }, RULES, now)
}

/** An article with these lines of front matter. */
function written(lines: readonly string[], body = 'High water at noon.'): string {
  return ['---', ...lines, '---', body].join('\n')
}

function draftIn(text: string, place: Place = {}): Draft {
  const article = read(text, place)
  if (article.kind !== 'entry') throw new Error(`it is ${article.kind}`)
  return article.draft
}

/** The draft that these lines of front matter make. */
function draftOf(lines: string | readonly string[], place: Place = {}): Draft {
  return draftIn(written(typeof lines === 'string' ? [lines] : lines), place)
}

/** Code and place of each warning. */
function warnings(text: string, place: Place = {}): string[] {
  const { problems } = read(text, place)
  expect(problems.filter(({ severity }) => severity !== 'warning')).toEqual([])
  return problems.map(({ code, where }) => `${code} ${(where ?? '').replace(/^[^:]*/, '')}`)
}

/** A date as it is written in these tests: a day, or an instant in UTC. */
function shown(date: Draft['date']): string | null {
  if (date === null) return null
  if (date.kind === 'instant') return new Date(date.at).toISOString()
  return `${date.year}-${date.month}-${date.day}`
}

/** The kind of an article, and the reason why it is none. */
function fate(text: string, place: Place = {}): string {
  const article = read(text, place)
  return article.kind === 'none' ? `none: ${article.reason}` : article.kind
}

test('readArticle() reads a whole article', () => {
  const head = ['title: "Tides: a primer"', 'date: 2026-01-11 09:30', 'id: tides', 'slug: tides', 'author: Ada']
  const lists = ['tags: [sea, moon]', 'categories: Nature', 'permalink: /tides/', 'summary: How *high*.']
  const more = ['updated: 2026-01-12', 'cover: tide.png', 'series: The sea']
  expect(read(written([...head, ...lists, ...more], '\nHigh water.\n'), { path: 'tides.md' })).toEqual({
    kind: 'entry',
    until: null,
    imports: [],
    problems: [],
    draft: {
      key: 'tides.md',
      explicitId: 'tides',
      title: 'Tides: a primer',
      titleGuessed: false,
      date: { kind: 'instant', at: Date.parse('2026-01-11T01:30:00Z') },
      dateGuessed: false,
      updated: { kind: 'day', year: 2026, month: 1, day: 12 },
      permalink: 'https://blog.example.org/tides/',
      slug: 'tides',
      authors: ['Ada'],
      image: 'https://blog.example.org/tides/tide.png',
      enclosures: [],
      series: 'The sea',
      tags: ['sea', 'moon'],
      categories: ['Nature'],
      snippet: 'How high.',
      body: { format: 'markdown', text: '\nHigh water.\n' },
      written: '\nHigh water.\n',
    },
  })
})

describe('the title', () => {
  test.each([
    ['comes from the front matter', '---\ntitle: Tides\n---\n# Wind', 'Tides', false],
    ['may be a number', '---\ntitle: 007\n---\n', '007', false],
    ['may be a year', '---\ntitle: 2021\n---\n', '2021', false],
    ['may be a switch', '---\ntitle: true\n---\n', 'true', false],
    ['may be the word null in quotes', '---\ntitle: "null"\n---\n', 'null', false],
    ['is one line', '---\ntitle: |\n  Tides\n  and wind\n---\n', 'Tides and wind', false],
    ['has no escaped line end', '---\ntitle: "Tides\\nand wind"\n---\n', 'Tides and wind', false],
    ['has no HTML', '---\ntitle: "<b>Tides</b> and <code>wind</code>"\n---\n', 'Tides and wind', false],
    ['has no entities', '---\ntitle: "Tides &amp; wind &#8217;21"\n---\n', 'Tides & wind ’21', false],
    ['has no backticks', '---\ntitle: "`ls` and **tides**"\n---\n', 'ls and tides', false],
    ['keeps what only looks like a tag', '---\ntitle: Vec<T> and a < b\n---\n', 'Vec<T> and a < b', false],
    ['keeps emoji', '---\ntitle: 🌊 Tides 👨‍👩‍👧\n---\n', '🌊 Tides 👨‍👩‍👧', false],
    ['keeps a full-width colon', '---\ntitle: 潮汐：入门\n---\n', '潮汐：入门', false],
    ['may have a colon without quotes', '---\ntitle: Tides: a primer\n---\n', 'Tides: a primer', false],
    ['falls back on the first heading', '# Tides *and* wind\n\nHigh.', 'Tides and wind', false],
    ['falls back on a heading of the second level', 'High.\n\nTides\n-----\n', 'Tides', false],
    ['falls back on the file name', 'High.', 'tide tables', true],
    ['falls back when it is null', '---\ntitle: null\n---\nHigh.', 'tide tables', true],
    ['falls back when it is ~', '---\ntitle: ~\n---\n# Tides', 'Tides', false],
    ['falls back when it is empty', '---\ntitle: ""\n---\nHigh.', 'tide tables', true],
    ['falls back when it is a space', '---\ntitle: " "\n---\nHigh.', 'tide tables', true],
    ['falls back when it is a space of HTML', '---\ntitle: "&nbsp;"\n---\nHigh.', 'tide tables', true],
    ['falls back when it has no width', '---\ntitle: "\u200b"\n---\nHigh.', 'tide tables', true],
    ['is what a list holds', '---\ntitle: [a, b c]\n---\n# d\n\nHigh.', 'a, b c', false],
    ['falls back when it is an empty list', '---\ntitle: []\n---\nHigh.', 'tide tables', true],
    ['falls back when it is a map', '---\ntitle: {a: b}\n---\nHigh.', 'tide tables', true],
  ])('%s', (_, text, title, titleGuessed) => {
    expect(read(text)).toMatchObject({ kind: 'entry', draft: { title, titleGuessed } })
  })

  test.each([
    ['2026-01-11-.md', '2026-01-11-'],
    ['--.md', '--'],
    ['2026-01-11.md', '2026-01-11'],
    ['2026/01/11.md', '11'],
    ['2026-01-11-tide_tables.md', 'tide tables'],
    ['202601111230 tide tables.md', 'tide tables'],
    ['202601111230.md', '202601111230'],
    ['tides/index.md', 'tides'],
    ['notes/潮汐入门.md', '潮汐入门'],
  ])('of the file %s is made of its name', (path, title) => {
    expect(draftIn('High.', { path })).toMatchObject({ title, titleGuessed: true })
  })

  test.each([
    ['Sea-notes_2.md', 'High.', 'Sea-notes_2', true],
    ['Sea notes.md', '# Tides', 'Sea notes', true],
    ['20260111.md', '# Tides', 'Tides', false],
    ['2026-01-11.md', '## To do\n\nWalk.', '2026-01-11', true],
    ['20260111.md', 'High.', '20260111', true],
    ['Sea notes.md', '---\ntitle: Tides\n---\n', 'Tides', false],
  ])('of the note %s in a vault with the text %j is %j', (path, text, title, titleGuessed) => {
    expect(draftIn(text, { path, dialect: dialect('obsidian') })).toMatchObject({ title, titleGuessed })
  })

  test.each([
    ['_posts/2026-01-11-low-TIDE_tables.md', 'High.', 'Low Tide Tables', true],
    ['_posts/2026-01-11-tides.md', '# Spring tides\n\nHigh.', 'Spring tides', false],
    ['_posts/2026-01-11-tides.md', '## To begin with\n\nHigh.', 'Tides', true],
    ['_posts/2026-01-11-tides.md', 'High.\n\n# To end with', 'Tides', true],
  ])('of the post %s of Jekyll with the text %j is %j', (path, text, title, titleGuessed) => {
    expect(draftIn(text, { path, dialect: dialect('jekyll') })).toMatchObject({ title, titleGuessed })
  })

  test.each([
    ['---\ntitle: Tides\ndate: 2026-01-11\n---\n', []],
    ['---\ndate: 2026-01-11\n---\n# Tides', []],
    ['---\ndate: 2026-01-11\n---\nHigh.', ['title-missing ']],
    ['---\ntitle: Tides\n---\n', []],
    ['---\ntitle: Tides\ndate:\n---\n', []],
    ['---\ntitle: Tides\ndate: 2026-02-30\n---\n', ['date-invalid :3']],
    ['---\n\n# mine\ntitle: Tides\ndate: [2026-01-11, x]\n---\n', ['date-invalid :5']],
    ['---\ntitle: Tides\ndate: 2026-01-11\nurl: x\npermalink: javascript:alert(1)\n---\n', ['permalink-invalid :5']],
    ['---\ntitle: "Tides" and wind\n---\n', ['front-matter-salvaged :2']],
    ['---\ntitle: Tides\n', ['front-matter-unclosed :1']],
    ['High.', []],
  ])('and what else is guessed is a warning: %j', (text, codes) => expect(warnings(text)).toEqual(codes))

  test('of a note of mere figures is its name, and no warning', () => {
    expect(warnings('---\ntags: sea\n---\nHigh.', { path: '20260111.md', dialect: dialect('obsidian') })).toEqual([])
  })
})

describe('an article is no entry', () => {
  test.each([
    ['while draft is true', 'draft: true', 'none: it is a draft'],
    ['while draft is True', 'draft: True', 'none: it is a draft'],
    ['while draft is yes', 'draft: "yes"', 'none: it is a draft'],
    ['while isDraft is true', 'isDraft: true', 'none: it is a draft'],
    ['when isDraft is false', 'isDraft: false', 'entry'],
    ['while is_draft is true', 'is_draft: true', 'none: it is a draft'],
    ['while Draft is TRUE', 'Draft: TRUE', 'none: it is a draft'],
    ['while its status is a draft', 'status: draft', 'none: it is a draft'],
    ['while its status is Private', 'status: Private', 'none: it is a draft'],
    ['while its status is trash', 'status: trash', 'none: it is a draft'],
    ['while published is false', 'published: false', 'none: it says "published: false"'],
    ['while published is no', 'published: no', 'none: it says "published: false"'],
    ['while publish is false', 'publish: false', 'none: it says "publish: false"'],
    ['while it is to be hidden', 'hide: true', 'none: it says "hide: true"'],
    ['while it is private', 'private: true', 'none: it says "private: true"'],
    ['while it is hidden', 'hidden: yes', 'none: it says "hidden: true"'],
    ['while it is unlisted', 'unlisted: true', 'none: it says "unlisted: true"'],
    ['while it asks for a password', 'password: hunter2', 'none: it asks for a password'],
    ['while its password is a number', 'password: 0000', 'none: it asks for a password'],
    ['while it has several passwords', 'password: [one, two]', 'none: it asks for a password'],
    ['once it has expired', 'expiryDate: 2026-02-10', 'none: it has expired'],
    ['once it has expired in its zone', 'expiryDate: 2026-02-10T12:00:00+08:00', 'none: it has expired'],
    ['once it is to be taken down', 'unpublishDate: 2026-01-31', 'none: it has expired'],
    ['as a list of tags', 'layout: tags', 'none: a page of the layout tags'],
    ['on the day before', 'date: 2026-02-11', 'future'],
    ['on the day before, by an instant', 'date: 2026-02-11 00:00', 'future'],
    ['on the day before, by an instant of another zone', 'date: 2026-02-10T16:00:00Z', 'future'],
    ['before it is to be published', 'publishDate: 2026-03-01', 'future'],
  ])('%s', (_, line, kind) => expect(fate(written([line]))).toBe(kind))

  test.each([
    ['with draft false', 'draft: false'],
    ['with draft empty', 'draft:'],
    ['with published true', 'published: true'],
    ['with published empty', 'published:'],
    ['with a day on which it was published', 'published: 2021-01-01'],
    ['with hidden false', 'hidden: false'],
    ['with the status published', 'status: publish'],
    ['with an empty password', 'password: ""'],
    ['with password false', 'password: false'],
    ['with a layout of posts', 'layout: post'],
    ['that is sticky', 'sticky: 100'],
    ['that expires tomorrow', 'expiryDate: 2026-02-11'],
    ['that expires some time', 'expires: never'],
    ['later on its day', 'date: 2026-02-10'],
    ['later on its day, by an instant', 'date: 2026-02-10 23:59'],
    ['later on its day, by an instant of another zone', 'date: 2026-02-10T15:59:59Z'],
  ])('but one %s is', (_, line) => expect(fate(written([line]))).toBe('entry'))

  test('by a broken head, when that says draft', () => {
    expect(fate('---\ntitle: "Tides" and wind\ndraft: true\n---\nHigh.')).toBe('none: it is a draft')
    expect(fate('---\ntitle: Tides\ndraft: true\n\nHigh.')).toBe('none: it is a draft')
    expect(fate('title: Tides\npublished: false\n---\nHigh.')).toBe('none: it says "published: false"')
  })

  test('before the day begins in the zone of the site', () => {
    const text = '---\ndate: 2026-02-11\n---\nHigh.'
    const midnight = Date.parse('2026-02-10T16:00:00Z')
    const future = { kind: 'future', from: midnight, imports: [], problems: [] }
    expect(read(text, { path: 'a.md', now: midnight - 1 })).toEqual(future)
    expect(read(text, { path: 'a.md', now: midnight }).kind).toBe('entry')
  })

  test('before the later of its date and the day of its publication', () => {
    expect(read(written(['date: 2020-01-01', 'publishDate: 2026-03-01']))).toMatchObject({
      kind: 'future',
      from: Date.parse('2026-02-28T16:00:00Z'),
    })
  })

  test('from the instant on at which it expires', () => {
    const until = Date.parse('2026-02-10T16:00:00Z')
    const text = written(['expiryDate: 2026-02-11'])
    expect(read(text)).toMatchObject({ kind: 'entry', until })
    expect(read(text, { now: until - 1 }).kind).toBe('entry')
    expect(read(text, { now: until }).kind).toBe('none')
  })

  test.each(['drafts/a.md', '_drafts/a.md', 'sea/Drafts/a.md'])('in %s', (path) => {
    expect(fate(written(['title: Tides']), { path })).toBe('none: it lies among the drafts')
  })

  test.each([
    ['', 'none: it is empty and has no title'],
    [' \n\t\n', 'none: it is empty and has no title'],
    ['---\n---\n', 'none: it is empty and has no title'],
    ['---\ndate: 2026-01-11\ntags: [sea]\n---\n\n', 'none: it is empty and has no title'],
    ['---\ntitle: Tides\n---\n', 'entry'],
    ['![](a.png)', 'entry'],
  ])('when it is empty: %j', (text, kind) => expect(fate(text)).toBe(kind))
})

test('an article with a password shows its summary and nothing else', () => {
  const head = ['password: hunter2', 'abstract: For **friends**.']
  const article = read(written(head, '# Secret heading\n\nSecret text.\n'))
  expect(article).toMatchObject({
    kind: 'entry',
    draft: { title: 'tide tables', snippet: 'For friends.', body: { text: 'For **friends**.' } },
  })
})

describe('of Hexo', () => {
  const hexo = dialect('hexo')
  const about = 'abstract: Something is locked here.'

  test.each([
    ['without a password', [about], 'High water at noon.'],
    ['with an empty password', ['password:', about], 'High water at noon.'],
    ['with a password', ['password: hunter2', about], 'Something is locked here.'],
  ])('an article %s', (_, lines, snippet) => {
    expect(draftOf(['title: Tides', ...lines], { dialect: hexo }).snippet).toBe(snippet)
  })

  test('an article that is old by its `expires` is an entry still', () => {
    expect(draftOf(['title: Tides', 'expires: 2026-01-21 11:38:55'], { dialect: hexo }).title).toBe('Tides')
  })
})

test.each([
  ['---coffee\ntitle: 1\n---\n', 'front-matter-language'],
  ['---javascript\nprocess.exit(1)\n---\n', 'front-matter-language'],
  [`---\ncolour: ${'x'.repeat(40_000)}\n---\n`, 'front-matter-long'],
])('readArticle() sets aside %.40s', (text, code) => {
  expect(() => read(text)).toThrow(expect.objectContaining({ name: 'Problem', code, severity: 'error' }))
})

describe('the date', () => {
  test.each([
    [['date: 2026-01-10 09:30', 'pubDate: 2026-01-01'], '2026-01-10T01:30:00.000Z'],
    [['pubDate: 2026-01-02', 'publishDate: 2026-01-01'], '2026-1-1'],
    [['date: 2021-01-01T00:00:00.000Z'], '2021-01-01T00:00:00.000Z'],
    [['published: 2021-01-01'], '2021-1-1'],
    [['pubDatetime: 2021-01-01T10:00:00Z'], '2021-01-01T10:00:00.000Z'],
    [['date: 2021年10月01日'], '2021-10-1'],
    [['date: Fri, 01 Oct 2021 09:00:00 +0800'], '2021-10-01T01:00:00.000Z'],
    [['created: 2020-01-01'], '2026-1-11'],
    [['title: Tides'], '2026-1-11'],
    [['date: [[2021-03-01]]'], '2021-3-1'],
    [['date: [2021-03-01]'], '2021-3-1'],
    [['date:', '  created: 2021-03-01', '  updated: 2021-03-02'], '2021-3-1'],
    [['date: 2026-02-30'], '2026-1-11'],
    [['date: 2021'], '2026-1-11'],
    [['date: 2026-02-30', 'pubDate: 2021-03-01'], '2021-3-1'],
  ])('of %j is %s', (lines, date) => expect(shown(draftOf(lines).date)).toBe(date))

  const COMMIT = Date.parse('2025-05-01T10:00:00Z')

  test.each([
    ['created: 2020-01-01', COMMIT, '2020-1-1', false],
    ['added: 2020-01-01', COMMIT, '2020-1-1', false],
    ['timestamp: 2020-01-01', COMMIT, '2020-1-1', false],
    ['title: Tides', COMMIT, '2025-05-01T10:00:00.000Z', true],
    ['date: 00:10::00', COMMIT, '2025-05-01T10:00:00.000Z', true],
    ['title: Tides', null, null, false],
    ['date: 00:10::00', null, null, false],
    ['date: 0001-01-01T00:00:00Z', null, null, false],
    ['date: Last Modified', null, null, false],
  ])('of %j in a name that tells none', (line, commit, date, dateGuessed) => {
    const draft = draftOf(line, { path: 'tides.md', commit })
    expect([shown(draft.date), draft.dateGuessed]).toEqual([date, dateGuessed])
  })

  test('is not asked of git when something else tells it', () => {
    const file = { path: PATH, place: PATH, firstCommit: () => expect.fail('git was asked') }
    expect(readArticle('High.', file, { dialect: PLAIN, hasPattern: false }, RULES, NOW).kind).toBe('entry')
  })

  test.each([
    ['path: inside/2024/09/02/tides.html', '2024-9-2'],
    ['permalink: /blog/2024/9/2/', '2024-9-2'],
    ['url: /2024/09/02-tides/', '2024-9-2'],
    ['permalink: /blog/2024/09/', null],
    ['permalink: /blog/2024/13/02/tides/', null],
  ])('that only the address tells: %j', (line, date) => {
    expect(shown(draftOf(line, { path: 'tides.md' }).date)).toBe(date)
  })

  test('that a name tells comes before that of the address', () => {
    expect(shown(draftOf('permalink: /2024/09/02/tides/').date)).toBe('2026-1-11')
  })

  test.each([
    ['hugo', ['publishDate: 2026-01-02', 'date: 2026-01-01'], 'content/a.md', '2026-1-1'],
    ['hugo', ['lastmod: 2026-01-03'], 'content/a.md', '2026-1-3'],
    ['astro', ['date: 2026-01-01', 'pubDatetime: 2026-01-02'], 'a.md', '2026-1-2'],
    ['obsidian', ['date created: 2026-01-04'], '20250101.md', '2026-1-4'],
    ['jekyll', ['layout: post'], '_posts/2026-01-05-a.md', '2026-1-5'],
    ['jekyll', ['pubDate: 2026-01-01', 'published: 2026-01-02'], '_posts/2026-01-05-a.md', '2026-1-5'],
  ] as const)('in %s of %j', (name, lines, path, date) => {
    expect(shown(draftOf(lines, { path, dialect: dialect(name) }).date)).toBe(date)
  })

  test.each([
    ['date: 2026-02-30', 'date-invalid :2'],
    ['date: 00:10::00', 'date-invalid :2'],
    ['date: {{ date }}', 'date-invalid :2'],
    ['updated: 2026-02-30', 'date-invalid :2'],
    ['expiryDate: 2026-13-01', 'date-invalid :2'],
    ['updated: weekly', null],
    ['edited: true', null],
    ['lastmod: 0001-01-01T00:00:00Z', null],
    ['date: git Created', null],
    ['published: true', null],
  ])('that is none is a warning: %j', (line, warning) => {
    expect(warnings(written([line, 'title: Tides']))).toEqual(warning === null ? [] : [warning])
  })

  test('that is none says what stands for it', () => {
    const [problem] = read(written(['title: Tides', 'date: 2026-02-30'])).problems
    expect(problem).toMatchObject({ where: `articles/${PATH}:3`, message: expect.stringContaining('2026-01-11') })
  })
})

test.each([
  ['updated: 2026-01-20 10:00', '2026-01-20T02:00:00.000Z'],
  ['date: {created: 2021-03-01, updated: 2021-03-02}', '2021-3-2'],
  ['lastmod: 2026-01-20', '2026-1-20'],
  ['modified: 2026-01-20', '2026-1-20'],
  ['last_modified_at: 2026-01-20', '2026-1-20'],
  ['modDatetime: 2026-01-20', '2026-1-20'],
  ['updated:', null],
  ['updated: 2026-02-30', null],
  ['title: Tides', null],
])('the update of %j', (line, date) => expect(shown(draftOf(line).updated)).toBe(date))

describe('the permalink', () => {
  test.each([
    ['permalink: https://example.org/tides', 'https://example.org/tides'],
    ['permalink: /tides/', 'https://blog.example.org/tides/'],
    ['permalink: tides.html', 'https://blog.example.org/tides.html'],
    ['permalink: //example.org/a b', 'https://example.org/a%20b'],
    ['url: /tides/', 'https://blog.example.org/tides/'],
    ['canonical_url: https://example.org/tides', 'https://example.org/tides'],
    ['canonicalUrl: https://example.org/tides', 'https://example.org/tides'],
    ['canonicalURL: https://example.org/tides', 'https://example.org/tides'],
    ['canonical: https://example.org/tides', 'https://example.org/tides'],
    ['canonical: /tides/', 'https://blog.example.org/tides/'],
    ['link: https://example.org/what-it-tells-of', null],
    ['permalink: /:year/:title/', null],
    ['permalink: "/{{ page.date }}/"', null],
    ['permalink: javascript:alert(1)', null],
    ['permalink: " javascript:alert(1)"', null],
    ['permalink: data:text/html,x', null],
    ['permalink: file:///etc/passwd', null],
    ['permalink: mailto:ada@example.org', null],
    ['permalink: "http://"', null],
    ['permalink: false', null],
    ['permalink: true', null],
    ['canonical: true', null],
    ['permalink:', null],
    ['permalink: ""', null],
    ['title: Tides', null],
  ])('of %j', (line, permalink) => expect(draftOf(line).permalink).toBe(permalink))

  const OWN = 'https://blog.example.org'
  const CANONICAL = 'canonical_url: https://sea.example.net/tides'

  test.each([
    ['hugo', 'content/sea/a.md', ['title: Tides'], `${OWN}/content/sea/a/`, null],
    ['hugo', 'content/a.md', ['url: /tides/'], `${OWN}/tides/`, `${OWN}/tides/`],
    ['hugo', 'content/a.md', ['permalink: /x/'], `${OWN}/content/a/`, null],
    ['hugo', 'content/a.md', [CANONICAL], 'https://sea.example.net/tides', 'https://sea.example.net/tides'],
    ['hugo', 'content/a.md', ['url: /tides/', CANONICAL], `${OWN}/tides/`, `${OWN}/tides/`],
    ['jekyll', '_posts/2026-01-05-a.md', ['title: Tides'], `${OWN}/2026/01/05/a.html`, null],
    ['jekyll', '_posts/2026-01-05-a.md', ['permalink: /:year/:title/'], `${OWN}/2026/a/`, `${OWN}/2026/a/`],
    ['hexo', 'a.md', ['date: 2026-01-05'], `${OWN}/2026/01/05/a/`, null],
    ['hexo', 'a.md', ['permalink: tides/'], `${OWN}/tides/`, `${OWN}/tides/`],
    ['hexo', 'a.md', ['date: 2026-01-05', 'url: https://x.example/'], `${OWN}/2026/01/05/a/`, null],
    ['zola', 'a.md', ['path: sea/tides', 'permalink: /x/'], `${OWN}/sea/tides/`, `${OWN}/sea/tides/`],
    ['eleventy', 'sea/a.md', ['permalink: "/tides/"'], `${OWN}/tides/`, `${OWN}/tides/`],
    ['vitepress', 'sea/a.md', ['url: https://x.example/'], `${OWN}/sea/a.html`, null],
    ['obsidian', 'a.md', ['url: https://clipped.example/'], null, null],
    ['obsidian', 'a.md', ['permalink: tides'], `${OWN}/tides`, `${OWN}/tides`],
    ['astro', 'a.md', ['title: Tides'], null, null],
  ] as const)('in %s of %s with %j, and beside a pattern', (name, path, lines, link, withPattern) => {
    const links = [false, true].map(
      (hasPattern) => draftOf(lines, { path, hasPattern, dialect: dialect(name) }).permalink,
    )
    expect(links).toEqual([link, withPattern])
  })
})

test.each([
  ['guid: g', 'g'],
  ['id: 12', '12'],
  ['id: 1234567890123456789', '1234567890123456789'],
  ['uuid: u', 'u'],
  ['id:', null],
  ['id: [a]', null],
])('the explicit id of %j', (line, id) => expect(draftOf(line).explicitId).toBe(id))

test('a guid counts more than an id, and that more than a uuid', () => {
  expect(draftOf(['uuid: u', 'id: i', 'guid: g']).explicitId).toBe('g')
  expect(draftOf(['uuid: u', 'id: i', 'guid:']).explicitId).toBe('i')
})

describe('tags and categories', () => {
  test.each([
    [['tags: [sea, moon]'], ['sea', 'moon']],
    [['tags: sea, moon'], ['sea', 'moon']],
    [['tags: "海，月、潮"'], ['海', '月', '潮']],
    [
      ['tags:', '  - sea', '  - [moon, tide]'],
      ['sea', 'moon', 'tide'],
    ],
    [
      ['tags:', '- sea', '- moon'],
      ['sea', 'moon'],
    ],
    [['tags: [sea, null, "", sea]'], ['sea']],
    [['tags:', '  - name: sea', '    slug: s'], ['sea']],
    [['tags: sea moon'], ['sea moon']],
    [['tag: sea'], ['sea']],
    [['tags: []', 'tag: sea'], ['sea']],
    [['tags: [3.10, 2026]'], ['3.10', '2026']],
    [['tags: 2026'], ['2026']],
    [['tags: {sea: moon}'], ['sea']],
    [['tags: null'], []],
    [['tags:'], []],
  ])('the tags of %j', (lines, tags) => expect(draftOf(lines).tags).toEqual(tags))

  test.each([
    [['categories: [Sea, Moon]'], ['Sea', 'Moon']],
    [['categories: [[Sea, Tides], [Moon]]'], ['Sea', 'Tides', 'Moon']],
    [
      ['categories:', '  - Sea', '  -', '    - Moon', '    - Tides'],
      ['Sea', 'Moon', 'Tides'],
    ],
    [['categories: Sea, Moon'], ['Sea', 'Moon']],
    [['category: Sea'], ['Sea']],
    [['categories:', 'category: Sea'], ['Sea']],
    [['categories: ~'], []],
  ])('the categories of %j', (lines, categories) => expect(draftOf(lines).categories).toEqual(categories))

  test.each([
    ['jekyll', '_posts/2026-01-05-a.md', ['tags: sea moon', 'categories: a b'], ['sea', 'moon'], ['a', 'b']],
    ['jekyll', '_posts/2026-01-05-a.md', ['tags: sea wind, moon', 'category: a b'], ['sea wind', 'moon'], ['a b']],
    ['jekyll', 'news/_posts/2026-01-05-a.md', ['category: sea'], [], ['news', 'sea']],
    ['jekyll', 'news/_posts/2026-01-05-a.md', [], [], ['news']],
    ['obsidian', 'a.md', ['tags: "#sea #moon"', 'category: a b'], ['sea', 'moon'], ['a b']],
    ['eleventy', 'a.md', ['tags: [posts, sea]'], ['sea'], []],
    ['hexo', 'a.md', ['tags: [posts, sea]'], ['posts', 'sea'], []],
  ] as const)('in %s (%s) of %j', (name, path, lines, tags, categories) => {
    expect(draftOf(lines, { path, dialect: dialect(name) })).toMatchObject({ tags, categories })
  })

  test('stand in taxonomies of Zola', () => {
    const taxonomies = [
      '[taxonomies]',
      'tags = ["sea"]',
      'categories = ["Nature"]',
      'authors = ["Ada"]',
      'series = ["S"]',
    ]
    const text = ['+++', 'title = "Tides"', 'date = 2026-01-05', ...taxonomies, '+++', 'High.'].join('\n')
    expect(draftIn(text, { path: 'a.md', dialect: dialect('zola') })).toMatchObject({
      ...{ tags: ['sea'], categories: ['Nature'], authors: ['Ada'], series: 'S' },
      date: { kind: 'day', year: 2026, month: 1, day: 5 },
    })
  })

  test('may be those of the folder, which the article overrules', () => {
    const posts: Dialect = { ...PLAIN, defaultsOf: () => ({ tags: ['sea'], author: 'Ada', draft: 'false' }) }
    expect(draftOf(['tags:', 'author: ""'], { dialect: posts })).toMatchObject({ tags: ['sea'], authors: ['Ada'] })
    expect(draftOf(['tags: moon', 'author: Grace'], { dialect: posts })).toMatchObject({
      ...{ tags: ['moon'], authors: ['Grace'] },
    })
  })
})

test.each([
  [['author: Ada'], ['Ada']],
  [['author: {name: Ada, email: ada@example.org}'], ['Ada']],
  [['authors: [Ada, Grace]'], ['Ada', 'Grace']],
  [['author: Ada, Grace'], ['Ada', 'Grace']],
  [['authors: [{name: Ada}]'], ['Ada']],
  [
    ['authors:', '  ada:', '    name: Ada Lovelace', '  grace:', '    name: Grace'],
    ['Ada Lovelace', 'Grace'],
  ],
  [['author: "Ada <ada@example.org>"'], ['Ada']],
  [['author: ada@example.org'], []],
  [['author:'], []],
  [['author:', 'authors: Ada'], ['Ada']],
])('the authors of %j', (lines, authors) => expect(draftOf(lines).authors).toEqual(authors))

describe('the image', () => {
  const PAGE = 'permalink: /sea/tides/'

  test.each([
    [['image: https://img.example.net/a'], 'https://img.example.net/a'],
    [['cover: //img.example.net/a.png'], 'https://img.example.net/a.png'],
    [['image: /a.png'], 'https://blog.example.org/a.png'],
    [[PAGE, 'image: ./a b.png'], 'https://blog.example.org/sea/tides/a%20b.png'],
    [[PAGE, 'image: ../a.png'], 'https://blog.example.org/sea/a.png'],
    [[PAGE, 'image: a.png'], 'https://blog.example.org/sea/tides/a.png'],
    [[PAGE, 'cover: {image: a.png, alt: x}'], 'https://blog.example.org/sea/tides/a.png'],
    [['images: [/a.png, /b.png]'], 'https://blog.example.org/a.png'],
    [['header: {teaser: /a.png}'], 'https://blog.example.org/a.png'],
    [['extra: {cover: /a.png}'], 'https://blog.example.org/a.png'],
    [['canonical_url: https://example.net/x', 'image: /a.png'], 'https://blog.example.org/a.png'],
    [['canonical_url: https://example.net/x', 'image: a.png'], null],
    [['canonical_url: https://blog.example.org/x/', 'image: a.png'], 'https://blog.example.org/x/a.png'],
    [['image: a.png'], null],
    [['image: ./a.png'], null],
    [['cover: false'], null],
    [['header: Tides'], null],
    [['image:'], null],
    [['image: "data:image/png;base64,AAAA"'], null],
    [['image: javascript:alert(1)'], null],
  ])('of %j', (lines, image) => expect(draftOf(lines).image).toBe(image))

  test('beside an article of Astro has a name that nobody knows', () => {
    const image = (path: string): string | null =>
      draftOf([PAGE, `heroImage: ${path}`], { path: 'a.md', dialect: dialect('astro') }).image
    expect(image('../../assets/a.png')).toBeNull()
    expect(image('/src/assets/a.png')).toBeNull()
    expect(image('/a.png')).toBe('https://blog.example.org/a.png')
  })
})

test.each([
  ['series: Tides', 'Tides'],
  ['series: [Tides, Moon]', 'Tides'],
  ['series: {name: Tides, order: 1}', 'Tides'],
  ['series:', null],
])('the series of %j', (line, series) => expect(draftOf(line).series).toBe(series))

test.each([
  ['slug: tides', PATH, 'tides'],
  ['title: Tides', PATH, 'tide_tables'],
  ['slug:', PATH, 'tide_tables'],
  ['title: Tides', 'sea/tides.md', 'tides'],
  ['title: Tides', 'sea/tides/index.md', 'tides'],
  ['title: Tides', 'sea/20260111-潮汐.md', '潮汐'],
])('the slug of %j in %s', (line, path, slug) => expect(draftOf(line, { path }).slug).toBe(slug))

describe('the snippet', () => {
  test.each(['summary', 'description', 'excerpt', 'abstract'])('is the %s', (key) => {
    expect(draftOf(`${key}: How *high*.`).snippet).toBe('How high.')
  })

  test.each([
    ['is a description over several lines', ['description: >-', '  How', '  high.'], 'x', 'How high.'],
    ['is the text when the summary is empty', ['summary: ""', 'description:'], 'High.', 'High.'],
    ['is the text when the excerpt is switched off', ['excerpt: false', 'summary: true'], 'High.', 'High.'],
    ['ends at <!-- more -->', [], 'High.\n\n<!-- more -->\n\nLow.', 'High.'],
    ['ends at <!--more-->', [], 'High.\n<!--more-->\nLow.', 'High.'],
    ['is what follows a <!-- more --> that comes first', [], '<!-- more -->\n\nLow.', 'Low.'],
    [
      'ends at blank lines of its own',
      [String.raw`excerpt_separator: "\n\n\n"`],
      'High.\n\nLow.\n\n\nMoon.',
      'High. Low.',
    ],
    ['ends at its own separator', ['excerpt_separator: <!--end-->'], 'High.\n\n<!--end-->\n\nLow.', 'High.'],
    ['leaves out a heading that says the title again', ['title: Tides'], '# Tides\n\nHigh.', 'High.'],
    ['leaves out such a heading in HTML', [], '<h1>Tides</h1>\n<p>High.</p>\n\n## Wind', 'High. Wind'],
    ['keeps another heading in HTML', ['title: Tides'], '<h1>Wind</h1>\n\nHigh.', 'Wind High.'],
    ['keeps another heading', ['title: Tides'], '# Wind\n\nHigh.', 'Wind High.'],
    ['is a heading when there is no more', ['title: Tides'], '# Wind', 'Wind'],
    ['is empty of a heading that is the title', [], '# Wind', ''],
    ['is the mark of code when there is no more', ['title: Tides'], '```\nhigh()\n```', '[Code]'],
    ['is empty of an image', ['title: Tides'], '![](a.png)', ''],
    ['is empty of nothing', ['title: Tides'], '', ''],
    ['has no instructions', ['title: Tides'], '{% note %}High{% endnote %} {{< sea >}}', 'High'],
  ])('%s', (_, head, body, snippet) => expect(draftIn(written(head, body)).snippet).toBe(snippet))

  test('ends at the separator of the site', () => {
    const site: Dialect = { ...PLAIN, excerptSeparator: '<!--cut-->' }
    expect(draftIn('High.\n\n<!--cut-->\n\nLow.', { dialect: site }).snippet).toBe('High.')
  })
})

test.each(['lang: zh', 'toc: true', 'comments: false', 'mathjax: true', 'top: true', 'aliases: [/old/]', 'weight: 3'])(
  'a field that tells nothing of an entry changes nothing: %s',
  (line) => {
    expect(draftOf([line, 'title: Tides'])).toEqual(draftOf('title: Tides'))
    expect(warnings(written([line, 'title: Tides']))).toEqual([])
  },
)

test('the description of an article of MDX is no MDX', () => {
  const text = written(['description: Tides of {place} & <Moon> in May'])
  expect(draftIn(text, { path: 'a.mdx' }).snippet).toBe('Tides of {place} & in May')
})

test('an article of MDX has the title that it exports', () => {
  const text = "export const meta = { title: 'Tides', description: 'Low water.' }\n\n# Moons\n\nText."
  expect(draftIn(text, { path: 'a.mdx' })).toMatchObject({ title: 'Tides', snippet: 'Low water.' })
})
