import { describe, expect, test } from 'vitest'
import { isCollectionTag } from '../../../src/gather/dialects/eleventy.ts'
import { OURS, dialectOf, linkIn } from '../../support/dialect-site.ts'

const site = dialectOf({
  'eleventy.config.js': `
    export default function (eleventyConfig) {
      eleventyConfig.addPassthroughCopy('img')
      return { dir: { input: 'content', includes: '../_includes', data: '_data' }, pathPrefix: '/sea/' }
    }`,
  'content/_data/metadata.js': `export default { title: 'Sea', url: 'https://sea.example.net/' }`,
  'content/blog/blog.11tydata.js': `module.exports = { tags: ['posts', 'sea'], layout: 'layouts/post.njk' }`,
  'content/blog/old/old.json': '{ "permalink": "/archive/{{ page.fileSlug }}/", "tags": "old", "Author": "Ada" }',
  'content/blog/old/kept.md': 'x',
  'content/blog/old/kept.11tydata.json': '{ "permalink": "/kept.html" }',
  'content/code/code.11tydata.js': 'module.exports = { permalink: (data) => `/${data.page.fileSlug.toUpperCase()}/` }',
  'content/made/made.11tydata.js': 'export default { permalink: (data) => `/made/${data.page.fileSlug}/` }',
  'content/kept/kept.11tydata.js':
    'module.exports = { eleventyComputed: { permalink({ title }) { return `/kept/${this.slugify(title)}/`; } } }',
  'content/calc/calc.11tydata.js': 'module.exports = { eleventyComputed: { permalink: (data) => data.x } }',
})

test('Eleventy is found by its configuration', () => {
  expect([site.name, site.config]).toEqual(['eleventy', 'eleventy.config.js'])
})

test('or by package.json alone', () => {
  expect(dialectOf({ 'package.json': '{ "devDependencies": { "@11ty/eleventy": "3" } }' }).name).toBe('eleventy')
})

describe('a link has', () => {
  const DATE = { date: '2021-03-05' }
  for (const [says, path, data, link] of [
    ['the path', 'blog/tides.md', {}, 'blog/tides/'],
    ['the folder of an index', 'blog/tides/index.md', {}, 'blog/tides/'],
    ['the folder of a file with its name', 'blog/tides/tides.md', {}, 'blog/tides/'],
    ['the date of a name', 'blog/2021-03-05-tides.md', {}, 'blog/2021-03-05-tides/'],
    ['a permalink', 'blog/a.md', { permalink: '/tides/' }, 'tides/'],
    ['a permalink with an ending', 'blog/a.md', { permalink: 'tides.html' }, 'tides.html'],
    ['no index.html', 'blog/a.md', { permalink: '/tides/index.html' }, 'tides/'],
    ['the slug of the file', 'blog/2021-03-05-tides.md', { permalink: '/p/{{ page.fileSlug }}/' }, 'p/tides/'],
    ['the slug of an index', 'blog/2021-03-05-a/index.md', { permalink: '/{{page.fileSlug}}/' }, 'a/'],
    ['the stem', 'blog/2021-03-05-a.md', { permalink: '{{ page.filePathStem }}.html' }, 'blog/a.html'],
    [
      'the slug of the title',
      'a.md',
      { permalink: '/{{ title | slugify }}/', title: "Ada's Café & sea" },
      'adas-cafe-and-sea/',
    ],
    ['the date in Liquid', 'a.md', { ...DATE, permalink: "/{{ page.date | date: '%Y/%m/%d' }}/" }, '2021/03/05/'],
    ['the date in Nunjucks', 'a.md', { ...DATE, permalink: '/{{ date | readableDate("yyyy/LL") }}/a/' }, '2021/03/a/'],
    ['a field', 'a.md', { permalink: '/{{ lang | default: "en" }}/a/', lang: 'fr' }, 'fr/a/'],
    ['a field that is missing', 'a.md', { permalink: '/{{ lang | default: "en" }}/a/' }, 'en/a/'],
    ['a permalink that is to be built', 'a.md', { permalink: { build: '/a/b/' } }, 'a/b/'],
    ['a computed permalink', 'a.md', { eleventycomputed: { permalink: '/c/{{ page.fileSlug }}/' } }, 'c/a/'],
    ['a permalink as it stands', 'a.md', { dynamicpermalink: 'false', permalink: '/{{x}}/' }, '%7B%7Bx%7D%7D/'],
    ["the permalink of a folder's data", 'blog/old/2021-03-05-a.md', {}, 'archive/a/'],
    ["the permalink of an article's data", 'blog/old/kept.md', {}, 'kept.html'],
    ['what a simple function makes', 'made/a.md', {}, 'made/a/'],
    ['what a simple method makes', 'kept/a.md', { title: 'Spring tides' }, 'kept/spring-tides/'],
    ['its own before that of data', 'code/a.md', { permalink: '/own/' }, 'own/'],
  ] as const) {
    test(says, () => expect(linkIn(site, `content/${path}`, data)).toBe(`https://sea.example.net/sea/${link}`))
  }
})

test.each([
  ['siteconfig.js', 'module.exports = { url: "https://sea.example.net" }'],
  ['siteMeta.json', '{ "siteURL": "https://sea.example.net" }'],
  ['global.cjs', 'module.exports = { baseURL: "https://sea.example.net" }'],
])("the site's address may stand in %s", (name, text) => {
  const files = { '.eleventy.js': 'module.exports = () => ({})', [`_data/${name}`]: text }
  expect(linkIn(dialectOf(files), 'a.md', {})).toBe('https://sea.example.net/a/')
})

test("the address of another data file is not the site's", () => {
  const files = { '.eleventy.js': 'module.exports = () => ({})', '_data/talks.json': '{ "url": "https://a.example" }' }
  expect(linkIn(dialectOf(files), 'a.md', {})).toBe(`${OURS}a/`)
})

describe('no link is made of', () => {
  for (const [says, path, data] of [
    ['a permalink of code', 'code/a.md', {}],
    ['a computed permalink of code', 'calc/a.md', {}],
    ['a filter of the owner', 'a.md', { permalink: '/{{ title | shout }}/' }],
    ['a filter with the name of a method', 'a.md', { permalink: '/{{ title | constructor }}/' }],
    ['a tag', 'a.md', { permalink: '/{% if a %}b{% endif %}/' }],
    ['a field that is missing', 'a.md', { permalink: '/{{ lang }}/a/' }],
    ['a title that only tables could spell', 'a.md', { title: '潮汐', permalink: '/{{ title | slug }}/' }],
    ['a date in words of another calendar', 'a.md', { date: '2021-03-05', permalink: '/{{ date | d("ww") }}/' }],
  ] as const) {
    test(says, () => expect(linkIn(site, `content/${path}`, data)).toBeNull())
  }
})

test('data files are merged from the root down, names in lower case', () => {
  expect(site.defaultsOf('content/blog/old/a.md')).toEqual({
    layout: 'layouts/post.njk',
    permalink: '/archive/{{ page.fileSlug }}/',
    tags: ['posts', 'sea', 'old'],
    author: 'Ada',
  })
  expect(site.defaultsOf('content/a.md')).toEqual({})
})

test('another data file is another identity', () => {
  const files = { '.eleventy.js': '', 'posts/posts.json': '{}', 'posts/a.md': 'x' }
  const changed = { ...files, 'posts/posts.json': '{ "draft": true }' }
  const more = { ...files, 'posts/a.11tydata.json': '{}' }
  expect(new Set([files, changed, more].map((one) => dialectOf(one).identity)).size).toBe(3)
})

test('the address of the site stands where the global data is', () => {
  const beside = dialectOf({
    'eleventy.config.js': "export const config = { dir: { input: 'content', data: '../_data' } }",
    '_data/metadata.js': "export default { url: 'https://sea.example.net/' }",
  })
  expect(linkIn(beside, 'content/blog/a.md', {})).toBe('https://sea.example.net/blog/a/')
})

describe('passesOver()', () => {
  const usual = dialectOf({ '.eleventy.js': 'module.exports = {}' })
  for (const path of ['_includes/a.md', '_data/a.md', '_site/a.md', 'node_modules/a/README.md', 'LICENSE.md']) {
    test(`passes over ${path}`, () => expect(usual.passesOver(path)).not.toBeNull())
  }
  test('reads what stands anywhere else', () => expect(usual.passesOver('notes/_x/a.md')).toBeNull())
  test('passes over the page for what is not found', () => expect(site.passesOver('content/404.md')).not.toBeNull())
  test('passes over what is not in the input', () => expect(site.passesOver('README.md')).not.toBeNull())
})

describe('isNoEntry() of', () => {
  for (const [says, path, data, isNone] of [
    ['an article', 'content/blog/a.md', { eleventynavigation: { key: 'A' } }, false],
    ['what has no page', 'content/blog/a.md', { permalink: 'false' }, true],
    ['what is not built', 'content/blog/a.md', { permalink: { build: 'false' } }, true],
    ['what is in no collection', 'content/blog/a.md', { eleventyexcludefromcollections: 'true' }, true],
    ['a list', 'content/blog/a.md', { pagination: { data: 'collections.posts' } }, true],
    ['the home page', 'content/index.md', {}, true],
    ['a page of the menu', 'content/about.md', { eleventynavigation: { key: 'About' } }, true],
    ['a page at the root', 'content/about.md', { layout: 'layouts/page.njk' }, true],
    ['a page in a folder at the root', 'content/about/index.md', { layout: 'base' }, true],
    ['an article at the root', 'content/tides.md', { layout: 'layouts/post.njk' }, false],
    ['an article at the root without a layout', 'content/tides.md', {}, false],
    ['a tagged article at the root', 'content/tides.md', { layout: 'base', tags: ['sea'] }, false],
    ['a dated article at the root', 'content/2021-03-05-tides/index.md', { layout: 'base' }, false],
    ['an article with any layout', 'content/blog/tides.md', { layout: 'base' }, false],
    ['a dated page of the menu', 'content/a.md', { eleventynavigation: { key: 'A' }, date: '2021-03-05' }, false],
  ] as const) {
    test(says, () => expect(site.isNoEntry(path, data) !== null).toBe(isNone))
  }
})

test.each([
  ["{ excerpt: true, excerpt_separator: '^^^' }", '^^^'],
  ['{ excerpt: true }', null],
])('of front matter read by %s the separator is %j', (options, separator) => {
  const own = dialectOf({
    '.eleventy.js': `module.exports = (config) => { config.setFrontMatterParsingOptions(${options}) }`,
  })
  expect(own.excerptSeparator).toBe(separator)
})

test('isCollectionTag() knows the tags that only make a list', () => {
  expect(['posts', 'post', 'all', 'nav', 'postscript', 'sea'].map(isCollectionTag)).toEqual([
    true,
    true,
    true,
    true,
    false,
    false,
  ])
})

test('broken data files are a warning, not the end', () => {
  const broken = dialectOf({ '.eleventy.js': 'module.exports = {', 'posts/posts.json': '{ "layout": ' })
  expect(linkIn(broken, 'posts/a.md', {})).toBe(`${OURS}posts/a/`)
  expect(broken.problems.map(({ code, where }) => [code, where])).toEqual([['site-config-invalid', 'posts/posts.json']])
})

test('a configuration of wrong types has the defaults', () => {
  const odd = dialectOf({
    '.eleventy.js': `module.exports = { dir: [], pathPrefix: { a: 1 } }`,
    '_data/site.json': '[1]',
  })
  expect(linkIn(odd, 'a.md', { permalink: ['x'], title: null })).toBe(`${OURS}a/`)
})
