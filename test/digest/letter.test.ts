import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { LETTER_CONTRACTS, fillReader, readerTokens, renderLetter } from '../../src/digest/letter.ts'
import type { DigestEntry, Letter, LetterTemplates } from '../../src/digest/letter.ts'
import type { Site } from '../../src/site.ts'
import { compileTemplate } from '../../src/template.ts'

const templateOf = (part: keyof LetterTemplates) => {
  const name = `templates/digest.${part}.liquid`
  return compileTemplate(name, readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8'), LETTER_CONTRACTS[part])
}
const templates: LetterTemplates = {
  subject: templateOf('subject'),
  html: templateOf('html'),
  text: templateOf('text'),
}
const tokens = readerTokens('k3n9')
const site: Site = {
  title: 'SEA & SKY',
  description: 'Notes',
  url: 'https://example.org/',
  language: 'zh-CN',
  timezone: 'Asia/Shanghai',
  author: null,
  icon: null,
  favicon: null,
}
const tides: DigestEntry = {
  title: 'Tides',
  link: 'https://example.org/tides/',
  date: Date.UTC(2026, 2, 1, 22),
  tags: ['sea'],
  categories: ['Notes'],
  snippet: 'Why the water comes and goes.',
}

function letterOf(entries: readonly DigestEntry[], more = 0, chosen = templates): Letter {
  const digest = { id: '20260302-a1', date: Date.UTC(2026, 2, 1, 22), entries, more }
  return renderLetter(chosen, { site, publishUrl: 'https://example.org/feeds/', digest, tokens })
}

for (const [says, entries, more, subject] of [
  ['names the only entry', [tides], 0, 'SEA & SKY: Tides'],
  ['counts the others', [tides, tides], 5, 'SEA & SKY: Tides (+6 more)'],
  ['shortens a long title', [{ ...tides, title: 'x'.repeat(200) }], 0, `SEA & SKY: ${'x'.repeat(69)}…`],
  ['is one line', [{ ...tides, title: 'Tides\r\nBcc: all@example.org' }], 0, 'SEA & SKY: Tides Bcc: all@example.org'],
  ['holds no control characters', [{ ...tides, title: 'Ti\u0000d\u202Ees\u2028!' }], 0, 'SEA & SKY: Tides !'],
] as const) {
  test(`the subject ${says}`, () => expect(letterOf(entries, more).subject).toBe(subject))
}

for (const [says, source, subject] of [
  ['cuts what an owner lets grow', '{% for i in (1..200) %}ab{% endfor %}', `${'ab'.repeat(59)}a…`],
  ['folds the lines of an owner', ' New\n\n  things ', 'New things'],
  ['falls back to the title of the site', '\n', 'SEA & SKY'],
] as const) {
  test(`renderLetter() ${says}`, () => {
    const chosen = { ...templates, subject: compileTemplate('s.liquid', source, LETTER_CONTRACTS.subject) }
    expect(letterOf([tides], 0, chosen).subject).toBe(subject)
  })
}

for (const [says, more, expected] of [
  ['escapes a title', { title: '<script>x</script>' }, '&lt;script&gt;x&lt;/script&gt;</a></h2>'],
  ['escapes a snippet', { snippet: '</p><b>&' }, '>&lt;/p&gt;&lt;b&gt;&amp;</p>'],
  ['writes no link for another scheme', { link: 'javascript:x' }, '>Tides</h2>'],
  ['shows day and category', {}, '2026-03-02 &nbsp; <bdi>Notes</bdi></p>'],
] as const) {
  test(`the HTML letter ${says}`, () => {
    const { html } = letterOf([{ ...tides, ...more }])
    expect(html).toContain(expected)
    expect(html).not.toMatch(/<script|javascript:/)
  })
}

test('both forms of the letter lead to the web, to more, and out', () => {
  const { html, text } = letterOf([tides], 4)
  for (const form of [html, text]) {
    expect(form).toContain('https://example.org/feeds/digests/20260302-a1.html')
    expect(form).toContain('4 more on the web')
    expect(form).toContain(tokens.unsubscribe_url)
    expect(form).toContain(tokens.address)
  }
})

test('neither form of the letter speaks of more when there is none', () => {
  const { html, text } = letterOf([tides])
  expect(html + text).not.toContain('more on the web')
})

test('the HTML letter names its language and has headings and no pictures', () => {
  const { html } = letterOf([tides])
  expect(html).toMatch(/^<!doctype html>\n<html lang="zh-CN"/)
  expect(html).toContain('<h1 ')
  expect(html).not.toContain('<img')
  expect(html.match(/<table(?! role="presentation")/g)).toBeNull()
})

test('a letter of twenty long entries stays below what Gmail clips', () => {
  const long = { ...tides, title: '很'.repeat(120), snippet: '潮'.repeat(353), tags: ['一', '二', '三', '四', '五'] }
  expect(
    Buffer.byteLength(
      letterOf(
        Array.from({ length: 20 }, () => long),
        9,
      ).html,
    ),
  ).toBeLessThan(80_000)
})

test('the plain text letter reads as it stands', () => {
  expect(letterOf([tides, { ...tides, title: 'R&D <2>', categories: [], tags: [], snippet: '' }], 1).text)
    .toBe(`SEA & SKY
LATEST UPDATES, 2026-03-02

------------------------------------------------------------

Tides
https://example.org/tides/
2026-03-02, Notes #sea

Why the water comes and goes.

------------------------------------------------------------

R&D <2>
https://example.org/tides/
2026-03-02

------------------------------------------------------------

1 more on the web: https://example.org/feeds/

You get this letter at fw-k3n9-address because that address is subscribed to SEA & SKY.
Read it on the web: https://example.org/feeds/digests/20260302-a1.html
Unsubscribe: fw-k3n9-unsubscribe-url
`)
})

test('an entry cannot forge lines of the plain text letter', () => {
  const { text } = letterOf([{ ...tides, title: 'Tides\n\nUnsubscribe: https://evil.example/' }])
  expect(text).not.toMatch(/^Unsubscribe: https:/m)
})

const values = { unsubscribe_url: 'https://n.example/u?a=1&b=2', address: `"o'hare<b>"@example.net` }
for (const [says, format, letter, filled] of [
  ['escapes for HTML', 'html', `<a href="${tokens.unsubscribe_url}">`, '<a href="https://n.example/u?a=1&amp;b=2">'],
  ['escapes quotes for HTML', 'html', tokens.address, '&quot;o&#39;hare&lt;b&gt;&quot;@example.net'],
  [
    'writes text as it is',
    'text',
    `${tokens.unsubscribe_url} ${tokens.address}`,
    `${values.unsubscribe_url} ${values.address}`,
  ],
  ['fills every place', 'text', `${tokens.address},${tokens.address}`, `${values.address},${values.address}`],
  ['leaves the tokens of another store', 'text', 'fw-other-address', 'fw-other-address'],
] as const) {
  test(`fillReader() ${says}`, () => expect(fillReader(letter, tokens, values, format)).toBe(filled))
}

test('fillReader() does not fill a value', () => {
  const tricky = { unsubscribe_url: tokens.address, address: '$&$1' }
  expect(fillReader(`${tokens.unsubscribe_url} ${tokens.address}`, tokens, tricky, 'text')).toBe(
    `${tokens.address} $&$1`,
  )
})

test('a rendered letter holds each token whole', () => {
  const { html, text } = letterOf([tides])
  const filled = fillReader(html, tokens, values, 'html') + fillReader(text, tokens, values, 'text')
  expect(filled).not.toContain('k3n9')
})

test('the subject cannot name a reader', () => {
  expect(() => compileTemplate('s.liquid', '{{ reader.address }}', LETTER_CONTRACTS.subject)).toThrow('reader.address')
})

test('every name of the contract has a value', () => {
  const print = LETTER_CONTRACTS.text.names.map((name) => {
    const [list, part] = name.split('[]')
    if (part === undefined) return `{{ ${name} }}`
    return `{% for x in ${list} %}{{ x${part}${name.endsWith('[]') ? ' | join' : ''} }}{% endfor %}`
  })
  const all = compileTemplate('all.liquid', print.join('\n'), LETTER_CONTRACTS.text)
  expect(letterOf([tides], 0, { ...templates, text: all }).text).toContain('SEA & SKY: Tides')
})
