import { describe, expect, test } from 'vitest'
import { OURS, dialectOf, linkIn } from '../../support/dialect-site.ts'

const site = dialectOf({
  'package.json': '{ "scripts": { "build": "vitepress build docs" } }',
  'docs/.vitepress/config.mts': `
    import { defineConfig } from 'vitepress'
    const base = '/sea/'
    export default defineConfig({
      base,
      srcDir: './src',
      srcExclude: ['**/todo/*.md', 'secret.md'],
      rewrites: {
        'packages/:name/docs/(.*)': ':name/:0',
        'zh/:path*': ':path*',
        'old/:page.md': 'new/:page.md',
      },
      sitemap: { hostname: 'https://sea.example.net' },
    })`,
})

test('VitePress is found in the folder that package.json builds', () => {
  expect([site.name, site.config]).toEqual(['vitepress', 'docs/.vitepress/config.mts'])
})

describe('a link of VitePress has', () => {
  for (const [says, path, link] of [
    ['the ending .html', 'posts/tides.md', 'posts/tides.html'],
    ['the folder of an index', 'posts/index.md', 'posts/'],
    ['Chinese names', '潮汐/表 1.md', '%E6%BD%AE%E6%B1%90/%E8%A1%A8%201.html'],
    ['letters as they are', 'Posts/Tides_And.Winds.md', 'Posts/Tides_And.Winds.html'],
    ['README as a name', 'posts/README.md', 'posts/README.html'],
    ['a path that is rewritten', 'old/a.md', 'new/a.html'],
    ['a path that a pattern takes apart', 'packages/a/docs/b/c.md', 'a/b/c.html'],
    ['a path without its language', 'zh/posts/a.md', 'posts/a.html'],
  ] as const) {
    test(says, () => expect(linkIn(site, `docs/src/${path}`, {})).toBe(`https://sea.example.net/sea/${link}`))
  }
})

test('the permalink of a page counts in VitePress where something reads it', () => {
  const permalink = { permalink: '/pages/8f3a1c' }
  const teek = dialectOf({ '.vitepress/config.ts': "import { defineTeekConfig } from 'vitepress-theme-teek/config'" })
  expect(linkIn(teek, 'a.md', permalink)).toBe(`${OURS}pages/8f3a1c`)
  expect(linkIn(dialectOf({ '.vitepress/config.ts': 'export default {}' }), 'a.md', permalink)).toBe(`${OURS}a.html`)
})

describe('passesOver()', () => {
  for (const path of ['README.md', 'docs/a.md', 'docs/src/index.md', 'docs/src/secret.md', 'docs/src/x/todo/a.md']) {
    test(`passes over ${path}`, () => expect(site.passesOver(path)).not.toBeNull())
  }
  for (const path of ['docs/src/a.md', 'docs/src/x/secret.md', 'docs/src/x/index.md', 'docs/src/todo.md']) {
    test(`reads ${path}`, () => expect(site.passesOver(path)).toBeNull())
  }
})

describe('isNoEntry() of', () => {
  for (const [says, data, isNone] of [
    ['an article', { title: 'A', layout: 'doc', article: 'true', blog: 'true' }, false],
    ['a home page', { layout: 'home' }, true],
    ['a page of the owner', { layout: 'page' }, true],
    ['a page of Teek', { layout: 'TkLoginPage' }, true],
    ['a home page of VuePress', { home: 'true' }, true],
    ['what is not published', { publish: 'false' }, true],
    ['a list of vdoing', { archivesPage: 'true' }, true],
    ['a table of contents of vdoing', { pageComponent: { name: 'Catalogue' } }, true],
    ['what is no article', { article: 'false' }, true],
    ['a list of hope', { blog: { type: 'star' } }, true],
  ] as const) {
    const lower = Object.fromEntries(Object.entries(data).map(([key, value]) => [key.toLowerCase(), value]))
    test(says, () => expect(site.isNoEntry('docs/src/a.md', lower) !== null).toBe(isNone))
  }
})

test('cleanUrls leaves the ending out; without an address the site is ours', () => {
  const clean = dialectOf({ '.vitepress/config.js': 'export default { cleanUrls: true }' })
  expect(linkIn(clean, 'posts/tides.md', {})).toBe(`${OURS}posts/tides`)
  expect(linkIn(clean, 'posts/index.md', {})).toBe(`${OURS}posts/`)
})

test('a base in the address of the sitemap is not doubled', () => {
  const config = `export default { base: '/sea/', sitemap: { hostname: 'https://sea.example.net/sea/' } }`
  const same = dialectOf({ '.vitepress/config/index.ts': config })
  expect(linkIn(same, 'a.md', {})).toBe('https://sea.example.net/sea/a.html')
})

test('a source inside the site has links of the whole', () => {
  const inside = dialectOf({ 'docs/.vitepress/config.ts': 'export default {}' }, 'docs/posts')
  expect(linkIn(inside, 'a.md', {})).toBe(`${OURS}posts/a.html`)
})

test('rewrites that would take long, or leave the site, are none', () => {
  const rewrites = `{ ':a:b:c:d:e:f': 'x', '(.*)(.*)(.*)(.*)z': 'y', 'up/:page': '../../:page' }`
  const hostile = dialectOf({ '.vitepress/config.js': `export default { rewrites: ${rewrites} }` })
  expect(linkIn(hostile, `${'a'.repeat(900)}.md`, {})).toBe(`${OURS}${'a'.repeat(900)}.html`)
  expect(linkIn(hostile, 'up/a.md', {})).toBe(`${OURS}a.html`)
})

test('a template of many pages is passed over, a name in brackets is not', () => {
  const files = { '.vitepress/config.js': '', 'p/[id].md': 'x', 'p/[id].paths.js': 'x' }
  expect(dialectOf(files).passesOver('p/[id].md')).not.toBeNull()
  expect(dialectOf(files).passesOver('p/[note].md')).toBeNull()
})

test('Vue is text of neither', () => {
  expect(site.syntaxOf('a.md')).toMatchObject({ vue: true, liquid: false, mdx: false })
})

describe('a site in a folder of the repository', () => {
  const files = {
    'docs/.vitepress/config.ts': `export default { sitemap: { hostname: 'https://sea.example.net' } }`,
  }
  test('is found from the root', () => {
    const dialect = dialectOf(files)
    expect(linkIn(dialect, 'docs/a.md', {})).toBe('https://sea.example.net/a.html')
    expect(dialect.passesOver('README.md')).toBe('the pages stand in docs')
  })
  test('is none of notes beside it', () => expect(dialectOf(files, 'notes').name).toBe('plain'))
  test('is none of notes beside what a script builds', () => {
    const built = { ...files, 'package.json': '{"scripts": {"build": "vitepress build docs"}}' }
    expect(dialectOf(built, 'notes').name).toBe('plain')
  })
})

describe('of VuePress', () => {
  const press = dialectOf(
    {
      'docs/.vuepress/config.js': `module.exports = {
      base: '/sea/',
      plugins: [['sitemap', { hostname: 'https://sea.example.net' }]],
    }`,
    },
    'docs',
  )
  const first = dialectOf({ '.vuepress/config.js': `module.exports = { permalink: '/:year/:i_month/:slug' }` })
  const blog = dialectOf({
    '.vuepress/config.js': `module.exports = { plugins: [['@vuepress/blog', { directories: [{ dirname: 'logs' }] }]] }`,
  })
  const themed = dialectOf({
    '.vuepress/config.js': `module.exports = {
      theme: '@vuepress/theme-blog',
      themeConfig: { directories: [{ id: 'sea', itemPermalink: '/sea/:year/:slug' }] },
    }`,
  })
  const hope = dialectOf({
    '.vuepress/config.ts': `import theme from './theme.js'\nexport default defineUserConfig({ base: '/sea/', theme })`,
    '.vuepress/theme.ts': `export default hopeTheme({ hostname: 'https://sea.example.net', author: { name: 'Ada' } })`,
  })
  const second = dialectOf({ '.vuepress/config.ts': `export default defineUserConfig({ permalinkPattern: ':raw/' })` })
  const SEA = 'https://sea.example.net/sea/'
  const DATE = { date: '2021-03-05' }

  for (const [says, dialect, path, data, link] of [
    ['the ending .html', press, 'a/b.md', {}, `${SEA}a/b.html`],
    ['the folder of a README', press, 'a/README.md', {}, `${SEA}a/`],
    ['a name with a figure', press, '01.前端/10.a.md', {}, `${SEA}01.%E5%89%8D%E7%AB%AF/10.a.html`],
    ['a permalink', press, 'a.md', { permalink: '/pages/8f3a1c/' }, `${SEA}pages/8f3a1c/`],
    ['a slash behind it in version 1', press, 'a.md', { permalink: '/pages/8f3a1c' }, `${SEA}pages/8f3a1c/`],
    ['none behind .html', press, 'a.md', { permalink: '/pages/a.html' }, `${SEA}pages/a.html`],
    ['it as it is in version 2', second, 'a.md', { permalink: '/pages/8f3a1c' }, `${OURS}pages/8f3a1c`],
    ['the name as version 1 spells it', first, 'x/1. Été & Meer.md', DATE, `${OURS}2021/3/_1-ete-meer/`],
    ['the place of the blog plugin', blog, 'logs/2021-3-5-tides.md', {}, `${OURS}2021/03/05/tides/`],
    ['its own pattern of it', themed, '_posts/tides.md', DATE, `${OURS}sea/2021/tides/`],
    ['the path beside its folder', blog, 'a/tides.md', DATE, `${OURS}a/tides.html`],
    ['the pattern of version 1', first, 'x/tides.md', DATE, `${OURS}2021/3/tides/`],
    ['a date of the name', first, 'x/2021-11-05-tides.md', {}, `${OURS}2021/11/tides/`],
    ['nothing without a date', first, 'x/tides.md', {}, null],
    ['the address in the options of the theme', hope, 'a.md', {}, `${SEA}a.html`],
    ['the pattern of version 2', second, 'x/tides.md', {}, `${OURS}x/tides/`],
    ['the path when there is to be no pattern', second, 'x/a.md', { permalinkpattern: null }, `${OURS}x/a.html`],
  ] as const) {
    test(`a link has ${says}`, () => expect(linkIn(dialect, path, data)).toBe(link))
  }

  test('a name of every object is no part of a pattern', () => {
    const odd = dialectOf({ '.vuepress/config.js': `module.exports = { permalink: '/:constructor/:slug' }` })
    expect(linkIn(odd, 'a.md', DATE)).toBeNull()
  })

  test('the layout Page is its usual one', () => {
    expect(press.isNoEntry('a.md', { layout: 'page' })).toBeNull()
    expect(press.isNoEntry('a.md', { layout: 'Blog' })).not.toBeNull()
  })

  test('pages of the theme are passed over', () => {
    expect(press.passesOver('@pages/archivesPage.md')).not.toBeNull()
    expect(press.passesOver('README.md')).not.toBeNull()
  })
})
