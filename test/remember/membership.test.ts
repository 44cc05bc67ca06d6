import fc from 'fast-check'
import { sql } from 'kysely'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { confirmConsent, forgetUnconfirmed } from '../../src/remember/consents.ts'
import { type FreezableDigest, type Group, freezeDigests, readerGroups } from '../../src/remember/freeze.ts'
import { deleteSubscriber, pauseSubscriber, removeSubscriber, resumeSubscriber } from '../../src/remember/leave.ts'
import { claimNotice, settleNotice } from '../../src/remember/notices.ts'
import type { Store } from '../../src/remember/open.ts'
import { noteRequest, takeRequests } from '../../src/remember/requests.ts'
import { addSubscriber, findSubscriber } from '../../src/remember/subscribers.ts'
import { liftSuppression, suppress } from '../../src/remember/suppressions.ts'
import { parseEmailAddress } from '../../src/subscriber.ts'
import { onServer } from '../support/database.ts'
import { testStore } from '../support/store.ts'
import { DAY, HOUR, MINUTE, NOW, placesOf, requestOf } from './asking.ts'

const ADDRESSES = ['ann@example.net', 'bo@example.org', 'cy@example.com'].map(parseEmailAddress)

interface Step {
  act: (typeof ACTS)[number]
  who: number
  /** Which of the links to confirm that were ever sent, counted from the newest. */
  link: number
  /** Time that goes by before it. */
  rest: number
}

const ACTS = [
  ...(['request', 'request', 'confirm', 'confirm', 'leave', 'pause', 'resume', 'delete', 'bounce', 'lift'] as const),
  ...(['vouch', 'digest', 'forget'] as const),
] as const

const step = fc.record<Step>({
  act: fc.constantFrom(...ACTS),
  who: fc.nat(ADDRESSES.length - 1),
  link: fc.nat(3),
  rest: fc.constantFrom(0, MINUTE, 20 * MINUTE, HOUR, 6 * HOUR, DAY, 3 * DAY, 12 * DAY),
})

/** What may be true of an address, told from what was done to it alone. */
interface Allowed {
  /** They confirmed or were vouched for, and did not leave since. */
  mayBeActive: boolean
  isSuppressed: boolean
  isDeleted: boolean
}

interface Link {
  consentId: number
  who: number
  sentAt: number
  isDead: boolean
}

let store: Store
let drop: () => Promise<void>
beforeEach(async () => {
  ;({ store, drop } = await testStore())
  if (!onServer()) await sql`pragma synchronous = off`.execute(store)
})
afterEach(() => drop())

/** Empties what the steps of a test fill. */
async function empty(): Promise<void> {
  for (const table of [
    'requests',
    'notices',
    'consents',
    'ledger',
    'digests',
    'soft_bounces',
    'subscribers',
    'suppressions',
    'slots',
  ] as const)
    await store.deleteFrom(table).execute()
}

/** Does the steps one after another, and looks after each whether all that is promised holds. */
async function play(steps: readonly Step[]): Promise<void> {
  await empty()
  const allowed: Allowed[] = ADDRESSES.map(() => ({ mayBeActive: false, isSuppressed: false, isDeleted: false }))
  const links: Link[] = []
  const notices: { address: string; at: number }[] = []
  /** Who leaves may come back at once. */
  const leaving: { address: string; at: number }[] = []
  let now = NOW
  let digests = 0

  const killLinks = (who: number): void => {
    for (const link of links) if (link.who === who) link.isDead = true
  }

  const acts: Record<Step['act'], (who: number, link: number) => Promise<void>> = {
    request: async (who) => {
      const address = addressOf(who)
      await noteRequest(store, requestOf(address), now)
      truth(who).isDeleted = false
      await takeRequests(store, now)
      for (let notice = await claimNotice(store, now); notice !== null; notice = await claimNotice(store, now)) {
        await settleNotice(store, notice, { state: 'sent', reply: `250 <${notice.address}> taken` }, now)
        notices.push({ address: notice.address, at: notice.createdAt })
        if (notice.consentId !== null) links.unshift({ consentId: notice.consentId, who, sentAt: now, isDead: false })
      }
    },
    confirm: async (_, place) => {
      const link = links[place]
      if (link === undefined) return
      const end = await confirmConsent(store, link.consentId, '', now)
      const works = !link.isDead && now - link.sentAt < 3 * DAY
      expect(end === 'confirmed').toBe(works)
      if (!works) return
      // Earlier links would undo what is chosen from now on.
      for (const one of links) if (one.who === link.who && one.consentId <= link.consentId) one.isDead = true
      Object.assign(truth(link.who), { mayBeActive: true, isSuppressed: false })
    },
    leave: async (who) => {
      await removeSubscriber(store, addressOf(who), now)
      leaving.push({ address: addressOf(who), at: now })
      truth(who).mayBeActive = false
      killLinks(who)
    },
    pause: async (who) => {
      const found = await findSubscriber(store, addressOf(who))
      if (found !== null) await pauseSubscriber(store, found.id, now)
    },
    resume: async (who) => {
      const found = await findSubscriber(store, addressOf(who))
      if (found !== null) await resumeSubscriber(store, found.id)
    },
    delete: async (who) => {
      const found = await findSubscriber(store, addressOf(who))
      if (found === null) return
      await deleteSubscriber(store, found.id, now)
      leaving.push({ address: addressOf(who), at: now })
      Object.assign(truth(who), { mayBeActive: false, isSuppressed: true, isDeleted: true })
      killLinks(who)
    },
    bounce: async (who) => {
      await suppress(store, { address: addressOf(who) }, 'bounced', `550 <${addressOf(who)}> gone`, now)
      truth(who).isSuppressed = true
    },
    lift: async (who) => {
      await liftSuppression(store, addressOf(who))
      truth(who).isSuppressed = false
    },
    vouch: async (who) => {
      if ((await addSubscriber(store, addressOf(who), now)) !== 'there already') killLinks(who)
      Object.assign(truth(who), { mayBeActive: true, isDeleted: false })
    },
    digest: async () => {
      digests++
      const groups = await readerGroups(store)
      await freezeDigests(store, { digests: [digestOf(digests, groups)], groups, slots: [] }, now)
    },
    forget: () => forgetUnconfirmed(store, now),
  }
  const truth = (who: number): Allowed => {
    const found = allowed[who]
    if (found === undefined) throw new Error('no such address')
    return found
  }

  for (const { act, who, link, rest } of steps) {
    now += rest
    const frozen = digests
    await acts[act](who, link)
    for (const [index, address] of ADDRESSES.entries()) {
      const { mayBeActive, isSuppressed, isDeleted } = truth(index)
      const found = await findSubscriber(store, address)
      if (!mayBeActive) expect(['active', 'paused']).not.toContain(found?.state)
      if (found !== null) expect(found.suppressed !== null).toBe(isSuppressed)
      if (isDeleted) expect(await placesOf(store, address)).toEqual([])
      if (digests > frozen && (!mayBeActive || isSuppressed)) expect(await lettersTo(digests, address)).toBe(0)
    }
  }
  for (const address of ADDRESSES) {
    const times = notices.filter((notice) => notice.address === address).map(({ at }) => at)
    for (const [index, at] of times.entries()) {
      const before = times[index - 1]
      if (before === undefined) continue
      const hasLeft = leaving.some((one) => one.address === address && one.at >= before && one.at <= at)
      if (!hasLeft) expect(at - before).toBeGreaterThanOrEqual(HOUR)
    }
  }
}

function addressOf(who: number) {
  const address = ADDRESSES[who]
  if (address === undefined) throw new Error('no such address')
  return address
}

function digestOf(number: number, groups: Group[]): FreezableDigest {
  const id = `digest-${number}`
  return {
    frequency: 'site',
    ...{ id, zone: 'UTC', slot: id, variant: 'after 0', domain: 'example.org', language: '' },
    ...{ isListed: false, letter: { subject: '', html: '', text: '' }, entries: [], more: 0, groups },
  }
}

/** How many letters of a digest wait for an address. */
async function lettersTo(digest: number, address: string): Promise<number> {
  const { rows } = await sql`
    select 1 from ledger join subscribers on subscribers.id = subscriber_id
    where digest_id = ${`digest-${digest}`} and address = ${address}`.execute(store)
  return rows.length
}

test('whatever readers do, only who agreed is mailed, and nobody too often', { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), (steps) => play(steps)),
    { numRuns: onServer() ? 10 : 60 },
  )
})

test('who once confirmed is never forgotten, whatever they and others do', { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
      await play(steps)
      const confirmed = await store
        .selectFrom('consents')
        .select('id')
        .where('confirmed_at', 'is not', null)
        .orderBy('id')
        .execute()
      const mailed = await store.selectFrom('ledger').select('id').orderBy('id').execute()
      await forgetUnconfirmed(store, NOW + 400 * DAY)
      expect(await store.selectFrom('consents').select('id').orderBy('id').execute()).toEqual(confirmed)
      expect(await store.selectFrom('ledger').select('id').orderBy('id').execute()).toEqual(mailed)
    }),
    { numRuns: onServer() ? 5 : 20 },
  )
})
