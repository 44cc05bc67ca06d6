import { describe, expect, test } from 'vitest'
import { OURS, dialectOf, linkIn } from '../../support/dialect-site.ts'

const config = (more: string): Record<string, string> => ({ '_config.yml': `plugins: [jekyll-feed]\n${more}` })
const POST = '_posts/2021-03-05-Low-tide.md'

describe('the default permalink', () => {
  const jekyll = dialectOf(config('url: https://sea.example.net\nbaseurl: /blog'))

  for (const [says, path, data, link] of [
    ['the day and the name', POST, {}, '2021/03/05/Low-tide.html'],
    ['a date of its own before that of the name', POST, { date: '2020-12-31' }, '2020/12/31/Low-tide.html'],
    ['categories in lower case', POST, { categories: 'Sea Tides' }, 'sea/tides/2021/03/05/Low-tide.html'],
    ['a list of categories', POST, { categories: ['Sea', 'Low tides'] }, 'sea/low%20tides/2021/03/05/Low-tide.html'],
    ['one category', POST, { category: 'Low tides' }, 'low%20tides/2021/03/05/Low-tide.html'],
    ['the folders above _posts', `news/sea/${POST}`, { category: 'moon' }, 'news/sea/moon/2021/03/05/Low-tide.html'],
    ['a slug', POST, { slug: 'At low Tide!' }, '2021/03/05/At-low-Tide!.html'],
    ['what a name may keep', '_posts/2021-3-5-a_b+c (d).md', {}, '2021/03/05/a_b+c-(d).html'],
    ['Chinese names', '_posts/2021-03-05-潮汐，表.md', {}, '2021/03/05/%E6%BD%AE%E6%B1%90-%E8%A1%A8.html'],
    ['a time without a zone as one of UTC', POST, { date: '2021-03-05 23:30:00' }, '2021/03/05/Low-tide.html'],
    ['a time with a zone in UTC', POST, { date: '2021-03-05 01:00:00 +0800' }, '2021/03/04/Low-tide.html'],
    ['folders in _posts left out', '_posts/2021/2021-03-05-a.md', {}, '2021/03/05/a.html'],
  ] as const) {
    test(`has ${says}`, () => expect(linkIn(jekyll, path, data)).toBe(`https://sea.example.net/blog/${link}`))
  }
})

describe('the permalink', () => {
  for (const [permalink, link] of [
    ['pretty', 'sea/2021/03/05/Low-tide/'],
    ['date', 'sea/2021/03/05/Low-tide.html'],
    ['ordinal', 'sea/2021/064/Low-tide.html'],
    ['weekdate', 'sea/2021/W09/Fri/Low-tide.html'],
    ['none', 'sea/Low-tide.html'],
    ['/:title/', 'Low-tide/'],
    ['/:slug', 'low-tide'],
    ['/:collection/:name:output_ext', 'posts/2021-03-05-low-tide.html'],
    [':year-:i_month-:i_day/:short_year:y_day/', '2021-3-5/21064/'],
    ['/:year_:month/:title', '2021_03/Low-tide'],
    ['/:hour:minute:second/:w_year/:w_day/', '000000/2021/5/'],
    ['/:long_month/:short_month/:long_day/', 'March/Mar/Friday/'],
    ['/:slugified_categories/:title', 'sea/Low-tide'],
    ['/a/../../:title', 'a/Low-tide'],
    ['/:constructor/', null],
    [':::::', ':::::'],
  ] as const) {
    test(`${permalink} makes ${link}`, () => {
      const jekyll = dialectOf(config(`permalink: "${permalink}"`))
      expect(linkIn(jekyll, POST, { categories: ['Sea'] })).toBe(link === null ? null : `${OURS}${link}`)
    })
  }

  test('of the front matter may have names', () => {
    const link = dialectOf(config('')).linkOf({
      path: POST,
      data: { permalink: '/:categories/:year/x/', categories: 'sea' },
      title: 'Tides',
      date: { kind: 'day', year: 2021, month: 3, day: 5 },
      categories: [],
    })
    expect(link).toEqual({ url: `${OURS}sea/2021/x/`, from: 'permalink of the front matter', isWritten: true })
  })

  test('is shown in the zone of the site', () => {
    const jekyll = dialectOf(config('timezone: Asia/Shanghai\npermalink: /:year/:month/:day/'))
    expect(jekyll.zone).toBe('Asia/Shanghai')
    // Jekyll takes a time without a zone for UTC, and shows it in its own.
    expect(linkIn(jekyll, POST, { date: '2021-03-05 20:00:00' })).toBe(`${OURS}2021/03/06/`)
    expect(linkIn(jekyll, POST, { date: '2021-03-05 20:00' })).toBe(`${OURS}2021/03/05/`)
    expect(linkIn(jekyll, POST, { date: '2021-03-05 20:00:00 +0800' })).toBe(`${OURS}2021/03/05/`)
  })
})

test('the permalink of an Octopress shows the day that is written', () => {
  const octopress = dialectOf(config('code_dir: downloads/code\npermalink: /blog/:year/:month/:day/:title/'))
  for (const date of ['2021-03-05 01:00:00 +0800', '2021-03-05 23:00:00', '2021-03-05 23:00']) {
    expect(linkIn(octopress, POST, { date })).toBe(`${OURS}blog/2021/03/05/Low-tide/`)
  }
})

test.each([
  ['https://sea.example.net', '/', 'https://sea.example.net/'],
  ['https://sea.example.net', '/notes', 'https://sea.example.net/notes/'],
  ['https://sea.example.net/notes/', '/notes', 'https://sea.example.net/notes/'],
])('the Octopress of %s with the root %s stands at %s', (url, root, base) => {
  const octopress = dialectOf(config(`code_dir: code\nurl: ${url}\nroot: ${root}\npermalink: /:title/`))
  expect(linkIn(octopress, POST, {})).toBe(`${base}Low-tide/`)
})

describe('categories', () => {
  const jekyll = dialectOf(
    config(`permalink: /:categories/:title/
defaults:
  - { scope: { path: "" }, values: { categories: "sea notes" } }
`),
  )

  test.each([
    ['_posts/2021-03-05-a.md', ['sea', 'notes'], 'sea/notes/moon/a/'],
    ['news/sea/_posts/2021-03-05-a.md', ['news', 'sea', 'notes'], 'news/sea/notes/moon/a/'],
    ['_docs/a.md', [], null],
  ])('of the place of %s come before those it writes', (path, categories, link) => {
    expect(jekyll.categoriesOf?.(path)).toEqual(categories)
    expect(linkIn(jekyll, path, { categories: ['moon'] })).toBe(link === null ? null : `${OURS}${link}`)
  })
})

test('a cover image lies below the site, a mere name beside the page', () => {
  const jekyll = dialectOf(config('url: https://sea.example.net\nbaseurl: /blog'))
  expect(jekyll.imageBase?.(POST, 'img/sea.png')).toBe('https://sea.example.net/blog/')
  expect(jekyll.imageBase?.(POST, 'sea.png')).toBeNull()
  expect(jekyll.imageBase?.(POST, './img/sea.png')).toBeNull()
})

describe('a file', () => {
  const jekyll = dialectOf({ ...config('exclude: [vendor, "old/**"]'), [POST]: '' })

  for (const [path, reason] of [
    [POST, null],
    ['news/_posts/2021-03-05-a.md', null],
    ['_posts/2021/2021-03-05-a.md', null],
    ['_drafts/a.md', null],
    ['_posts/a.md', "the name of one of Jekyll's posts begins with its date, such as 2026-01-11-"],
    ['about.md', "Jekyll's posts are the files in _posts"],
    ['_docs/a.md', "Jekyll's posts are the files in _posts"],
    ['_site/_posts/2021-03-05-a.md', 'Jekyll passes over folders and files that begin with "_", "." or "#"'],
    ['vendor/gem/_posts/2021-03-05-a.md', 'exclude names it'],
    ['old/_posts/2021-03-05-a.md', 'exclude names it'],
  ] as const) {
    test(`${path} is ${reason ?? 'an article'}`, () => expect(jekyll.passesOver(path)).toBe(reason))
  }

  for (const [path, slug, day] of [
    [POST, 'Low-tide', 5],
    ['_posts/21-3-5-a.md', 'a', 5],
    ['_posts/2021-02-30-a.md', 'a', null],
    ['_drafts/a.md', 'a', null],
  ] as const) {
    test(`${path} has slug and day in its name`, () => {
      const { date, slug: found } = jekyll.ofPath(path)
      expect([found, date?.kind === 'day' ? date.day : null]).toEqual([slug, day])
    })
  }

  test('of _drafts is a draft', () => expect(jekyll.ofPath('_drafts/a.md').isDraft).toBe(true))
})

describe('defaults', () => {
  const jekyll = dialectOf(
    config(`defaults:
  - { scope: { path: "" }, values: { author: Ada, layout: page } }
  - { scope: { path: "", type: posts }, values: { layout: post, permalink: "/posts/:title/" } }
  - { scope: { path: "news/_posts", type: post }, values: { author: Grace } }
  - { scope: { path: "_drafts" }, values: { author: Emmy } }
  - { scope: { path: "*/_posts/2020*" }, values: { author: Mary } }
  - nothing
`),
  )

  for (const [path, defaults] of [
    ['_posts/2021-03-05-a.md', { author: 'Ada', layout: 'post', permalink: '/posts/:title/' }],
    ['news/_posts/2021-03-05-a.md', { author: 'Grace', layout: 'post', permalink: '/posts/:title/' }],
    ['news/_posts/2020-03-05-a.md', { author: 'Mary', layout: 'post', permalink: '/posts/:title/' }],
    ['_drafts/a.md', { author: 'Emmy', layout: 'page' }],
  ] as const) {
    test(`of ${path}`, () => expect(jekyll.defaultsOf(path)).toEqual(defaults))
  }

  test("may hold a permalink, which is the configuration's word", () => {
    const path = '_posts/2021-03-05-a.md'
    const about = { path, title: 'A', date: null, categories: [] }
    expect(jekyll.linkOf({ ...about, data: jekyll.defaultsOf(path) })).toMatchObject({
      url: `${OURS}posts/a/`,
      from: 'permalink of _config.yml',
    })
  })
})

describe('the source may be', () => {
  const collections = 'collections: { docs: { output: true, permalink: "/d/:path/" }, talks: { output: true } }'
  for (const [says, dir, more, path, link] of [
    ['_posts', '_posts', 'permalink: /:title/', '2021-03-05-a.md', 'a/'],
    ['a folder of posts', 'news', 'permalink: /:categories/:title/', '_posts/2021-03-05-a.md', 'news/a/'],
    ['a collection', '_docs', collections, 'sea/tides.md', 'd/sea/tides/'],
    ['a collection without a permalink', '_talks', collections, 'tides.md', 'talks/tides.html'],
    ['a folder of pages', 'notes', '', 'sea/tides.md', 'notes/sea/tides.html'],
    ['a folder of pretty pages', 'notes', 'permalink: pretty', 'sea/tides.md', 'notes/sea/tides/'],
    ['a folder of pages with an index', 'notes', 'permalink: pretty', 'sea/index.md', 'notes/sea/'],
    ['in another source', 'src', 'source: src\npermalink: /:title/', '_posts/2021-03-05-a.md', 'a/'],
    [
      'above a folder where collections are',
      'c',
      'collections_dir: c\npermalink: /:categories/:title/',
      'news/_posts/2021-03-05-a.md',
      'news/a/',
    ],
    [
      'where collections are',
      'c',
      'collections_dir: c\npermalink: /:categories/:title/',
      '_posts/2021-03-05-a.md',
      'a/',
    ],
  ] as const) {
    test(says, () => {
      const jekyll = dialectOf({ ...config(more), [`${dir}/${path}`]: '' }, dir)
      expect(jekyll.name).toBe('jekyll')
      expect(jekyll.passesOver(path)).toBeNull()
      expect(linkIn(jekyll, path, {})).toBe(`${OURS}${link}`)
    })
  }
})

describe('a site without _posts', () => {
  const more = 'collections: { blog: { output: true, permalink: "/b/:title/" }, data: { output: false }, team: {} }'
  const files = { '_blog/a.md': '', '_data/b.md': '', '_team/c.md': '', 'about.md': '', 'docs/d.md': '' }

  test('has its articles in the collections that are shown', () => {
    const jekyll = dialectOf({ ...config(more), ...files })
    const passed = Object.keys(files).map((path) => jekyll.passesOver(path) !== null)
    expect(passed).toEqual([false, true, true, true, false])
    expect(linkIn(jekyll, '_blog/a.md', {})).toBe(`${OURS}b/a/`)
  })

  test('has its pages for articles where no collection is shown', () => {
    const jekyll = dialectOf({ ...config('collections: { team: {} }'), ...files })
    expect(['_team/c.md', 'about.md'].map((path) => jekyll.passesOver(path) !== null)).toEqual([true, false])
  })

  test('has no other articles where there is one', () => {
    const jekyll = dialectOf({ ...config(more), ...files, '_posts/2021-03-05-a.md': '' })
    expect(jekyll.passesOver('_blog/a.md')).not.toBeNull()
  })
})

test.each([
  ['excerpt_separator: "<!--more-->"', '<!--more-->'],
  ['excerpt_separator: "\\n\\n\\n"', '\n\n\n'],
  ['excerpt_separator: "\\n\\n"', null],
  ['', null],
])('excerptSeparator of %j is %j', (more, separator) => {
  expect(dialectOf(config(more)).excerptSeparator).toBe(separator)
})

test('an exclude of nothing excludes nothing', () => {
  expect(dialectOf(config('exclude: ["/", ""]')).passesOver(POST)).toBeNull()
})

test('Liquid and kramdown are understood', () => {
  expect(dialectOf(config('')).syntaxOf(POST)).toMatchObject({ liquid: true, kramdown: true })
})
