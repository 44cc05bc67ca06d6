import { describe, expect, test } from 'vitest'
import { parseMarkdown } from '../../src/markdown/parse.ts'

/** The formulas of a text as `inline TeX` and `display TeX`. */
function formulasOf(markdown: string): string[] {
  return parseMarkdown(markdown)
    .flatMap((token) => [token, ...(token.children ?? [])])
    .filter((token) => token.type.startsWith('math_'))
    .map((token) => `${token.type.slice('math_'.length)} ${token.content}`)
}

describe('math() finds', () => {
  for (const [says, markdown, formulas] of [
    ['$…$', 'let $x$ and $y_1$ be', ['inline x', 'inline y_1']],
    ['$…$ over a line break', 'let $x +\ny$ be', ['inline x +\ny']],
    ['$…$ next to Chinese', '设$n$为长度', ['inline n']],
    ['an escaped dollar within', '$a = \\$5$', ['inline a = \\$5']],
    ['emphasis marks within as TeX', '$a*b*c$ and $x_i y_i$', ['inline a*b*c', 'inline x_i y_i']],
    ['\\(…\\)', 'let \\( x \\) be', ['inline x']],
    ['$$…$$ in a paragraph', 'so $$ x $$ holds', ['display x']],
    ['$$…$$ as a block', '$$\nx = 1\n$$', ['display x = 1']],
    ['$$…$$ on one line', '$$x$$', ['display x']],
    ['blank lines in a block', '$$\na\n\nb\n$$', ['display a\n\nb']],
    ['a block that ends a paragraph', 'so\n$$\n- x\n$$\nholds', ['display - x']],
    ['a block in a list item', '- so\n\n  $$\n  x\n  $$\n', ['display x']],
    ['a block in a quotation', '> $$\n> x\n> $$', ['display x']],
    ['$$…$$ before text in the line that closes it', '$$\na\n+ b\n$$ holds\n\n- c', ['display a\n+ b']],
    ['$$…$$ from line to line of a paragraph', '$$\na\n$$ and so $$\nb\n$$\nhold', ['display a', 'display b']],
    ['$$…$$ that ends in a line of its own', 'so $$\na\n$$\nholds\n\n$$\nb\n$$', ['display a', 'display b']],
    ['$$…$$ in an item before text', '- so\n  $$\n  a\n  $$ holds $b$', ['display a', 'inline b']],
    ['\\[…\\] as a block', '\\[\nx\n\\]', ['display x']],
    ['\\[…\\] in a paragraph', 'so \\[x = 1\\] holds', ['display x = 1']],
    [
      'an environment',
      '\\begin{align*}\na &= b \\\\\n\\end{align*}',
      ['display \\begin{align*}\na &= b \\\\\n\\end{align*}'],
    ],
    ['an environment in a paragraph', 'so \\begin{cases}a\\end{cases}', ['display \\begin{cases}a\\end{cases}']],
    ['math in a table and a heading', '# $a$\n\n| $b$ |\n|---|\n| c |', ['inline a', 'inline b']],
    ['$…$ beside full-width punctuation', '若$x>0$，则（$y$）。', ['inline x>0', 'inline y']],
    ['$…$ before the rest of a word', 'the $n$th of $k$NN', ['inline n', 'inline k']],
    [
      '$ … $ with marks of TeX within',
      'so $ x_1 $ and $ \\alpha $ and $ a = b $',
      ['inline  x_1 ', 'inline  \\alpha ', 'inline  a = b '],
    ],
    [
      '$ … $ of single letters and numbers',
      '有 $ n $ 个，$ f(x) + 1 $ 与 $ 1 $ 和 $ [1, 2] $',
      ['inline  n ', 'inline  f(x) + 1 ', 'inline  1 ', 'inline  [1, 2] '],
    ],
    ['a reference outside of formulas', '由 \\eqref{eq:1} 可知', ['inline \\eqref{eq:1}']],
    ['a diagram', '\\begin{CD}\nA @>>> B\n\\end{CD}', ['display \\begin{CD}\nA @>>> B\n\\end{CD}']],
    ['$…$ beside a price', 'cost is $x$, not $5', ['inline x']],
    ['$`…`$', 'so $`a_1`$ and **$`b`$**', ['inline a_1', 'inline b']],
    ['words in a formula', '$v=\\text{速度}$', ['inline v=\\text{速度}']],
    ['math in a footnote', 'a[^1]\n\n[^1]: $b$', ['inline b']],
  ] as const)
    test(says, () => expect(formulasOf(markdown)).toEqual(formulas))
})

describe('math() leaves as text', () => {
  for (const [says, markdown] of [
    ['prices', 'costs $5 or $10'],
    ['prices with a slash', 'costs $5/$10 each'],
    ['shell variables', '$HOME and $PATH'],
    ['a path of shell variables', '$HOME/$USER and ${A}/${B}'],
    ['prices of some country', 'US$100 and US$200, HK$5/HK$6'],
    ['prices before their sign', '从100$和200$里，卖$5/月，$10/年'],
    ['shell variables with a colon', 'PATH=$PATH:$HOME and ${A}:$B'],
    ['prices with spaces', 'for $ 5 and $ 10'],
    ['escaped dollars', '\\$x\\$'],
    ['dollars with space inside', 'a $ bit $ more'],
    ['prices before their sign with spaces', 'from 100 $ to 200 $, or 3 $ - 4 $ and 5 $ 6 $'],
    ['a reference without a name', 'see \\ref and \\eqref{}'],
    ['a dollar that nothing closes', 'only $x here'],
    ['an opening $$ alone', 'only $$x here $y'],
    ['empty $$$$', '$$$$ and $$ $$'],
    ['dollars in code', '`$x$` and\n\n```\n$$\nx\n$$\n```'],
    ['a dollar before code', 'type $`ls` or `$`, $`a`$HOME'],
    ['a dollar before a code span', 'costs $5 (`cost$`)'],
    ['dollars in a tag', '<a title="$x$">b</a>'],
    ['\\( alone', 'a \\( b'],
    ['an escaped backslash before a bracket', '\\\\(x\\\\)'],
    ['escaped brackets in brackets', 'the slot \\[\\[Slot\\]\\] of it'],
    ['escaped brackets', 'take list\\[0\\], a \\[link\\](b)'],
    ['an unknown environment', '\\begin{itemize}\n\\end{itemize}'],
    ['an environment that is never closed', '\\begin{align}\nx'],
    ['$$ in different paragraphs', '$$ is a sign\n\nand $$ again'],
    ['$$ in indented code', '    $$\n    x\n    $$'],
  ] as const)
    test(says, () => expect(formulasOf(markdown)).toEqual([]))
})

describe('parseMarkdown() gets through', () => {
  for (const [says, markdown] of [
    ['50,000 $', '$'.repeat(50_000)],
    ['50,000 $a', '$a '.repeat(50_000)],
    ['50,000 lines of $$', '$$ a\n'.repeat(50_000)],
    ['50,000 lines of $$ in a paragraph', `b\n${'$$ a $$ $$ b\n'.repeat(50_000)}`],
    ['50,000 formulas before text', `$$\n${'a\n$$ b $$\n'.repeat(50_000)}`],
    ['50,000 \\(', '\\('.repeat(50_000)],
    ['50,000 \\( before \\\\)', `${'\\(a '.repeat(50_000)}\\\\)`],
    ['50,000 lines of \\[', '\\[\n\n'.repeat(50_000)],
    ['50,000 \\begin{a}', '\\begin{a}'.repeat(50_000)],
    ['50,000 \\begin{align}', '\\begin{align}'.repeat(50_000)],
    ['50,000 lines of \\begin{align}', '\\begin{align}\n'.repeat(50_000)],
    ['50,000 task items', '- [ ] a\n'.repeat(50_000)],
    ['20,000 footnotes', Array.from({ length: 20_000 }, (_, i) => `[^${i}]: a\n\nb[^${i}]\n\n`).join('')],
    ['50,000 [^', `[^a]: b\n\n${'[^'.repeat(50_000)}`],
    ['200,000 open tags', '<b>'.repeat(200_000)],
  ] as const)
    test(says, () => expect(parseMarkdown(markdown).length).toBeGreaterThan(0))
})
