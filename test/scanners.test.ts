import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { pauseSubscriber, removeSubscriber } from '../src/remember/leave.ts'
import { suppress } from '../src/remember/suppressions.ts'
import { parseEmailAddress } from '../src/subscriber.ts'
import { askToConfirm, idOf } from './remember/asking.ts'
import { askRaw } from './support/journey-http.ts'
import { type JourneyLetter, leavingWays, linkTo, onlyLetter } from './support/journey-letter.ts'
import { JourneySite } from './support/journey-site.ts'
import { noteWrites, takeWrites } from './support/journey-writes.ts'
import { stateOf } from './support/site-state.ts'

const ADA = 'ada@example.net'
const TIMES = 10
const PATIENCE = 300_000

let site: JourneySite
beforeEach(async () => {
  site = await JourneySite.open({ subscribers: [ADA] })
})
afterEach(async () => {
  expect(site.errors).toEqual([])
  await site.close()
})

/** Sends the form. */
function ask(address: string, more: Record<string, string> = {}): Promise<Response> {
  return fetch(`${site.url}subscribe`, { method: 'POST', body: new URLSearchParams({ address, ...more }) })
}

/** The letters that hold links, each with those that it must have. */
const LETTERS: readonly [string, ('c' | 'p' | 'u')[], () => Promise<JourneyLetter>][] = [
  ['asks a stranger to confirm', ['c'], () => ask('eve@example.com').then(() => site.asked())],
  ['tells a reader that they are one', ['p'], () => ask(ADA).then(() => site.asked())],
  [
    'is a digest',
    ['p', 'u'],
    async () => {
      site.write('north', 'tides')
      return onlyLetter(await site.runAt('2026-01-31T13:00:00Z'))
    },
  ],
]

describe('a scanner that asks for each link of a letter, ten times by GET and by HEAD,', () => {
  for (const [says, kinds, bring] of LETTERS)
    test(
      `changes nothing and causes no mail when the letter ${says}`,
      async () => {
        const letter = await bring()
        const byHeader = leavingWays(letter).filter((way) => way.startsWith('http'))
        const links = [...new Set([...letter.links, ...byHeader])]
        expect(links).toEqual(expect.arrayContaining(kinds.map((kind) => linkTo(kind, letter))))
        const before = await stateOf(site.dir)

        for (const link of links) {
          expect(link.startsWith(site.url), link).toBe(true)
          for (let time = 0; time < TIMES; time++) {
            for (const method of ['GET', 'HEAD']) {
              const answer = await fetch(link, { method })
              expect([link, method, answer.status]).toEqual([link, method, 200])
              await answer.arrayBuffer()
            }
          }
        }
        expect(await stateOf(site.dir)).toEqual(before)
        await site.stop()
        expect(await stateOf(site.dir)).toEqual(before)
        expect(await site.unread()).toEqual([])
      },
      PATIENCE,
    )
})

/** Each byte that comes back but for the date, which nobody can keep the same. */
async function wholeAnswer(address: string, accept: string): Promise<string> {
  const headers = { accept, origin: site.url.slice(0, -1) }
  const answer = await askRaw({ method: 'POST', url: `${site.url}subscribe`, headers, fields: { address } })
  const { status, rawHeaders, body } = answer
  return [status, ...rawHeaders.filter((_, at) => rawHeaders[at - 1] !== 'Date'), body].join('\n')
}

/** Readers of every kind, each at an address of the same length. */
async function addReaders(): Promise<void> {
  await site.inStore(async (store) => {
    const now = Date.parse('2026-01-01T00:00:00Z')
    for (const name of ['bob', 'cid', 'dan', 'fay']) {
      await askToConfirm(store, `${name}@example.net`, now)
    }
    await store.updateTable('subscribers').set({ state: 'active' }).where('state', '=', 'pending').execute()
    await pauseSubscriber(store, await idOf(store, 'bob@example.net'), now)
    await removeSubscriber(store, parseEmailAddress('cid@example.net'), now)
    await suppress(store, { subscriberId: await idOf(store, 'dan@example.net') }, 'bounced', '5.1.1', now)
    await store.updateTable('subscribers').set({ state: 'pending' }).where('address', '=', 'fay@example.net').execute()
    await noteWrites(store, ['requests', 'throttles'])
  })
}

describe('who asks for the digest in the name of somebody else', () => {
  for (const accept of ['text/html', 'application/json'])
    test(`learns nothing of them from any byte of the answer as ${accept}, and the same is written`, async () => {
      await addReaders()
      // The first request of a client begins its share; of the later ones each must look alike.
      await wholeAnswer('gus@example.net', accept)
      await site.asked()
      await site.inStore(takeWrites)
      const strange = await wholeAnswer('eve@example.net', accept)
      expect(strange).toMatch(/^200\n/)
      const written = await site.inStore(takeWrites)
      await site.asked()
      expect(written).toEqual(['update throttles', 'insert throttles', 'insert requests'])
      for (const name of ['ada', 'bob', 'cid', 'dan', 'fay']) {
        site.nextDay()
        expect([name, await wholeAnswer(`${name}@example.net`, accept)]).toEqual([name, strange])
        expect([name, await site.inStore(takeWrites)]).toEqual([name, written])
        await site.asked()
      }
    })

  for (const [says, address, more, status] of [
    ['behind a line end in the address', 'eve@example.com\r\nBcc: mallory@example.com', {}, 422],
    ['as a second address', 'eve@example.com, mallory@example.com', {}, 422],
    ['as a name before the address', 'Bcc: mallory@example.com <eve@example.com>', {}, 422],
    ['in the page that the form names', 'eve@example.com', { source: 'x\r\nBcc: mallory@example.com\r\n\r\nhi' }, 200],
    ['in the language', 'eve@example.com', { language: 'en\r\nBcc: mallory@example.com' }, 200],
    ['as a topic', 'eve@example.com', { topics: 'tag:<b>\r\nBcc: mallory@example.com' }, 200],
  ] as const)
    test(`brings no line of theirs into a letter ${says}`, async () => {
      expect((await ask(address, more)).status).toBe(status)
      if (status === 200) {
        const letter = await site.asked()
        expect([letter.to, letter.subject]).toEqual(['eve@example.com', 'Please confirm: Tide Notes'])
      }
      await site.stop()
      expect(site.sink.received.flatMap(({ to }) => to)).toEqual(status === 200 ? ['eve@example.com'] : [])
      for (const { raw } of site.sink.received) expect(raw.toString()).not.toContain('mallory')
    })
})

describe('a link of a letter', () => {
  test('is of use for nothing but what it is for, whole, and to confirm for three days', async () => {
    await ask('eve@example.com')
    const link = linkTo('c', await site.asked())
    const token = link.slice(link.lastIndexOf('/') + 1)
    const before = await stateOf(site.dir)
    const post = async (url: string): Promise<number> => {
      const body = new URLSearchParams({ 'List-Unsubscribe': 'One-Click', do: 'delete-sure' })
      return (await fetch(url, { method: 'POST', body })).status
    }
    for (const [path, status] of [
      [`u/${token}`, 404],
      [`p/${token}`, 404],
      [`c/${token.slice(0, -1)}`, 404],
      [`c/${token}A`, 404],
      [`c/z${token.slice(1)}`, 404],
      [`c/${token.toUpperCase()}`, 404],
    ] as const) {
      expect([path, await post(site.url + path)]).toEqual([path, status])
    }
    expect(await stateOf(site.dir)).toEqual(before)
    site.until('2026-02-03T12:00:01Z')
    expect(await post(link)).toBe(410)
    expect(await stateOf(site.dir)).toEqual(before)
  })

  test('that confirmed brings nobody back who has left since', async () => {
    await ask('eve@example.com')
    const confirm = linkTo('c', await site.asked())
    expect((await fetch(confirm, { method: 'POST' })).status).toBe(200)
    site.write('north', 'tides')
    const digests = await site.runAt('2026-01-31T13:00:00Z')
    const digest = digests.find(({ to }) => to === 'eve@example.com') ?? expect.fail('there is no digest')
    const body = new URLSearchParams({ 'List-Unsubscribe': 'One-Click' })
    await fetch(linkTo('u', digest), { method: 'POST', body })
    const before = await stateOf(site.dir)
    expect((await fetch(confirm, { method: 'POST' })).status).toBe(410)
    expect(await stateOf(site.dir)).toEqual(before)
  })
})
