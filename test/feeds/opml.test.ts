import { parseOpml } from 'feedsmith'
import { expect, test } from 'vitest'
import { opml } from '../../src/feeds/opml.ts'

const SITE = { title: 'Tide Notes', folder: 'https://t.example/feeds/', homePage: 'https://t.example/' }
const TAG = {
  title: 'Tide Notes - 潮汐 & <sand> "x"',
  folder: 'https://t.example/feeds/tags/%E6%BD%AE%E6%B1%90/',
  homePage: 'https://t.example/feeds/tags/%E6%BD%AE%E6%B1%90/',
}

test('opml() lists every feed once, by its RSS document, below headings', () => {
  const list = parseOpml(
    opml('Tide & Co', [
      { heading: null, feeds: [SITE] },
      { heading: 'Tags', feeds: [TAG] },
    ]),
  )
  expect(list.head?.title).toBe('Tide & Co')
  expect(list.body?.outlines).toMatchObject([
    {
      type: 'rss',
      text: 'Tide Notes',
      title: 'Tide Notes',
      xmlUrl: 'https://t.example/feeds/feed.xml',
      htmlUrl: 'https://t.example/',
    },
    {
      text: 'Tags',
      outlines: [{ text: TAG.title, xmlUrl: `${TAG.folder}feed.xml`, htmlUrl: TAG.homePage }],
    },
  ])
})

test('opml() leaves out a heading without feeds', () => {
  expect(opml('T', [{ heading: 'Tags', feeds: [] }])).not.toContain('Tags')
})

test('opml() cleans what XML forbids', () => {
  const list = opml('a\u0000\uFFFEb\uD800', [{ heading: 'x\u0007', feeds: [{ ...SITE, title: '\u0001' }] }])
  expect(list).not.toMatch(/[\u0000-\u0008\uFFFE\uD800]/)
  expect(parseOpml(list).body?.outlines?.[0]?.outlines).toHaveLength(1)
})
