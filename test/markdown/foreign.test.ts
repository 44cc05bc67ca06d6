import fc from 'fast-check'
import { type DefaultTreeAdapterTypes as Tree, parseFragment } from 'parse5'
import { describe, expect, test } from 'vitest'
import { itemTexts } from '../../src/gather/feed/body.ts'
import { makeSnippet } from '../../src/gather/snippet.ts'
import { sanitiseForeign } from '../../src/markdown/foreign.ts'
import { renderArticle } from '../../src/markdown/html.ts'

const BASE = 'https://math.example/a/'
const clean = (html: string): string => sanitiseForeign(html, BASE).html
const shown = (html: string): string => renderArticle({ format: 'html', text: clean(html) }, BASE).html
const math = (content: string, attributes = ''): string =>
  `<math xmlns="http://www.w3.org/1998/Math/MathML"${attributes}>${content}</math>`

describe('sanitiseForeign()', () => {
  for (const [says, html, wanted] of [
    [
      'keeps MathML',
      '<p>a <math display="block"><msup><mi>x</mi><mn>2</mn></msup></math> b</p>',
      `<p>a ${math('<msup><mi>x</mi><mn>2</mn></msup>', ' display="block"')} b</p>`,
    ],
    [
      'leaves out what says a formula again',
      '<math><semantics><mi>x</mi><annotation encoding="application/x-tex">x</annotation></semantics></math>',
      math('<mi>x</mi>'),
    ],
    [
      'keeps neither links, scripts nor styles of it',
      '<math href="javascript:a" onclick="b" style="c" class="d"><mi xlink:href="javascript:e" mathvariant="bold">x</mi></math>',
      math('<mi mathvariant="bold">x</mi>'),
    ],
    [
      'keeps no HTML in it',
      '<math><mtext><img src=x onerror=y><b>t</b><script>s</script><style>u</style></mtext></math>',
      math('<mtext>t</mtext>'),
    ],
    [
      'keeps nothing that leads out of it',
      '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
      '<table></table>',
    ],
    [
      'leaves out what KaTeX adds for the eye',
      '<p>a <span class="katex"><span class="katex-mathml"><math><mi>x</mi></math></span>' +
        '<span class="katex-html" aria-hidden="true"><span><span style="top:1em">x</span></span></span></span> b</p>',
      `<p>a <span><span>${math('<mi>x</mi>')}</span></span> b</p>`,
    ],
    [
      'keeps what KaTeX never closes',
      '<span class="katex-mathml"><math><mi>x</mi></math></span><span class="katex-html"><span>y</span>',
      `<span>${math('<mi>x</mi>')}</span><span><span>y</span></span>`,
    ],
    ['escapes its text', '<math><mo>&lt;</mo><mo>&amp;</mo></math>', math('<mo>&lt;</mo><mo>&amp;</mo>')],
    [
      'lets no length be endless',
      '<math><mspace width="9999em"></mspace><mi>x</mi></math>',
      math('<mspace></mspace><mi>x</mi>'),
    ],
    [
      'takes no formula out of an attribute',
      '<img src="a.png" alt="<math><mi>x</mi></math>">',
      '<img src="https://math.example/a/a.png" alt="" />',
    ],
    ['takes no formula out of a script', '<script>"<math><mi>x</mi></math>"</script>', ''],
    ['gives the text of a formula that is never closed', '<p><math><mi>x</mi></p>', '<p>x</p>'],
    [
      'gives the text of a formula that is too deep',
      `<math>${'<mrow>'.repeat(200)}x${'</mrow>'.repeat(200)}</math>`,
      'x',
    ],
    ['leaves out an empty formula', '<p>a<math></math></p>', '<p>a</p>'],
  ] as const)
    // prettier-ignore
    test(says, () => expect(clean(html)).toBe(wanted))

  test('says the same of what it said', () => {
    const once = clean(
      '<p>a <math><mfrac><mi>x</mi><mtext>"&lt;"</mtext></mfrac></math> and <math><mi>y</mi></math></p>',
    )
    expect(clean(once)).toBe(once)
  })

  const piece = fc.constantFrom(
    ...['<math>', '</math>', '<math ', '<mi>', '</mi>', '<mtext>', '</mtext>', '<mglyph>', '<malignmark>', '<annotation-xml encoding="text/html">'],
    ...['<svg>', '</svg>', '<style>', '</style>', '<script>', '</script>', '<!--', '-->', '<![CDATA[', ']]>', '<img src=x onerror=y>', '<img alt="', '">'],
    ...['<table>', '<td>', '<p>', '</p>', '<title>', '<xmp>', '<a href="javascript:x">', '</a>', '&lt;', '&quot;', 'x', '\\(', '\\)', '$$', '_', '"', "'", '<', '>'],
  ) // prettier-ignore

  test('lets nothing through that a browser would run', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const html = shown(pieces.join(''))
        const found = elementsIn(parseFragment(html))
        const names = found.map(({ tagName }) => tagName)
        for (const name of ['script', 'style', 'svg', 'mglyph', 'annotation-xml', 'xmp', 'malignmark']) {
          expect(names).not.toContain(name)
        }
        expect(found.flatMap(({ attrs }) => attrs.map(({ name }) => name))).not.toContain('onerror')
        const values = found.flatMap(({ attrs }) => attrs.map(({ value }) => value))
        expect(values.filter((value) => value.startsWith('javascript:'))).toEqual([])
      }),
      { numRuns: 2000 },
    )
  })
})

function elementsIn({ childNodes }: Tree.ParentNode): Tree.Element[] {
  return childNodes.flatMap((node) => ('tagName' in node ? [node, ...elementsIn(node)] : []))
}

describe('renderArticle() shows in the HTML of others', () => {
  for (const [says, html, wanted] of [
    ['MathML as it was read', '<p><math><mi>x</mi></math></p>', `<p>${math('<mi>x</mi>')}</p>`],
    ['TeX in parentheses as MathML', '<p>a \\(x\\) b</p>', `<p>a ${math('<mi>x</mi>')} b</p>`],
    ['escaped TeX as MathML', '<p>\\(a&lt;b\\)</p>', '<mo>&lt;</mo>'],
    ['TeX in brackets as MathML of its own line', '<p>\\[x_1\\]</p>', 'display="block"'],
    ['TeX in dollars as MathML of its own line', '<p>$$x_1$$</p>', 'display="block"'],
    ['TeX as it is written where it cannot be read', '<p>\\(\\nonsense{\\)</p>', '<code>\\nonsense{</code>'],
    ['TeX in code as it stands', '<p><code>\\(x\\)</code></p>', '<p><code>\\(x\\)</code></p>'],
    ['prices as they stand', '<p>from $$ to $$ or \\[sic\\]</p>', '<p>from $$ to $$ or \\[sic\\]</p>'],
  ] as const)
    // prettier-ignore
    test(says, () => expect(shown(html)).toContain(wanted))
})

describe('makeSnippet() has placeholders in the HTML of others', () => {
  const placeholders = { math: '[Math]', formula: '[Formula]', code: '[Code]' }
  const snippetOf = (html: string, summary: string | null = null): string => {
    const body = itemTexts([{ kind: 'html', text: html, base: BASE }]).body ?? { format: 'text' as const, text: '' }
    return makeSnippet({ summary, body, title: '' }, { length: 350, placeholders })
  }
  for (const [says, html, wanted] of [
    ['for MathML', '<p>of <math><mi>x</mi></math> and</p>', 'of [Math] and'],
    ['for TeX within a line', '<p>of \\(x\\) and</p>', 'of [Math] and'],
    ['for TeX that HTML escapes', '<p>of \\(a&lt;b\\) and</p>', 'of [Math] and'],
    ['for TeX in brackets', '<p>so \\[x^2\\] holds</p>', 'so [Formula] holds'],
    ['for TeX in dollars over lines', '<p>so $$<br>x^2<br>$$ holds</p>', 'so [Formula] holds'],
    ['but none for prices', '<p>from $$ to $$</p>', 'from $$ to $$'],
    ['but none for what is never closed', '<p>a \\(x and \\[y_1</p>', 'a \\(x and \\[y_1'],
  ] as const)
    test(says, () => expect(snippetOf(html)).toBe(wanted))

  test('for TeX in the summary', () => expect(snippetOf('<p>long</p>', 'of \\(x\\)')).toBe('of [Math]'))

  test('in time that grows with the text', () => {
    const body = { format: 'html' as const, text: '\\(\\['.repeat(120_000) }
    expect(makeSnippet({ summary: null, body, title: '' }, { length: 8, placeholders })).toBe('\\(\\[\\(\\[...')
  })
})
