import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { PageSelectors } from '../../../src/remote-source.ts'
import { type ReadPage, readPage } from '../../../src/gather/page/read-page.ts'
import { Problem } from '../../../src/problem.ts'
import { problemOf } from '../../support/problem.ts'

const URL_OF_PAGE = 'https://site.example/blog/'
const read = (body: string, select: PageSelectors | null = null, url = URL_OF_PAGE): ReadPage =>
  readPage(`<!DOCTYPE html><html><head><title>Site</title></head><body>${body}</body></html>`, url, select)

const NAVIGATION =
  '<header><nav><ul><li><a href="/">Home of the site</a></li><li><a href="/about">About all of us</a></li><li><a href="/contact">Contact the authors</a></li></ul></nav></header>'
const FOOTER =
  '<footer><ul><li><a href="/imprint">Imprint and more text</a></li><li><a href="/privacy">Privacy for everybody</a></li><li><a href="/terms">Terms of everything</a></li></ul></footer>'
const COMMENTS =
  '<div id="comments"><div class="c"><h4><a href="/u/1">Somebody said this</a></h4><time>2026-01-01</time></div><div class="c"><h4><a href="/u/2">Another said that</a></h4><time>2026-01-01</time></div><div class="c"><h4><a href="/u/3">A third says more</a></h4><time>2026-01-01</time></div></div>'
const around = (list: string): string => `${NAVIGATION}<main>${list}</main>${COMMENTS}${FOOTER}`
const day = (date: number): object => ({ kind: 'day', year: 2026, month: 1, day: date })
const three = (item: (number: number) => string): string => [13, 12, 11].map(item).join('')

describe('readPage() finds entries by', () => {
  for (const [says, how, list] of [
    [
      'h-entry',
      'h-feed',
      `<div class="h-feed">${three((n) => `<div class="h-entry"><h3 class="p-name"><a class="u-url" href="/p/${n}">Title ${n} &amp; on</a></h3><time class="dt-published" datetime="2026-01-${n}">Some day</time><p class="p-summary">Summary ${n}</p><img class="u-photo" src="${n}.png"></div>`)}</div>`,
    ],
    [
      'the hentry of old themes',
      'h-feed',
      three(
        (n) =>
          `<div class="post hentry"><h2 class="entry-title"><a rel="bookmark" href="/p/${n}">Title ${n} &amp; on</a></h2><abbr class="published" title="2026-01-${n}">x</abbr><div class="entry-summary">Summary ${n}</div><img src="${n}.png"></div>`,
      ),
    ],
    [
      'JSON-LD of a blog',
      'json-ld',
      `<script type="application/ld+json">${JSON.stringify({
        '@graph': [
          { '@type': 'WebSite', name: 'Site', url: '/' },
          {
            '@type': 'Blog',
            blogPost: [13, 12, 11].map((n) => ({
              '@type': 'BlogPosting',
              headline: `Title ${n} & on`,
              url: `/p/${n}`,
              datePublished: `2026-01-${n}`,
              description: `Summary ${n}`,
              image: { url: `${n}.png` },
            })),
          },
        ],
      })}</script>`,
    ],
    [
      'article',
      'article',
      three(
        (n) =>
          `<article class="card"><a href="/p/${n}"><img src="${n}.png"></a><h2><a href="/p/${n}">Title ${n} &amp; on</a></h2><p class="meta">Posted on 2026-01-${n}</p><p>Summary ${n}</p></article>`,
      ),
    ],
    [
      'repeated cards',
      'repeated',
      `<div class="list">${three((n) => `<div class="card card-${n}"><img src="${n}.png"><h3><a href="/p/${n}">Title ${n} &amp; on</a></h3><span class="date">2026年1月${n}日</span><p>Summary ${n}</p></div>`)}</div>`,
    ],
    [
      'the rows of a table',
      'repeated',
      `<table>${three((n) => `<tr><td>2026-01-${n}</td><td><a href="/p/${n}">Title ${n} &amp; on</a></td><td><p>Summary ${n}</p><img src="${n}.png"></td></tr>`)}</table>`,
    ],
    [
      'cards that are links themselves',
      'repeated',
      three(
        (n) =>
          `<a class="card" href="/p/${n}"><img data-src="${n}.png" src="data:image/gif;base64,x"><h3>Title ${n} &amp; on</h3><time datetime="2026-01-${n}"></time><p>Summary ${n}</p></a>`,
      ),
    ],
  ] as const)
    // prettier-ignore
    test(says, () => {
      const page = read(around(list))
      expect(page.how).toBe(how)
      expect(page.entries).toEqual(
        [13, 12, 11].map((n) => ({
          title: `Title ${n} & on`,
          link: `https://site.example/p/${n}`,
          date: day(n),
          snippet: `Summary ${n}`,
          image: `https://site.example/blog/${n}.png`,
        })),
      )
    })
})

test('readPage() finds a plain list among navigation, comments and footer', () => {
  const list = `<ul class="posts">${three((n) => `<li><a href="${n}.html">What happened on day ${n}</a></li>`)}</ul>`
  expect(read(`${NAVIGATION}${list}${FOOTER}`).entries.map(({ link }) => link)).toEqual([
    ...[13, 12, 11].map((n) => `https://site.example/blog/${n}.html`),
  ])
})

test('readPage() joins the lists of an archive', () => {
  const year = (n: number): string => `<h2>20${n}</h2><ul class="posts">${three((m) => `<li><a href="/${n}/${m}">The year ${n}, day ${m}</a></li>`)}</ul>` // prettier-ignore
  expect(read(around(three(year))).entries.length).toBe(9)
})

describe('readPage() suggests selectors that find the same entries for', () => {
  const card = (n: number): string =>
    `<h2 class="t"><a href="/p/${n}">Title ${n}</a></h2><time datetime="2026-01-${n}"></time><p>Summary ${n}</p>`
  for (const [says, list] of [
    ['article', three((n) => `<article>${card(n)}</article>`)],
    ['cards', `<div class="list">${three((n) => `<div class="card">${card(n)}</div>`)}</div>`],
    ['list items', `<ul class="list">${three((n) => `<li>${card(n)}</li>`)}</ul>`],
    ['a table', `<table class="list">${three((n) => `<tr><td>${card(n)}</td></tr>`)}</table>`],
  ] as const)
    test(says, () => {
      const guessed = read(around(list))
      expect(read(around(list), guessed.suggested)).toMatchObject({ how: 'selectors', entries: guessed.entries })
    })
})

describe('readPage() reads by selectors', () => {
  const LIST = `<table>${three((n) => `<tr><td><b>Title ${n}</b></td><td><a href="/p/${n}">read</a></td></tr>`)}</table>`
  const SELECT = { entry: 'table > tbody > tr', title: 'b', link: 'a' }
  test('copied from a browser', () => expect(read(LIST, SELECT).entries.length).toBe(3))
  test('and keeps each link once', () => expect(read(LIST + LIST, SELECT).entries.length).toBe(3))
  for (const [says, select, code, name] of [
    ['entry that matches nothing', { ...SELECT, entry: '.post' }, 'page-selector-empty', '`entry: .post`'],
    ['title that matches nothing', { ...SELECT, title: 'h2' }, 'page-selector-empty', '`title: h2`'],
    ['link that matches nothing', { ...SELECT, link: '.more' }, 'page-selector-empty', '`link: .more`'],
    ['date that is no selector', { ...SELECT, date: 'td[' }, 'page-selector-malformed', '`date: td[`'],
  ] as const)
    test(`and names ${says}`, () => {
      const problem = problemOf(() => read(LIST, select))
      expect(problem.code).toBe(code)
      expect(problem.message).toContain(name)
    })
  test('and warns of a date that matches nothing', () => {
    expect(read(LIST, { ...SELECT, date: 'time' }).warnings.map(({ code }) => code)).toEqual(['page-no-date'])
  })
})

describe('readPage() goes on to', () => {
  const LIST = three((n) => `<article><h2><a href="/p/${n}">Title ${n}</a></h2></article>`)
  for (const [says, link, url, next] of [
    ['rel=next', '<a rel="next" href="?page=2">2</a>', URL_OF_PAGE, '?page=2'],
    ['Older', '<a href="page/2/">← Older posts</a>', URL_OF_PAGE, 'page/2/'],
    ['下一页', '<a href="index_2.html">下一页 »</a>', URL_OF_PAGE, 'index_2.html'],
    [
      'the next number',
      '<a href="/blog/page/2/">2</a><a href="/blog/page/4/">4</a>',
      `${URL_OF_PAGE}page/3/`,
      'page/4/',
    ],
    ['no other host', '<a rel="next" href="https://else.example/">Next</a>', URL_OF_PAGE, null],
    ['no page before', '<a href="/blog/page/2/">2</a>', `${URL_OF_PAGE}page/3/`, null],
    ['not itself', '<a rel="next" href="#top">Next</a>', URL_OF_PAGE, null],
  ] as const)
    test(says, () => {
      expect(read(LIST + link, null, url).next).toBe(next === null ? null : `${URL_OF_PAGE}${next}`)
    })
})

test('readPage() says when a page lists nothing', () => {
  expect(problemOf(() => read(around('<p>Hello</p>'))).code).toBe('page-no-entries')
})

describe('readPage() comes to an end with', () => {
  const GOOD = three((n) => `<article><h2><a href="/p/${n}">Title ${n}</a></h2></article>`)
  for (const [says, html] of [
    ['elements nested without end', '<div>'.repeat(100_000)],
    ['paragraphs that are reopened without end', '<p><font color=a>'.repeat(100_000)],
    ['elements without end', '<i></i>'.repeat(200_000)],
    ['links without end', '<a href="/page/2">2</a>'.repeat(100_000)],
    ['attributes without end', `<i ${'a=1 '.repeat(200_000)}>`],
    ['tables without end', '<table><tr>'.repeat(50_000)],
  ] as const)
    test(says, () => expect(read(GOOD + html).entries.length).toBe(3))
  test('any pieces of HTML', () => {
    const pieces = ['<li>', '<a href="x">', '</a>', '<h2>', '<article>', '<table>', '<tr>', '</table>', '<script type="application/ld+json">', '{"@graph":[', '<time>', '2026-01-01', '<div class="h-entry">'] // prettier-ignore
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.constantFrom(...pieces), fc.string({ maxLength: 4 })), { maxLength: 60 }),
        (parts) => {
          try {
            for (const { link } of read(parts.join('')).entries) expect(link).toMatch(/^https?:/)
          } catch (error) {
            if (!(error instanceof Problem)) throw error
          }
        },
      ),
    )
  })
})
