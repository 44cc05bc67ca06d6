import { expect, test } from 'vitest'
import { readFrontMatter } from '../../src/gather/front-matter.ts'
import { withExported } from '../../src/gather/mdx-head.ts'

const MDX = { liquid: false, shortcodes: false, wiki: false, mdx: true, vue: false, kramdown: false }

function dataOf(text: string, syntax = MDX): Record<string, unknown> {
  return withExported(readFrontMatter(text, 'a.mdx'), syntax).data
}

test.each([
  [
    'an exported object',
    "export const meta = {\n  title: 'Tides',\n  date: '2026-01-11',\n}\n\nText.",
    ['Tides', '2026-01-11'],
  ],
  [
    'one behind imports',
    "import a from './a'\n\nexport const meta = { title: `Tides`, a, date: '2026' }\n\nText.",
    ['Tides', '2026'],
  ],
  [
    'one with components in it',
    "export const meta = {\n  title: \"Ada's\",\n  excerpt: (\n    <>it's{' '}\n <B c={d} /></>\n  ),\n  date: '2026',\n}\n\nText.",
    ["Ada's", '2026'],
  ],
  [
    'the first that has a title',
    "export const a = { date: '1' }\n\nexport const b = { title: 'Tides' }\n",
    ['Tides', undefined],
  ],
  ['constants', "export const title = 'Tides'\nexport const date = '2026'\n\nText.", ['Tides', '2026']],
  ['no object without a title', "export const meta = { date: '2026' }\n", [undefined, undefined]],
  ['no example further down', "Text.\n\n```js\nexport const meta = { title: 'Tides' }\n```", [undefined, undefined]],
  [
    'nothing where there is front matter',
    "---\ndate: '2025'\n---\nexport const meta = { title: 'Tides' }",
    [undefined, '2025'],
  ],
])('the fields of an article of MDX are read from %s', (_, text, [title, date]) => {
  const data = dataOf(text)
  expect([data['title'], data['date']]).toEqual([title, date])
})

test('lists of an exported object are lists', () => {
  expect(dataOf("export const meta = { title: 'a', tags: ['b', \"c\"] }\n")).toEqual({ title: 'a', tags: ['b', 'c'] })
})

test('only MDX is read so', () => {
  expect(dataOf("export const meta = { title: 'Tides' }\n", { ...MDX, mdx: false })).toEqual({})
})

test('a line is told for each field', () => {
  const head = withExported(readFrontMatter("\nexport const meta = {\n  title: 'a',\n  Date: 'b',\n}\n", 'a.mdx'), MDX)
  expect([head.lineOf('title'), head.lineOf('date'), head.lineOf('tags')]).toEqual([3, 4, 1])
})

test('a megabyte of statements is gone through', () => {
  for (const part of ['export const a = 1\n', 'export const a = {', 'import a\n\n']) {
    expect(dataOf(part.repeat(50_000))).toEqual({})
  }
})
