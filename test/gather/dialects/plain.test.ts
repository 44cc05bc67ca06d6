import { describe, expect, test } from 'vitest'
import { OURS, dialectOf, linkIn } from '../../support/dialect-site.ts'

const plain = dialectOf({})
const day = (text: string | null): unknown => {
  const [year, month, date] = (text ?? '').split('-').map(Number)
  return text === null ? null : { kind: 'day', year, month, day: date }
}

test('a folder without a configuration is plain', () => expect(plain.name).toBe('plain'))

describe('ofPath() reads', () => {
  for (const [path, date, slug] of [
    ['tides.md', null, 'tides'],
    ['2021-03-05-tides.md', '2021-3-5', 'tides'],
    ['2021-3-5 tides.md', '2021-3-5', 'tides'],
    ['2021_03_05_tides.md', '2021-3-5', 'tides'],
    ['2021.03.05 潮汐.md', '2021-3-5', '潮汐'],
    ['20210305-tides.md', '2021-3-5', 'tides'],
    ['20210305.md', '2021-3-5', '20210305'],
    ['2021-03-05.md', '2021-3-5', '2021-03-05'],
    ['2021年3月5日 潮汐.md', '2021-3-5', '潮汐'],
    ['2021-02-30-tides.md', null, '2021-02-30-tides'],
    ['2021/03/05/tides.md', '2021-3-5', 'tides'],
    ['notes/2021/03/05-tides.md', '2021-3-5', '05-tides'],
    ['2021/2021-03-06-tides/index.md', '2021-3-6', 'tides'],
    ['2021/03/05/2021-03-06-tides.md', '2021-3-6', 'tides'],
    ['tides/index.md', null, 'tides'],
    ['tides/README.md', null, 'tides'],
    ['2021-1984.md', null, '2021-1984'],
    ['1234567890.md', null, '1234567890'],
    ['202103051230 tides.md', '2021-3-5', '202103051230 tides'],
    ['20210305123059/README.md', '2021-3-5', '20210305123059'],
    ['202103052460.md', null, '202103052460'],
    ['2021030512305.md', null, '2021030512305'],
  ] as const) {
    test(path, () => expect(plain.ofPath(path)).toEqual({ date: day(date), slug, isDraft: false }))
  }
  for (const path of ['_drafts/a.md', 'drafts/a.md', 'blog/_drafts/b/a.md']) {
    test(`${path} as a draft`, () => expect(plain.ofPath(path).isDraft).toBe(true))
  }
  test('a note about drafts as none', () => expect(plain.ofPath('notes/drafts.md').isDraft).toBe(false))
})

describe('passesOver()', () => {
  for (const path of [
    '_index.md',
    'logseq/bak/pages/tides/2026-01-11T09_30_00.000Z.Desktop.md',
    'graph/logseq/version-files/local/tides.md',
    'AGENTS.md',
    'CLAUDE.md',
    'a/_sidebar.md',
    '_navbar.md',
    'a/SUMMARY.md',
    '404.md',
    'LICENSE.md',
    'CHANGELOG.md',
  ]) {
    test(`passes over ${path}`, () => expect(plain.passesOver(path)).not.toBeNull())
  }
  for (const path of [
    'a/index.md',
    '_posts/a.md',
    'README.md',
    'a/CHANGELOG.md',
    'summary.md',
    'license.md',
    'a.mdx',
  ]) {
    test(`reads ${path}`, () => expect(plain.passesOver(path)).toBeNull())
  }
})

describe('isNoEntry() of', () => {
  for (const [says, path, data, isNone] of [
    ['a README of the root', 'README.md', {}, true],
    ['a README in Chinese', 'README.zh-CN.md', {}, true],
    ['a README with a title', 'README.md', { title: 'Tides' }, false],
    ['a README of a folder', 'tides/README.md', {}, false],
    ['an article', 'a.md', { layout: 'post', type: 'note' }, false],
    ['a home page', 'a.md', { layout: 'home' }, true],
    ['a list of tags', 'tags/index.md', { type: 'tags' }, true],
    ['a drawing', 'a.md', { 'excalidraw-plugin': 'parsed' }, true],
    ['a board', 'a.md', { 'kanban-plugin': 'basic' }, true],
    ['what is not published', 'a.md', { publish: 'false' }, true],
    ['what is published', 'a.md', { publish: 'true' }, false],
    ['odd data', 'a.md', { layout: ['home'], type: { a: 'tags' }, publish: null }, false],
  ] as const) {
    test(says, () => expect(plain.isNoEntry(path, data) !== null).toBe(isNone))
  }
})

describe('linkOf() has', () => {
  for (const [says, data, link] of [
    ['nothing', {}, null],
    ['a permalink', { permalink: '/tides/' }, `${OURS}tides/`],
    ['a permalink without a slash', { permalink: 'tides.html' }, `${OURS}tides.html`],
    ['an address', { permalink: 'https://a.example.net/潮' }, 'https://a.example.net/%E6%BD%AE'],
    ['a url', { url: '/tides/' }, `${OURS}tides/`],
    ['a link', { link: '/tides/' }, `${OURS}tides/`],
    ['a link of our own', { link: `${OURS}tides/` }, `${OURS}tides/`],
    ['no link to somebody else', { link: 'https://other.example.net/' }, null],
    ['no url that is a word', { url: 'tides' }, null],
    ['no pattern', { permalink: '/:year/:title/' }, null],
    ['no template', { permalink: '/{{ page.fileSlug }}/' }, null],
    ['no permalink: false', { permalink: 'false' }, null],
    ['no script', { permalink: 'javascript:alert(1)' }, null],
    ['no step out of the site', { permalink: '../../tides/' }, `${OURS}tides/`],
    ['nothing of odd data', { permalink: ['/a/'], url: { a: '/a/' }, link: null }, null],
  ] as const) {
    test(says, () => expect(linkIn(plain, 'a.md', data)).toBe(link))
  }
})

test('only .mdx holds components', () => {
  expect(plain.syntaxOf('a.mdx')).toMatchObject({ mdx: true, liquid: true, shortcodes: true, wiki: true, vue: false })
  expect(plain.syntaxOf('a.md').mdx).toBe(false)
})
