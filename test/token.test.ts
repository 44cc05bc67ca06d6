import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { confirmUrl, mintToken, preferencesUrl, readToken, unsubscribeUrl } from '../src/token.ts'

const SECRET = 'a secret of the harbour'
const FORMER = 'the secret before it'
const TOKEN = mintToken(SECRET, 'unsubscribe', 46)
const [, SIGNATURE = ''] = TOKEN.split('.')

const id = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER })
/** Any text at all, halves of surrogate pairs too. */
const anyText = fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units))

function read(token: string, secrets: readonly string[] = [SECRET]): number | null {
  return readToken(secrets, 'unsubscribe', token)
}

/** The beginning of an HMAC-SHA-256, as long as that of a token. */
function hmac(text: string, secret = SECRET): string {
  return createHmac('sha256', secret).update(text).digest('base64url').slice(0, 22)
}

describe('mintToken()', () => {
  test('gives the same token for ever, so that links in old letters work', () =>
    expect(TOKEN).toBe(`1a.${hmac('feedwire-token\nunsubscribe\n46')}`))

  test('gives a short text that stands in an address as it is', () =>
    fc.assert(
      fc.property(fc.string(), id, (secret, subscriberId) => {
        expect(mintToken(secret, 'unsubscribe', subscriberId)).toMatch(/^[\da-z]{1,11}\.[\w-]{22}$/)
      }),
    ))
})

describe('readToken() reads', () => {
  test('whatever mintToken() gives', () =>
    fc.assert(
      fc.property(anyText, id, (secret, subscriberId) => {
        expect(read(mintToken(secret, 'unsubscribe', subscriberId), [secret])).toBe(subscriberId)
      }),
    ))

  for (const [says, secrets] of [
    ['a token of the current secret', [SECRET, FORMER]],
    ['a token of a former secret', [FORMER, SECRET]],
    ['a token of one secret among many', ['x', FORMER, SECRET, 'y']],
  ] as const)
    test(says, () => expect(read(TOKEN, secrets)).toBe(46))
})

describe('readToken() refuses', () => {
  for (const [says, token] of [
    ['an empty text', ''],
    ['an id alone', '1a'],
    ['an id and a dot', '1a.'],
    ['a signature alone', SIGNATURE],
    ['no id', `.${SIGNATURE}`],
    ['the id of another', `1b.${SIGNATURE}`],
    ['zero', mintToken(SECRET, 'unsubscribe', 0)],
    ['a number below zero', mintToken(SECRET, 'unsubscribe', -46)],
    ['a leading zero', `0${TOKEN}`],
    ['an id in capitals', TOKEN.replace('1a', '1A')],
    [
      'an id that no number holds',
      `zzzzzzzzzzz.${hmac(`feedwire-token\nunsubscribe\n${parseInt('zzzzzzzzzzz', 36)}`)}`,
    ],
    ['a signature that is cut', TOKEN.slice(0, -1)],
    ['a signature that goes on', `${TOKEN}A`],
    ['a line feed behind it', `${TOKEN}\n`],
    ['a space before it', ` ${TOKEN}`],
    ['a signature for another purpose', `1a.${hmac('feedwire-token\npreferences\n46')}`],
    ['a signature without its label', `1a.${hmac('unsubscribe\n46')}`],
    ['a token of an unknown secret', mintToken('guessed', 'unsubscribe', 46)],
    ['a million characters', 'a'.repeat(1_000_000)],
    ['a million dots', '.'.repeat(1_000_000)],
    ['a token with a million characters behind it', TOKEN + 'A'.repeat(1_000_000)],
    ['half of a surrogate pair', `1a.${'\ud800'.repeat(22)}`],
    ['letters that are no ASCII', `1a.${'é'.repeat(22)}`],
  ] as const)
    test(says, () => expect(read(token)).toBe(null))

  test('a right token when there is no secret', () => expect(read(TOKEN, [])).toBe(null))

  test('any text that no secret signed', () =>
    fc.assert(
      fc.property(anyText, (text) => {
        expect(read(text)).toBe(null)
      }),
      { numRuns: 1000 },
    ))

  test('any text of the form of a token', () =>
    fc.assert(
      fc.property(fc.stringMatching(/^[1-9a-z][\da-z]{0,10}\.[\w-]{22}$/), (text) => {
        expect(read(text)).toBe(null)
      }),
      { numRuns: 1000 },
    ))

  test('a token with one character changed, wherever it is', () => {
    for (let at = 0; at < TOKEN.length; at++) {
      for (const other of 'Az09-_.') {
        if (other === TOKEN[at]) continue
        expect(read(TOKEN.slice(0, at) + other + TOKEN.slice(at + 1)), `${other} at ${at}`).toBe(null)
      }
    }
  })
})

describe('a token of one purpose', () => {
  const purposes = ['unsubscribe', 'confirm', 'preferences'] as const
  for (const minted of purposes)
    for (const asked of purposes)
      test(`${minted} is ${asked === minted ? 'good' : 'none'} for ${asked}`, () =>
        expect(readToken([SECRET], asked, mintToken(SECRET, minted, 46))).toBe(asked === minted ? 46 : null))
})

test('links stand below the address of the server', () => {
  const url = 'https://news.example.org/mail/'
  expect([unsubscribeUrl(url, TOKEN), confirmUrl(url, TOKEN), preferencesUrl(url, TOKEN)]).toEqual([
    ...[`${url}u/${TOKEN}`, `${url}c/${TOKEN}`, `${url}p/${TOKEN}`],
  ])
})
