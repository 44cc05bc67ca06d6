import { describe, expect, test } from 'vitest'
import { bounceAddress, confirmAddress, readReturnAddress, unsubscribeAddress } from '../src/return-address.ts'
import { parseEmailAddress } from '../src/subscriber.ts'

const SECRET = 'a secret of the test'
const RETURN = parseEmailAddress('bounces@example.org')
const BOUNCE = bounceAddress(RETURN, '20261006-3e457050.42', SECRET)
const LEAVE = unsubscribeAddress(RETURN, 42, SECRET)
const OTHER = unsubscribeAddress(RETURN, 43, SECRET)
const CONFIRM = confirmAddress(RETURN, 42, SECRET)

/** The 14 digits at the end of the local part. */
const tokenOf = (address: string): string => address.slice(address.indexOf('@') - 14, address.indexOf('@'))

test('bounceAddress(), unsubscribeAddress() and confirmAddress() name what they stand for and sign it', () => {
  expect(BOUNCE).toMatch(/^bounces\+b\.20261006-3e457050\.42\.[0-9a-f]{14}@example\.org$/)
  expect(LEAVE).toMatch(/^bounces\+u\.42\.[0-9a-f]{14}@example\.org$/)
  expect(CONFIRM).toMatch(/^bounces\+c\.42\.[0-9a-f]{14}@example\.org$/)
})

describe('readReturnAddress() reads', () => {
  const bounce = { kind: 'bounce', letterId: '20261006-3e457050.42' }
  const leave = { kind: 'unsubscribe', subscriberId: 42 }
  const confirm = { kind: 'confirm', consentId: 42 }
  for (const [says, text, expected] of [
    ['an address for bounces', BOUNCE, bounce],
    [
      'an address for bounces of a letter that is no digest',
      bounceAddress(RETURN, 'notice-7.42', SECRET),
      { kind: 'bounce', letterId: 'notice-7.42' },
    ],
    ['an address to leave by', LEAVE, leave],
    ['an address to confirm by', CONFIRM, confirm],
    ['an address to confirm by whose case was changed', CONFIRM.toUpperCase(), confirm],
    ['one whose case was changed', BOUNCE.toUpperCase(), bounce],
    ['one among other words', `for <${LEAVE}>; Sat, 31 Jan 2026`, leave],
    ['one behind a false one', `a+u.7.00000000000000@example.org, ${LEAVE}`, leave],
    ['one whose domain was changed since', LEAVE.replace('example.org', 'example.com'), leave],
  ] as const)
    test(says, () => expect(readReturnAddress([SECRET], text)).toEqual(expected))

  test('one that a former secret signed', () =>
    expect(readReturnAddress(['a new secret', SECRET], LEAVE)).toEqual(leave))
})

describe('readReturnAddress() refuses', () => {
  for (const [says, text] of [
    ['a plain address', RETURN],
    ['another token', LEAVE.replace(/.@/, (end) => (end === '0@' ? '1@' : '0@'))],
    ['the token of another reader', LEAVE.replace(tokenOf(LEAVE), tokenOf(OTHER))],
    ['the token of the other kind', LEAVE.replace('+u.42', '+b.20261006-3e457050.42')],
    ['the token to leave, to confirm by', LEAVE.replace('+u.', '+c.')],
    ['the token to confirm, to leave by', CONFIRM.replace('+c.', '+u.')],
    ['the token of another consent', CONFIRM.replace('.42.', '.43.')],
    ['a kind that there is not', CONFIRM.replace('+c.', '+d.')],
    ['a token that is too short', LEAVE.replace(/.@/, '@')],
    ['a token that is too long', LEAVE.replace('@', '0@')],
    ['an id with a zero in front', LEAVE.replace('.42.', '.042.')],
    ['what is no address', LEAVE.replace('@', ' at ')],
    ['an address behind a hundred false ones', `${'+u.7.00000000000000@x '.repeat(101)}${LEAVE}`],
    ['nothing', ''],
  ] as const)
    test(says, () => expect(readReturnAddress([SECRET], text)).toBeNull())

  test('what another secret signed', () => expect(readReturnAddress(['another'], LEAVE)).toBeNull())
  test('everything when there is no secret', () => expect(readReturnAddress([], LEAVE)).toBeNull())
})
