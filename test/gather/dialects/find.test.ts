import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { DIALECTS, type DialectName } from '../../../src/dialect-name.ts'
import { findDialect } from '../../../src/gather/dialects/find.ts'
import { OURS, dialectOf, linkable, siteFolder } from '../../support/dialect-site.ts'

const HEXO = { '_config.yml': 'source_dir: source\ntheme: next\n' }
const JEKYLL = { '_config.yml': 'plugins: [jekyll-feed]\ntheme: minima\n' }
const HUGO = { 'config.toml': 'baseURL = "/"\n', 'content/a.md': '' }
const ZOLA = { 'config.toml': 'base_url = "/"\n', 'content/a.md': '' }

describe('findDialect() finds', () => {
  for (const [says, files, dir, name, config] of [
    ['Hexo by its settings', HEXO, '', 'hexo', '_config.yml'],
    [
      'Hexo by package.json',
      { '_config.yml': 'title: x', 'package.json': '{"dependencies":{"hexo":"^7"}}' },
      '',
      'hexo',
      '_config.yml',
    ],
    ['Hexo above the posts', HEXO, 'source/_posts', 'hexo', '_config.yml'],
    ['Jekyll by its settings', JEKYLL, '', 'jekyll', '_config.yml'],
    [
      'Jekyll by its posts',
      { '_config.yml': 'title: x', '_posts/2021-01-01-a.md': '' },
      '_posts',
      'jekyll',
      '_config.yml',
    ],
    [
      'Jekyll without a configuration',
      { Gemfile: 'gem "github-pages"', '_posts/2021-01-01-a.md': '' },
      '',
      'jekyll',
      null,
    ],
    ['Hugo', HUGO, '', 'hugo', 'config.toml'],
    ['Hugo above a section', HUGO, 'content/posts', 'hugo', 'config.toml'],
    ['Hugo by hugo.yaml', { 'hugo.yaml': 'title: x' }, '', 'hugo', 'hugo.yaml'],
    [
      'Hugo by config/_default',
      { 'config/_default/hugo.toml': 'title = "x"' },
      '',
      'hugo',
      'config/_default/hugo.toml',
    ],
    ['Zola', ZOLA, '', 'zola', 'config.toml'],
    ['Zola by zola.toml', { 'zola.toml': 'base_url = "/"' }, 'content', 'zola', 'zola.toml'],
    ['Obsidian', { '.obsidian/app.json': '{}' }, '', 'obsidian', '.obsidian'],
    [
      'the site whose posts are written in Obsidian',
      { ...HUGO, 'content/.obsidian/app.json': '{}' },
      'content',
      'hugo',
      'config.toml',
    ],
    [
      'Octopress, a Jekyll with folders named as those of Hexo',
      {
        '_config.yml': 'markdown: rdiscount\nsource: source\ncode_dir: x\ncategory_dir: x\n',
        'source/_posts/a.md': '',
      },
      'source/_posts',
      'jekyll',
      '_config.yml',
    ],
    ['plain notes', { 'a.md': '' }, '', 'plain', null],
    ['plain notes beside a config.toml of something else', { 'config.toml': 'theme = 1\n' }, '', 'plain', null],
    ['plain notes beside a _config.yml of something else', { '_config.yml': 'name: x\n' }, '', 'plain', null],
    ['plain notes in a folder that Hexo does not read', HEXO, 'notes', 'plain', null],
    ['plain notes in a folder that Hugo does not read', HUGO, 'notes', 'plain', null],
  ] as const) {
    test(says, () => {
      const dialect = dialectOf(files, dir)
      expect([dialect.name, dialect.config]).toEqual([name, config])
    })
  }

  test('nothing above the repository', () => {
    const root = siteFolder({ ...HEXO, 'source/.git/HEAD': '', 'source/_posts/a.md': '' })
    expect(findDialect(join(root, 'source/_posts'), 'auto', { baseDir: root, siteUrl: OURS }).name).toBe('plain')
  })

  test('nothing more than five folders above', () => {
    const root = siteFolder(HEXO)
    const depth = (dir: string): string => {
      mkdirSync(join(root, dir), { recursive: true })
      return findDialect(join(root, dir), 'auto', { baseDir: root, siteUrl: OURS }).name
    }
    expect(depth('source/_posts/a/b/c')).toBe('hexo')
    expect(depth('source/_posts/a/b/c/d')).toBe('plain')
  })
})

describe('a dialect that is named', () => {
  test.each(['hexo', 'hugo', 'jekyll', 'zola', 'obsidian', 'plain'] as const)(
    '%s is taken without a configuration',
    (name) => {
      const dialect = dialectOf({ 'a.md': '' }, '', name)
      expect([dialect.name, dialect.config, dialect.problems]).toEqual([name, null, []])
      expect(typeof dialect.ofPath('a.md').slug).toBe('string')
    },
  )

  test('is taken with any file of the name of its configuration', () => {
    expect(dialectOf({ '_config.yml': 'url: https://sea.example.net\n' }, '', 'hexo').config).toBe('_config.yml')
    expect(dialectOf({ '_config.yml': 'url: https://sea.example.net\n' }, 'posts', 'hexo').config).toBe('_config.yml')
  })

  for (const [name, path, link] of [
    ['hexo', 'a.md', '2021/03/05/a/'],
    ['jekyll', '2021-03-05-a.md', '2021/03/05/a.html'],
    ['hugo', 'a.md', 'a/'],
    ['zola', '2021-03-05-a.md', 'a/'],
  ] as const) {
    test(`${name} makes links of the folder by its defaults`, () => {
      const dialect = dialectOf({ [`_posts/${path}`]: '' }, '_posts', name)
      expect(dialect.passesOver(path)).toBeNull()
      expect(dialect.linkOf(linkable(dialect, path, { date: '2021-03-05' }))?.url).toBe(`${OURS}${link}`)
    })
  }
})

describe('identity', () => {
  const files = { ...HEXO, 'package.json': '{}' }
  const identity = (more: Record<string, string>, dir = ''): string => {
    const root = siteFolder({ ...files, 'source/_posts/a.md': '', ...more })
    return findDialect(join(root, dir), 'auto', { baseDir: root, siteUrl: OURS }).identity
  }
  test('is the same for the same configuration', () => expect(identity({})).toBe(identity({})))
  test('changes with it', () => expect(identity({ '_config.yml': 'source_dir: source\n' })).not.toBe(identity({})))
  test('changes with the folder', () => expect(identity({}, 'source')).not.toBe(identity({})))
  test('does not change with other files', () =>
    expect(identity({ 'themes/x/_config.yml': 'a: 1' })).toBe(identity({})))
})

const HOSTILE: [says: string, yaml: string][] = [
  ['nothing', ''],
  ['a word', 'source_dir'],
  ['broken YAML', 'source_dir: [\nplugins: {'],
  [
    'cyclic aliases',
    'source_dir: &a [*a]\nplugins: *a\nlanguages: *a\npermalinks: *a\ncollections: *a\ndefaults: *a\ncascade: *a',
  ],
  [
    'a bomb of aliases',
    `source_dir: x\nplugins: x\na0: &a0 [x]\n${Array.from({ length: 30 }, (_, n) => `a${n + 1}: &a${n + 1} [${`*a${n}, `.repeat(9)}]`).join('\n')}`,
  ],
  [
    'lists of lists everywhere',
    [
      'source_dir',
      'plugins',
      'url',
      'baseURL',
      'permalink',
      'permalinks',
      'languages',
      'module',
      'timezone',
      'defaults',
      'collections',
      'exclude',
      'new_post_name',
      'category_map',
      'pretty_urls',
      'frontmatter',
      'cascade',
      'uglyURLs',
    ]
      .map((name) => `${name}: [[1], {a: [b]}, null]`)
      .join('\n'),
  ],
  [
    'maps everywhere',
    [
      'source_dir',
      'plugins',
      'url',
      'permalink',
      'contentDir',
      'languages',
      'defaults',
      'collections',
      'exclude',
      'cascade',
    ]
      .map((name) => `${name}: { a: { b: c } }`)
      .join('\n'),
  ],
  [
    'nulls everywhere',
    ['source_dir', 'plugins', 'url', 'permalink', 'permalinks', 'languages', 'defaults', 'collections']
      .map((name) => `${name}: ~`)
      .join('\n'),
  ],
  [
    'paths out of the site',
    'source_dir: ../../..\nplugins: x\nsource: ../..\ncontentDir: /etc\ncollections_dir: ../..\npermalink: ../../:title',
  ],
  [
    'scripts',
    'source_dir: source\nplugins: x\nurl: "javascript:alert(1)"\nbaseURL: "javascript:alert(1)"\npermalink: "javascript:alert(1)/:title"',
  ],
  [
    'colons',
    'source_dir: source\nplugins: x\npermalink: ":::::"\nnew_post_name: ":::::"\npermalinks: { posts: ":::::" }',
  ],
  [
    'names of prototypes',
    'source_dir: source\nplugins: x\n__proto__: { url: x }\nconstructor: x\npermalink: ":__proto__/:constructor/:toString"',
  ],
  [
    'a long permalink',
    `source_dir: source\nplugins: x\npermalink: "${':title/'.repeat(10_000)}"\nnew_post_name: "${':a'.repeat(10_000)}"`,
  ],
  ['deep lists', `source_dir: source\nplugins: x\na: ${'['.repeat(20_000)}`],
  ['too much', `source_dir: source\nplugins: x\n${'# x\n'.repeat(300_000)}`],
]

describe('a configuration of', () => {
  for (const [says, yaml] of HOSTILE) {
    test.each(DIALECTS.filter((name) => ['hexo', 'hugo', 'jekyll', 'zola'].includes(name)))(
      `${says} stops no %s`,
      (name: DialectName) => {
        const files = Object.fromEntries(['_config.yml', 'hugo.yaml', 'zola.toml'].map((file) => [file, yaml]))
        const dialect = dialectOf(files, '', name)
        for (const path of ['_posts/2021-03-05-a.md', 'source/_posts/a.md', 'content/posts/a.md', 'x/a.md']) {
          const data = { ...dialect.defaultsOf(path), title: 'A' }
          dialect.ofPath(path)
          dialect.passesOver(path)
          dialect.isNoEntry(path, data)
          const url = dialect.linkOf(linkable(dialect, path, { ...data, date: '2021-03-05' }))?.url ?? OURS
          expect(new URL(url).protocol).toBe('https:')
        }
      },
    )
  }

  test('broken YAML is a warning that names it', () => {
    const root = siteFolder({ '_config.yml': 'source_dir: {\n' })
    const { problems } = findDialect(root, 'auto', { baseDir: join(root, '..'), siteUrl: OURS })
    expect(problems).toMatchObject([{ code: 'site-config-invalid', severity: 'warning' }])
    expect(problems[0]?.where).toMatch(/^feedwire-[^/]*\/_config\.yml$/)
  })

  test('over 1 MB is a warning', () => {
    expect(dialectOf({ 'hugo.yaml': '#'.repeat(1_000_001) }).problems).toMatchObject([
      { code: 'site-config-unreadable' },
    ])
  })
})
