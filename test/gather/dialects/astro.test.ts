import { describe, expect, test } from 'vitest'
import { githubSlug } from '../../../src/gather/dialects/astro-slug.ts'
import { OURS, dialectOf, linkIn } from '../../support/dialect-site.ts'

const SEA = 'https://sea.example.net/'
const ROUTE = "const posts = await getCollection('blog')\n<Content />"
const site = dialectOf({
  'astro.config.mjs': `import { defineConfig } from 'astro/config'\nexport default defineConfig({ site: '${SEA}' })`,
  'src/pages/blog/[...slug].astro': ROUTE,
  'src/pages/blog/[...page].astro': ROUTE,
  'src/pages/tags/[tag].astro': ROUTE,
  'src/pages/rss.xml.js': "getCollection('blog')",
  'src/pages/notes/[slug]/index.astro': `getCollection<"notes">("notes")`,
  'src/pages/[lang]/talks/[slug].astro': "getCollection('talks')",
  'src/content/blog/a.md': 'x',
})

test('Astro is found by its configuration', () => {
  expect([site.name, site.config]).toEqual(['astro', 'astro.config.mjs'])
})

describe('a link has', () => {
  for (const [says, path, data, link] of [
    ['the slug of the name', 'src/content/blog/Spring Tides.md', {}, 'blog/spring-tides/'],
    ['folders', 'src/content/blog/2021/Tides.mdx', {}, 'blog/2021/tides/'],
    ['the folder of an index', 'src/content/blog/Tides/index.md', {}, 'blog/tides/'],
    ['Chinese names', 'src/content/blog/潮汐.md', {}, 'blog/%E6%BD%AE%E6%B1%90/'],
    ['no punctuation', "src/content/blog/it's, 3.5!.md", {}, 'blog/its-35/'],
    ['the date of a name', 'src/content/blog/2021-03-05-a.md', {}, 'blog/2021-03-05-a/'],
    ['the slug of the front matter', 'src/content/blog/a.md', { slug: 'sea/Tides' }, 'blog/sea/Tides/'],
    ['a route that is an index', 'src/content/notes/a.md', {}, 'notes/a/'],
    ['the path of a page', 'src/pages/posts/Old_One.md', {}, 'posts/Old_One/'],
  ] as const) {
    test(says, () => expect(linkIn(site, path, data)).toBe(`${SEA}${link}`))
  }
  for (const [says, path] of [
    ['a collection without a route', 'src/content/authors/ada.md'],
    ['a route with a second parameter', 'src/content/talks/a.md'],
    ['a path of two steps for one parameter', 'src/content/notes/x/a.md'],
    ['a file in no collection', 'src/content/a.md'],
  ] as const) {
    test(`nothing for ${says}`, () => expect(linkIn(site, path, {})).toBeNull())
  }
})

test.each([
  ['src/content/blog/fr/Tides.md', 'fr/blog/tides/'],
  ['src/content/blog/Tides.md', null],
  ['src/content/notes/fr/a.md', null],
])('of %s below a folder of languages the link is %s', (path, link) => {
  const own = dialectOf({
    'astro.config.mjs': `export default defineConfig({ site: '${SEA}' })`,
    'src/pages/[lang]/blog/[...slug].astro': `${ROUTE} const [lang, ...slug] = post.id.split('/')`,
    'src/pages/[lang]/notes/[...slug].astro': "getCollection('notes')",
  })
  expect(linkIn(own, path, {})).toBe(link === null ? null : `${SEA}${link}`)
})

test.each([
  ["const [category, slug] = post.slug.split('/')", 'src/content/blog/Diary/First.md', 'diary/first/'],
  ["const [category, slug] = post.slug.split('/')", 'src/content/blog/first.md', null],
  ["const category = post.data.category; post.id.split('/')", 'src/content/blog/diary/first.md', null],
])('a route of [category]/[slug] with %s makes of %s %s', (code, path, link) => {
  const own = dialectOf({
    'astro.config.mjs': `export default defineConfig({ site: '${SEA}' })`,
    'src/pages/[category]/[slug].astro': `${ROUTE} ${code}`,
    'src/pages/[category]/[...page].astro': `${ROUTE} ${code}`,
  })
  expect(linkIn(own, path, {})).toBe(link === null ? null : `${SEA}${link}`)
})

test.each([
  ["({ entry }) => entry.replace(/\\.md$/, '')", 'blog/Spring%20Tides/'],
  ['({ entry }) => entry.split(".md")[0]', 'blog/Spring%20Tides/'],
  ['({ data }) => String(data.number)', null],
])('with ids that are made by %s the link is %s', (generateId, link) => {
  const own = dialectOf({
    'astro.config.mjs': `export default defineConfig({ site: '${SEA}' })`,
    'src/content.config.ts': `
      const blog = defineCollection({ loader: glob({ base: './src/blog', generateId: ${generateId}, pattern: '**/*' }) })
      export const collections = { blog }`,
    'src/pages/blog/[...id].astro': ROUTE,
    'src/blog/Spring Tides.md': 'x',
  })
  expect(linkIn(own, 'src/blog/Spring Tides.md', {})).toBe(link === null ? null : `${SEA}${link}`)
})

describe('where a route makes its slug of the data, a link has', () => {
  const old = dialectOf({
    'astro.config.mjs': `export default defineConfig({ site: '${SEA}' })`,
    'src/pages/posts/[slug].astro': "getCollection('blog') params: { slug: slugify(post.data) }",
  })
  for (const [says, data, link] of [
    ['postSlug', { postslug: 'Spring tides' }, 'posts/spring-tides/'],
    ['else the title', { title: 'On Tides, at last' }, 'posts/on-tides-at-last/'],
    ['slug before all', { slug: 'tides', postslug: 'moons' }, 'posts/tides/'],
  ] as const) {
    test(says, () => expect(linkIn(old, 'src/content/blog/a.md', data)).toBe(`${SEA}${link}`))
  }
})

describe("AstroWind's own configuration tells that a link is", () => {
  const config = (more: string): Record<string, string> => ({
    'astro.config.ts': "export default defineConfig({ integrations: [astrowind({ config: './src/config.yaml' })] })",
    'src/config.yaml': `site: { site: '${SEA}', base: / }\napps: { blog: { isEnabled: true${more} } }\n`,
    'src/content/config.ts': `
      const postCollection = defineCollection({ loader: glob({ pattern: ['*.md'], base: 'src/data/post' }) })
      export const collections = { post: postCollection }`,
    'src/pages/[...blog]/index.astro': "import { getStaticPathsBlogPost } from '~/utils/blog'",
    'src/data/post/a.md': 'x',
  })
  for (const [says, more, file, link] of [
    ['the slug', ", post: { permalink: '/%slug%' }", 'Spring tides.md', 'spring-tides'],
    ['the day', ", post: { permalink: '/%year%/%month%/%day%/%slug%' }", 'a.md', '2021/03/05/a'],
    ['the category', ", post: { permalink: '%category%/%slug%' }", 'a.md', 'the-sea/a'],
    ['below its list', ', list: { pathname: notes }', 'a.md', 'notes/a'],
    ['not known for other letters', ", post: { permalink: '/%slug%' }", '潮汐.md', null],
    ['not known by other names', ", post: { permalink: '/%moon%' }", 'a.md', null],
  ] as const) {
    test(says, () => {
      const url = dialectOf(config(more)).linkOf({
        ...{ path: `src/data/post/${file}`, data: {}, title: 'A', categories: ['The sea'] },
        date: { kind: 'day', year: 2021, month: 3, day: 5 },
      })?.url
      expect(url ?? null).toBe(link === null ? null : `${SEA}${link}`)
    })
  }
})

describe('the end of a link is', () => {
  for (const [config, end] of [
    ["{ trailingSlash: 'never' }", 'blog/a'],
    ["{ trailingSlash: 'always', build: { format: 'file' } }", 'blog/a/'],
    ["{ build: { format: 'file' } }", 'blog/a'],
    ["{ site: 'https://sea.example.net', base: 'docs' }", 'docs/blog/a/'],
    ["{ site: 'https://example.com' }", 'blog/a/'],
  ] as const) {
    test(`${end} by ${config}`, () => {
      const own = dialectOf({
        'astro.config.ts': `export default defineConfig(${config})`,
        'src/pages/blog/[id].astro': ROUTE,
      })
      expect(linkIn(own, 'src/content/blog/a.md', {})).toBe(`${config.includes('sea') ? SEA : OURS}${end}`)
    })
  }
})

describe('with loaders', () => {
  const loaded = dialectOf({
    'astro.config.ts': `import { SITE } from './src/config'\nexport default defineConfig({ site: SITE.website })`,
    'src/config.ts': `export const SITE: Site = { website: '${SEA}', title: 'Sea' }`,
    'src/content.config.ts': `
      export const BLOG_PATH = 'src/data/blog'
      const blog = defineCollection({
        loader: glob({ pattern: '**/[^_]*.md', base: \`./\${BLOG_PATH}\` }),
        schema: ({ image }) => z.object({ title: z.string() }),
      })
      export const collections = { blog, notes: defineCollection({ loader: glob({ base: './notes', pattern: '*' }) }) }`,
    'src/pages/posts/[...slug]/index.astro': `params: { slug: getPath(id, filePath, false) } getCollection("blog")`,
    'src/pages/notes/[id].astro': '<Content />',
    'src/data/blog/a.md': 'x',
  })
  for (const [path, link] of [
    ['src/data/blog/Tides.md', 'posts/tides/'],
    ['src/data/blog/sea/Tides.md', 'posts/sea/tides/'],
    ['src/data/blog/_2021/Tides.md', 'posts/tides/'],
    ['notes/a.md', 'notes/a/'],
  ] as const) {
    test(`${path} is at ${link}`, () => expect(linkIn(loaded, path, {})).toBe(`${SEA}${link}`))
  }
  test('a folder with _ is read, a file is not', () => {
    expect(loaded.passesOver('src/data/blog/_2021/a.md')).toBeNull()
    expect(loaded.passesOver('src/data/blog/_a.md')).not.toBeNull()
  })
})

describe('passesOver()', () => {
  for (const path of [
    'README.md',
    'src/content/blog/_a.md',
    'src/content/blog/_x/a.md',
    'src/pages/index.md',
    'src/pages/_x/a.md',
    'src/components/README.md',
  ]) {
    test(`passes over ${path}`, () => expect(site.passesOver(path)).not.toBeNull())
  }
  for (const path of ['src/content/blog/a.md', 'src/pages/posts/a.md', 'src/content/notes/index.md']) {
    test(`reads ${path}`, () => expect(site.passesOver(path)).toBeNull())
  }
  test('reads all of a source that is some other folder of the site', () => {
    const config = { 'astro.config.mjs': 'export default {}', 'src/content/blog/a.md': 'x' }
    expect(dialectOf(config, 'src/data/posts').passesOver('a.md')).toBeNull()
  })
})

test('a source inside a collection has its links', () => {
  const inside = dialectOf(
    { 'astro.config.mjs': 'export default {}', 'src/pages/blog/[...slug].astro': ROUTE },
    'src/content/blog',
  )
  expect(linkIn(inside, 'sea/a.md', {})).toBe(`${OURS}blog/sea/a/`)
  expect(inside.ofPath('2021-03-05-a/index.md')).toEqual({
    date: { kind: 'day', year: 2021, month: 3, day: 5 },
    slug: '2021-03-05-a',
    isDraft: false,
  })
})

test('a route that asks through a function is found when it is the only one', () => {
  const files = {
    'astro.config.mjs': 'export default {}',
    'src/pages/[...page].astro': 'getSortedPosts()',
    'src/pages/read/[...slug].astro': 'getSortedPosts() <Content />',
  }
  expect(linkIn(dialectOf(files), 'src/content/posts/a.md', {})).toBe(`${OURS}read/a/`)
  expect(linkIn(dialectOf(files), 'src/content/people/a.md', {})).toBeNull()
})

test('the documents of Starlight stand at the root', () => {
  const docs = dialectOf({ 'astro.config.mjs': `import starlight from '@astrojs/starlight'\nexport default {}` })
  expect(linkIn(docs, 'src/content/docs/sea/Tides.md', {})).toBe(`${OURS}sea/tides/`)
})

describe('where the language of an entry stands in its data, a link has', () => {
  const slug = 'const slug = post.data.abbrlink || post.id; const lang = post.data.lang'
  const config = {
    'astro.config.ts': `export default defineConfig({ site: '${SEA}' })`,
    'src/config.ts': "export const themeConfig = { global: { locale: 'zh', moreLocales: ['en'] } }",
  }
  const joined = dialectOf({
    ...config,
    'src/pages/[...posts_slug].astro': `getCollection('posts') ${slug}
      paths.push({ params: { posts_slug: \`posts/\${slug}/\` } }, { params: { posts_slug: \`\${lang}/posts/\${slug}/\` } })`,
  })
  const parted = dialectOf({ ...config, 'src/pages/[...lang]/posts/[slug].astro': `getCollection('posts') ${slug}` })
  for (const [says, data, link] of [
    ['none of the language of the site', { lang: 'zh' }, 'posts/tides/'],
    ['none where none is written', {}, 'posts/tides/'],
    ['any other language', { lang: 'en' }, 'en/posts/tides/'],
    ['the slug of the data', { abbrlink: 'a1b2' }, 'posts/a1b2/'],
  ] as const) {
    test(`${says}, in one parameter`, () => expect(linkIn(joined, 'src/content/posts/Tides.md', data)).toBe(SEA + link))
    test(`${says}, in two`, () => expect(linkIn(parted, 'src/content/posts/Tides.md', data)).toBe(SEA + link))
  }
  test('nothing when the language of the site is not known', () => {
    const unknown = dialectOf({
      ...config,
      'src/config.ts': '',
      'src/pages/[...lang]/posts/[slug].astro': `getCollection('posts') ${slug}`,
    })
    expect(linkIn(unknown, 'src/content/posts/Tides.md', { lang: 'en' })).toBeNull()
  })
})

describe('no entry is', () => {
  const none = (path: string, data: Record<string, unknown> = {}): string | null => site.isNoEntry(path, data)
  for (const [says, path, data] of [
    ['a page at the root of the pages', 'src/pages/about.md', { title: 'About' }],
    ['a page of a collection of pages', 'src/content/spec/about.md', {}],
    ['a page without a sidebar', 'src/content/docs/en/index.mdx', { template: 'splash' }],
  ] as const) {
    test(says, () => expect(none(path, data)).not.toBeNull())
  }
  for (const [says, path, data] of [
    ['a dated page at the root of the pages', 'src/pages/tides.md', { pubdate: '2026-01-11' }],
    ['a page in a folder', 'src/pages/posts/tides.md', {}],
    ['a dated link', 'src/content/links/2026-01-11-tides.md', {}],
    ['an article without a date', 'src/content/blog/tides.md', {}],
  ] as const) {
    test(`not ${says}`, () => expect(none(path, data)).toBeNull())
  }
  test('the home page of Starlight', () => {
    const docs = dialectOf({ 'astro.config.mjs': `import starlight from '@astrojs/starlight'\nexport default {}` })
    expect(docs.passesOver('src/content/docs/index.mdx')).not.toBeNull()
    expect(docs.passesOver('src/content/docs/sea/index.mdx')).toBeNull()
  })
})

describe('the patterns of loaders', () => {
  const loaded = dialectOf({
    'astro.config.ts': `export default defineConfig({ site: '${SEA}' })`,
    'src/content.config.ts': `
      const posts = defineCollection({ loader: glob({ pattern: ['**/*.{md,mdx}', '!**/drafts/**'], base: './src/content/posts' }) })
      const talks = defineCollection({ loader: glob({ pattern: 'talks/*.md', base: './vault' }) })
      const notes = defineCollection({ loader: glob({ pattern: 'notes/*.md', base: './vault' }) })
      export const collections = { posts, talks, notes }`,
    'src/pages/talks/[...id].astro': "getCollection('talks')",
    'src/pages/notes/[...id].astro': "getCollection('notes')",
    'src/content/posts/a.md': 'x',
    'vault/notes/a.md': 'x',
  })
  for (const [path, isRead] of [
    ['src/content/posts/2021/a.mdx', true],
    ['src/content/posts/drafts/a.md', false],
    ['vault/notes/a.md', true],
    ['vault/a.md', false],
  ] as const) {
    test(`${isRead ? 'take' : 'leave out'} ${path}`, () => expect(loaded.passesOver(path) === null).toBe(isRead))
  }
  test('tell two collections of one folder apart', () => {
    expect(linkIn(loaded, 'vault/notes/a.md', {})).toBe(`${SEA}notes/notes/a/`)
    expect(linkIn(loaded, 'vault/talks/a.md', {})).toBe(`${SEA}talks/talks/a/`)
  })
})

test('dates have the names of the usual themes', () => {
  expect(site.dateFields).toEqual(
    expect.arrayContaining(['pubdate', 'pubdatetime', 'published', 'date', 'added', ':path']),
  )
  expect(site.updatedFields).toEqual(expect.arrayContaining(['updateddate', 'moddatetime']))
})

test('only .mdx holds components', () => {
  expect([site.syntaxOf('a.mdx').mdx, site.syntaxOf('a.md').mdx, site.syntaxOf('a.md').liquid]).toEqual([
    true,
    false,
    false,
  ])
})

test.each([
  ['Hello World', 'hello-world'],
  ['Ünï_cödé-1', 'ünï_cödé-1'],
  ['a.b/c', 'abc'],
  ['a  b', 'a--b'],
  ['第一章：潮汐', '第一章潮汐'],
  ['x² ½', 'x-'],
])('githubSlug() of %j is %j', (text, slug) => expect(githubSlug(text)).toBe(slug))

test('hostile configurations have the defaults', () => {
  const odd = dialectOf({
    'astro.config.mjs': `export default { site: 'javascript:alert(1)', base: '../../..', srcDir: '../../etc', build: 1 }`,
  })
  expect(linkIn(odd, 'pages/a.md', {})).toBe(`${OURS}a/`)
})
