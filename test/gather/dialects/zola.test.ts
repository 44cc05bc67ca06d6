import { describe, expect, test } from 'vitest'
import { OURS, dialectOf, linkIn } from '../../support/dialect-site.ts'

const BASE = 'base_url = "https://sea.example.net"\n'

describe('a link', () => {
  const zola = dialectOf({ 'config.toml': `${BASE}[languages.fr]\n` })

  for (const [path, data, link] of [
    ['blog/Low Tide.md', {}, 'blog/low-tide/'],
    ['blog/2021-03-05-low-tide.md', {}, 'blog/low-tide/'],
    ['blog/2021-03-05_low-tide.md', {}, 'blog/low-tide/'],
    ['blog/2021-03-05T10:00:00Z-low.md', {}, 'blog/low/'],
    ['blog/2021-03-05.md', {}, 'blog/2021-03-05/'],
    ['blog/2021-13-05-low.md', {}, 'blog/2021-13-05-low/'],
    ['blog/2021-03-05-low/index.md', {}, 'blog/low/'],
    ['Blog/Sea Side/low.md', {}, 'Blog/Sea%20Side/low/'],
    ['about.md', {}, 'about/'],
    ['blog/low.fr.md', {}, 'fr/blog/low/'],
    ['blog/low/index.fr.md', {}, 'fr/blog/low/'],
    ['blog/low.en.md', {}, 'blog/low/'],
    ['blog/low.de.md', {}, 'blog/low-de/'],
    ['blog/a.md', { slug: "It's Low" }, 'blog/it-s-low/'],
    ['blog/a.md', { path: 'some/Path' }, 'some/Path/'],
    ['blog/a.md', { path: '/x/', slug: 'y' }, 'x/'],
    ['blog/a.md', { path: '../../x' }, 'x/'],
    ['blog/Été – Œuvre.md', {}, 'blog/ete-oeuvre/'],
    ['blog/潮汐.md', {}, null],
    ['blog/潮汐.md', { slug: 'tides' }, 'blog/tides/'],
  ] as const) {
    test(`of ${path} with ${JSON.stringify(data)} is ${link}`, () => {
      expect(linkIn(zola, `content/${path}`, data)).toBe(link === null ? null : `https://sea.example.net/${link}`)
    })
  }

  test.each([
    ['slugify = { paths = "safe" }', 'content/2021-03-05-潮汐: 表?.md', '%E6%BD%AE%E6%B1%90%20%E8%A1%A8/'],
    ['slugify = { paths = "off" }', 'content/Low Tide.md', 'Low%20Tide/'],
    ['slugify = { paths_keep_dates = true }', 'content/2021-03-05-low.md', '2021-03-05-low/'],
    ['slugify = [1, 2]', 'content/Low Tide.md', 'low-tide/'],
  ])('with %s of %s is %s', (more, path, link) => {
    expect(linkIn(dialectOf({ 'zola.toml': `${BASE}${more}\n` }), path, {})).toBe(`https://sea.example.net/${link}`)
  })

  test('is ours where base_url is a placeholder', () => {
    expect(linkIn(dialectOf({ 'config.toml': 'base_url = "https://example.com"\n' }), 'content/a.md', {})).toBe(
      `${OURS}a/`,
    )
  })
})

test('languages may be a list, as before Zola 0.16', () => {
  const files = {
    'config.toml': `${BASE}languages = [{ code = "fr" }, { code = "zh-CN" }]\n`,
    'content/low/index.md': '',
  }
  const zola = dialectOf(files)
  expect(zola.passesOver('content/low/index.zh-CN.md')).toBeNull()
  expect(linkIn(zola, 'content/low/index.zh-CN.md', {})).toBe('https://sea.example.net/zh-CN/low/')
})

describe('a file', () => {
  const files = {
    'config.toml': `${BASE}ignored_content = ["*.tmp.md", "old/**", "*/README.md"]\n`,
    'content/blog/low/index.md': '',
  }
  const zola = dialectOf(files)
  for (const [path, reason] of [
    ['content/blog/a.md', null],
    ['content/blog/low/index.md', null],
    ['content/blog/low/notes.md', 'a part of the page blog/low'],
    ['content/blog/_index.md', 'a page of a section'],
    ['content/_index.md', 'a page of a section'],
    ['content/old/a.md', 'ignored_content names it'],
    ['content/bold/a.md', null],
    ['content/a.tmp.md', 'ignored_content names it'],
    ['content/blog/sea/README.md', 'ignored_content names it'],
    ['README.md', "Zola's pages are in content"],
  ] as const) {
    test(`${path} is ${reason ?? 'an article'}`, () => expect(zola.passesOver(path)).toBe(reason))
  }

  test('tells its date by its name', () => {
    expect(zola.ofPath('content/2021-03-05-low.md')).toMatchObject({
      date: { year: 2021, month: 3, day: 5 },
      slug: 'low',
    })
    expect(zola.ofPath('content/2021-03-05T10:00:00+08:00-low.md').date).toEqual({
      kind: 'instant',
      at: Date.parse('2021-03-05T02:00:00Z'),
    })
    expect(zola.ofPath('content/2021-02-30-low.md').date).toBeNull()
  })

  test('that is not rendered is no entry', () => {
    expect(zola.isNoEntry('content/a.md', { render: 'false' })).toBe('Zola renders no page for it')
    expect(zola.isNoEntry('content/a.md', { render: 'true' })).toBeNull()
  })
})
