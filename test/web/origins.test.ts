import { describe, expect, test } from 'vitest'
import { isFromOurPages, placeOf, sharedWith } from '../../src/web/origins.ts'

const OURS = ['https://example.org', 'https://news.example.org:8443']

function from(headers: Record<string, string>): Request {
  return new Request('https://news.example.org/subscribe', { headers })
}

describe('isFromOurPages()', () => {
  for (const [says, origin, verdict] of [
    ['our origin', 'https://example.org', true],
    ['our origin at its port', 'https://news.example.org:8443', true],
    ['another port', 'https://news.example.org', false],
    ['another scheme', 'http://example.org', false],
    ['a domain below', 'https://a.example.org', false],
    ['a domain that goes on', 'https://example.org.evil.example', false],
    ['a hidden origin', 'null', false],
    ['an empty origin', '', false],
    ['other letters', 'https://EXAMPLE.org', false],
    ['two origins', 'https://example.org, https://evil.example', false],
  ] as const)
    test(`${verdict ? 'takes' : 'refuses'} ${says}`, () => expect(isFromOurPages(from({ origin }), OURS)).toBe(verdict))

  test('takes what names no origin', () => expect(isFromOurPages(from({}), OURS)).toBe(true))
})

describe('sharedWith()', () => {
  test('names the origin that asks, when it is ours', () =>
    expect(sharedWith(from({ origin: 'https://example.org' }), OURS)).toEqual({
      vary: 'Origin',
      'access-control-allow-origin': 'https://example.org',
    }))

  for (const headers of [{}, { origin: 'https://evil.example' }, { origin: 'null' }])
    test(`names none to ${JSON.stringify(headers)}`, () =>
      expect(sharedWith(from(headers), OURS)).toEqual({ vary: 'Origin' }))
})

describe('placeOf() is', () => {
  for (const [says, headers, source, place] of [
    ['nothing when nothing is known', {}, null, ''],
    ['the page without its query', { referer: 'https://a.example/b/c?d=e#f' }, null, 'https://a.example/b/c'],
    [
      'the page rather than the origin',
      { referer: 'https://a.example/b', origin: 'https://c.example' },
      null,
      'https://a.example/b',
    ],
    ['the origin', { origin: 'https://a.example' }, null, 'https://a.example/'],
    ['the page and what the form says', { origin: 'https://a.example' }, '/b/ c', 'https://a.example/ /b/ c'],
    ['what the form says', {}, ' /b ', '/b'],
    ['no page without a scheme of the web', { referer: 'data:text/html,x' }, null, ''],
    ['no page that is none', { referer: 'x', origin: 'null' }, null, ''],
    ['without names and passwords', { referer: 'https://u:p@a.example/' }, null, 'https://a.example/'],
    ['one line', {}, 'a\r\nSubject: b\u0000\u2028c', 'a Subject: b c'],
    [
      'cut',
      { referer: `https://a.example/${'b'.repeat(1000)}` },
      'c'.repeat(1000),
      `${`https://a.example/${'b'.repeat(1000)}`.slice(0, 300)} ${'c'.repeat(300)}`,
    ],
  ] as const)
    test(says, () => expect(placeOf(from(headers), source)).toBe(place))
})
