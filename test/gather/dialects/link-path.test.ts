import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { matchesGlob } from '../../../src/gather/dialects/glob.ts'
import { literal, pageUrl, webAddress, writtenUrl } from '../../../src/gather/dialects/link-path.ts'
import { hexoSlug, hugoPath, jekyllSlug, zolaSlug } from '../../../src/gather/dialects/slugs.ts'

const BASE = 'https://sea.example.net/blog/'

describe('pageUrl()', () => {
  for (const [says, path, link] of [
    ['encodes once', '潮 汐/', '%E6%BD%AE%20%E6%B1%90/'],
    ['keeps what is encoded', 'a%20b%E6%BD%AE', 'a%20b%E6%BD%AE'],
    ['encodes a lone %', '50% off', '50%25%20off'],
    ['keeps a question mark and a hash in the path', 'a?b#c', 'a%3Fb%23c'],
    ['has no steps out of the site', '../../a/./b/..', 'a/b/'],
    ['has no encoded steps either', '%2e%2e/%2e%2e/a', 'a'],
    ['has no doubled slashes', '//evil.example//a', 'evil.example/a'],
    ['has no backslash steps', '..\\..\\a', '..%5C..%5Ca'],
    ['is the base itself for nothing', '', ''],
    ['has a folder for a slash', '/', ''],
    ['replaces half of a character', 'a\ud800', 'a%EF%BF%BD'],
  ] as const) {
    test(says, () => expect(pageUrl(BASE, path)).toBe(`${BASE}${link}`))
  }

  test('stays in its site whatever the path is', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('.', '/', '%', '2', 'e', 'E', '\\', '?', '#', ':', '潮', '\t', ' ', '@') }),
        (path) => {
          const url = pageUrl(BASE, path)
          expect(url.startsWith(BASE)).toBe(true)
          expect(url).toMatch(/^[\x21-\x7e]+$/)
          expect(new URL(url).href).toBe(url)
        },
      ),
      { numRuns: 300 },
    )
  })

  test('gives the name of a file back', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (text) => {
        const name = `a${text.replaceAll('/', '')}`
        expect(decodeURIComponent(pageUrl(BASE, literal(name)).slice(BASE.length))).toBe(name)
      }),
      { numRuns: 200 },
    )
  })
})

test.each([
  ['https://sea.example.net', 'https://sea.example.net/'],
  ['//sea.example.net/a', 'https://sea.example.net/a'],
  ['javascript:alert(1)', null],
  ['https://user:word@sea.example.net/', null],
  ['https://', null],
  ['/a', null],
  [null, null],
])('webAddress() of %j is %j', (text, url) => expect(webAddress(text)?.href ?? null).toBe(url))

test.each([
  ['/a/', `${BASE}a/`],
  ['a.html', `${BASE}a.html`],
  ['https://other.example/x', 'https://other.example/x'],
  ['javascript:alert(1)', null],
  ['data:text/html,x', null],
  ['//', null],
])('writtenUrl() of %j is %j', (text, url) => expect(writtenUrl(BASE, text)).toBe(url))

describe('matchesGlob()', () => {
  for (const [pattern, path, fits] of [
    ['*.md', 'a.md', true],
    ['*.md', 'x/a.md', false],
    ['**', 'x/y/a.md', true],
    ['**/*.md', 'a.md', true],
    ['**/*.md', 'x/y/a.md', true],
    ['x/**', 'x/y/a.md', true],
    ['x/**', 'y/x/a.md', false],
    ['x/**/b/*', 'x/a/b/c/b/d', true],
    ['a?c', 'a潮c', true],
    ['{a,b/c}.md', 'b/c.md', true],
    ['{a,b}{c,d}', 'bd', true],
    ['a[b', 'a[b', true],
    ['', 'a', false],
  ] as const) {
    test(`${pattern} ${fits ? 'holds' : 'does not hold'} ${path}`, () => expect(matchesGlob(path, pattern)).toBe(fits))
  }

  test('answers soon for a pattern of stars and braces', () => {
    expect(matchesGlob('a'.repeat(3_000), `${'*a'.repeat(200)}b`)).toBe(false)
    expect(matchesGlob('a/'.repeat(1_000), `${'**/a/'.repeat(200)}b`)).toBe(false)
    expect(matchesGlob('a', '{a,b}'.repeat(1_000))).toBe(false)
  })
})

test.each([
  ['hexoSlug', hexoSlug('Tides & Wind: Été!', 'as-is'), 'Tides-Wind-Ete'],
  ['hexoSlug', hexoSlug('-潮汐 表-', 'as-is'), '潮汐-表'],
  ['jekyllSlug', jekyllSlug("The _config.yml file's", 'pretty', true), "The-_config.yml-file's"],
  ['jekyllSlug', jekyllSlug('The _config.yml file', 'default', false), 'the-config-yml-file'],
  ['hugoPath', hugoPath(' a  b，c – d% %20 '), 'a-bc-d-%20'],
  ['zolaSlug', zolaSlug('tes t (hey) '), 'tes-t-hey'],
  ['zolaSlug', zolaSlug('日本'), null],
])('%s makes %s', (_, slug, expected) => expect(slug).toBe(expected))
