import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { addressesOf, hostOf, readAddress, readAllowed } from '../../../src/gather/http/address.ts'
import { get } from '../../../src/gather/http/get.ts'
import type { Lookup } from '../../../src/gather/http/lookup.ts'
import { BadServer, replying } from '../../support/bad-server.ts'
import { problemOf } from '../../support/problem.ts'
import { toolsWith } from './tools.ts'

const NOBODY = readAllowed([])
const at = (...addresses: string[]): Lookup => {
  return () => Promise.resolve(addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })))
}

describe('addressesOf() lets a host be asked at', () => {
  for (const address of [
    '93.184.215.14',
    '8.8.8.8',
    '172.32.0.1',
    '100.128.0.1',
    '2606:4700::1111',
    '2a00:1450:4001::8a',
    '::ffff:8.8.8.8',
  ]) {
    test(address, async () => {
      const found = await addressesOf('tides.example.org', NOBODY, at(address))
      expect(found.map(({ address }) => address)).toEqual([address])
    })
  }
})

const NOT_PUBLIC = [
  ["a cloud's own services", '168.63.129.16', '169.254.169.254', '100.100.100.200'],
  ['this machine', '127.0.0.1', '127.8.9.1', '::1', '0.0.0.0', '0.1.2.3', '::'],
  [
    'a private network',
    '10.0.0.1',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    'fc00::1',
    'fd12:3456::1',
    'fec0::1',
  ],
  ['this link', '169.254.169.254', 'fe80::1', 'fe80::1%eth0', 'fd00:ec2::254'],
  ['a provider', '100.64.0.1', '100.127.255.255'],
  ['many', '224.0.0.1', '255.255.255.255', 'ff02::1'],
  [
    'nobody',
    '192.0.2.1',
    '198.51.100.7',
    '203.0.113.9',
    '198.18.0.1',
    '240.0.0.1',
    '192.0.0.8',
    '2001:db8::1',
    '3fff::1',
    '100::1',
    '4000::1',
    '5f00::1',
  ],
  ['IPv4 within IPv6', '::ffff:127.0.0.1', '::ffff:a00:1', '::127.0.0.1', '::808:808', '::ffff:0:10.0.0.1'],
  [
    'IPv4 behind a translator',
    '64:ff9b::7f00:1',
    '64:ff9b::808:808',
    '64:ff9b:1::1',
    '2002:7f00:1::',
    '2002:808:808::1',
    '2001::1',
    '192.88.99.1',
  ],
  ['what is no address', '', '127.0.0.1.example', '300.1.1.1'],
] as const

describe('addressesOf() refuses a host that is at', () => {
  for (const [says, ...addresses] of NOT_PUBLIC) {
    test(says, async () => {
      for (const address of addresses) {
        await expect(addressesOf('a.example', NOBODY, at(address)), address).rejects.toMatchObject({
          code: 'fetch-refused',
          message: `a.example is at ${address}, which is not public`,
          mend: expect.stringContaining('list a.example under fetch.allow'),
        })
      }
    })
  }

  test('nothing', async () => {
    await expect(addressesOf('a.example', NOBODY, at())).rejects.toMatchObject({
      message: 'a.example is at no address, which is not public',
    })
  })
})

test('of several addresses only the public ones are asked', async () => {
  const found = await addressesOf('a.example', NOBODY, at('10.0.0.1', '8.8.8.8', '::1', '2606:4700::1111'))
  expect(found).toEqual([
    { address: '8.8.8.8', family: 4 },
    { address: '2606:4700::1111', family: 6 },
  ])
})

describe('readAllowed() lets a host be asked that is not public:', () => {
  for (const [says, allow, host, address] of [
    ['by name', 'nas.local', 'nas.local', '10.0.0.5'],
    ['by name in capitals with a dot', 'NAS.local.', 'nas.local', 'fd00::5'],
    ['by a name of other letters', 'bücher.local', 'xn--bcher-kva.local', '10.0.0.5'],
    ['by address', '10.0.0.5', 'nas.local', '10.0.0.5'],
    ['by address in IPv6', ' ::1 ', 'localhost', '::1'],
    ['by address in brackets', '[::1]', 'localhost', '0:0:0:0:0:0:0:1'],
    ['by address mapped', '::ffff:10.0.0.5', 'nas.local', '10.0.0.5'],
    ['by subnet', '10.0.0.0/8', 'nas.local', '10.255.0.1'],
    ['by subnet, mapped', '10.0.0.0/8', 'nas.local', '::ffff:10.255.0.1'],
    ['by subnet in IPv6', 'fd00::/8', 'nas.local', 'fd12::1'],
  ] as const) {
    test(says, async () => {
      const found = await addressesOf(host, readAllowed(['other.local', allow]), at(address))
      expect(found.map(({ address }) => address)).toEqual([address])
    })
  }
})

describe('readAllowed() lets nothing else be asked:', () => {
  for (const [says, allow, host, address] of [
    ['another name', 'nas.local', 'a.nas.local', '10.0.0.5'],
    ['the end of a name', 'local', 'nas.local', '10.0.0.5'],
    ['another address', '10.0.0.5', 'nas.local', '10.0.0.6'],
    ['another subnet', '10.0.0.0/24', 'nas.local', '10.0.1.1'],
    ['the other family', '0.0.0.0/0', 'nas.local', '::1'],
  ] as const) {
    test(says, async () => {
      await expect(addressesOf(host, readAllowed([allow]), at(address))).rejects.toMatchObject({
        code: 'fetch-refused',
      })
    })
  }
})

for (const text of [
  '',
  'http://nas.local/',
  'nas.local:8080',
  'ann@nas.local',
  'nas local',
  '10.0.0.0/33',
  '10.0.0.0/',
  'a/b',
  '[x]',
]) {
  test(`readAllowed() refuses "${text}"`, () => {
    expect(problemOf(() => readAllowed([text]))).toMatchObject({
      code: 'allow-malformed',
      message: `"${text}" is not a host or subnet`,
    })
  })
}

describe('hostOf() tells the one spelling of a host:', () => {
  for (const [text, host] of [
    ['http://TIDES.example.org.:8080/', 'tides.example.org'],
    ['http://[0:0:0:0:0:0:0:1]/', '::1'],
    ['http://bücher.example/', 'xn--bcher-kva.example'],
    ['http://0x7f000001/', '127.0.0.1'],
    ['http://127.1/', '127.0.0.1'],
  ] as const) {
    test(text, () => expect(hostOf(readAddress(text))).toBe(host))
  }
})

describe('get() connects to', () => {
  let server: BadServer
  beforeEach(async () => {
    server = await BadServer.start()
    server.answers['/'] = replying(200)
  })
  afterEach(() => server.stop())

  const outside = { allowed: readAllowed(['192.0.2.1']) }

  for (const spelling of [
    '127.0.0.1',
    '127.1',
    '2130706433',
    '0x7f000001',
    '0x7f.1',
    '0177.0.0.1',
    '①②⑦.⓪.⓪.①',
    '127.0.0.1.',
    '%31%32%37.0.0.1',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    'localhost',
    'LOCALHOST.',
    'ⓛocalhost',
    '0',
  ]) {
    test(`no ${spelling}`, async () => {
      const answer = await get(`http://${spelling}:${server.port}/`, null, toolsWith(outside))
      expect(answer).toMatchObject({
        kind: 'failed',
        problem: {
          code: 'fetch-refused',
          message: expect.stringMatching(/ is (?:at .* not public|not a public address)$/),
        },
      })
      expect(server.asked).toEqual([])
    })
  }

  test('no address that is not public at a redirect', async () => {
    server.answers['/'] = replying(302, { location: `http://localhost:${server.port}/secret` })
    const tools = toolsWith({ lookup: (host) => at(host === 'localhost' ? '127.0.0.2' : host)(host) })
    const answer = await get(`${server.origin}/`, null, tools)
    expect(answer).toMatchObject({
      kind: 'failed',
      problem: { message: 'localhost is at 127.0.0.2, which is not public' },
    })
    expect(server.asked.map(({ path }) => path)).toEqual(['/'])
  })

  test('a host that is allowed by its name at a redirect of another such host, and no other', async () => {
    const inside = `http://nas.local:${server.port}/feed`
    server.answers['/'] = replying(302, { location: inside })
    server.answers['/feed'] = replying(200)
    const lookup: Lookup = (host) => at(host === '127.0.0.1' ? host : '127.0.0.1')(host)
    const named = toolsWith({ lookup, allowed: readAllowed(['127.0.0.1', 'nas.local']) })
    expect(await get(`${server.origin}/`, null, named)).toMatchObject({ kind: 'fresh', url: inside })
    const elsewhere = toolsWith({
      lookup: (host) => at(host === '127.0.0.1' ? host : '127.0.0.2')(host),
      allowed: readAllowed(['127.0.0.1', 'printer.local']),
    })
    expect(await get(`${server.origin}/`, null, elsewhere)).toMatchObject({ problem: { code: 'fetch-refused' } })
  })

  test('the very address that was looked at, whatever the name server says next', async () => {
    const inside = await BadServer.start('127.0.0.2', server.port)
    const answers = ['127.0.0.1', '127.0.0.2', '127.0.0.2']
    const lookup: Lookup = (host) => at(answers.shift() ?? '')(host)
    const url = `http://tides.example.org:${server.port}/`
    expect(await get(url, null, toolsWith({ lookup }))).toMatchObject({ kind: 'fresh', url })
    expect(answers).toHaveLength(2)
    expect(server.last().headers['host']).toBe(`tides.example.org:${server.port}`)
    expect(await get(url, null, toolsWith({ lookup }))).toMatchObject({
      kind: 'failed',
      problem: { code: 'fetch-refused' },
    })
    expect(inside.asked).toEqual([])
    await inside.stop()
  })

  test('the next address when one does not answer', async () => {
    const lookup = at('127.0.0.3', '127.0.0.1')
    const answer = await get(
      `http://tides.example.org:${server.port}/`,
      null,
      toolsWith({ lookup, allowed: readAllowed(['127.0.0.0/8']) }),
    )
    expect(answer).toMatchObject({ kind: 'fresh' })
  })
})
