import { describe, expect, test } from 'vitest'
import { checkLinkPattern, linkOf, pageOf } from '../src/link.ts'

describe('checkLinkPattern()', () => {
  test.each([
    'https://blog.example.org/{year}/{month}/{day}/{slug}/',
    'http://example.org/{path}.html',
    'https://example.org?p={slug}',
    'https://example.org/all',
    'HTTPS://example.org/{slug}',
  ])('takes %s', (pattern) => expect(checkLinkPattern(pattern)).toBe(pattern))

  test.each([
    ['https://example.org/{title}/', 'link-pattern-unknown'],
    ['https://example.org/{}/', 'link-pattern-unknown'],
    ['/{slug}/', 'link-pattern-malformed'],
    ['{slug}', 'link-pattern-malformed'],
    ['javascript:{slug}', 'link-pattern-malformed'],
    ['ftp://example.org/{slug}', 'link-pattern-malformed'],
    ['https://example.org/{slug', 'link-pattern-malformed'],
    ['https://{slug}.example.org/', 'link-pattern-malformed'],
    ['https://{slug}', 'link-pattern-malformed'],
    ['https://example.org:{day}/', 'link-pattern-malformed'],
    ['https://example.org{slug}/', 'link-pattern-malformed'],
  ])('refuses %s', (pattern, code) => {
    expect(() => checkLinkPattern(pattern)).toThrow(expect.objectContaining({ code }))
  })
})

test.each([
  [1, 1],
  [50, 1],
  [51, 2],
  [101, 3],
])('pageOf() puts number %i on page %i', (number, page) => expect(pageOf(number)).toBe(page))

describe('linkOf()', () => {
  const entry = {
    permalink: null,
    slug: 'tides',
    key: 'sea/tides.md',
    date: Date.UTC(2025, 11, 31, 20),
    number: 51,
    anchor: 'e-0123456789ab',
  }
  const rules = { pattern: null, publishUrl: 'https://example.org/feeds/', zone: 'Asia/Shanghai' }
  const BASE = 'https://blog.example.org'

  test.each([
    ['/{year}/{month}/{day}/{slug}/', '/2026/01/01/tides/', {}],
    ['/{path}.html', '/sea/tides.html', {}],
    ['/{slug}/{slug}', '/tides/tides', {}],
    ['/{slug}/', '/%E6%BD%AE%E6%B1%90/', { slug: '潮汐' }],
    ['/{slug}/', '/a%3Fb%23c%20d/', { slug: 'a?b#c d' }],
    ['/{slug}/', '/$&$1/', { slug: '$&$1' }],
    ['/p/{slug}/', '/p/sea/tides/', { slug: '/sea/tides/' }],
    ['/{slug}/', '/evil.example/', { slug: '//evil.example' }],
    ['/{slug}/', '/@evil.example/', { slug: '@evil.example' }],
    ['/p/{slug}/', '/etc/', { slug: '../etc' }],
    ['/{path}/', '/v1.2/notes/', { key: 'v1.2/notes.markdown' }],
  ])('makes %s to %s', (pattern, path, more) => {
    const link = new URL(linkOf({ ...entry, ...more }, { ...rules, pattern: BASE + pattern }))
    expect(link.origin).toBe(BASE)
    expect(decodeURIComponent(link.pathname)).toBe(decodeURIComponent(path))
    expect(link.search + link.hash).toBe('')
  })

  test('prefers the permalink of the article', () => {
    const permalink = 'https://elsewhere.example/tides'
    expect(linkOf({ ...entry, permalink }, { ...rules, pattern: `${BASE}/{slug}/` })).toBe(permalink)
  })

  test('falls back on the place on our page', () => {
    const ours = 'https://example.org/feeds/page/2.html#e-0123456789ab'
    expect(linkOf(entry, rules)).toBe(ours)
    expect(linkOf({ ...entry, key: null }, { ...rules, pattern: `${BASE}/{slug}/` })).toBe(ours)
  })
})
