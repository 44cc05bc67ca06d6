import type { BlockList } from 'node:net'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { clientKey, clientOf, proxiesOf } from '../../src/web/client.ts'
import { problemOf } from '../support/problem.ts'

const LOCAL = proxiesOf(['127.0.0.0/8', '::1'])
const OURS = proxiesOf(['127.0.0.1', '10.0.0.0/8', '2001:db8:feed::/48'])

describe('clientOf() takes', () => {
  for (const [says, proxies, peer, forwarded, client] of [
    ['a peer that is no proxy', LOCAL, '203.0.113.7', null, '203.0.113.7'],
    ['a peer that is no proxy, whatever it says', LOCAL, '203.0.113.7', '198.51.100.1', '203.0.113.7'],
    ['a proxy that says nothing', LOCAL, '127.0.0.1', null, '127.0.0.1'],
    ['a proxy that says next to nothing', LOCAL, '127.0.0.1', '', '127.0.0.1'],
    ['whom a proxy names', LOCAL, '127.0.0.1', '203.0.113.7', '203.0.113.7'],
    ['whom a proxy names, by IPv6', LOCAL, '::1', '2001:db8::7', '2001:db8::7'],
    [
      'the last that a proxy names, as a client may write the first',
      LOCAL,
      '::1',
      '10.1.1.1, 203.0.113.7',
      '203.0.113.7',
    ],
    ['the last that is no proxy', OURS, '10.0.0.2', '1.2.3.4, 203.0.113.7, 10.9.9.9 ,127.0.0.1', '203.0.113.7'],
    [
      'the last that is no proxy, by IPv6',
      OURS,
      '2001:db8:feed:9::1',
      '2001:db8:fee::7,2001:db8:feed::1',
      '2001:db8:fee::7',
    ],
    ['the first when all are proxies', OURS, '127.0.0.1', '10.0.0.5, 10.0.0.6', '10.0.0.5'],
    ['the proxy that says what is no address', OURS, '127.0.0.1', '203.0.113.7, unknown', '127.0.0.1'],
    ['the proxy behind what is no address', OURS, '127.0.0.1', '203.0.113.7, _hidden, 10.0.0.6', '10.0.0.6'],
    ['the proxy behind a gap', OURS, '127.0.0.1', '203.0.113.7,, 10.0.0.6', '10.0.0.6'],
    ['nobody from an address that ends too soon', OURS, '127.0.0.1', '203.0.113', '127.0.0.1'],
    ['nobody from an address with a zero before it', OURS, '127.0.0.1', '010.0.0.1', '127.0.0.1'],
    ['nobody from a word with a port', OURS, '127.0.0.1', 'localhost:80', '127.0.0.1'],
    ['nobody from an open bracket', OURS, '127.0.0.1', '[2001:db8::7', '127.0.0.1'],
    ['no port', LOCAL, '127.0.0.1', '203.0.113.7:51234', '203.0.113.7'],
    ['no port of IPv6', LOCAL, '127.0.0.1', '[2001:db8::7]:443', '2001:db8::7'],
    ['no brackets', LOCAL, '127.0.0.1', '[2001:db8::7]', '2001:db8::7'],
    ['the last group of IPv6 as no port', LOCAL, '127.0.0.1', '2001:db8::7:443', '2001:db8::7:443'],
    ['no zone', LOCAL, 'fe80::1%eth0', null, 'fe80::1'],
    ['no zone of any name', LOCAL, '127.0.0.1', '[fe80::2%25br-lan.7]:80', 'fe80::2'],
    ['IPv4 out of IPv6', LOCAL, '::ffff:203.0.113.7', null, '203.0.113.7'],
    ['a proxy as one within IPv6', LOCAL, '::ffff:127.0.0.1', '::FFFF:cb00:7107', '203.0.113.7'],
    ['one spelling of IPv6', LOCAL, '2001:DB8:0:0::0007', null, '2001:db8::7'],
    ['a peer without an address as it is', LOCAL, '', '203.0.113.7', ''],
    ['nobody of no list', proxiesOf([]), '127.0.0.1', '203.0.113.7', '127.0.0.1'],
  ] as const)
    test(says, () => expect(clientOf(peer, forwarded, proxies)).toBe(client))

  test('from any header an address or the peer, and never what a stranger wrote before it', () => {
    const item = fc.oneof(
      fc.ipV4(),
      fc.ipV6(),
      fc.constantFrom('10.0.0.1', '127.0.0.1:80', '[2001:db8:feed::1]', 'unknown', ''),
      fc.string({ unit: 'binary-ascii', maxLength: 12 }),
    )
    const property = fc.property(
      fc.array(item, { maxLength: 6 }),
      fc.string({ unit: 'binary-ascii' }),
      (items, lie) => {
        const forwarded = items.join(',')
        const client = clientOf('127.0.0.1', forwarded, OURS)
        expect(clientOf(client, null, OURS)).toBe(client)
        const lied = clientOf('127.0.0.1', `${lie},192.0.2.99,${forwarded}`, OURS)
        expect(lied).toBe(isOneOf(client, OURS) && lied === '192.0.2.99' ? '192.0.2.99' : client)
      },
    )
    fc.assert(property, { numRuns: 200 })
  })
})

function isOneOf(address: string, proxies: BlockList): boolean {
  return proxies.check(address, address.includes(':') ? 'ipv6' : 'ipv4')
}

describe('clientKey()', () => {
  for (const [says, address, key] of [
    ['leaves IPv4 whole', '203.0.113.7', '203.0.113.7'],
    ['leaves IPv4 within IPv6 whole', '::ffff:203.0.113.7', '203.0.113.7'],
    ['cuts IPv6 to 64 bits', '2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['knows the groups that are left out', '2001:db8::1', '2001:db8:0:0::/64'],
    ['knows groups that are left out at the end', '2001:db8:1::', '2001:db8:1:0::/64'],
    ['knows groups that are left out at the beginning', '::5:6:7:8:9', '0:0:0:5::/64'],
    ['knows the loopback', '::1', '0:0:0:0::/64'],
    ['cuts an address that ends as IPv4', '64:ff9b::203.0.113.7', '64:ff9b:0:0::/64'],
    ['leaves what is no address', '', ''],
  ] as const)
    test(says, () => expect(clientKey(address)).toBe(key))

  test('is the same within a /64 and another beyond it, however the address is spelt', () => {
    const group = fc.integer({ min: 0, max: 0xffff })
    const groups = fc.tuple(
      fc.array(group, { minLength: 4, maxLength: 4 }),
      fc.array(group, { minLength: 4, maxLength: 4 }),
    )
    const spell = (parts: number[]): string => parts.map((part) => part.toString(16)).join(':')
    const property = fc.property(groups, groups, ([net, host], [otherNet, otherHost]) => {
      fc.pre(spell(net) !== '0:0:0:0' && spell(otherNet) !== '0:0:0:0')
      const key = clientKey(spell([...net, ...host]))
      expect(clientKey(spell([...net, ...otherHost]).toUpperCase())).toBe(key)
      expect(clientKey(spell([...otherNet, ...host])) === key).toBe(spell(net) === spell(otherNet))
    })
    fc.assert(property)
  })
})

describe('proxiesOf()', () => {
  for (const [says, text, inside, outside] of [
    ['an address', '203.0.113.7', '203.0.113.7', '203.0.113.8'],
    ['a subnet', '10.0.0.0/8', '10.255.255.255', '11.0.0.0'],
    ['a subnet by one of its addresses', '10.1.2.3/8', '10.9.9.9', '11.1.2.3'],
    ['the machine itself', '127.0.0.0/8', '127.8.8.8', '128.0.0.1'],
    ['the machine itself by IPv6', '::1', '::1', '::2'],
    ['a subnet that ends within an octet', '172.16.0.0/12', '172.31.255.255', '172.32.0.0'],
    ['a subnet of one', '10.0.0.1/32', '10.0.0.1', '10.0.0.2'],
    ['an address of IPv6', '2001:db8::7', '2001:DB8:0::7', '2001:db8::8'],
    ['a subnet of IPv6', 'fd00::/8', 'fdff::1', 'fe00::1'],
    ['a subnet of IPv6 that ends within a group', '2001:db8:8::/45', '2001:db8:f:ffff::1', '2001:db8:10::'],
    ['IPv4 within IPv6', '::ffff:10.0.0.0/104', '10.255.0.1', '11.0.0.1'],
    ['blanks around it', ' 10.0.0.5 ', '10.0.0.5', '10.0.0.6'],
  ] as const)
    test(`knows ${says}`, () => {
      const proxies = proxiesOf(['198.51.100.1', text])
      expect(clientOf(inside, '192.0.2.1', proxies)).toBe('192.0.2.1')
      expect(clientOf(outside, '192.0.2.1', proxies)).toBe(clientOf(outside, null, proxies))
    })

  for (const text of [
    ...['', 'localhost', 'proxy.example.org', '10.0.0', '10.0.0.0/33', '10.0.0.0/', '10.0.0.0/-1', '10.0.0.0/8/8'],
    ...['fd00::/129', 'fd00:/8', '::ffff:10.0.0.0/80', '/8', '10.0.0.1:80', '[::1]', '*', '10.0.0.0/255.0.0.0'],
    ...['10.0.0.1%eth0', '10.0.0.0/1e1'],
  ])
    test(`refuses "${text}"`, () => {
      const problem = problemOf(() => proxiesOf(['127.0.0.1', text]))
      expect([problem.code, problem.message]).toEqual([
        'web-proxy-malformed',
        `"${text}" is not the address of a proxy`,
      ])
    })
})
