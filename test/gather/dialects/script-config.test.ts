import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { scriptConfig } from '../../../src/gather/dialects/script-config.ts'

describe('text() reads', () => {
  for (const [says, script, path, text] of [
    ['a property of the default export', `export default { site: 'https://a.example' }`, 'site', 'https://a.example'],
    ['the argument of a function', `export default defineConfig({ base: "/x/", })`, 'base', '/x/'],
    ['a property of a property', `export default defineConfig({ build: { format: 'file' } })`, 'build.format', 'file'],
    ['a truth value', `export default { cleanUrls: true }`, 'cleanUrls', 'true'],
    ['a name in quotes', `module.exports = { 'base': '/x/' }`, 'base', '/x/'],
    ['past comments', `export default { /* base: '/no/', */ // base: '/no/'\n base: '/x/' }`, 'base', '/x/'],
    ['past a comment mark in a string', `export default { a: 'https://b', base: '/x/' }`, 'base', '/x/'],
    ['past a pattern with quotes', `export default { a: /['"{]/g, base: '/x/' }`, 'base', '/x/'],
    ['past a template with code', 'export default { a: `${f(`}`, {"}": 1})}`, base: "/x/" }', 'base', '/x/'],
    ['a constant', `const base = '/x/'\nexport default { base: base }`, 'base', '/x/'],
    ['a constant of the same name', `const base = '/x/'\nexport default { base }`, 'base', '/x/'],
    [
      'a member of a constant',
      `const SITE = { www: { url: 'u' } }\nexport default { site: SITE.www.url }`,
      'site',
      'u',
    ],
    ['a template of constants', "const P = 'data'\nexport default { base: `./${P}/blog` }", 'base', './data/blog'],
    ['a config with a name', `const config = { base: '/x/' }\nexport default config`, 'base', '/x/'],
    ['a config with a name and type', `const c: UserConfig<T> = { base: '/x/' }\nexport default c`, 'base', '/x/'],
    ['a named config in a function', `const c = { base: '/x/' }\nmodule.exports = wrap(define(c))`, 'base', '/x/'],
    [
      'what is returned',
      `module.exports = (e) => { e.add('a'); return { dir: { input: 'src' } } }`,
      'dir.input',
      'src',
    ],
    ['an alternative to the environment', `export default { base: process.env.BASE ?? '/x/' }`, 'base', '/x/'],
    ['a text with a type', `export default { trailingSlash: 'never' as const }`, 'trailingSlash', 'never'],
    ['escapes', String.raw`export default { a: 'it\'s \u6f6e\x21\u{6c50}' }`, 'a', "it's 潮!汐"],
  ] as const) {
    test(says, () => expect(scriptConfig(script).text(path)).toBe(text))
  }
})

describe('text() tells nothing of', () => {
  for (const [says, script, path] of [
    ['a choice', `export default { base: isPages ? '/x/' : '/' }`, 'base'],
    ['a sum', `export default { base: '/x' + y }`, 'base'],
    ['a call', `export default { base: base('/x/') }`, 'base'],
    ['a name that stands for itself', `const a = a\nexport default { base: a }`, 'base'],
    ['names that stand for one another', `const a = b\nconst b = a\nexport default { base: a }`, 'base'],
    ['a name of every object', `export default { base: x.constructor }`, 'base'],
    ['a property of a plugin', `export default { plugins: [sitemap({ base: '/x/' })] }`, 'base'],
    ['a file that is no script', `<html>base: '/x/'`, 'base'],
  ] as const) {
    test(says, () => expect(scriptConfig(script).text(path)).toBeNull())
  }
})

test('text() follows what the script imports', () => {
  const files: Record<string, string> = {
    './site': `export const SITE: Site = { website: 'https://a.example' }`,
    './theme': `const theme = { url: 'https://b.example' }\nexport default theme`,
  }
  const read = (script: string): string | null =>
    scriptConfig(script, 'a.ts', (from) => files[from] ?? null).text('site')
  expect(read(`import { SITE } from './site'\nexport default { site: SITE.website }`)).toBe('https://a.example')
  expect(read(`import { SITE as S } from './site'\nexport default { site: S.website }`)).toBe('https://a.example')
  expect(read(`import * as all from './site'\nexport default { site: all.SITE.website }`)).toBe('https://a.example')
  expect(read(`import theme from './theme'\nexport default { site: theme.url }`)).toBe('https://b.example')
  expect(read(`import gone from './gone'\nexport default { site: gone.url }`)).toBeNull()
})

test('texts() reads a list, entries() a map, argumentOf() a call, anywhere() a name in any depth', () => {
  const script = scriptConfig(`
    export default defineConfig({
      srcExclude: ['**/a.md', "b/*"],
      rewrites: { 'a/:b.md': 'c/:b.md', d: e() },
      plugins: [sitemap({ hostname: 'https://a.example' })],
    })
    site.setInputDirectory('content')`)
  expect(script.texts('srcExclude')).toEqual(['**/a.md', 'b/*'])
  expect(script.entries('rewrites')).toEqual([['a/:b.md', 'c/:b.md']])
  expect(script.argumentOf('setInputDirectory')).toBe('content')
  expect(script.anywhere('hostname')).toBe('https://a.example')
})

test('any text is read to its end, and one without an assignment or colon tells nothing', () => {
  const pieces = fc.constantFrom(
    '{',
    '}',
    '[',
    '(',
    ')',
    "'",
    '"',
    '`',
    '${',
    '/*',
    '*/',
    '//',
    '/',
    '\\',
    'a',
    ' ',
    '\n',
  )
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 40 }), (parts) => {
      expect(scriptConfig(parts.join('')).text('base')).toBeNull()
    }),
    { numRuns: 300 },
  )
})

test('templates that stand for ever more templates have an end', () => {
  const names = ['a', 'b', 'c', 'd', 'e', 'f', 'base']
  const lines = names.slice(1).map((name, index) => `const ${name} = \`${`\${${names[index] ?? ''}}`.repeat(100)}\``)
  expect(scriptConfig([`const a = 'x'`, ...lines].join('\n')).text('base')).toBeNull()
})

for (const piece of [
  '{a:',
  '[',
  '`${',
  '/*',
  "'",
  '"\\',
  'import ',
  'import a ',
  'const a = ',
  '/',
  'a.',
  '${',
  "a:['x',",
]) {
  test(`a megabyte of ${JSON.stringify(piece)} is read`, () => {
    expect(scriptConfig(piece.repeat(1_000_000 / piece.length)).text('base')).toBeNull()
  })
}
