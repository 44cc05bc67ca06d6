import { describe, expect, test } from 'vitest'
import { OURS, dialectOf, linkIn } from '../../support/dialect-site.ts'

const BASE = 'baseURL = "https://sea.example.net/blog/"\n'

// The links of this and the next table are those of Hugo 0.111.3.
describe('of a site without permalinks', () => {
  const hugo = dialectOf({ 'hugo.toml': BASE, 'content/posts/Bundle One/index.md': '', 'content/posts/part.md': '' })

  for (const [path, data, link] of [
    ['about.md', {}, 'about/'],
    ['posts/C++ Intro (part 1).md', {}, 'posts/c++-intro-part-1/'],
    ['posts/潮汐 表，一.md', {}, 'posts/%E6%BD%AE%E6%B1%90-%E8%A1%A8%E4%B8%80/'],
    ['posts/a@b & c!d.md', {}, 'posts/a@b-cd/'],
    ['posts/Été.md', {}, 'posts/%C3%A9t%C3%A9/'],
    ['posts/foo.bar.md', {}, 'posts/foo.bar/'],
    ['posts/foo.en.md', {}, 'posts/foo/'],
    ['posts/50% off.md', {}, 'posts/50-off/'],
    ['posts/a%20b.md', {}, 'posts/a%20b/'],
    ['posts/2020/Sub Dir.md', {}, 'posts/2020/sub-dir/'],
    ['posts/Bundle One/index.md', {}, 'posts/bundle-one/'],
    ['posts/Bundle One/index.md', { slug: 'Two' }, 'posts/two/'],
    ['posts/2020-01-02-a.md', {}, 'posts/2020-01-02-a/'],
    ['notes/n.md', { url: 'Some/Path X' }, 'Some/Path%20X/'],
    ['notes/n.md', { url: '/Some/Page.html' }, 'Some/Page.html'],
    ['notes/n.md', { url: '../../x/' }, 'x/'],
  ] as const) {
    test(`${path} with ${JSON.stringify(data)} stands at ${link}`, () => {
      expect(linkIn(hugo, `content/${path}`, data)).toBe(`https://sea.example.net/blog/${link}`)
    })
  }

  for (const [path, reason] of [
    ['content/posts/a.md', null],
    ['content/posts/Bundle One/index.md', null],
    ['content/posts/Bundle One/other.md', 'a part of the page bundle posts/Bundle One'],
    ['content/posts/Bundle One/deep/index.md', 'a part of the page bundle posts/Bundle One'],
    ['content/posts/_index.md', 'a page of a section'],
    ['content/posts/_index.en.md', 'a page of a section'],
    ['content/index.md', 'the home page'],
    ['archetypes/default.md', "Hugo's content is in content"],
    ['README.md', "Hugo's content is in content"],
  ] as const) {
    test(`${path} is ${reason ?? 'an article'}`, () => expect(hugo.passesOver(path)).toBe(reason))
  }

  test('the name of a page is told by its path', () => {
    const path = 'content/posts/2020-01-02-a/index.en.md'
    expect(hugo.ofPath(path)).toEqual({
      date: { kind: 'day', year: 2020, month: 1, day: 2 },
      slug: '2020-01-02-a',
      isDraft: false,
    })
  })
})

describe('the permalink', () => {
  const data = { title: 'C++ & Rust: 潮汐 — notes, (1)', date: '2020-01-02T00:30:00+08:00' }
  for (const [permalink, path, more, link] of [
    ['/:year/:month/:day/:slug/', 'p/n.md', {}, '2020/01/02/c-rust-%E6%BD%AE%E6%B1%90-notes-1/'],
    ['/:year/:month/:day/:slug/', 'p/n.md', { slug: 'My Slug+1' }, '2020/01/02/my-slug-1/'],
    ['/:year/:month/:day/:slug/', 'p/n.md', { title: 'a -  b -- c' }, '2020/01/02/a-b--c/'],
    ['/:year/:month/:day/:slug/', 'p/n.md', { title: "it's a #1 $5 'quote'" }, '2020/01/02/its-a-%231-5-quote/'],
    ['/:year/:slug/', 'p/n.md', { title: 'The <em>low</em> tide &amp; I' }, '2020/the-emlow/em-tide-amp-i/'],
    ['/:filename', 'p/Two Words.md', {}, 'two-words/'],
    ['/:slugorcontentbasename/', 'p/b/index.md', {}, 'b/'],
    ['/:section/:weekday-:weekdayname/:yearday/:monthname', 'p/n.md', {}, 'p/4-thursday/2/january/'],
    ['/:sections/:filename/', 'p/a/n.md', {}, 'p/n/'],
    ['/:sections/:filename/', 'p/s/t/n.md', {}, 'p/s/n/'],
    ['/:sections[1:]/:filename/', 'p/s/n.md', {}, 's/n/'],
    ['/:sections[last]/:filename/', 'p/s/n.md', {}, 's/n/'],
    ['/:sections[0]/:filename/', 'p/s/n.md', {}, 'p/n/'],
    ['/:sections[7:9]/:filename/', 'p/s/n.md', {}, 'n/'],
    ['/:2006/:01/:filename/', 'p/n.md', {}, '2020/01/n/'],
    ['/:year/:filename', 'p/n.md', { date: undefined, publishdate: '2019-05-06' }, null],
    ['/:year/:filename', 'p/n.md', { url: '/x/:filename/' }, 'x/n/'],
    ['/:unknown/', 'p/n.md', {}, null],
    ['/:constructor/', 'p/n.md', {}, null],
    [':::::', 'p/n.md', {}, '/'],
    ['../../../:filename', 'p/n.md', {}, 'n/'],
  ] as const) {
    test(`${permalink} of ${path} makes ${link}`, () => {
      const files = { 'hugo.toml': `${BASE}[permalinks]\np = '${permalink}'\n`, 'content/p/s/_index.md': '' }
      const url = linkIn(dialectOf(files), `content/${path}`, { ...data, ...more })
      expect(url).toBe(link === null ? null : new URL(link.replace(/^\/$/, ''), 'https://sea.example.net/blog/').href)
    })
  }

  for (const [says, written, path, link] of [
    ['of another section does not hold', 'permalinks: { posts: "/x/:filename/" }', 'notes/a', 'notes/a/'],
    ['may be one of pages', 'permalinks: { page: { posts: "/x/:filename/" } }', 'posts/a', 'x/a/'],
    [
      'of a deeper section wins',
      'permalinks: { posts: "/x/:filename/", posts/sea: "/s/:filename/" }',
      'posts/sea/a',
      's/a/',
    ],
    ['of the root is for its pages alone', 'permalinks: { "/": "/r/:filename/" }', 'a', 'r/a/'],
    ['may be a list', 'permalinks: [{ target: { path: "/posts/**" }, pattern: "/l/:filename/" }]', 'posts/a', 'l/a/'],
    ['may be ugly', 'uglyURLs: true', 'posts/A', 'posts/a.html'],
    ['may be ugly in one section', 'uglyURLs: { posts: true }', 'posts/a', 'posts/a.html'],
    ['may keep capitals', 'disablePathToLower: true', 'Posts/A b', 'Posts/A-b/'],
    ['may drop accents', 'removePathAccents: true', 'posts/Été', 'posts/ete/'],
    ['of a list of lists is none', 'permalinks: [[a], null, 7]', 'posts/a', 'posts/a/'],
  ] as const) {
    test(says, () => {
      expect(linkIn(dialectOf({ 'hugo.yaml': written }), `content/${path}.md`, {})).toBe(`${OURS}${link}`)
    })
  }
})

describe('languages', () => {
  const hugo = dialectOf({
    'config/_default/config.yaml': `baseURL: https://sea.example.net/
defaultContentLanguage: zh-cn
defaultContentLanguageInSubdir: true
disablePathToLower: true
frontmatter: { date: [":filename", ":default"] }`,
    'config/_default/languages.yaml': 'zh-CN: { contentDir: content/zh }\nen: { contentDir: content/en }',
    'config/_default/permalinks.yaml': 'posts: "/:sections[1:]/:filename/"',
    'content/zh/posts/sub/_index.md': '',
  })

  for (const [path, data, link] of [
    ['en/posts/x.zh-cn.md', {}, 'zh-cn/x/'],
    ['zh/top.md', {}, 'zh-cn/top/'],
    ['zh/posts/sub/One.md', { slug: 'two' }, 'zh-cn/sub/One/'],
    ['zh/notes/u.md', { url: '/zh-cn/foo/bar.html' }, 'zh-cn/foo/bar.html'],
    ['en/notes/u.md', { url: 'foo/bar' }, 'en/foo/bar/'],
    ['en/notes/2021-05-06-Slug-Me.md', {}, 'en/notes/Slug-Me/'],
    ['en/notes/2021-05-06-Bundle/index.md', {}, 'en/notes/Bundle/'],
    ['en/posts/2020-01-02-Hello.md', {}, 'en/2020-01-02-Hello/'],
  ] as const) {
    test(`${path} stands at ${link}`, () => {
      expect(linkIn(hugo, `content/${path}`, data)).toBe(`https://sea.example.net/${link}`)
    })
  }

  test('a folder that holds those of all languages is none of theirs', () => {
    expect(hugo.passesOver('content/README.md')).toBe("Hugo's content is in content/zh, content/en")
  })

  test('the name of a file may date its link before its front matter', () => {
    const written = `baseURL: https://sea.example.net/
permalinks: { p: "/:year/:filename/" }
frontmatter: { date: [":filename", ":default"] }`
    const dated = dialectOf({ 'hugo.yaml': written })
    const path = 'content/p/2021-05-06-a.md'
    const about = { path, title: 'A', date: dated.ofPath(path).date, categories: [] }
    const link = dated.linkOf({ ...about, data: { date: '2020-01-02' } })
    expect(link?.url).toBe('https://sea.example.net/2021/2021-05-06-a/')
    expect(linkIn(dated, 'content/p/b.md', { date: '2020-01-02' })).toBe('https://sea.example.net/2020/b/')
  })

  test('the name of a file may date it before its front matter', () => {
    expect(hugo.dateFields?.slice(0, 2)).toEqual([':path', 'date'])
  })

  test('a language may have a host of its own', () => {
    const hosts =
      'languages: { en: { baseURL: "https://en.example.net/" }, fr: { baseURL: "https://fr.example.net/" } }'
    const links = ['content/a.md', 'content/a.fr.md'].map((path) => linkIn(dialectOf({ 'hugo.yaml': hosts }), path, {}))
    expect(links).toEqual(['https://en.example.net/a/', 'https://fr.example.net/a/'])
  })
})

describe('an article is no entry', () => {
  const hugo = dialectOf({ 'hugo.toml': BASE })
  for (const [data, reason] of [
    [{}, null],
    [{ headless: 'true' }, 'headless: it has no page'],
    [{ build: { render: 'never' } }, 'Hugo renders no page for it'],
    [{ _build: { Render: 'false' } }, 'Hugo renders no page for it'],
    [{ build: { list: 'never' } }, 'Hugo lists it nowhere'],
    [{ build: { list: 'always', render: 'always' } }, null],
    [{ layout: 'search' }, 'a page of the layout search'],
    [{ layout: 'archives' }, 'a page of the layout archives'],
    [{ type: 'landing' }, 'a page of the layout landing'],
    [{ layout: 'post', type: 'post' }, null],
    [{ build: 'never' }, null],
  ] as const) {
    test(JSON.stringify(data), () => expect(hugo.isNoEntry('content/a.md', data)).toBe(reason))
  }
})

describe('cascade', () => {
  const hugo = dialectOf({
    'hugo.yaml':
      'cascade:\n  - { target: { path: "/notes/**" }, author: Ada }\n  - { target: { kind: section }, author: X }',
    'content/posts/_index.md': '---\ntitle: Posts\ncascade:\n  author: Grace\n  draft: true\n---\n',
    'content/posts/sea/_index.md': '---\ncascade:\n  - author: Emmy\n---\n',
    'content/broken/_index.md': '---\ncascade: [\n---\n',
  })
  for (const [path, defaults] of [
    ['content/notes/a.md', { author: 'Ada' }],
    ['content/posts/a.md', { author: 'Grace', draft: 'true' }],
    ['content/posts/sea/a.md', { author: 'Emmy', draft: 'true' }],
    ['content/other/a.md', {}],
  ] as const) {
    test(`of ${path}`, () => expect(hugo.defaultsOf(path)).toMatchObject(defaults))
  }
})

describe('a site leaves out', () => {
  const hugo = dialectOf({
    'hugo.yaml': `defaultContentLanguage: zh
disableLanguages: [en]
languages: { zh: {}, en: {}, fr: { disabled: true }, de: { contentDir: content/deutsch, disabled: true } }
ignoreFiles: ['/README\\.md$', '(?i)\\.TMP\\.md$', '_parts$', '(', 'content/posts/old/']`,
  })
  for (const [path, reason] of [
    ['posts/a.md', null],
    ['posts/a.zh.md', null],
    ['posts/a.en.md', 'the language en is disabled'],
    ['posts/a/index.fr.md', 'the language fr is disabled'],
    ['deutsch/a.md', 'the language de is disabled'],
    ['posts/README.md', 'ignoreFiles names it'],
    ['posts/a.tmp.md', 'ignoreFiles names it'],
    ['posts/old/a.md', 'ignoreFiles names it'],
    ['posts/a_parts/a.md', 'ignoreFiles names it'],
    ['posts/a_parts.md', null],
    ['posts/a.mdown', null],
    ['posts/a.mdx', 'Hugo takes its name for no Markdown'],
    ['posts/a.mkd', 'Hugo takes its name for no Markdown'],
  ] as const) {
    test(`${path}: ${reason ?? 'not so'}`, () => expect(hugo.passesOver(`content/${path}`)).toBe(reason))
  }
})

test('content may be mounted from elsewhere', () => {
  const mounts = 'module: { mounts: [{ source: notes, target: content }, { source: assets, target: assets }] }'
  const hugo = dialectOf({ 'hugo.yaml': mounts }, 'notes')
  expect(hugo.name).toBe('hugo')
  expect(linkIn(hugo, 'sea/a.md', {})).toBe(`${OURS}sea/a/`)
})

test('mounts of content stand for the usual folder, and may be a part of it', () => {
  const hugo = dialectOf({ 'hugo.yaml': 'module: { mounts: [{ source: notes, target: content/sea }] }' })
  expect(linkIn(hugo, 'notes/low/a.md', {})).toBe(`${OURS}sea/low/a/`)
  expect(hugo.passesOver('content/a.md')).toBe("Hugo's content is in notes")
})

describe('of a mount', () => {
  const LEFT = 'excludeFiles: ["templates/**", "posts/x*", /private, "**/secret.md"]'
  for (const [more, path, isTaken] of [
    [LEFT, 'a.md', true],
    [LEFT, 'Templates/a.md', false],
    [LEFT, 'posts/xa.md', false],
    [LEFT, 'posts/s/xa.md', true],
    [LEFT, 'private/s/a.md', false],
    [LEFT, 'posts/secret.md', false],
    ['excludeFiles: "drafts/*"', 'drafts/s/a.md', false],
    ['includeFiles: ["posts/**", "notes/*.md"], excludeFiles: "posts/x*"', 'posts/xa.md', true],
    ['includeFiles: ["posts/**", "notes/*.md"]', 'notes/a.md', true],
    ['includeFiles: ["posts/**", "notes/*.md"]', 'notes/s/a.md', false],
  ] as const) {
    test(`with ${more} ${path} is ${isTaken ? 'an article' : 'none'}`, () => {
      const hugo = dialectOf({ 'hugo.yaml': `module: { mounts: [{ source: content, target: content, ${more} }] }` })
      expect(hugo.passesOver(`content/${path}`)).toBe(isTaken ? null : 'a mount of the module leaves it out')
    })
  }
})

test('a source inside the content has the folders above it in its links', () => {
  expect(linkIn(dialectOf({ 'hugo.toml': BASE }, 'content/posts'), 'a.md', {})).toBe(
    'https://sea.example.net/blog/posts/a/',
  )
})

test('only a url of the article is written', () => {
  const hugo = dialectOf({ 'hugo.toml': BASE })
  const about = { path: 'content/a.md', title: 'A', date: null, categories: [] }
  expect(hugo.linkOf({ ...about, data: { url: '/x/' } })?.isWritten).toBe(true)
  expect(hugo.linkOf({ ...about, data: { slug: 'x' } })?.isWritten).toBe(false)
  expect(hugo.linkOf({ ...about, data: { url: 'https://other.example/x' } })?.url).toBe('https://other.example/x')
})

test('a cover image is looked for beside a bundle, else from the root on', () => {
  const hugo = dialectOf({
    'hugo.toml': 'baseURL = "https://sea.example.net/blog/"\n',
    'content/posts/b/index.md': '',
  })
  expect(hugo.imageBase?.('content/posts/a.md', 'img/a.png')).toBe('https://sea.example.net/blog/')
  expect(hugo.imageBase?.('content/posts/b/index.md', 'a.png')).toBeNull()
})
