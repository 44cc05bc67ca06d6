import { describe, expect, test } from 'vitest'
import { absolute } from '../../../src/gather/feed/address.ts'
import type { FeedItem } from '../../../src/gather/feed/item.ts'
import { readFeed } from '../../../src/gather/feed/read-feed.ts'

function itemsOf(text: string): FeedItem[] {
  return readFeed(Buffer.from(text), null, 'https://feed.example/blog/feed.xml').items
}

const rss = (inside: string, head = ''): string =>
  `${head}<rss version="2.0"><channel><title>T</title>${inside}</channel></rss>`
const atom = (entry: string): string => `<feed xmlns="http://www.w3.org/2005/Atom"><entry>${entry}</entry></feed>`
const doctype = (...entities: string[]): string => `<!DOCTYPE rss [\n${entities.join('\n')}\n]>\n`
const titles = (text: string): string[] => itemsOf(text).map(({ title }) => title)

describe('readFeed() finds items', () => {
  for (const [says, text, found] of [
    [
      'in a list of their own',
      rss('<items><item><title>a</title></item><item><title>b</title></item></items>'),
      ['a', 'b'],
    ],
    ['beside the channel', '<rss><channel><title>T</title></channel><item><title>a</title></item></rss>', ['a']],
    [
      'of several channels',
      '<rss><channel><item><title>a</title></item></channel><channel><item><title>b</title></item></channel></rss>',
      ['a', 'b'],
    ],
    ['behind a prefix that nobody declared', '<x:feed><x:entry><x:title>a</x:title></x:entry></x:feed>', ['a']],
    [
      'that share their link',
      rss(
        '<item><title>a</title><link>http://a.example/</link></item><item><title>b</title><link>http://a.example/</link></item>',
      ),
      ['a', 'b'],
    ],
    [
      'that share their guid and have no link',
      rss('<item><title>a</title><guid>0</guid></item><item><title>b</title><guid>0</guid></item>'),
      ['a', 'b'],
    ],
    [
      'of one day and the next with the same title and link',
      rss(
        '<item><title>a</title><link>http://a.example/</link><pubDate>2026-01-11</pubDate></item><item><title>a</title><link>http://a.example/</link><pubDate>2026-01-10</pubDate></item>',
      ),
      ['a', 'a'],
    ],
    [
      'once that say the same twice',
      rss('<item><title>a</title><link>http://a.example/</link></item>'.repeat(2)),
      ['a'],
    ],
  ] as const)
    // prettier-ignore
    test(says, () => expect(titles(text)).toEqual(found))
})

describe('readFeed() reads a title', () => {
  for (const [says, text, title] of [
    [
      'with an entity that the feed declares',
      rss('<item><title>&who; &amp; co</title></item>', doctype('<!ENTITY who "Ada">')),
      'Ada & co',
    ],
    [
      'with an entity of a reference',
      rss('<item><title>caf&e;</title></item>', doctype("<!ENTITY e '&#233;'>")),
      'café',
    ],
    [
      'with the first of two declarations',
      rss('<item><title>&a;</title></item>', doctype('<!ENTITY a "1">', '<!ENTITY a "2">')),
      '1',
    ],
    [
      'without an entity that is made of others',
      rss('<item><title>&b;</title></item>', doctype('<!ENTITY a "1">', '<!ENTITY b "&a;&a;">')),
      '&b;',
    ],
    [
      'without an entity that is made of markup',
      rss('<item><title>&b;</title></item>', doctype('<!ENTITY b "<b>1">')),
      '&b;',
    ],
    [
      'without an entity of a file',
      rss('<item><title>&f;</title></item>', doctype('<!ENTITY f SYSTEM "file:///etc/passwd">')),
      '&f;',
    ],
    [
      'with an entity whose semicolon is missing',
      rss('<item><title>&copy 2026 &hellip; &amp Co</title></item>'),
      '© 2026 … & Co',
    ],
    [
      'with what only begins like an entity',
      atom('<title>&notit; &notit AT&T &bogus;</title>'),
      '&notit; &notit AT&T &bogus;',
    ],
    ['of an unknown type', atom('<title type="application/octet-stream">a &amp; b</title>'), 'a & b'],
    ['in CDATA within CDATA', atom('<title type="html"><![CDATA[<![CDATA[a]]>]]></title>'), 'a'],
    ['in CDATA that was escaped', rss('<item><title>&lt;![CDATA[a]]&gt;</title></item>'), 'a'],
    ['in CDATA without an end', rss('<item><title><![CDATA[50 %</title><link>/a</link></item>'), '50 %'],
    [
      'of a hundred tags',
      rss(`<item><title>${'&lt;b&gt;a&lt;/b&gt; '.repeat(60)}</title></item>`),
      'a '.repeat(60).trim(),
    ],
  ] as const)
    // prettier-ignore
    test(says, () => expect(titles(text)).toEqual([title]))
})

describe('readFeed() reads', () => {
  for (const [says, text, item] of [
    [
      'a link behind a title in CDATA without an end',
      rss('<item><title><![CDATA[a</title><link>/a</link></item>'),
      { link: 'https://feed.example/a' },
    ],
    [
      'a link that was escaped twice',
      rss('<item><link>http://a.example/?a=1&amp;amp;b=2</link></item>'),
      { link: 'http://a.example/?a=1&b=2' },
    ],
    [
      'a bare ampersand in a link',
      rss('<item><link>http://a.example/?a=1&copy=2</link></item>'),
      { link: 'http://a.example/?a=1&copy=2' },
    ],
    [
      'an entity in an attribute',
      atom('<link href="http://a.example/?a=1&amp;b=caf&eacute;"/>'),
      { link: 'http://a.example/?a=1&b=caf%C3%A9' },
    ],
    [
      'no link out of a name that is no address',
      '<rdf:RDF><item rdf:about="post-1"><title>a</title></item></rdf:RDF>',
      { guid: 'post-1', link: null },
    ],
    [
      'a link out of a name that is an address',
      '<rdf:RDF><item rdf:about="http://a.example/1"><title>a</title></item></rdf:RDF>',
      { link: 'http://a.example/1' },
    ],
    [
      'the date that can be read',
      rss('<item><pubDate>soon</pubDate><dc:date>2026-01-11</dc:date></item>'),
      { published: { kind: 'day', year: 2026, month: 1, day: 11 } },
    ],
    [
      'text before the first element of a text',
      rss('<item><description>a &lt; b <b>c</b> &amp; d</description></item>'),
      { body: { format: 'html', text: 'a &lt; b <b>c</b> &amp; d' } },
    ],
    [
      'the body of CDATA within CDATA',
      rss('<item><description><![CDATA[<![CDATA[<p>a</p>]]>]]></description></item>'),
      { body: { format: 'html', text: '<p>a</p>' } },
    ],
  ] as const)
    // prettier-ignore
    test(says, () => expect(itemsOf(text)[0]).toMatchObject(item))
})

test('absolute() reads an address with a letter such as ü however often it is asked', () => {
  const addresses = itemsOf(rss('<item><title>ü</title></item>')).map(({ title }) => `http://m${title}nchen.example/`)
  const read = Array.from({ length: 20_000 }, () => absolute(addresses[0] ?? null, 'https://feed.example/'))
  expect(new Set(read)).toEqual(new Set(['http://xn--mnchen-3ya.example/']))
})
