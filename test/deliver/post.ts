import { rmSync } from 'node:fs'
import { sql } from 'kysely'
import { type Deliveries, type DeliveryTools, deliver } from '../../src/deliver/deliver.ts'
import { type Sender, letterMaker } from '../../src/deliver/letters.ts'
import type { Mailer } from '../../src/deliver/mailer.ts'
import { smtpMailer } from '../../src/deliver/smtp.ts'
import { readerTokens } from '../../src/digest/letter.ts'
import { type FreezableDigest, freezeDigests, readerGroups } from '../../src/remember/freeze.ts'
import { type Claim, settleAndClaim } from '../../src/remember/ledger.ts'
import type { Store } from '../../src/remember/open.ts'
import { NO_RATES } from '../../src/remember/rates.ts'
import { beginRun } from '../../src/remember/runs.ts'
import { letGo, unpublishedDigests } from '../../src/remember/unpublished.ts'
import { addSubscriber } from '../../src/remember/subscribers.ts'
import { parseEmailAddress, parseMailbox } from '../../src/subscriber.ts'
import { openNewStore, storePlace } from '../support/database.ts'
import { tempFolder } from '../support/folder.ts'

export const NOW = Date.UTC(2026, 0, 31, 8)

export const SENDER: Sender = {
  from: parseMailbox('Ada <digest@example.org>'),
  replyTo: null,
  returnTo: parseEmailAddress('bounces@example.org'),
  listId: 'digest.example.org',
  publishUrl: 'https://example.org/feeds/',
  webUrl: null,
  secret: 'a secret of the test',
  tokens: readerTokens('n0nce'),
}

/** A ledger row, as tests look at it. */
export interface Row {
  id: string
  state: string
  attempts: number
  until: number
  reply: string | null
}

/** A store with a digest for some readers, frozen and not yet sent. */
export class PostOffice {
  readonly dir: string
  readonly store: Store

  private constructor(dir: string, store: Store) {
    this.dir = dir
    this.store = store
  }

  static async open(readers: number): Promise<PostOffice> {
    const dir = tempFolder()
    const office = new PostOffice(dir, await openNewStore(storePlace(dir)))
    for (let n = 1; n <= readers; n++) {
      await addSubscriber(office.store, parseEmailAddress(`reader-${n}@example.net`), NOW)
    }
    await office.freeze('digest-1')
    return office
  }

  /** Freezes a digest for every reader. */
  async freeze(id: string): Promise<void> {
    const { unsubscribe_url: url, address } = SENDER.tokens
    const letter = { subject: `Tides ${id}`, html: `<p>${address} <a href="${url}">leave</a></p>`, text: `${url}\n` }
    const groups = await readerGroups(this.store)
    const digest: FreezableDigest = {
      ...{ id, frequency: 'instant', zone: 'UTC', slot: id, variant: 'after 0', domain: 'example.org' },
      ...{ language: '', isListed: false, letter, entries: [], more: 0, groups },
    }
    await freezeDigests(this.store, { digests: [digest], groups, slots: [] }, NOW)
    await letGo(this.store, await unpublishedDigests(this.store))
  }

  /** Delivers what is due at `now`, by SMTP with these connections. */
  async send(
    url: URL,
    connections: number,
    tools: Partial<DeliveryTools> & { now?: number } = {},
  ): Promise<Deliveries> {
    return this.sendWith(smtpMailer(url, { connections }), tools)
  }

  async sendWith(mailer: Mailer, tools: Partial<DeliveryTools> & { now?: number } = {}): Promise<Deliveries> {
    const { now = NOW, ...rest } = tools
    return deliver(this.store, mailer, {
      runId: await beginRun(this.store, now),
      clock: () => now,
      random: () => 0.5,
      signal: new AbortController().signal,
      letterFor: letterMaker(this.store, SENDER),
      ...{ rates: NO_RATES, unknown: 'send' },
      ...rest,
    })
  }

  /** Claims letters as a run does that then dies. */
  async claimAndDie(letters: number): Promise<Claim[]> {
    return (await settleAndClaim(this.store, { runId: await beginRun(this.store, NOW) }, [], letters, NOW)).claims
  }

  async rows(): Promise<Row[]> {
    const { rows } = await sql<Row>`
      select id, state, attempts, until, reply from ledger order by subscriber_id, digest_id`.execute(this.store)
    return rows
  }

  /** How many letters are in each state. */
  async states(): Promise<Record<string, number>> {
    const counts: Record<string, number> = {}
    for (const { state } of await this.rows()) counts[state] = (counts[state] ?? 0) + 1
    return counts
  }

  /** Whether each digest is done. */
  async done(): Promise<boolean[]> {
    const digests = await this.store.selectFrom('digests').select('done_at').orderBy('id').execute()
    return digests.map(({ done_at }) => done_at !== null)
  }

  async close(): Promise<void> {
    await this.store.destroy()
    rmSync(this.dir, { recursive: true })
  }
}
