import fc from 'fast-check'
import sanitizeHtml from 'sanitize-html'
import { defaultTreeAdapter, html as vocabulary, parseFragment } from 'parse5'
import { SaxesParser } from 'saxes'
import { describe, expect, test } from 'vitest'
import { renderArticle } from '../../src/markdown/html.ts'

const BASE = 'https://blog.example.org/notes/tides/'

function html(text: string): string {
  return renderArticle({ format: 'markdown', text }, BASE).html
}

interface Tag {
  name: string
  attributes: Record<string, string>
}

/** The tags of some HTML as an HTML parser reads them. */
function tagsOf(text: string): Tag[] {
  const tags: Tag[] = []
  sanitizeHtml(text, { onOpenTag: (name, attributes) => void tags.push({ name, attributes: { ...attributes } }) })
  return tags
}

/** What is not well-formed as XML in some HTML of ours: tags left open or closed twice. */
function unbalanced(text: string): string[] {
  const open: string[] = []
  for (const [, slash, name = '', attributes = ''] of text.matchAll(/<(\/?)([a-z][a-z0-9]*)([^<>]*)>/g)) {
    if (slash === '/' && open.pop() !== name) return [`</${name}>`]
    if (slash === '' && !attributes.endsWith('/')) open.push(name)
  }
  return open
}

describe('renderArticle() keeps', () => {
  for (const [says, text, rendered] of [
    ['paragraphs and emphasis', 'a *b* **c** ~~d~~', '<p>a <em>b</em> <strong>c</strong> <s>d</s></p>'],
    ['line breaks as void elements', 'a\\\nb', '<p>a<br />\nb</p>'],
    ['the language of code', '```js\na<b\n```', '<pre><code class="language-js">a&lt;b\n</code></pre>'],
    ['raw HTML without harm', 'a <kbd>b</kbd>', '<p>a <kbd>b</kbd></p>'],
    ['words, and not what a list of abbreviations says of them', 'MSL.\n\n*[MSL]: mean sea level', '<p>MSL.</p>'],
    ['task boxes as text', '- [x] a\n- [ ] b', '<ul>\n<li>☑ a</li>\n<li>☐ b</li>\n</ul>'],
    ['the start of a list', '3. a', '<ol start="3">\n<li>a</li>\n</ol>'],
    [
      'the alignment of cells',
      '| a |\n|--:|\n| b |',
      '<table>\n<thead>\n<tr>\n<th align="right">a</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td align="right">b</td>\n</tr>\n</tbody>\n</table>',
    ],
    [
      'small pictures in the page itself',
      '![a](data:image/png;base64,AAAA)',
      '<p><img src="data:image/png;base64,AAAA" alt="a" /></p>',
    ],
    [
      'pictures in several sizes',
      '<picture><source srcset="https://a.example/x.webp" type="image/webp"><img src="https://a.example/x.png"></picture>',
      '<p><picture><source srcset="https://a.example/x.webp" type="image/webp" /><img src="https://a.example/x.png" /></picture></p>',
    ],
    ['the language and direction of words', '<b lang="he" dir="rtl">a</b>', '<p><b lang="he" dir="rtl">a</b></p>'],
    ['emphasis beside Chinese', '**潮汐：**涨', '<p><strong>潮汐：</strong>涨</p>'],
    [
      'definition lists',
      'Ebb\n: falling *water*\n: low\n\nFlow\n\n: rising',
      '<dl>\n<dt>Ebb</dt>\n<dd>falling <em>water</em></dd>\n<dd>low</dd>\n<dt>Flow</dt>\n<dd>rising</dd>\n</dl>',
    ],
    ['a colon that defines nothing', ': a\n\n# b\n: c', '<p>: a</p>\n<h1>b</h1>\n<p>: c</p>'],
    ['entities as characters', '&copy; &amp; &lt;', '<p>© &amp; &lt;</p>'],
  ] as const)
    test(says, () => expect(html(text)).toBe(rendered))

  test('sounds and films, with a plain link for readers that give them no controls', () => {
    expect(html('<audio controls><source src="https://a.example/x.ogg"></audio>')).toBe(
      '<p><audio><source src="https://a.example/x.ogg" /></audio> ' +
        '<a href="https://a.example/x.ogg">https://a.example/x.ogg</a></p>',
    )
    expect(html('a <video></video> b')).toBe('<p>a  b</p>')
    expect(html('a <video>x src="javascript:y" z</video> b')).toBe('<p>a  b</p>')
  })

  test('footnotes with absolute links to their ids', () => {
    const rendered = html('a[^n]\n\n[^n]: b')
    expect(rendered).toContain(`<sup><a href="${BASE}#fn1" id="fnref1">[1]</a></sup>`)
    expect(rendered).toContain('<li id="fn1">')
    expect(rendered).toContain(`<a href="${BASE}#fnref1">`)
  })
})

describe('renderArticle() makes absolute', () => {
  for (const [says, text, rendered] of [
    ['a link to a sibling', '[a](../moons)', '<a href="https://blog.example.org/notes/moons">a</a>'],
    ['a link from the root', '[a](/x?y&z)', '<a href="https://blog.example.org/x?y&amp;z">a</a>'],
    ['a fragment', '[a](#b)', `<a href="${BASE}#b">a</a>`],
    ['a link without scheme', '[a](//c.example/)', '<a href="https://c.example/">a</a>'],
    ['an image', '![a "b"](c.png "d")', `<img src="${BASE}c.png" alt="a &quot;b&quot;" title="d" />`],
    [
      'a source set',
      'a <img srcset="c.png, /d.png 2x">',
      `a <img srcset="${BASE}c.png, https://blog.example.org/d.png 2x" />`,
    ],
    ['where words are quoted from', '<q cite="../b">a</q>', '<q cite="https://blog.example.org/notes/b">a</q>'],
    [
      'a film and its poster',
      '<video src="v.mp4" poster="p.png"></video>',
      `<video src="${BASE}v.mp4" poster="${BASE}p.png"></video> <a href="${BASE}v.mp4">${BASE}v.mp4</a>`,
    ],
  ] as const)
    test(says, () => expect(html(text)).toBe(`<p>${rendered}</p>`))

  test('a mail address not at all', () =>
    expect(html('[a](mailto:ada@example.org)')).toBe('<p><a href="mailto:ada@example.org">a</a></p>'))
})

describe('renderArticle() disarms', () => {
  for (const [says, text, rendered] of [
    ['scripts', 'a <script>alert(1)</script> b', '<p>a  b</p>'],
    ['script blocks', '<script>\nalert(1)\n</script>', ''],
    ['styles', '<style>p{}</style>\n\na', '<p>a</p>'],
    ['event handlers', '<b onclick="x" onmouseover=y>a</b>', '<p><b>a</b></p>'],
    ['style, class and id', '<p style="x" class="y" id="z">a</p>', '<p>a</p>'],
    ['broken images with handlers', '<img src=x onerror=alert(1)>', `<img src="${BASE}x" />`],
    ['javascript: in Markdown', '[a](javascript:alert(1))', '<p><a>a</a></p>'],
    ['javascript: with a tab', '<a href="java\tscript:alert(1)">a</a>', '<p><a>a</a></p>'],
    ['javascript: in entities', '<a href="&#106;avascript:alert(1)">a</a>', '<p><a>a</a></p>'],
    ['data: links', '[a](data:text/html,b)', '<p><a>a</a></p>'],
    ['data: images that can hold scripts', 'a ![b](data:image/svg+xml;base64,AAAA) c', '<p>a  c</p>'],
    ['large data: images', `a ![b](data:image/png;base64,${'A'.repeat(40_000)}) c`, '<p>a  c</p>'],
    ['images without source', 'a <img> <img srcset=" , "> b', '<p>a   b</p>'],
    ['a source set of scripts', '<img src="a" srcset="javascript:x 2x">', `<img src="${BASE}a" />`],
    ['names of languages that are none', '<b lang="<x>" dir="up">a</b>', '<p><b>a</b></p>'],
    ['svg with a script', '<svg onload=x><script>y</script></svg>', ''],
    ['math by hand', 'a <math><mi href="javascript:x">b</mi></math>', '<p>a b</p>'],
    [
      'frames',
      '<iframe src="//v.example/1?a&b"></iframe>',
      '<a href="https://v.example/1?a&amp;b">https://v.example/1?a&amp;b</a>',
    ],
    [
      'frames with a title',
      '<iframe src="https://v.example/1" title="Spring tide & moon"></iframe>',
      '<a href="https://v.example/1">Spring tide &amp; moon</a>',
    ],
    [
      'embedded documents',
      '<embed src="https://v.example/1">',
      '<a href="https://v.example/1">https://v.example/1</a>',
    ],
    ['frames that run script', 'a <iframe src="javascript:x"></iframe>', '<p>a </p>'],
    ['forms', '<form action=x><input name=y><button>a</button></form>', 'a'],
    ['textarea and xmp', '<textarea><b>a</b></textarea><xmp><b>c</b></xmp>d', 'd'],
    ['comments', 'a <!-- b --> c', '<p>a  c</p>'],
    ['unclosed tags', '<div><b>a', '<div><b>a</b></div>'],
    ['stray end tags', 'a</b></div>', '<p>a</p>'],
    ['controls in entities', '<div>a&#1;b&#0;c\u0001</div>', '<div>ab\uFFFDc</div>'],
    [
      'base and meta',
      '<base href="https://evil.example/"><meta http-equiv=refresh>\n\n[a](b)',
      `<p><a href="${BASE}b">a</a></p>`,
    ],
  ] as const)
    test(says, () => expect(html(text)).toBe(rendered))
})

describe('renderArticle() shows math', () => {
  test('inline as MathML', () =>
    expect(html('a $x$ b')).toBe('<p>a <math xmlns="http://www.w3.org/1998/Math/MathML"><mi>x</mi></math> b</p>'))

  test('as a block with display="block"', () =>
    expect(html('$$\nx\n$$')).toMatch(/^<p><math [^>]*display="block"[^>]*><mi>x<\/mi><\/math><\/p>$/))

  for (const [says, text, code] of [
    ['it cannot read as TeX', '$\\unknown<b>$', '\\unknown&lt;b&gt;'],
    ['on which Temml trips as TeX', '$^^$', '^^'],
    ['with a link as TeX', '$\\href{javascript:x}{y}$', '\\href{javascript:x}{y}'],
    ['with a reference as TeX', '$x \\ref{y}$', 'x \\ref{y}'],
    ['with definitions as TeX', '$\\def\\a{b}\\a$', '\\def\\a{b}\\a'],
    ['nested too deep as TeX', `$${'{'.repeat(301)}x$`, `${'{'.repeat(301)}x`],
  ] as const)
    test(says, () => expect(html(text)).toBe(`<p><code>${code}</code></p>`))

  test('in the text of an image as TeX', () => expect(html('![$x$](y)')).toBe(`<p><img src="${BASE}y" alt="x" /></p>`))

  test('never within an attribute', () => {
    const rendered = html('<table><tr><td align="\n\n$\\text{onclick=alert(1)}$ <b title="">a')
    expect(tagsOf(rendered)).toContainEqual({ name: 'td', attributes: { align: '\n<p> <b title=' } })
    expect(rendered).not.toContain('<math')
  })

  test('of a hundred thousand formulas within bounds', () => {
    const rendered = html('$x$ '.repeat(100_000))
    expect(rendered.split('<math').length).toBeLessThan(10_000)
    expect(rendered.split('<code>x</code>').length).toBeGreaterThan(90_000)
  })
})

test('renderArticle() escapes a plain text', () =>
  expect(renderArticle({ format: 'text', text: 'a <b>\r\n& c\u0002\n \n\nd' }, BASE).html).toBe(
    '<p>a &lt;b&gt;<br />\n&amp; c</p>\n<p>d</p>',
  ))

describe('renderArticle() gets through', () => {
  for (const [says, text] of [
    ['200,000 open divs', '<div>'.repeat(200_000)],
    ['200,000 open tags in a paragraph', `a ${'<b>'.repeat(200_000)}`],
    ['50,000 nested quotations', '>'.repeat(50_000)],
    ['20,000 nested lists', '- '.repeat(20_000)],
    ['50,000 nested images', `${'!['.repeat(50_000)}a${'](b)'.repeat(50_000)}`],
    ['a megabyte of text', 'word '.repeat(200_000)],
  ] as const)
    test(says, () => expect(unbalanced(html(text))).toEqual([]))
})

const fragments = fc.constantFrom(
  '<script>', '</script>', '<img src=x onerror=y>', '<img alt="', '">', '<a href="javascript:x">', '</a>', '<svg>', '<math>',
  '<style>', '<div title="', '<iframe src="https://v.example/">', '<!--', '-->', '\n\n', '\n', '$', '$$', '\\(', '\\)', '`',
  '```', '[', '](x)', '![', '[^1]', '[^1]: ', '- [ ] ', '> ', '| ', '|--|\n', '*', '&lt;', '&#x22;', '"', "'", ' onload=x ',
  '\\text{" onload="x}', '{', '}', '<', '>', '\u0000', '\uD800', '中', 'a',
) // prettier-ignore

test('renderArticle() never gives a script, a handler, a foreign scheme or a tag left open', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fragments, fc.string()), { maxLength: 25 }), (parts) => {
      const rendered = html(parts.join(''))
      expect(rendered.toLowerCase()).not.toContain('<script')
      expect(rendered).not.toMatch(/(?![\t\n\r])[\p{Cc}\p{Surrogate}\uFFFE\uFFFF]/u)
      expect(unbalanced(rendered)).toEqual([])
      for (const { name, attributes } of tagsOf(rendered)) {
        expect(['svg', 'style', 'iframe']).not.toContain(name)
        for (const [attribute, value] of Object.entries(attributes)) {
          expect(attribute).not.toMatch(/^on/)
          if (attribute === 'href' || attribute === 'src')
            expect(value).toMatch(/^(?:https?:\/\/|mailto:|data:image\/png)/)
        }
      }
    }),
    { numRuns: 500 },
  )
})

/** Faults that a strict XML parser finds in some HTML of ours, and every attribute in it. */
function asXml(text: string): { faults: string[]; attributes: [name: string, value: string][] } {
  const faults: string[] = []
  const attributes: [string, string][] = []
  const parser = new SaxesParser()
  parser.on('error', ({ message }) => void faults.push(message))
  parser.on('opentag', (tag) => void attributes.push(...Object.entries(tag.attributes)))
  parser.write(`<div>${text}</div>`).close()
  return { faults, attributes }
}

/** What an HTML parser has to mend in some HTML (HTML Living Standard, parse errors). */
function parseErrors(text: string): string[] {
  const errors: string[] = []
  // parse5 takes the slash of `<br />` for an error, which the standard allows.
  parseFragment(defaultTreeAdapter.createElement('div', vocabulary.NS.HTML, []), text, {
    onParseError: ({ code }) => void errors.push(code),
  })
  // Noncharacters are taken out when an article goes into a feed.
  return errors.filter((code) => !/^(?:non-void-html-element-start-tag-with-trailing-solidus|noncharacter-)/.test(code))
}

describe('renderArticle() nests as HTML allows', () => {
  for (const [says, text, rendered] of [
    ['a block in a paragraph', '<p>a<div>b</div>c</p>', '<p>a</p><div>b</div>c'],
    ['a row outside a table', '<tr><td>a</td></tr>', 'a'],
    [
      'a link in a link',
      '<div><a href="https://a.example/">a<a href="https://b.example/">b</a></a></div>',
      '<div><a href="https://a.example/">a</a><a href="https://b.example/">b</a></div>',
    ],
    ['a heading in a heading', '<h1>a<h2>b</h2></h1>', '<h1>a</h1><h2>b</h2>'],
    ['an item in an item', '<ul><li>a<li>b</ul>', '<ul><li>a</li><li>b</li></ul>'],
    ['words in a table', '<table>a<tr><td>b</table>', 'a<table><tbody><tr><td>b</td></tr></tbody></table>'],
  ] as const)
    test(says, () => expect(html(text)).toBe(rendered))

  test('a note in a link', () => expect(parseErrors(html('[a[^1]](https://a.example/)\n\n[^1]: b'))).toEqual([]))
})

const ADDRESSES = ['', ...['x', '/x', '#x', '//c.example', 'java\tscript:x', 'javascript:x', 'data:text/html,x', 'vbscript:x', '?', 'a b', '&#106;avascript:x', 'http:x', 'https://']] // prettier-ignore
const attribute = fc
  .tuple(
    fc.constantFrom('href', 'src', 'srcset', 'poster', 'cite', 'title', 'alt', 'onclick', 'style', 'id', 'lang', 'xmlns', 'formaction', 'data-x'), // prettier-ignore
    fc.oneof(fc.constantFrom(...ADDRESSES), fc.string({ unit: 'binary', maxLength: 5 })),
  )
  .map(([name, value]) => ` ${name}="${value.replaceAll('"', '')}"`)
const element = fc
  .tuple(
    fc.constantFrom('a', 'img', 'video', 'source', 'q', 'iframe', 'embed', 'object', 'picture', 'p', 'table', 'li', 'b', 'x', 'math'), // prettier-ignore
    fc.array(attribute, { maxLength: 3 }),
    fc.constantFrom('>', '/>', '></p>', ''),
  )
  .map(([name, attributes, end]) => `<${name}${attributes.join('')}${end}`)

test('renderArticle() is well-formed XML without a relative or foreign address, whatever the HTML', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(element, fragments), { maxLength: 15 }), (parts) => {
      const rendered = html(parts.join(''))
      const besidesMath = rendered.replaceAll(/<math.*?<\/math>/gs, '')
      const { attributes } = asXml(besidesMath)
      expect(asXml(rendered).faults).toEqual([])
      expect(parseErrors(besidesMath)).toEqual([])
      for (const [name, value] of attributes) {
        expect(name).not.toMatch(/^on|^style$|^formaction$/)
        if (['href', 'src', 'poster', 'cite'].includes(name)) expect(value).toMatch(/^(?:https?:\/\/[^/]|mailto:)/)
        if (name === 'srcset') for (const one of value.split(', ')) expect(one).toMatch(/^https?:\/\/[^/]/)
      }
    }),
    { numRuns: 500 },
  )
})
