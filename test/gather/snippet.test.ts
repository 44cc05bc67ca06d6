import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cutText, makeSnippet } from '../../src/gather/snippet.ts'

const placeholders = { math: '[Math]', formula: '[公式]', code: '[代码]' }

function snippet(text: string, more: { length?: number; title?: string; summary?: string } = {}): string {
  const { length = 350, title = '', summary = null } = more
  return makeSnippet({ summary, body: { format: 'markdown', text }, title }, { length, placeholders })
}

describe('makeSnippet() writes as plain text', () => {
  for (const [says, markdown, text] of [
    ['blocks joined by a space', '# A\n\nb\n\n> c\n\n---\n\nd', 'A b c d'],
    ['emphasis', 'a *b* __c__ ~~d~~', 'a b c d'],
    ['links and autolinks', '[a](b) <https://c.example/> [d][e]\n\n[e]: f', 'a https://c.example/ d'],
    ['links that nobody may follow', '[a](javascript:b)', 'a'],
    ['inline code', 'call `a_b(*c)` now', 'call a_b(*c) now'],
    ['no image', 'a ![b](c) d [![e](f)](g)', 'a d'],
    ['no image of data', '![a](data:image/svg+xml,b) c', 'c'],
    ['inline math', '度为$O(n)$级别', '度为 [Math] 级别'],
    ['inline math before a full stop', '是$n$。', '是 [Math] 。'],
    ['display math', 'so\n\n$$\na\n$$\n\nand $$b$$ end', 'so [公式] and [公式] end'],
    ['fenced and indented code', 'a\n\n```js\nb\n```\n\n    c\n\nd', 'a [代码] [代码] d'],
    ['ordered lists with their numbers', '3. a\n3. b\n   1. c\n4. d', '3. a 4. b 1. c 5. d'],
    ['ordered lists with parentheses', '1) a\n2) b', '1) a 2) b'],
    ['bullets without marker', '- a\n- b\n  - c', 'a b c'],
    ['task lists without box', '- [ ] a\n- [x] b', 'a b'],
    ['tables', '| a | b |\n|---|---|\n| c | d |', 'a b c d'],
    ['no footnotes', 'a[^1] b^[c]\n\n[^1]: d', 'a b'],
    ['HTML', '<div class="a">b<p>c</p></div>\n\nd <b>e</b> <i title="f">g</i>', 'b c d e g'],
    ['no comment', 'a <!-- b --> c\n\n<!-- d\n\ne -->\n\nf', 'a c f'],
    ['no script or style', 'a <script>b</script> c\n\n<style>\nd\n</style>\n\n<script>e</script>f', 'a c f'],
    ['entities', '&lt;a&gt; &amp;amp; &#20013;\n\n<p>&lt;b&gt;</p>', '<a> &amp; 中 <b>'],
    ['text that looks like HTML', 'a < b and c > d', 'a < b and c > d'],
    ['line breaks', 'a\nb  \nc\\\nd<br>e', 'a b c d e'],
    ['line breaks within Chinese', '第一\n第二。\n第三 x\n第四', '第一第二。第三 x 第四'],
    ['line breaks within Korean', '바다\n달', '바다 달'],
    ['marks that are text', 'a_b_c 2 * 3 - 1 + x-y snake_case \\*d\\*', 'a_b_c 2 * 3 - 1 + x-y snake_case *d*'],
    ['prices and shell variables', 'pay $5 or $10 in $HOME/$USER', 'pay $5 or $10 in $HOME/$USER'],
    ['letters composed', 'cafe\u0301', 'caf\u00E9'],
    ['no controls', 'a\u0001\u0085b\u202Ec\uD800d\uFFFF', 'a bcd'],
    ['nothing of nothing', '\n \n', ''],
  ] as const)
    test(says, () => expect(snippet(markdown)).toBe(text))
})

describe('makeSnippet() begins', () => {
  for (const [says, markdown, more, text] of [
    ['with the summary', 'a', { summary: ' *b*  $c$ 2 * 3\n- d' }, 'b [Math] 2 * 3 - d'],
    ['with the text when the summary is blank', 'a', { summary: ' ' }, 'a'],
    ['without a heading that is the title', '# Tides\n\na', { title: 'Tides' }, 'a'],
    ['without a heading that is the title in marks', '# *Tides* $n$\n\na', { title: 'Tides $n$' }, 'Tides [Math] a'],
    ['without a setext heading that is the title', 'Tides\n===\n\na', { title: ' Tides' }, 'a'],
    ['with a heading that says more', '# Tides today\n\na', { title: 'Tides' }, 'Tides today a'],
    ['with a second heading that is the title', '# Moons\n\n# Tides', { title: 'Tides' }, 'Moons Tides'],
    ['before <!-- more -->', 'a\n\n<!-- more -->\n\nb', {}, 'a'],
    ['before <!--MORE-->', 'a <!--MORE--> b', {}, 'a'],
    ['before <!-- more --> within HTML', '<div>a<!-- more -->b</div>', {}, 'a'],
    ['over <!-- more --> with nothing before it', '# Tides\n\n<!-- more -->\n\nb', { title: 'Tides' }, 'b'],
    ['over <!-- more --> in code', 'a `<!-- more -->`\n\nb', {}, 'a <!-- more --> b'],
  ] as const)
    test(says, () => expect(snippet(markdown, more)).toBe(text))
})

describe('makeSnippet() cuts', () => {
  for (const [says, markdown, length, text] of [
    ['nothing that fits', 'abc def', 7, 'abc def'],
    ['before a word', 'abc def ghi', 9, 'abc def...'],
    ['behind a word', 'abc def ghi', 7, 'abc def...'],
    ['before punctuation', 'abc def, ghi', 7, 'abc def...'],
    ['not within a number or a name', 'abc 3.141 state-of-the-art', 18, 'abc 3.141...'],
    ['not within a Korean word', '바다 달빛이', 4, '바다...'],
    ['a word that is longer than the limit', 'abcdefgh', 5, 'abcde...'],
    ['between the words of a chain that is too long', 'abc,def,ghi', 6, 'abc,...'],
    ['Chinese anywhere', '潮汐与月亮', 3, '潮汐与...'],
    ['between Chinese and Latin', '用Transformer做', 5, '用...'],
    ['Thai anywhere', 'น้ำขึ้นน้ำลง', 2, 'น้ำขึ้...'],
    ['by grapheme', '👩‍👩‍👧👩‍👩‍👧👩‍👩‍👧', 2, '👩‍👩‍👧👩‍👩‍👧...'],
    ['before a placeholder', '潮汐 $n$ 月', 5, '潮汐...'],
    ['behind a placeholder', '潮汐 $n$ 月', 9, '潮汐 [Math]...'],
    ['all of a placeholder that is too long', '$n$ 月', 3, '...'],
    ['at <!-- more --> without a mark', 'abc\n\n<!-- more -->\n\ndef', 3, 'abc'],
    ['within what stands before <!-- more -->', 'abc def\n\n<!-- more -->\n\nghi', 3, 'abc...'],
  ] as const)
    test(says, () => expect(snippet(markdown, { length })).toBe(text))

  test('a long summary', () => expect(snippet('x', { length: 3, summary: 'abc def' })).toBe('abc...'))

  test('a plain text without reading it as Markdown', () => {
    const body = { format: 'text', text: ' *a*\n# b [Math] c ' } as const
    expect(makeSnippet({ summary: null, body, title: 'b' }, { length: 10, placeholders })).toBe('*a* # b...')
  })

  test('a paragraph of ten megabytes', () => expect(snippet('潮'.repeat(5_000_000))).toBe(`${'潮'.repeat(350)}...`))

  test('one grapheme of a megabyte', () =>
    expect(cutText(`${'👩\u200D'.repeat(300_000)}a b`, 1, [])).toMatch(/\.\.\.$/))
})

const pieces = fc.constantFrom(
  '$n$',
  '$$n$$',
  '`a`',
  '\n',
  '\n\n',
  '# ',
  '- ',
  '<b>',
  '<!-- more -->',
  '潮',
  '👩‍👩‍👧',
  'é',
  ' ',
  '\u202E',
)
const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' })

test('makeSnippet() never exceeds its length, cuts a placeholder or lets a control through', () => {
  const texts = fc
    .array(fc.oneof(pieces, fc.string({ unit: 'binary' })), { maxLength: 30 })
    .map((parts) => parts.join(''))
  fc.assert(
    fc.property(texts, fc.integer({ min: 1, max: 40 }), (text, length) => {
      const whole = snippet(text, { length: 1_000_000 })
      const made = snippet(text, { length })
      const cut = made === whole ? made : made.slice(0, -'...'.length)
      expect(whole.startsWith(cut)).toBe(true)
      expect([...graphemes.segment(cut)].length).toBeLessThanOrEqual(length)
      expect(made).not.toMatch(/[\p{Cc}\p{Surrogate}\uFFFE\uFFFF\u202A-\u202E\u2066-\u2069]/u)
      for (const { 0: placeholder, index } of whole.matchAll(/\[(?:Math|公式|代码)\]/g))
        expect(cut.length <= index || cut.length >= index + placeholder.length).toBe(true)
    }),
    { numRuns: 500 },
  )
})
