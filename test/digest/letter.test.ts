import { describe, expect, test } from 'vitest'
import { LETTER_CONTRACTS } from '../../src/digest/letter-contract.ts'
import { type DigestEntry, type Letter, fillReader, renderLetter } from '../../src/digest/letter.ts'
import { compileTemplate } from '../../src/template.ts'
import { CHINESE, ENGLISH, TEMPLATES, TIDES, TOKENS, inputWith, templateOf } from './samples.ts'

function letterOf(entries: readonly DigestEntry[], more = 0, chosen = TEMPLATES): Letter {
  return renderLetter(chosen, inputWith({}, { entries, more }))
}

for (const [says, entries, more, subject] of [
  ['names the only entry', [TIDES], 0, 'SEA & SKY: Tides'],
  ['counts the others', [TIDES, TIDES], 5, 'SEA & SKY: Tides (+6 more)'],
  ['counts those on the web alone', [TIDES], 2, 'SEA & SKY: Tides (+2 more)'],
  ['names an entry without a title', [{ ...TIDES, title: ' \u0000' }], 0, 'SEA & SKY: Untitled'],
  ['shortens a long title', [{ ...TIDES, title: 'x'.repeat(200) }], 0, `SEA & SKY: ${'x'.repeat(69)}…`],
  ['counts characters as a reader does', [{ ...TIDES, title: '👩‍🚀'.repeat(70) }], 0, `SEA & SKY: ${'👩‍🚀'.repeat(70)}`],
  ['cuts between two characters', [{ ...TIDES, title: '👩‍🚀'.repeat(71) }], 0, `SEA & SKY: ${'👩‍🚀'.repeat(69)}…`],
  ['is one line', [{ ...TIDES, title: 'Tides\r\nBcc: all@example.org' }], 0, 'SEA & SKY: Tides Bcc: all@example.org'],
  ['holds no control characters', [{ ...TIDES, title: 'Ti\u0000d\u202Ees\u2028!' }], 0, 'SEA & SKY: Tides !'],
  [
    'shows braces and Liquid as they stand',
    [{ ...TIDES, title: '{site} {{ site.url }}' }],
    0,
    'SEA & SKY: {site} {{ site.url }}',
  ],
  ['shows what replacing would take for a pattern', [{ ...TIDES, title: "$& $1 $'" }], 0, "SEA & SKY: $& $1 $'"],
  [
    'shows a title that looks like a header of another charset',
    [{ ...TIDES, title: '=?utf-8?q?x?=' }],
    0,
    'SEA & SKY: =?utf-8?q?x?=',
  ],
] as const) {
  test(`the subject ${says}`, () => expect(letterOf(entries, more).subject).toBe(subject))
}

test('the subject is one line also when the title of the site is not', () =>
  expect(renderLetter(TEMPLATES, inputWith({ title: 'SEA\nBcc: x@example.org' })).subject).toBe(
    'SEA Bcc: x@example.org: Tides',
  ))

for (const [says, source, subject] of [
  ['cuts what an owner lets grow', '{% for i in (1..200) %}ab{% endfor %}', `${'ab'.repeat(59)}a…`],
  ['folds the lines of an owner', ' New\n\n  things ', 'New things'],
  ['falls back to the title of the site', '\n', 'SEA & SKY'],
] as const) {
  test(`renderLetter() ${says}`, () => {
    const chosen = { ...TEMPLATES, subject: templateOf('subject', source) }
    const letter = letterOf([TIDES], 0, chosen)
    expect(letter.subject).toBe(subject)
    expect(letter.html).toContain(`<title>${subject.replace('&', '&amp;')}</title>`)
  })
}

describe('the preheader', () => {
  const preheaderOf = ({ html }: Letter): string =>
    /<div style="display:none[^>]*>(.*?)<\/div>/s.exec(html)?.[1] ?? 'none'
  for (const [says, entries, expected] of [
    ['is the snippet of the first entry', [{ ...TIDES, snippet: 'One.' }, TIDES], 'One.'],
    ['is empty without a snippet', [{ ...TIDES, snippet: '' }], ''],
    ['is empty without an entry', [], ''],
    ['is cut to what a mail program shows', [{ ...TIDES, snippet: 'x'.repeat(400) }], `${'x'.repeat(149)}…`],
    ['is escaped', [{ ...TIDES, snippet: '</div><b>&' }], '&lt;/div&gt;&lt;b&gt;&amp;'],
  ] as const)
    test(says, () => expect(preheaderOf(letterOf(entries))).toBe(expected))

  test('is what the template of the owner says, in one line', () => {
    const preheader = templateOf('preheader', '{{ digest.new_text }}\n of {{ site.title }}')
    expect(preheaderOf(letterOf([TIDES], 0, { ...TEMPLATES, preheader }))).toBe('1 new of SEA &amp; SKY')
  })
})

for (const [says, more, expected] of [
  ['escapes a title', { title: '<script>x</script>' }, '&lt;script&gt;x&lt;/script&gt;</a></h2>'],
  ['escapes a snippet', { snippet: '</p><b>&' }, '>&lt;/p&gt;&lt;b&gt;&amp;</p>'],
  ['escapes a tag', { tags: ['<script>'] }, '<bdi>#&lt;script&gt;</bdi>'],
  ['writes no link for another scheme', { link: 'javascript:x' }, '>Tides</h2>'],
  ['names an entry without a title', { title: '' }, '>Untitled</a></h2>'],
  ['shows day and category', {}, '2026-03-02 &nbsp; <bdi>Notes</bdi></p>'],
] as const) {
  test(`the HTML letter ${says}`, () => {
    const { html } = letterOf([{ ...TIDES, ...more }])
    expect(html).toContain(expected)
    expect(html).not.toMatch(/<script|javascript:/)
  })
}

test('both forms of the letter show twelve tags of an entry, and no more', () => {
  const { html, text } = letterOf([{ ...TIDES, tags: Array.from({ length: 30 }, (_, n) => `t${n + 1}.`) }])
  for (const form of [html, text])
    expect(form.match(/#t\d+\./g)).toEqual(Array.from({ length: 12 }, (_, n) => `#t${n + 1}.`))
})

test('both forms of the letter lead to the web, to more, to past digests, and out', () => {
  const { html, text } = letterOf([TIDES], 4)
  for (const form of [html, text]) {
    expect(form).toContain('https://example.org/feeds/digests/20260302-a1.html')
    expect(form).toMatch(/https:\/\/example\.org\/feeds\/digests\/["\n]/)
    expect(form).toContain('4 more on the web')
    expect(form).toContain('5 new')
    expect(form).toContain(TOKENS.unsubscribe_url)
    expect(form).toContain(TOKENS.address)
  }
})

test('both forms of the letter say why the reader gets it', () => {
  const { html, text } = letterOf([TIDES])
  const reason = `You get this letter at ${TOKENS.address} because that address is subscribed to SEA`
  expect(html).toContain(
    `<p style="margin:0 0 10px;word-break:break-word;overflow-wrap:anywhere">${reason} &amp; SKY.</p>`,
  )
  expect(text).toContain(`\n${reason} & SKY.\n`)
})

test('neither form of the letter speaks of more when there is none', () => {
  const { html, text } = letterOf([TIDES])
  expect(html + text).not.toContain('more on the web')
})

describe('both forms of the letter', () => {
  const formsOf = (site: Parameters<typeof inputWith>[0]): string[] => {
    const { html, text } = renderLetter(TEMPLATES, inputWith(site))
    return [html, text]
  }

  test('show the postal address where there is one, line by line', () => {
    const [html, text] = formsOf({ postalAddress: 'Ada & Bo\n\n  Pier <7> \nHull' })
    expect(html).toContain('<p style="margin:10px 0 0">Ada &amp; Bo<br>Pier &lt;7&gt;<br>Hull</p>')
    expect(text).toMatch(/\n\nAda & Bo\nPier <7>\nHull\n+$/)
  })

  test('lead to what the site says of its data where that is set', () => {
    const [html, text] = formsOf({ privacy: 'https://example.org/data?a=1&b=2' })
    expect(html).toContain('<a href="https://example.org/data?a=1&amp;b=2" style="color:#565d63">Privacy</a>')
    expect(text).toContain('\nPrivacy: https://example.org/data?a=1&b=2\n')
  })

  test('have neither where neither is set', () => {
    for (const form of formsOf({})) expect(form).not.toMatch(/Privacy|margin:10px 0 0/)
  })

  test('give the day of the zone that the digest is of', () => {
    const { html, text } = renderLetter(TEMPLATES, inputWith({}, { zone: 'America/New_York' }))
    expect(html).toContain('2026-03-01 &nbsp; 1 new')
    expect(text).toContain('LATEST UPDATES, 2026-03-01, 1 new')
  })
})

describe('a letter in another language', () => {
  const letter = renderLetter(TEMPLATES, { ...inputWith({ language: 'en' }, { more: 3 }), texts: CHINESE })

  test('says everything of ours in it', () => {
    expect(letter.subject).toBe('SEA & SKY：Tides（另有 3 篇）')
    for (const form of [letter.html, letter.text]) {
      for (const words of ['最新更新', '4 篇新文章', '网页上还有 3 篇', '退订', '在网页上阅读', '往期摘要']) {
        expect(form).toContain(words)
      }
      expect(form).toContain(`你收到这封信，是因为 ${TOKENS.address} 订阅了 SEA`)
      expect(form).not.toMatch(/Unsubscribe|more on the web|LATEST/)
    }
  })

  test('marks what is ours, and leaves the entries in the language of the site', () => {
    expect(letter.html).toMatch(/<html lang="en"/)
    const marked = [...letter.html.matchAll(/<(\w+)[^>]* lang="zh"/g)].map(([, element]) => element)
    expect(marked).toEqual(['h1', 'p', 'a', 'div'])
    expect(letter.html).toMatch(/<h2 class="ink" dir="auto" style/)
  })

  for (const [says, language, texts, marks] of [
    ['of a site in another script or region of it', 'zh-TW', CHINESE, ['zh-TW']],
    ['of a site in that language', 'en-GB', ENGLISH, ['en-GB']],
    ['of a site in a language that we have no texts in', 'de', ENGLISH, ['de', 'en']],
  ] as const)
    test(`names the languages of a letter ${says}`, () => {
      const { html } = renderLetter(TEMPLATES, { ...inputWith({ language }), texts })
      expect([...new Set([...html.matchAll(/ lang="([^"]*)"/g)].map(([, tag]) => tag))]).toEqual(marks)
    })
})

test('the HTML letter names its language and has headings and no pictures', () => {
  const { html } = letterOf([TIDES])
  expect(html).toMatch(/^<!doctype html>\n<html lang="zh-CN"/)
  expect(html).toContain('<h1 ')
  expect(html).not.toContain('<img')
  expect(html.match(/<table(?! role="presentation")/g)).toBeNull()
})

for (const [says, language, dir] of [
  ['from the right', 'ar', ' dir="rtl"'],
  ['from the left', 'en', ''],
] as const)
  test(`the letter of a site that is written ${says} is so too`, () => {
    const { html } = renderLetter(TEMPLATES, inputWith({ language }))
    expect(html).toContain(`<html lang="${language}"${dir} xmlns`)
    expect(html).toContain(`<body class="ground"${dir} style`)
  })

for (const [says, hostile] of [
  ['title', { title: 'a'.repeat(200_000) }],
  ['tag', { tags: ['a'.repeat(200_000)] }],
  ['category', { categories: ['a'.repeat(200_000)] }],
  ['link', { link: `https://example.org/${'a'.repeat(200_000)}` }],
] as const)
  test(`a letter stays small whatever the ${says} of an entry`, () => {
    const { html } = letterOf([{ ...TIDES, ...hostile }])
    expect(Buffer.byteLength(html)).toBeLessThan(20_000)
    expect(html).toContain('aaa'.repeat(says === 'link' ? 0 : 20))
  })

test('the plain text letter reads as it stands', () => {
  expect(letterOf([TIDES, { ...TIDES, title: 'R&D <2>', categories: [], tags: [], snippet: '' }], 1).text)
    .toBe(`SEA & SKY
LATEST UPDATES, 2026-03-02, 3 new

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
Unsubscribe: fw-k3n9-unsubscribe-url
Your settings: fw-k3n9-preferences-url
Read it on the web: https://example.org/feeds/digests/20260302-a1.html
Past digests: https://example.org/feeds/digests/
`)
})

test('an entry cannot forge lines of the plain text letter', () => {
  const { text } = letterOf([{ ...TIDES, title: 'Tides\n\nUnsubscribe: https://evil.example/' }])
  expect(text).not.toMatch(/^Unsubscribe: https:/m)
})

const values = {
  unsubscribe_url: 'https://n.example/u?a=1&b=2',
  preferences_url: 'https://n.example/p?a=1&b=2',
  address: `"o'hare<b>"@example.net`,
}
for (const [says, format, letter, filled] of [
  ['escapes for HTML', 'html', `<a href="${TOKENS.unsubscribe_url}">`, '<a href="https://n.example/u?a=1&amp;b=2">'],
  ['escapes quotes for HTML', 'html', TOKENS.address, '&quot;o&#39;hare&lt;b&gt;&quot;@example.net'],
  [
    'writes text as it is',
    'text',
    `${TOKENS.unsubscribe_url} ${TOKENS.address}`,
    `${values.unsubscribe_url} ${values.address}`,
  ],
  ['fills every place', 'text', `${TOKENS.address},${TOKENS.address}`, `${values.address},${values.address}`],
  ['leaves the tokens of another store', 'text', 'fw-other-address', 'fw-other-address'],
] as const) {
  test(`fillReader() ${says}`, () => expect(fillReader(letter, TOKENS, values, format)).toBe(filled))
}

test('fillReader() does not fill a value', () => {
  const tricky = { unsubscribe_url: TOKENS.address, preferences_url: '', address: '$&$1' }
  expect(fillReader(`${TOKENS.unsubscribe_url} ${TOKENS.address}`, TOKENS, tricky, 'text')).toBe(
    `${TOKENS.address} $&$1`,
  )
})

for (const part of ['html', 'text'] as const) {
  test(`the ${part} links to the page of a reader's settings where there is one`, () => {
    const input = inputWith()
    expect(renderLetter(TEMPLATES, input)[part]).toContain(TOKENS.preferences_url)
    expect(renderLetter(TEMPLATES, { ...input, hasPreferences: false })[part]).not.toContain(TOKENS.preferences_url)
  })
}

test('a rendered letter holds each token whole', () => {
  const { html, text } = letterOf([TIDES])
  const filled = fillReader(html, TOKENS, values, 'html') + fillReader(text, TOKENS, values, 'text')
  expect(filled).not.toContain('k3n9')
})

for (const part of ['subject', 'preheader'] as const)
  test(`the ${part} cannot name a reader`, () => {
    expect(() => templateOf(part, '{{ reader.address }}')).toThrow('reader.address')
    expect(() => templateOf(part, '{{ digest.reason }}')).toThrow('digest.reason')
  })

test('every name of the contract has a value', () => {
  const print = LETTER_CONTRACTS.text.names.map((name) => {
    const [list, part] = name.split('[]')
    if (part === undefined) return `{{ ${name} }}`
    return `{% for x in ${list} %}{{ x${part}${name.endsWith('[]') && part !== '' ? ' | join' : ''} }}{% endfor %}`
  })
  const all = compileTemplate('all.liquid', print.join('\n'), LETTER_CONTRACTS.text)
  expect(letterOf([TIDES], 0, { ...TEMPLATES, text: all }).text).toContain('SEA & SKY: Tides')
})
