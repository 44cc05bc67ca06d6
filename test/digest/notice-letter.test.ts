import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { NOTICE_CONTRACTS, type NoticeTemplates } from '../../src/digest/letter-contract.ts'
import type { Letter } from '../../src/digest/letter.ts'
import { type NoticeInput, type NoticeWish, renderNotice } from '../../src/digest/notice-letter.ts'
import type { Site } from '../../src/site.ts'
import { compileTemplate } from '../../src/template.ts'
import { CHINESE, ENGLISH, SITE } from './samples.ts'

function templateOf(part: keyof NoticeTemplates, text?: string) {
  const name = `notice.${part}.liquid`
  const own = readFileSync(new URL(`../../templates/${name}`, import.meta.url), 'utf8')
  return compileTemplate(name, text ?? own, NOTICE_CONTRACTS[part])
}

const TEMPLATES: NoticeTemplates = { html: templateOf('html'), text: templateOf('text') }

const BY_BUTTON: NoticeWish = { kind: 'confirm', url: 'https://news.example.org/c/1.tok', days: 3 }
const BY_REPLY: NoticeWish = { kind: 'confirm', url: null, days: 3 }
const KNOWN: NoticeWish = { kind: 'known', by: 'page', url: 'https://news.example.org/p/1.tok' }

function noticeOf(wish: NoticeWish, site: Partial<Site> = {}, more: Partial<NoticeInput> = {}): Letter {
  return renderNotice(TEMPLATES, {
    ...{ site: { ...SITE, ...site }, publishUrl: 'https://example.org/feeds/', texts: ENGLISH },
    ...{ address: 'ann@example.net', wish, ...more },
  })
}

for (const [says, wish, subject, text] of [
  [
    'asks to confirm by a link, and tells for how long',
    BY_BUTTON,
    'Please confirm: SEA & SKY',
    `SEA & SKY

Somebody, we hope it was you, asked for the digest of SEA & SKY to be sent to ann@example.net.

To confirm, open this page and press the button there:
https://news.example.org/c/1.tok

If it was not you, do nothing, and no digest comes. This mail is good for 3 days.

Home page: https://example.org/feeds/
`,
  ],
  [
    'asks to confirm by an answer where nobody serves pages',
    BY_REPLY,
    'Please confirm: SEA & SKY',
    `SEA & SKY

Somebody, we hope it was you, asked for the digest of SEA & SKY to be sent to ann@example.net.

To confirm, just answer this mail; the answer may be empty.

If it was not you, do nothing, and no digest comes. This mail is good for 3 days.

Home page: https://example.org/feeds/
`,
  ],
  [
    'tells who gets the digest that nothing was changed',
    KNOWN,
    'You already get SEA & SKY',
    `SEA & SKY

Somebody, we hope it was you, asked for the digest of SEA & SKY to be sent to ann@example.net. That address is on the list already; nothing was changed.

To choose how often and about what, or to leave:
https://news.example.org/p/1.tok

Home page: https://example.org/feeds/
`,
  ],
] as const)
  test(`the plain text of a letter that ${says} reads as it stands`, () => {
    const letter = noticeOf(wish)
    expect(letter.subject).toBe(subject)
    expect(`${letter.text.trimEnd()}\n`).toBe(text)
  })

/** Addresses that the HTML links to, each once. */
function linksOf({ html }: Letter): string[] {
  return [...new Set([...html.matchAll(/href="([^"]*)"/g)].map(([, url = '']) => url))]
}

describe('the HTML of a letter', () => {
  for (const [says, wish, words, links] of [
    [
      'to confirm by a link',
      BY_BUTTON,
      ['To confirm, open this page and press the button there:', '>Yes, subscribe me</a>', 'good for 3 days'],
      ['https://example.org/feeds/', 'https://news.example.org/c/1.tok'],
    ],
    ['to confirm by an answer', BY_REPLY, ['just answer this mail', 'good for 3 days'], ['https://example.org/feeds/']],
    [
      'to who gets the digest',
      KNOWN,
      ['on the list already', '>Your settings</a>'],
      ['https://example.org/feeds/', 'https://news.example.org/p/1.tok'],
    ],
  ] as const)
    test(`${says} says the same as its plain text, and links nowhere else`, () => {
      const letter = noticeOf(wish)
      for (const word of words) expect(letter.html).toContain(word)
      expect(linksOf(letter)).toEqual(links)
      expect(letter.html).toContain('ann@example.net')
      expect(letter.html).toContain(`<title>${letter.subject.replace('&', '&amp;')}</title>`)
    })

  test('that readers get who can only leave by mail says no more than that', () => {
    const wish = { kind: 'known', by: 'mail', url: 'mailto:digest@example.org?subject=unsubscribe' } as const
    const { html, text } = noticeOf(wish)
    expect(html).toContain('>Unsubscribe</a>')
    expect(text).toContain('To leave, write to this address:\nmailto:digest@example.org?subject=unsubscribe\n')
    expect(html + text).not.toMatch(/Your settings|how often/)
  })

  test('has no button where an answer confirms', () =>
    expect(noticeOf(BY_REPLY).html).not.toMatch(/Yes, subscribe me|press the button/))

  test('loads nothing and runs nothing', () => {
    for (const wish of [BY_BUTTON, BY_REPLY, KNOWN])
      expect(noticeOf(wish).html).not.toMatch(/<img|<script|<link|url\(|src=/i)
  })

  test('has tables for looks alone', () =>
    expect(noticeOf(BY_BUTTON).html.match(/<table(?! role="presentation")/g)).toBeNull())
})

for (const [says, site, more] of [
  ['the title of the site', { title: '<script>alert(1)</script>' }, {}],
  ['an address', {}, { address: '"<script>alert(1)</script>"@example.net' }],
  ['the postal address', { postalAddress: '<script>alert(1)</script>' }, {}],
  [
    'a link',
    {},
    { wish: { kind: 'known', by: 'page', url: 'https://example.org/"><script>alert(1)</script>' } as const },
  ],
] as const)
  test(`the HTML of a letter escapes ${says}`, () => {
    const { html } = noticeOf(BY_BUTTON, site, more)
    expect(html).toMatch(/&lt;script&gt;|%3Cscript/)
    expect(html).not.toContain('<script')
  })

for (const [says, wish] of [
  ['to confirm', BY_BUTTON],
  ['to who gets the digest', KNOWN],
] as const) {
  test(`the subject of a letter ${says} is one line whatever the title of the site`, () =>
    expect(noticeOf(wish, { title: 'SEA\r\nBcc: all@example.org\u0000' }).subject).toMatch(
      /^[^\r\n\u0000]*SEA Bcc: all@example\.org$/,
    ))

  test(`nothing in a letter ${says} fills in what looks like a word of ours`, () => {
    const { text, subject } = noticeOf(wish, { title: '{address} {{ site.url }} $&' })
    for (const form of [text, subject]) expect(form).toContain('{address} {{ site.url }} $&')
  })
}

test('an address cannot forge lines of the plain text letter', () => {
  const { text } = noticeOf(BY_BUTTON, {}, { address: '"x\n\nPress here: https://evil.example/"@example.net' })
  expect(text).not.toMatch(/^Press here/m)
})

describe('both forms of a letter', () => {
  const formsOf = (site: Partial<Site>): [html: string, text: string] => {
    const { html, text } = noticeOf(BY_BUTTON, site)
    return [html, text]
  }

  test('show the postal address where there is one, line by line', () => {
    const [html, text] = formsOf({ postalAddress: 'Ada & Bo\n\n  Pier <7> \nHull' })
    expect(html).toContain('Ada &amp; Bo<br>Pier &lt;7&gt;<br>Hull</p>')
    expect(text).toMatch(/\n\nAda & Bo\nPier <7>\nHull\n*$/)
  })

  test('lead to what the site says of its data where that is set', () => {
    const [html, text] = formsOf({ privacy: 'https://example.org/data?a=1&b=2' })
    expect(html).toContain('<a href="https://example.org/data?a=1&amp;b=2" style="color:#565d63">Privacy</a>')
    expect(text).toContain('\nPrivacy: https://example.org/data?a=1&b=2')
  })

  test('have neither where neither is set', () => {
    for (const form of formsOf({})) expect(form).not.toMatch(/Privacy|margin:10px 0 0/)
  })

  test('count one day as one', () => {
    const { html, text } = noticeOf({ ...BY_BUTTON, days: 1 })
    for (const form of [html, text]) expect(form).toContain('good for a day.')
  })
})

describe('a letter in the language of its reader', () => {
  const chinese = noticeOf(BY_BUTTON, { language: 'en' }, { texts: CHINESE })

  test('says everything of ours in it', () => {
    expect(chinese.subject).toBe('请确认订阅：SEA & SKY')
    for (const form of [chinese.html, chinese.text]) {
      for (const words of ['ann@example.net', '3']) expect(form).toContain(words)
      expect(form).not.toMatch(/Somebody|confirm|Home page|days/)
    }
  })

  test('marks what is ours, and leaves the title in the language of the site', () => {
    expect(chinese.html).toMatch(/<html lang="en"/)
    expect([...chinese.html.matchAll(/<(\w+)[^>]* lang="zh"/g)].map(([, element]) => element)).toEqual(['td', 'div'])
  })

  for (const [says, language, texts, marks] of [
    ['of a site in a region of it', 'zh-CN', CHINESE, ['zh-CN']],
    ['of a site in another language', 'zh-CN', ENGLISH, ['zh-CN', 'en']],
  ] as const)
    test(`names the languages of a letter ${says}`, () => {
      const { html } = noticeOf(BY_BUTTON, { language }, { texts })
      expect([...new Set([...html.matchAll(/ lang="([^"]*)"/g)].map(([, tag]) => tag))]).toEqual(marks)
    })
})

for (const [says, language, dir] of [
  ['from the right', 'ar', ' dir="rtl"'],
  ['from the left', 'en', ''],
] as const)
  test(`a letter of a site that is written ${says} is so too`, () => {
    const { html } = noticeOf(BY_BUTTON, { language })
    expect(html).toContain(`<html lang="${language}"${dir} xmlns`)
    expect(html).toContain(`<body class="ground"${dir} style`)
  })

test('the letter of an owner is made by the templates of the owner', () => {
  const templates = {
    html: templateOf(
      'html',
      '<p>{{ notice.text }}</p>{% if notice.url %}<a href="{{ notice.url }}">{{ notice.button }}</a>{% endif %}',
    ),
    text: templateOf('text', '{{ site.home }} {{ notice.ask }}'),
  }
  const letter = renderNotice(templates, {
    ...{ site: { ...SITE, title: 'R&D' }, publishUrl: 'https://example.org/feeds/', texts: ENGLISH },
    ...{ address: 'ann@example.net', wish: KNOWN },
  })
  expect(letter.html).toMatch(
    /^<p>Somebody.*R&amp;D.*<\/p><a href="https:\/\/news\.example\.org\/p\/1\.tok">Your settings<\/a>$/,
  )
  expect(letter.text).toBe('https://example.org/feeds/ To choose how often and about what, or to leave:')
})
