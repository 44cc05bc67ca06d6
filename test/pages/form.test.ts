import { expect, test } from 'vitest'
import { SUBSCRIBE_PATH } from '../../src/pages/render.ts'
import { SCRIPT, formContext, formPages } from './form-pages.ts'

const ENDPOINT = 'https://news.example.org:8443/tides/'
const forms = (html: string): string[] => [...html.matchAll(/<form.*?<\/form>/gs)].map(([form]) => form)
const policy = (html: string): string[] =>
  (/Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1] ?? '').replaceAll('&#39;', "'").split('; ')

for (const { path, content } of formPages(formContext(ENDPOINT))) {
  const [form = '', ...others] = forms(content)

  test(`${path} has one form, which posts to the endpoint and names the page`, () => {
    expect(others).toEqual([])
    expect(form).toContain(`<form method="post" action="${ENDPOINT}subscribe?lang=en"`)
    expect(form).toContain(`<input type="hidden" name="source" value="${path}">`)
    expect(form).toContain('I ask for the digest of Tides &amp; Gauges by mail.')
    expect(form).toContain(`<a href="${ENDPOINT}subscribe?lang=en">`)
  })

  test(`${path} asks for one address`, () => {
    const [field = '', ...more] = [...form.matchAll(/<input[^>]* name="address"[^>]*>/g)].map(([input]) => input)
    expect(more).toEqual([])
    for (const said of ['type="email"', 'autocomplete="email"', 'maxlength="254"', ' required'])
      expect(field).toContain(said)
    expect(form).toContain('<label for="address">Your e-mail address</label>')
  })

  test(`${path} hides what only programs fill in`, () => {
    expect(form).toMatch(/<div class="trap" aria-hidden="true"><label for="website">Leave this empty<\/label>/)
    expect(form).toContain('<input id="website" name="website" tabindex="-1" autocomplete="off">')
    expect(content).toContain('.trap { display: none; }')
  })

  test(`${path} lets its own script through, and what is sent to the endpoint`, () => {
    const script = `${'../'.repeat(path.split('/').length - 1)}subscribe.js`
    expect(content.match(/<script.*/g)).toEqual([`<script src="${script}" defer></script>`])
    expect(policy(content)).toEqual(
      expect.arrayContaining([
        "default-src 'none'",
        "script-src 'self'",
        'connect-src https://news.example.org:8443',
        'form-action https://news.example.org:8443',
      ]),
    )
  })

  test(`${path} offers no other way by mail`, () => {
    expect(content).not.toContain('mailto:')
  })
}

for (const { path, content } of formPages(formContext(null))) {
  test(`${path} has neither form nor script without an endpoint`, () => {
    expect(content).not.toMatch(/<form|<script|<input|button|\.join|\.trap/)
    expect(policy(content)).toEqual([
      ...["default-src 'none'", "style-src 'unsafe-inline'", 'img-src data:', "base-uri 'none'", "form-action 'none'"],
    ])
  })
}

test('subscribe.html alone asks how often', () => {
  for (const { path, content } of formPages(formContext(ENDPOINT))) {
    const radios = [...content.matchAll(/<input type="radio" name="frequency" value="(\w+)"( checked)?>/g)]
    const expected = path === SUBSCRIBE_PATH ? ['site checked', 'instant', 'daily', 'weekly'] : []
    expect(
      radios.map(([, value, checked = '']) => `${String(value)}${checked}`),
      path,
    ).toEqual(expected)
  }
})

test('the form is in the language of the page, and so is its answer', () => {
  for (const { content } of formPages(formContext(ENDPOINT, 'zh'))) {
    expect(content).toContain(`action="${ENDPOINT}subscribe?lang=zh"`)
    expect(content).toContain('我希望用邮件接收 Tides &amp; Gauges 的摘要。')
    expect(content).toMatch(/<button>订阅<\/button>/)
  }
})

for (const [says, privacy, link] of [
  [
    'links what the site says about data beside its words',
    'https://tides.example.org/privacy?a&b',
    ' <a href="https://tides.example.org/privacy?a&amp;b">Privacy</a>',
  ],
  ['links nothing there for a site that says nothing of it', null, ''],
] as const)
  test(`the form ${says}`, () => {
    const context = formContext(ENDPOINT)
    for (const { path, content } of formPages({ ...context, site: { ...context.site, privacy } })) {
      expect(content, path).toContain(`>Choose how often and about what</a>${link}</p>`)
    }
  })

test('a title cannot leave the form', () => {
  const context = formContext(ENDPOINT)
  const odd = { ...context, site: { ...context.site, title: '</form><script>alert(1)</script>' } }
  for (const { content } of formPages(odd)) {
    expect(content).not.toContain('<script>')
    expect(forms(content)[0]).toContain('&lt;/form&gt;&lt;script&gt;')
  }
})

test('a template that knows no form still works', () => {
  const older = '<h1>{{ page.heading }}</h1>{% if ways.mail %}<a href="{{ ways.mail }}">{% endif %}'
  for (const { content } of formPages(formContext(ENDPOINT, 'en', older))) expect(content).toMatch(/^<h1>.*mailto:/)
})

test('a template may ask for all of the form, be there an endpoint or none', () => {
  const all = '{{ form.action }} {{ form.more }} {{ form.origin }} {{ form.script }} {{ form.source }}'
  const [first] = formPages(formContext(ENDPOINT, 'en', all))
  expect(first?.content.split(' ')).toEqual([
    ...[`${ENDPOINT}subscribe?lang=en`, `${ENDPOINT}subscribe?lang=en`, 'https://news.example.org:8443'],
    ...['subscribe.js', 'index.html'],
  ])
  const [none] = formPages(formContext(null, 'en', `${all}{{ form.note }}{{ form.privacy }}`))
  expect(none?.content.trim()).toBe('')
})

test('the script is small', () => {
  expect(Buffer.byteLength(SCRIPT)).toBeLessThan(2048)
})
