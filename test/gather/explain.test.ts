import { execFileSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import type { DialectName } from '../../src/dialect-name.ts'
import { type Explanation, explainFile } from '../../src/gather/explain.ts'
import type { MarkdownSource } from '../../src/gather/markdown.ts'
import { tempFolder } from '../support/folder.ts'
import { PLAIN_FOLDER, RULES } from '../support/site.ts'

const NOW = Date.parse('2026-02-10T04:00:00Z')

let base = ''
afterEach(() => {
  rmSync(base, { recursive: true })
})

/** Explains a file of the folder `dir` in a site of these files; `.git` keeps the search for a site inside it. */
function explain(files: Record<string, string>, path: string, more: Partial<MarkdownSource> = {}): Explanation {
  base = tempFolder({ '.git/HEAD': 'ref: refs/heads/main\n', ...files })
  const source = { ...PLAIN_FOLDER, name: 'articles', dir: base, ...more }
  return explainFile({ ...source, dir: join(base, more.dir ?? '') }, path, base, RULES, NOW)
}

/** What was understood, a line each. */
function facts({ facts }: Explanation): string[] {
  return facts.map(({ field, value, from }) => `${field}: ${value} (${from})`).sort()
}

const PLAIN = ['---', 'title: Tides', 'tags: [sea, moon]', 'author: Ada', 'id: t', 'cover: /a.png', 'series: Sea']

describe('explainFile() tells of an article', () => {
  for (const [dialect, path, config, text, about] of [
    [
      'plain',
      'sea/2026-01-11-tides.md',
      {},
      [...PLAIN, 'updated: 2026-01-12', 'permalink: /tides/', 'summary: How high.', '---', 'x'].join('\n'),
      [
        'authors: Ada ("author" in line 4)',
        'date: 2026-01-11 (the path)',
        'id: t ("id" in line 5)',
        'image: https://blog.example.org/a.png ("cover" in line 6)',
        'link: https://blog.example.org/tides/ (permalink of the front matter)',
        'series: Sea ("series" in line 7)',
        'slug: tides (the file name)',
        'snippet: How high. ("summary" in line 10)',
        'tags: sea, moon ("tags" in line 3)',
        'title: Tides ("title" in line 2)',
        'updated: 2026-01-12 ("updated" in line 8)',
      ],
    ],
    [
      'plain',
      'sea_notes.md',
      {},
      'High.\n',
      [
        'date: when it is first seen (nothing tells it)',
        'slug: sea_notes (the file name)',
        'snippet: High. (the text)',
        'title: sea notes (the file name)',
      ],
    ],
    [
      'hexo',
      'source/_posts/tides.md',
      { '_config.yml': 'url: https://sea.example.net\nsource_dir: source\npermalink: :year/:title/\n' },
      '---\ntitle: Tides\ndate: 2026-01-11 09:30:00\ncategories:\n  - [Sea, Tides]\n---\nHigh.\n<!-- more -->\nLow.',
      [
        'categories: Sea, Tides ("categories" in line 4)',
        'date: 2026-01-11T01:30:00.000Z ("date" in line 3)',
        'link: https://sea.example.net/2026/tides/ (permalink of _config.yml)',
        'slug: tides (the file name)',
        'snippet: High. (the text)',
        'title: Tides ("title" in line 2)',
      ],
    ],
    [
      'hugo',
      'content/posts/tides/index.md',
      {
        'hugo.toml': 'baseURL = "https://sea.example.net/"\n[[cascade]]\nauthor = "Ada"\n',
      },
      '+++\nTitle = "Tides"\ndate = 2026-01-11T09:30:00+08:00\nlastmod = 2026-01-12\ndescription = "How high."\n+++\nHigh.',
      [
        'authors: Ada ("author" of the hugo site)',
        'date: 2026-01-11T01:30:00.000Z ("date" in line 3)',
        "link: https://sea.example.net/posts/tides/ (Hugo's path of the file)",
        'slug: tides (the file name)',
        'snippet: How high. ("description" in line 5)',
        'title: Tides ("title" in line 2)',
        'updated: 2026-01-12 ("lastmod" in line 4)',
      ],
    ],
    [
      'jekyll',
      '_posts/2026-01-11-tides.md',
      { '_config.yml': 'url: https://sea.example.net\nplugins: []\nexcerpt_separator: <!--cut-->\n' },
      '---\nlayout: post\ntitle: Tides\ntags: sea moon\n---\nHigh.\n\n<!--cut-->\n\nLow.',
      [
        'date: 2026-01-11 (the path)',
        'link: https://sea.example.net/2026/01/11/tides.html (permalink of _config.yml)',
        'slug: tides (the file name)',
        'snippet: High. (the text)',
        'tags: sea, moon ("tags" in line 4)',
        'title: Tides ("title" in line 3)',
      ],
    ],
    [
      'jekyll',
      '_posts/2026-01-10-tides.md',
      { '_config.yml': 'url: https://sea.example.net\nplugins: []\ntimezone: Asia/Shanghai\n' },
      "---\ntitle: Tides\ndate: '2026-01-11 20:00:00'\n---\nHigh.",
      [
        'date: 2026-01-11T12:00:00.000Z ("date" in line 3)',
        'link: https://sea.example.net/2026/01/11/tides.html (permalink of _config.yml)',
        'slug: tides (the file name)',
        'snippet: High. (the text)',
        'title: Tides ("title" in line 2)',
      ],
    ],
    [
      'astro',
      'src/content/blog/tides.md',
      {
        'astro.config.mjs': "export default { site: 'https://sea.example.net' }",
        'src/pages/blog/[...slug].astro': "getCollection('blog')",
      },
      '---\ntitle: Tides\npubDate: 2026-01-11\nheroImage: ../a.png\n---\nHigh.',
      [
        'date: 2026-01-11 ("pubdate" in line 3)',
        "link: https://sea.example.net/blog/tides/ (src/pages/blog/[...slug].astro and the file's path)",
        'slug: tides (the file name)',
        'snippet: High. (the text)',
        'title: Tides ("title" in line 2)',
      ],
    ],
    [
      'vitepress',
      'posts/tides.md',
      {
        '.vitepress/config.ts': "export default { cleanUrls: true, sitemap: { hostname: 'https://sea.example.net' } }",
      },
      '---\ndate: 2026-01-11\n---\n# Tides\n\nHigh.',
      [
        'date: 2026-01-11 ("date" in line 2)',
        'link: https://sea.example.net/posts/tides (path of the page and .vitepress/config.ts)',
        'slug: tides (the file name)',
        'snippet: High. (the text)',
        'title: Tides (the first heading)',
      ],
    ],
    [
      'eleventy',
      'posts/tides.md',
      { '.eleventy.js': 'module.exports = {}', 'posts/posts.json': '{"tags": ["posts", "sea"]}' },
      '---\ntitle: Tides\ndate: 2026-01-11\npermalink: /sea/tides/\n---\nHigh.',
      [
        'date: 2026-01-11 ("date" in line 3)',
        'link: https://blog.example.org/sea/tides/ (permalink of the front matter or its data files)',
        'slug: tides (the file name)',
        'snippet: High. (the text)',
        'tags: sea ("tags" of the eleventy site)',
        'title: Tides ("title" in line 2)',
      ],
    ],
    [
      'zola',
      'content/2026-01-11-tides.md',
      { 'config.toml': 'base_url = "https://sea.example.net"\n' },
      '+++\ntitle = "Tides"\n[taxonomies]\ntags = ["sea"]\n+++\nHigh.',
      [
        'date: 2026-01-11 (the path)',
        "link: https://sea.example.net/tides/ (Zola's path of the file)",
        'slug: tides (the file name)',
        'snippet: High. (the text)',
        'tags: sea ("tags" in line 4)',
        'title: Tides ("title" in line 2)',
      ],
    ],
    [
      'obsidian',
      'Sea notes.md',
      { '.obsidian/app.json': '{}' },
      '---\ncreated: 2026-01-11\ntags: "#sea #moon"\n---\nSee [[Tides|the tides]].',
      [
        'date: 2026-01-11 ("created" in line 2)',
        'slug: Sea notes (the file name)',
        'snippet: See the tides. (the text)',
        'tags: sea, moon ("tags" in line 3)',
        'title: Sea notes (the file name)',
      ],
    ],
  ] as const satisfies readonly [DialectName, string, Record<string, string>, string, readonly string[]][]) {
    test(`of ${dialect}: ${path}`, () => {
      const explanation = explain({ ...config, [path]: text }, path)
      expect(explanation).toMatchObject({ dialect, isEntry: true, problems: [] })
      expect(facts(explanation)).toEqual(about)
    })
  }

  test('which configuration it was read by', () => {
    const files = { 'blog/hugo.toml': 'baseURL = "https://sea.example.net/"\n', 'blog/content/a.md': '# Tides' }
    expect(explain(files, 'a.md', { dir: 'blog/content' })).toMatchObject({ config: 'blog/hugo.toml', isEntry: true })
  })

  test('what the owner named another dialect than was found', () => {
    const files = { 'hugo.toml': 'baseURL = "https://sea.example.net/"\n', 'a.md': '# Tides' }
    expect(explain(files, 'a.md', { dialect: 'plain' })).toMatchObject({
      dialect: 'plain',
      config: null,
      isEntry: true,
    })
  })

  test('that its file was first committed on that day', () => {
    base = tempFolder({ 'a.md': '# Tides\n\nHigh.' })
    const env = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' }
    const date = '2025-05-01T10:00:00Z'
    const git = (...args: string[]): Buffer =>
      execFileSync('git', ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.org', ...args], {
        cwd: base,
        env: { ...env, GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date },
      })
    git('init', '-q')
    git('add', 'a.md')
    git('commit', '-q', '-m', 'Tides')
    const explanation = explainFile({ ...PLAIN_FOLDER, name: 'articles', dir: base }, 'a.md', base, RULES, NOW)
    expect(facts(explanation)).toContain('date: 2025-05-01T10:00:00.000Z (the first commit of the file)')
  })

  test('what is wrong with it, with its place', () => {
    expect(explain({ 'a.md': '---\ntitle: Tides\ndate: 2026-02-30\n---\nHigh.' }, 'a.md')).toMatchObject({
      isEntry: true,
      problems: [{ code: 'date-invalid', severity: 'warning', where: 'a.md:3' }],
    })
  })
})

describe('explainFile() tells why it is no entry:', () => {
  const HUGO = { 'hugo.toml': 'baseURL = "https://sea.example.net/"\n' }
  const HEXO = { '_config.yml': 'source_dir: source\nnew_post_name: :title.md\n' }
  const JEKYLL = { '_config.yml': 'plugins: []\n' }

  for (const [reason, path, files, text] of [
    ['its name does not end as that of a Markdown file', 'a.txt', {}, 'High.'],
    ['it is hidden, ignored or excluded, or a link out of the folder', '.a.md', {}, 'High.'],
    [
      'it is hidden, ignored or excluded, or a link out of the folder',
      'a.md',
      { '.feedwireignore': 'a.md\n' },
      'High.',
    ],
    ['_sidebar is a page of navigation', 'sea/_sidebar.md', {}, '- [Tides](tides.md)'],
    ['a README without a title is about the folder', 'README.md', {}, '# Notes'],
    ['it lies among the drafts', 'drafts/a.md', {}, 'High.'],
    ['it is a draft', 'a.md', {}, '---\ndraft: true\n---\nHigh.'],
    ['it says "published: false"', 'a.md', {}, '---\npublished: false\n---\nHigh.'],
    ['it is a template that nobody has filled in', 'a.md', {}, '---\ntitle: "{{ title }}"\n---\nHigh.'],
    ['it is a template that nobody has filled in', 'c.md', {}, '---\ntitle: {{ title }}\n---\nHigh.'],
    ['it is a template that nobody has filled in', 'b.md', {}, '---\ntitle: <% tp.file.title %>\n---\nHigh.'],
    ['it cannot be understood', 'a.md', {}, 'x'.repeat(16 * 1024 * 1024 + 1)],
    ['it asks for a password', 'a.md', {}, '---\npassword: hunter2\n---\nHigh.'],
    ['it has expired', 'a.md', {}, '---\nexpiryDate: 2026-01-31\n---\nHigh.'],
    ['its date is still to come (2026-02-10T16:00:00.000Z)', 'a.md', {}, '---\ndate: 2026-02-11\n---\nHigh.'],
    ['it is empty and has no title', 'a.md', {}, '\n'],
    ['it is empty and has no title', 'Sea.md', { '.obsidian/app.json': '{}' }, '\n'],
    ['it cannot be understood', 'a.md', {}, '---coffee\n{ title: 1 }\n---\nHigh.'],
    ['a page of a section', 'content/sea/_index.md', HUGO, '---\ntitle: Sea\n---\n'],
    ['headless: it has no page', 'content/a.md', HUGO, '---\ntitle: Sea\nheadless: true\n---\n'],
    ["Hexo's posts are the files in source/_posts", 'themes/sea/README.md', HEXO, '# Sea'],
    ['it lies among the drafts', 'source/_drafts/a.md', HEXO, '# Sea'],
    ['it lies among the drafts', '_drafts/a.md', JEKYLL, '# Sea'],
  ] as const) {
    test(`${reason} (${path})`, () => {
      expect(explain({ ...files, [path]: text }, path)).toMatchObject({ isEntry: false, reason })
    })
  }

  test('excluded by the settings', () => {
    const why = { isEntry: false, reason: 'it is hidden, ignored or excluded, or a link out of the folder' }
    expect(explain({ 'old/a.md': 'High.' }, 'old/a.md', { exclude: ['old/'] })).toMatchObject(why)
  })

  test('set aside, with the problem', () => {
    expect(explain({ 'a.md': '---coffee\ntitle: 1\n---\n' }, 'a.md')).toMatchObject({
      facts: [],
      problems: [{ code: 'front-matter-language', severity: 'error', where: 'a.md:1' }],
    })
  })
})

describe('an article that the site locks by its tag', () => {
  const files = (head: string): Record<string, string> => ({
    '_config.yml': 'source_dir: source\nencrypt: { tags: [{ name: diary, password: moon }] }\n',
    'source/_posts/a.md': `---\ntitle: Tides\ntags: [diary]\n${head}---\nSecret.\n`,
  })
  for (const [says, head, reason, snippet] of [
    ['asks for it', '', 'it asks for a password', undefined],
    ['shows its summary only', 'description: Open.\n', 'it has text', 'Open.'],
    ['is free with an empty one', 'password: ""\n', 'it has text', 'Secret.'],
  ] as const)
    test(says, () => {
      const said = explain(files(head), 'source/_posts/a.md')
      expect(said.reason).toMatch(new RegExp(`^${reason}`))
      expect(said.facts.find(({ field }) => field === 'snippet')?.value).toBe(snippet)
    })
})
