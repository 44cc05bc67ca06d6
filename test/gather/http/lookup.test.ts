import { execFileSync } from 'node:child_process'
import { Resolver } from 'node:dns/promises'
import { constants, openSync, rmSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { addressesOf, readAllowed } from '../../../src/gather/http/address.ts'
import { type Lookup, lookupWith } from '../../../src/gather/http/lookup.ts'
import { tempFolder } from '../../support/folder.ts'
import { type NameServer, startNameServer } from '../../support/name-server.ts'

/** More than there are threads. */
const SILENT = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => `${name}.silent.example`)
const GOOD = 'good.example'

let server: NameServer
let dir = ''
let resolver: Resolver
beforeEach(async () => {
  dir = tempFolder()
  const silent = SILENT.flatMap((host) => [`A ${host}`, `AAAA ${host}`]).map((question): [string, 'silent'] => [
    question,
    'silent',
  ])
  server = await startNameServer({
    ...Object.fromEntries(silent),
    [`A ${GOOD}`]: ['192.0.2.7'],
    'A half.example': ['192.0.2.8'],
    'AAAA half.example': 'silent',
    'A none.example': 'silent',
    'AAAA none.example': 'broken',
  })
  resolver = new Resolver({ timeout: 200, tries: 1 })
  resolver.setServers(server.dns.getServers())
})
let pipe = ''
afterEach(async () => {
  // Those that wait go on, and those that come later: it stays open.
  if (pipe !== '') openSync(pipe, constants.O_RDWR)
  pipe = ''
  await server.close()
  rmSync(dir, { recursive: true })
})

/** A look-up that waits in a thread, as the system's does; for these hosts as long as the test goes on. */
function threaded(hosts: readonly string[]): Lookup {
  pipe = `${dir}/pipe`
  execFileSync('mkfifo', [pipe])
  return async (host) => {
    // Whoever opens a pipe waits until somebody writes into it.
    const file = await open(hosts.includes(host) ? pipe : '/dev/null', 'r')
    await file.close()
    return [{ address: '192.0.2.1', family: 4 }]
  }
}

describe('a look-up', () => {
  test('that the name server is silent to holds no other up', async () => {
    const find = lookupWith(resolver, threaded(SILENT))
    const silent = Promise.allSettled(SILENT.map((host) => find(host)))
    expect(await find(GOOD)).toEqual([{ address: '192.0.2.1', family: 4 }])
    expect((await silent).map(({ status }) => status)).toEqual(SILENT.map(() => 'rejected'))
  })

  test('of a silent name server is a problem that says so', async () => {
    const finding = addressesOf('a.silent.example', readAllowed([]), lookupWith(resolver))
    await expect(finding).rejects.toMatchObject({ code: 'fetch-dns', mend: 'check the network' })
  })

  for (const host of [GOOD, 'unknown.example', 'localhost', 'x.localhost', '127.0.0.1', '::1'])
    test(`of ${host} is the system's`, async () => {
      const find = lookupWith(resolver, (name) => Promise.resolve([{ address: `system ${name}`, family: 4 }]))
      expect(await find(host)).toEqual([{ address: `system ${host}`, family: 4 }])
    })

  test('takes what the name server says of one kind of addresses when it is silent to the other', async () => {
    const lookup = threaded(['half.example'])
    expect(await lookupWith(resolver, lookup)('half.example')).toEqual([{ address: '192.0.2.8', family: 4 }])
    await expect(lookupWith(resolver, lookup)('none.example')).rejects.toThrow()
  })
})
