import { expect, test } from 'vitest'
import { hrefFrom, pathFrom, webAddress } from '../../src/pages/links.ts'

for (const [says, link, address] of [
  ['keeps http', 'http://example.org/a', 'http://example.org/a'],
  ['keeps https with a query', 'https://example.org/?a=1&b=2', 'https://example.org/?a=1&b=2'],
  ['writes other letters as URLs do', 'https://example.org/潮', 'https://example.org/%E6%BD%AE'],
  ['leaves no line break', 'https://example.org/a\nb', 'https://example.org/ab'],
  ['drops javascript', 'javascript:alert(1)', null],
  ['drops javascript in disguise', ' java\nscript:alert(1)', null],
  ['drops data', 'data:text/html,x', null],
  ['drops a bare path', '/etc/passwd', null],
  ['drops nothing at all', '', null],
] as const) {
  test(`webAddress() ${says}`, () => expect(webAddress(link)).toBe(address))
}

for (const [page, target, path] of [
  ['index.html', 'feed.xml', 'feed.xml'],
  ['index.html', 'page/2.html#e-1', 'page/2.html#e-1'],
  ['index.html', 'index.html#e-1', '#e-1'],
  ['page/2.html', 'feed.xml', '../feed.xml'],
  ['page/2.html', 'page/3.html', '3.html'],
  ['page/2.html', 'page/2.html#e-1', '#e-1'],
  ['digests/a.html', 'page/2.html', '../page/2.html'],
] as const) {
  test(`pathFrom() leads from ${page} to ${target}`, () => expect(pathFrom(page, target)).toBe(path))
}

const ours = 'https://example.org/feeds/'
for (const [says, link, href] of [
  ['writes our pages from where it stands', `${ours}page/3.html#e-1`, '3.html#e-1'],
  ['writes our digests likewise', `${ours}digests/20260302-a1.html`, '../digests/20260302-a1.html'],
  ['writes the front page as a file', ours, '../index.html'],
  ['writes a place on the front page', `${ours}#e-1`, '../index.html#e-1'],
  ['leaves an article beside our pages absolute', `${ours}tides/`, `${ours}tides/`],
  ['leaves another site absolute', 'https://example.com/page/3.html', 'https://example.com/page/3.html'],
  ['is not fooled by a host that begins alike', 'https://example.org.evil/feeds/', 'https://example.org.evil/feeds/'],
  ['writes no other scheme', 'javascript:alert(1)', null],
] as const) {
  test(`hrefFrom() ${says}`, () => expect(hrefFrom('page/2.html', ours, link)).toBe(href))
}
