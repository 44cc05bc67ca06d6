import { describe, expect, test } from 'vitest'
import type { SourceConfig } from '../../src/config-types.ts'
import { newFeeds } from '../../src/setup/new-feeds.ts'

const SOURCES: SourceConfig[] = [
  { kind: 'listing', name: 'Tides', root: '/', files: '*.txt' },
  { kind: 'feed', name: 'Gauge', at: { kind: 'url', url: 'https://www.gauge.example/feed/?full=1' } },
  { kind: 'page', name: 'Pier', at: { kind: 'url', url: 'https://pier.example/' }, select: null, pages: 5 },
]

function addedOf(...listed: [title: string, url: string][]): string[] {
  const { added } = newFeeds(
    listed.map(([title, url]) => ({ title, url })),
    SOURCES,
  )
  return added.map(({ name, url }) => `${name} ${url}`)
}

describe('newFeeds() takes for there already', () => {
  for (const url of [
    'https://www.gauge.example/feed/?full=1',
    'http://gauge.example/feed?full=1',
    'https://GAUGE.example:443/feed/?full=1',
    'http://www.pier.example',
  ])
    test(url, () => {
      expect(newFeeds([{ title: 'T', url }], SOURCES)).toEqual({ added: [], thereAlready: 1, repeated: 0 })
    })
})

describe('newFeeds() adds', () => {
  for (const url of [
    'https://gauge.example/feed/',
    'https://gauge.example/Feed/?full=1',
    'https://m.gauge.example/feed/?full=1',
    'https://gauge.example:8443/feed/?full=1',
  ])
    test(url, () => expect(addedOf(['T', url])).toEqual([`T ${url}`]))

  test('what stands twice in the list once', () => {
    const twice = ['https://a.example/f', 'http://www.a.example/f/'].map((url) => ({ title: 'T', url }))
    const added = [{ kind: 'feed', name: 'T', url: 'https://a.example/f' }]
    expect(newFeeds(twice, SOURCES)).toEqual({ added, thereAlready: 0, repeated: 1 })
  })

  test('names that no other source has, whatever their case', () => {
    const found = addedOf(['tides', 'https://a.example/'], ['Tides', 'https://b.example/'], ['Tides (2)', 'https://c.example/']) // prettier-ignore
    expect(found).toEqual(['tides (2) https://a.example/', 'Tides (3) https://b.example/', 'Tides (2) (2) https://c.example/']) // prettier-ignore
  })

  test('no name and no address that stands for a secret of the owner', () => {
    const found = addedOf(['Tides ${SMTP_URL}', 'https://a.example/?${SMTP_URL}'])
    expect(found).toEqual(['Tides $ {SMTP_URL} https://a.example/?$%7BSMTP_URL}'])
  })
})
