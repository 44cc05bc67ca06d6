import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { opml } from '../../../src/feeds/opml.ts'
import { type ReadOpml, readOpml } from '../../../src/gather/opml/read-opml.ts'

function fixture(name: string): ReadOpml {
  return readOpml(readFileSync(new URL(`../../fixtures/opml/${name}`, import.meta.url)), name)
}

function read(text: string): ReadOpml {
  return readOpml(Buffer.from(text), 'list.opml')
}

/** A list with these outlines, the first on line 2. */
function list(...outlines: string[]): string {
  return ['<opml version="2.0"><body>', ...outlines, '</body></opml>'].join('\n')
}

const feeds = ({ feeds }: ReadOpml): string[] => feeds.map(({ title, url }) => `${title} ${url}`)
const problems = ({ problems }: ReadOpml): string[] =>
  problems.map(({ severity, where, message }) => `${severity} ${where ?? ''}: ${message}`)

describe('readOpml() reads', () => {
  for (const [says, name, found] of [
    [
      'folders in folders, titles for texts, and leaves out notes',
      'reader-1.1.opml',
      [
        'Tides https://tides.example/feed.xml',
        'Gauge & Pier https://gauge.example/atom?lang=de&full=1',
        'Storms http://storms.example/rss',
      ],
    ],
    [
      'what is hardly XML as far as it goes',
      'broken.opml',
      [
        'Ebb & Flow https://ebb.example/feed?a=1&b=2',
        'Flood https://flood.example/feed',
        'Dyke https://dyke.example/feed',
      ],
    ],
    ['Latin-1', 'latin-1.opml', ['Küste und Düne https://kueste.example/feed']],
    ['UTF-16', 'utf-16.opml', ['潮汐笔记 https://chaoxi.example/feed']],
  ] as const)
    test(says, () => {
      expect(feeds(fixture(name))).toEqual(found)
      expect(problems(fixture(name))).toEqual([])
    })

  for (const [says, outline, found] of [
    ['xmlUrl in any case', '<outline text="T" XmlURL="https://a.example/f"/>', 'T https://a.example/f'],
    ['names with a prefix', '<o:outline text="T" xmlUrl="https://a.example/f"/>', 'T https://a.example/f'],
    ['url of a feed', '<outline type="rss" text="T" url="https://a.example/f"/>', 'T https://a.example/f'],
    ['feed: for http', '<outline text="T" xmlUrl="feed://a.example/f"/>', 'T http://a.example/f'],
    ['feed: before an address', '<outline text="T" xmlUrl="feed:https://a.example/f"/>', 'T https://a.example/f'],
    [
      'an address with white space',
      '<outline text="T" xmlUrl=" https://a.example/f#x&#10;"/>',
      'T https://a.example/f',
    ],
    ['the host for a name', '<outline xmlUrl="https://a.example/f"/>', 'a.example https://a.example/f'],
    [
      'names that are escaped twice',
      '<outline text="Ebb &amp;amp; Flow" xmlUrl="https://a.example/f"/>',
      'Ebb & Flow https://a.example/f',
    ],
    [
      'names on one line, without controls',
      '<outline text="Ebb&#10;and&#27;[31m Flow" xmlUrl="https://a.example/f"/>',
      'Ebb and[31m Flow https://a.example/f',
    ],
    [
      'long names cut',
      `<outline text="${'tide '.repeat(60)}" xmlUrl="https://a.example/f"/>`,
      `${'tide '.repeat(23)}tide… https://a.example/f`,
    ],
  ] as const)
    test(says, () => expect(feeds(read(list(outline)))).toEqual([found]))

  test('a byte order mark and Windows line ends, counting lines all the same', () => {
    const text = list('<outline text="T" xmlUrl="https://a.example/f"/>').replaceAll('\n', '\r\n')
    expect(read(`\uFEFF${text}`).feeds).toEqual([{ title: 'T', url: 'https://a.example/f', line: 2 }])
  })

  test('the list of feeds that we publish', () => {
    const tides = { title: 'Tides & <moons>', folder: 'https://t.example/tags/tides/', homePage: 'https://t.example/' }
    const text = opml('Feeds', [
      { heading: null, feeds: [{ ...tides, title: 'All', folder: 'https://t.example/' }] },
      { heading: 'Tags', feeds: [tides] },
    ])
    const found = ['All https://t.example/feed.xml', 'Tides & <moons> https://t.example/tags/tides/feed.xml']
    expect(feeds(read(text))).toEqual(found)
  })

  test('5,000 feeds, none of them closed', () => {
    const outlines = Array.from({ length: 5000 }, (_, n) => `<outline text="T${n}" xmlUrl="https://a.example/${n}">`)
    const { feeds, problems } = read(list(...outlines))
    expect(feeds).toHaveLength(5000)
    expect(feeds.at(-1)).toEqual({ title: 'T4999', url: 'https://a.example/4999', line: 5001 })
    expect(problems).toEqual([])
  })
})

describe('readOpml() sets aside, with its line,', () => {
  for (const [says, outline, problem] of [
    ['a feed without address', '<outline text="T" type="rss"/>', 'error list.opml:2: "T" has no web address'],
    ['a feed with an empty one', '<outline text="T" xmlUrl=""/>', 'error list.opml:2: "T" has no web address'],
    [
      'an address of mail',
      '<outline xmlUrl="mailto:a@b.example"/>',
      'error list.opml:2: The outline has no web address',
    ],
    ['a script', '<outline text="T" xmlUrl="javascript:alert(1)"/>', 'error list.opml:2: "T" has no web address'],
    ['half an address', '<outline text="T" xmlUrl="/feed.xml"/>', 'error list.opml:2: "T" has no web address'],
    [
      'a password, which it does not repeat',
      '<outline text="T" xmlUrl="https://ada:secret@a.example/"/>',
      'error list.opml:2: The address of "T" holds a user name or password',
    ],
  ] as const)
    test(says, () => {
      const found = read(list(outline, '<outline text="Next" xmlUrl="https://n.example/"/>'))
      expect([feeds(found), problems(found)]).toEqual([['Next https://n.example/'], [problem]])
    })

  test('no folder that calls itself a feed', () => {
    const text = list(
      '<outline text="Folder" type="rss">',
      '<outline text="T" xmlUrl="https://a.example/"/>',
      '</outline>',
    )
    expect([feeds(read(text)), problems(read(text))]).toEqual([['T https://a.example/'], []])
  })
})

describe('readOpml() refuses as no OPML', () => {
  for (const [says, text] of [
    ['nothing', ''],
    ['a text', 'Tides'],
    ['a feed', '<rss version="2.0"><channel><title>T</title></channel></rss>'],
    ['a page', '<!doctype html><p>Tides</p>'],
    ['a list without outlines', list()],
  ] as const)
    test(says, () =>
      expect(() => read(text)).toThrow(expect.objectContaining({ code: 'argument-opml', where: 'list.opml' })),
    )
})

describe('readOpml() reads no more than', () => {
  test('50,000 outlines, and says so', () => {
    const found = read(list('<outline text="T" xmlUrl="https://a.example/"/>\n'.repeat(50_001)))
    expect(found.feeds).toHaveLength(50_000)
    expect(problems(found)).toEqual([expect.stringMatching(/^error list\.opml: .*left out$/)])
  })

  test('10,000 folders in each other', () => {
    const found = read('<outline text="F">'.repeat(20_000))
    expect(problems(found)).toEqual([expect.stringMatching(/^error list\.opml: .*left out$/)])
  })

  test('what an entity says by itself: none is made of others', () => {
    const names = Array.from('abcdefghij')
    const entities = names.map((name, n) => `<!ENTITY ${name} "${n === 0 ? 'tide' : `&${names[n - 1]};`.repeat(10)}">`)
    const text = `<!DOCTYPE opml [${entities.join('')}]>${list('<outline text="&j; &a;" xmlUrl="https://a.example/"/>')}`
    expect(feeds(read(text))).toEqual(['&j; tide https://a.example/'])
  })
})
