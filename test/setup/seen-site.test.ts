import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type SeenSite, seeSite } from '../../src/setup/seen-site.ts'
import { siteFolder } from '../support/dialect-site.ts'

const POST = '---\ntitle: Ebb\n---\nThe water leaves.\n'

const SITES: [string, Record<string, string>, Partial<SeenSite>][] = [
  [
    'Hexo',
    {
      '_config.yml': [
        "title: Tide Notes\ndescription: 'Low and high'\nlanguage: [zh-CN, en]\ntimezone: Asia/Shanghai",
        'url: https://tides.example.net\nroot: /\nsource_dir: source\n',
      ].join('\n'),
      'source/_posts/ebb.md': POST,
    },
    {
      program: 'hexo',
      config: '_config.yml',
      title: 'Tide Notes',
      description: 'Low and high',
      url: 'https://tides.example.net/',
      language: 'zh-CN',
      timezone: 'Asia/Shanghai',
      articles: 'source/_posts',
      hasArticles: true,
    },
  ],
  [
    'Hugo, its main section',
    {
      'hugo.toml': [
        'baseURL = "https://tides.example.net/"\ntitle = "Tide Notes"\nlanguageCode = "de-DE"\ntimeZone = "Europe/Berlin"',
        '[params]\ndescription = "Low and high"\nmainSections = ["journal"]\n',
      ].join('\n'),
      'content/journal/ebb.md': POST,
      'content/posts/old.md': POST,
    },
    {
      program: 'hugo',
      config: 'hugo.toml',
      title: 'Tide Notes',
      description: 'Low and high',
      url: 'https://tides.example.net/',
      language: 'de-DE',
      timezone: 'Europe/Berlin',
      articles: 'content/journal',
    },
  ],
  [
    'Hugo in several languages, the first of them',
    {
      'hugo.yaml': [
        'baseURL: https://tides.example.net/\ndefaultContentLanguage: fr',
        'languages: { en: { title: Tides }, fr: { title: Marées, contentDir: content/fr } }\n',
      ].join('\n'),
      'content/fr/post/ebb.md': POST,
    },
    { program: 'hugo', title: 'Marées', language: 'fr', articles: 'content/fr/post' },
  ],
  [
    'Jekyll',
    {
      '_config.yml': [
        'title: Tide Notes\ntheme: minima\nplugins: [jekyll-feed]\nlocale: en_US\ntimezone: Europe/Oslo',
        'url: https://tides.example.net\nbaseurl: /blog\n',
      ].join('\n'),
      '_posts/2026-01-01-ebb.md': POST,
    },
    {
      program: 'jekyll',
      title: 'Tide Notes',
      url: 'https://tides.example.net/blog/',
      language: 'en-US',
      timezone: 'Europe/Oslo',
      articles: '_posts',
    },
  ],
  [
    'Jekyll with posts in the folders of their categories',
    { '_config.yml': 'plugins: [jekyll-feed]\n', 'sea/_posts/2026-01-01-ebb.md': POST },
    { program: 'jekyll', articles: '.', hasArticles: true },
  ],
  [
    'Astro, as its blog template has it',
    {
      'astro.config.mjs': "export default defineConfig({ site: 'https://tides.example.net', base: '/notes' })\n",
      'src/consts.ts': "export const SITE_TITLE = 'Tide Notes'\nexport const SITE_DESCRIPTION = 'Low and high'\n",
      'src/content/blog/ebb.md': POST,
    },
    {
      program: 'astro',
      config: 'astro.config.mjs',
      title: 'Tide Notes',
      description: 'Low and high',
      url: 'https://tides.example.net/notes/',
      articles: 'src/content/blog',
    },
  ],
  [
    'Astro with a collection elsewhere',
    {
      'astro.config.ts': "import { SITE } from './src/config'\nexport default { site: SITE.website }\n",
      'src/config.ts':
        "export const SITE = { website: 'https://tides.example.net/', title: 'Tide Notes', lang: 'ja' }\n",
      'src/content.config.ts':
        "const log = defineCollection({ loader: glob({ base: './src/data/log' }) })\nexport const collections = { log }\n",
      'src/data/log/ebb.md': POST,
    },
    {
      program: 'astro',
      title: 'Tide Notes',
      url: 'https://tides.example.net/',
      language: 'ja',
      articles: 'src/data/log',
    },
  ],
  [
    'Eleventy',
    {
      'eleventy.config.js':
        "export default function (c) {}\nexport const config = { dir: { input: 'content', data: '../_data' } }\n",
      '_data/metadata.js':
        "export default { title: 'Tide Notes', url: 'https://tides.example.net/', language: 'en', description: 'Low' }\n",
      'content/blog/ebb.md': POST,
    },
    {
      program: 'eleventy',
      title: 'Tide Notes',
      description: 'Low',
      url: 'https://tides.example.net/',
      language: 'en',
      articles: 'content/blog',
    },
  ],
  [
    'VitePress in a folder of its own',
    {
      'docs/.vitepress/config.mts': [
        "export default defineConfig({ title: 'Tide Notes', description: 'Low', lang: 'zh-CN', base: '/notes/',",
        "  sitemap: { hostname: 'https://tides.example.net' } })\n",
      ].join('\n'),
      'docs/posts/ebb.md': POST,
    },
    {
      program: 'vitepress',
      config: 'docs/.vitepress/config.mts',
      title: 'Tide Notes',
      url: 'https://tides.example.net/notes/',
      language: 'zh-CN',
      articles: 'docs/posts',
    },
  ],
  [
    'Zola',
    {
      'config.toml': 'base_url = "https://tides.example.net"\ntitle = "Tide Notes"\ndefault_language = "it"\n',
      'content/blog/ebb.md': POST,
    },
    {
      program: 'zola',
      config: 'config.toml',
      title: 'Tide Notes',
      url: 'https://tides.example.net/',
      language: 'it',
      articles: 'content/blog',
    },
  ],
  ['a vault of Obsidian', { '.obsidian/app.json': '{}' }, { program: 'obsidian', articles: '.', hasArticles: true }],
  ['a folder of notes', { 'ebb.md': POST }, { program: 'plain', articles: '.', hasArticles: true }],
  ['a folder with a folder of articles', { 'posts/ebb.md': POST }, { articles: 'posts', hasArticles: true }],
  ['a folder with nothing but a README', { 'README.md': '# Tides\n' }, { articles: 'articles', hasArticles: false }],
]

describe('seeSite() sees', () => {
  test.each(SITES)('%s', (_, files, seen) => {
    expect(seeSite(siteFolder(files))).toMatchObject(seen)
  })
})

describe('seeSite() takes for unknown', () => {
  for (const [says, words, key] of [
    ['an address that nobody has filled in yet', 'url: http://example.com', 'url'],
    ['an address that is none', 'url: tides', 'url'],
    ['a language that is none', 'language: default', 'language'],
    ['a zone that is none', 'timezone: Mars/Olympus', 'timezone'],
    ['a title that would be taken for a variable', 'title: Costs ${HOME}', 'title'],
    ['an empty title', "title: ''", 'title'],
  ] as const) {
    test(says, () => {
      expect(seeSite(siteFolder({ '_config.yml': `source_dir: source\n${words}\n` }))[key]).toBeNull()
    })
  }
})

test('seeSite() makes one line of a title', () => {
  const { title } = seeSite(siteFolder({ '_config.yml': 'source_dir: source\ntitle: "Tide\\n  Notes"\n' }))
  expect(title).toBe('Tide Notes')
})

test('seeSite() sees the site above a folder of its articles', () => {
  const root = siteFolder({ 'hugo.toml': 'title = "Tide Notes"\n', 'content/posts/ebb.md': POST })
  expect(seeSite(join(root, 'content/posts'))).toMatchObject({
    ...{ program: 'hugo', config: '../../hugo.toml', title: 'Tide Notes', articles: '.', hasArticles: true },
  })
})
