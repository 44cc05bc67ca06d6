import { describe, expect, test } from 'vitest'
import { feedUrlsIn } from '../../../src/gather/feed/feed-links.ts'

describe('feedUrlsIn() finds', () => {
  for (const [says, html, urls] of [
    [
      'the types of feeds',
      '<link rel="alternate" type="application/rss+xml" href="/r"><link rel="alternate" type="application/atom+xml; charset=utf-8" href="/a"><link rel="alternate" type="application/feed+json" href="/j">',
      ['/r', '/a', '/j'],
    ],
    [
      'JSON where it is called a feed',
      '<link rel="alternate" type="application/json" href="/feed.json"><link rel="alternate" type="application/json" href="/wp-json/1"><link rel="alternate" type="application/json+oembed" href="/feed.json?o">',
      ['/feed.json'],
    ],
    [
      'what is relative to the base of the page',
      '<base href="/sub/"><link rel="ALTERNATE" type="application/rss+xml" href="r">',
      ['/sub/r'],
    ],
    [
      'feeds of comments last',
      '<link rel="alternate" type="application/rss+xml" href="/comments/feed/"><link rel="alternate" type="application/rss+xml" href="/feed/">',
      ['/feed/', '/comments/feed/'],
    ],
    [
      'each once',
      '<link rel="alternate" type="text/xml" href="/r"><link rel="alternate" type="text/xml" href="/r">',
      ['/r'],
    ],
    [
      'no script, no translation and no style',
      '<link rel="alternate" type="application/rss+xml" href="javascript:x"><link rel="alternate" hreflang="de" href="/de"><link rel="stylesheet" href="/s">',
      [],
    ],
    [
      'none behind elements nested without end',
      `${'<div>'.repeat(50_000)}<link rel="alternate" type="text/xml" href="/r">`,
      [],
    ],
  ] as const)
    // prettier-ignore
    test(says, () => {
      const found = feedUrlsIn(html, 'https://site.example/blog/').map(({ url }) => url)
      expect(found).toEqual(urls.map((path) => `https://site.example${path}`))
    })
})
