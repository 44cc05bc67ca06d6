import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { toMarkdown } from '../../src/markdown/dialect-text.ts'
import type { Syntax } from '../../src/markdown/syntax.ts'
import { isUnmarked } from '../../src/markdown/unmarked.ts'

const PLAIN: Syntax = { liquid: true, shortcodes: true, wiki: true, kramdown: true, mdx: false, vue: false }
const JEKYLL: Syntax = { ...PLAIN, shortcodes: false, wiki: false }
const VUE: Syntax = { ...JEKYLL, liquid: false, kramdown: false, vue: true }

describe('isUnmarked() passes over', () => {
  for (const [says, text] of [
    ['links and images', '[a](b) ![c](d) [![e](f)](g) [h][i]\n\n[i]: j'],
    ['code', '`a == b`\n\n```js\nconst a = { b: [1] }\nif (a == b) std::cout << c ^ d\n```'],
    ['TeX', 'so $\\frac{a}{b}^{2}$ and\n\n$$\n\\sum_{i=1}^{n}\n$$\n\n> $$ a \\\\ b $$'],
    ['tables, lists, quotations and HTML', '| a | b |\n|---|---|\n\n- [ ] c\n> d\n\n<br> <!-- more -->'],
    ['headings', 'Tides\n===\n\n## Moons #1: {a}'],
  ] as const)
    test(says, () => expect(isUnmarked(text, PLAIN)).toBe(true))
})

describe('isUnmarked() sees', () => {
  for (const [syntax, texts] of [
    [PLAIN, ['{% a %}', '{{ a }}', '{# a #}', '# a {#b}', '# a { .b }', '{:.a}', '{{< a >}}', '\\\\(a\\\\)', '${toc}']],
    [PLAIN, ['- a\n  id:: b', '\tcollapsed:: true', ':LOGBOOK:', ':PROPERTIES:', 'SCHEDULED: <a>', '#+END_TIP']],
    [PLAIN, ['<% tp.a %>', '`= this.a`', '`$= dv.a`', '`INPUT[a]`', '(a:: b)', 'c [a:: b]']],
    [PLAIN, ['##a', ' ###潮', '######【a】']],
    [PLAIN, ['[[a]]', '![[a]]', '%%a%%', 'a ==b== c', 'a ^b', '^a', '> [!note]', '>\t[!note]', '[toc]', '\\[_TOC_\\]']],
    [
      PLAIN,
      [
        ':::tip',
        '  ::: tip',
        '::a',
        '<<< @/a',
        '@include(a)',
        '<!-- @include: a -->',
        '<!--/toc-->',
        '@[tOc]()',
        '@[a](b)',
      ],
    ],
    [PLAIN, ['a :b[c]', ':b{c="d"}', '**a**{b=c}', '[a](b){.c}', '`a`{b="c"}']],
    [PLAIN, ['::', '<svelte:head>', '@[code](a)', '@tab a', '{/* a */}', ' {/* a */}']],
    [JEKYLL, ['so $$a$$ and', '$$a$$ $$b$$', '\\$$a$$', '\\\\[a\\\\]']],
    [JEKYLL, ['#a', ' #潮', '#1.a', '^\na', '^']],
    [JEKYLL, ['<p markdown="1">a</p>', '<div>a</div>\na', '<br>\na', '<img src="a">\n*a*']],
    [VUE, ['<Badge />', '{{ a }}', '#潮']],
    [{ ...JEKYLL, mdx: true }, ['a']],
  ] as const)
    for (const text of texts) test(JSON.stringify(text), () => expect(isUnmarked(`b\n${text}`, syntax)).toBe(false))
})

const pieces = fc.constantFrom(
  '{', '{ ', '}', '%', '#', '##', '# a ', '.a', ':', '[', '!', ']', '[!a]', '[a](b)', '<!--', '-->', '@', '@include(a)', '_', 'toc', '[tOc]', '[_TOC_]', '${toc}',
  '<<< @/a', '<!-- toc -->', '@[a](b)', '@tab', '*[a]: b', '{/*', '*/}', ':a[', ':a{b=c}', '{b=c}', '**a**', '---', '::', '::a', ':::a', '^a', '^\n', '\n^', '=', '==', '==a==', '$', '$$', '\\', '\\\\(', '>', '- ', '`', '```', '~~~', '\n', '\n', '\n\n', ' ', '    ', '\t',
  '<br>', '</div>', '<p markdown=1>', '{ #a}', '{.a}', '{:a}', 'a', '潮', '<pre>', '</pre>', '\\begin{', '\\end{',
) // prettier-ignore

test('isUnmarked() is right: what it passes over stays as it is when it is read all the same', () => {
  const texts = fc.array(pieces, { maxLength: 6 }).map((parts) => parts.join(''))
  fc.assert(
    fc.property(texts, fc.constantFrom(PLAIN, JEKYLL, VUE), (text, syntax) => {
      if (!isUnmarked(text, syntax)) return
      const marked = syntax.liquid ? '\n\n{% a %}' : '\n\n{{ a }}'
      expect(toMarkdown(`${text}${marked}`, syntax).startsWith(text)).toBe(true)
    }),
    { numRuns: 3000 },
  )
})

describe('isUnmarked() gets through a megabyte of', () => {
  for (const mark of ['{', '{ ', '[', '[!', ' [!', ':', ' ::', '^', '=', '==a', '= ', '<', '<!--', '<!-- ', '$', '$$', '$$\n', '\\', ' ', '@include', '#', '##a', '>\n', '<br>\na', 'markdown=']) {
    test(JSON.stringify(mark), () =>
      expect(isUnmarked(`a${mark.repeat(Math.ceil(1_000_000 / mark.length))}`, PLAIN)).toBeTypeOf('boolean'))
  }
}) // prettier-ignore
