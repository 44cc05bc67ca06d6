import { type Updateable, sql } from 'kysely'
import type { Instant } from '../entry.ts'
import { type ClaimedRow, Trail, type Wanted, claimRows, isAnyWaiting } from './claim.ts'
import { Statement, engineOf } from './engine.ts'
import { LEASES } from './lease.ts'
import type { Store } from './open.ts'
import { NO_RATES, Pace, type Rates } from './rates.ts'
import { suppressWithin } from './suppressions.ts'
import type { Ledger, LedgerState } from './tables.ts'

/** A letter that this run is to send now. */
export interface Claim {
  /** `<digest>.<subscriber>` */
  id: string
  digestId: string
  subscriberId: number
  address: string
  /** What stands behind the `@` of it. */
  domain: string
  attempts: number
  /** A try before this one ended without an answer. */
  maybeTwice: boolean
}

/** How a try ended. */
export type Settlement = { claim: Claim } & (
  | { state: 'sent'; reply: string }
  /** `isDead`: the address is no more, so that nothing else is to be mailed to it. */
  | { state: 'refused'; reply: string; isDead: boolean }
  /** It may have gone; whether it goes again is for the owner to say. */
  | { state: 'held'; reply: string }
  | { state: 'deferred'; until: Instant; reply: string; unknown: boolean }
  /** The server took nobody's letters: this one was not tried. */
  | { state: 'due' }
)

/** What became of a settlement or of a row that was not sent. */
export type Settled = 'sent' | 'refused' | 'held' | 'deferred' | 'expired' | 'suppressed' | 'due'

/** Letters that cannot be delivered for so long are given up, in milliseconds. */
const GIVE_UP_AFTER = 3 * 24 * 60 * 60 * 1000

/**
 * Takes over what a dead run claimed. In a file that is whatever is claimed, as no other run is alive under the lock;
 * on a server, what is claimed by runs whose lease is free.
 * @param fate `again`: sending a letter twice leaves one copy; `maybe twice`: it goes again all the same;
 *   `held`: it waits for the owner
 * @returns how many there were
 */
export async function adoptClaims(store: Store, fate: 'again' | 'maybe twice' | 'held', now: Instant): Promise<number> {
  const open = { state: 'due', run_id: null, until: 0 } as const
  const ends = {
    again: open,
    'maybe twice': { ...open, maybe_twice: 1 as const },
    held: { state: 'held', settled_at: now, reply: 'the run died before the server answered' } as const,
  }
  return store.transaction().execute(async (tx) => {
    const claimed = tx.updateTable('ledger').set(ends[fate]).where(IS_CLAIMED)
    const dead = engineOf(tx) === 'postgres' ? claimed.where('run_id', 'in', await deadRuns(tx)) : claimed
    return Number((await dead.executeTakeFirst()).numUpdatedRows)
  })
}

/** Makes due again what a run claimed without hearing so: all but what it has in hand. None of it was tried. */
export async function giveBack(store: Store, runId: number, inHand: ReadonlySet<string>): Promise<void> {
  const claimed = await store.selectFrom('ledger').select('id').where(IS_CLAIMED).where('run_id', '=', runId).execute()
  for (const { id } of claimed) {
    if (inHand.has(id)) continue
    await store
      .updateTable('ledger')
      .set({ state: 'due', run_id: null })
      .where('id', '=', id)
      .where('run_id', '=', runId)
      .execute()
  }
}

/** The words of the partial index, so that it is used. */
const IS_CLAIMED = sql<boolean>`state in ('due', 'deferred', 'claimed') and state = 'claimed'`

/** Runs that claimed letters and whose lease is free; until the end of the transaction nobody else can take it. */
async function deadRuns(tx: Store): Promise<number[]> {
  const runs = await tx.selectFrom('ledger').select('run_id').where(IS_CLAIMED).distinct().execute()
  const dead: number[] = []
  for (const { run_id: id } of runs) {
    if (id === null) continue
    const { rows } = await sql<{ taken: number }>`
      select pg_try_advisory_xact_lock(${LEASES}, cast(${id} as integer)) as taken`.execute(tx)
    if (rows[0]?.taken === 1) dead.push(id)
  }
  return dead
}

/** What is claimed at once. */
export interface Claimed {
  claims: Claim[]
  /** What became of each settlement, in their order, and then of each row that was suppressed meanwhile. */
  settled: Settled[]
  /** When more may be claimed, if letters wait for their turn only. */
  waitUntil: Instant | null
}

/** Settles some letters and claims others, in one commit. */
export async function settleAndClaim(
  store: Store,
  { runId, rates = NO_RATES, trail = new Trail() }: { runId: number; rates?: Rates; trail?: Trail },
  settlements: readonly Settlement[],
  wanted: number,
  now: Instant,
): Promise<Claimed> {
  const isPaced = rates.all !== null || rates.domains.size > 0
  const isAlone = isPaced || settlements.some((settlement) => settlement.state === 'refused' && settlement.isDead)
  // Letters alone are claimed and settled by several at once; whoever touches more waits for the turn.
  const commit = isAlone ? store.transaction() : store.transaction().setIsolationLevel('read committed')
  const work = commit.execute(async (tx) => {
    const settled: Settled[] = []
    const sent = settlements.filter((settlement) => settlement.state === 'sent')
    await closeSent(tx, runId, sent, now)
    for (const settlement of settlements)
      settled.push(settlement.state === 'sent' ? 'sent' : await settle(tx, runId, settlement, now))
    const pace = isPaced ? await Pace.read(tx, rates, now) : null
    const claims: Claim[] = []
    let waitUntil: Instant | null = null
    while (claims.length < wanted) {
      if (pace !== null && pace.next > now) {
        waitUntil = (await isAnyWaiting(tx, trail, now)) ? pace.next : null
        break
      }
      const blocked = pace?.blocked(now) ?? new Map<string, Instant>()
      // Each letter of a pace may block those after it.
      const limit = pace === null ? wanted - claims.length : 1
      const batch = await claim(tx, trail, { runId, limit, now, blocked: [...blocked.keys()] })
      if (batch.length === 0) {
        const turns = [...blocked.values()]
        waitUntil = turns.length > 0 && (await isAnyWaiting(tx, trail, now)) ? Math.min(...turns) : null
        break
      }
      for (const row of batch) {
        if (row.obstacle === null) {
          claims.push(row.claim)
          pace?.count(row.claim.domain, now)
        } else {
          await close(tx, runId, row.claim, 'suppressed', row.obstacle, now)
          settled.push('suppressed')
        }
      }
    }
    await pace?.write(tx)
    return { claims, settled, waitUntil }
  })
  return work.catch((error: unknown) => {
    trail.forget()
    throw error
  })
}

async function claim(tx: Store, trail: Trail, wanted: Wanted) {
  const rows = await claimRows(tx, trail, wanted)
  return rows.map((row) => ({ obstacle: obstacleOf(row), claim: claimOf(row) }))
}

/** What became of a reader since the digest was frozen, so that the letter must not go; or null. */
function obstacleOf({ reader_state: state, suppressed }: ClaimedRow): string | null {
  if (state !== 'active') return 'the reader has left'
  return suppressed === '' ? null : `the address is suppressed: ${suppressed}`
}

function claimOf(row: ClaimedRow): Claim {
  const { id, digest_id: digestId, subscriber_id: subscriberId, address, domain, attempts } = row
  return { id, digestId, subscriberId, address, domain, attempts, maybeTwice: row.maybe_twice === 1 }
}

type Sent = Settlement & { state: 'sent' }

async function settle(tx: Store, runId: number, settlement: Exclude<Settlement, Sent>, now: Instant): Promise<Settled> {
  const { claim, state } = settlement
  switch (state) {
    case 'refused':
      if (settlement.isDead) {
        await suppressWithin(tx, { subscriberId: claim.subscriberId }, 'bounced', settlement.reply, now)
      }
      await close(tx, runId, claim, state, settlement.reply, now)
      return state
    case 'held':
      await close(tx, runId, claim, state, settlement.reply, now)
      return state
    case 'due':
      // Behind the others, so that a letter which the server always breaks off for does not lead each run.
      await reopen(tx, runId, claim, { state, until: now })
      return state
    case 'deferred':
      return putOff(tx, runId, settlement, now)
  }
}

const MAYBE_TWICE = { maybe_twice: 1 as const }

async function putOff(
  tx: Store,
  runId: number,
  { claim, until, reply, unknown }: Settlement & { state: 'deferred' },
  now: Instant,
): Promise<Settled> {
  const row = await tx
    .selectFrom('ledger')
    .select('first_deferred_at')
    .where('id', '=', claim.id)
    .executeTakeFirstOrThrow()
  const since = row.first_deferred_at ?? now
  if (now - since >= GIVE_UP_AFTER) {
    await close(tx, runId, claim, 'expired', reply, now)
    return 'expired'
  }
  await reopen(tx, runId, claim, {
    state: 'deferred',
    until: Math.min(until, since + GIVE_UP_AFTER),
    attempts: claim.attempts + 1,
    first_deferred_at: since,
    reply,
    ...(unknown && MAYBE_TWICE),
  })
  return 'deferred'
}

/** A server is asked once for all of them, since each statement is a way there and back. */
async function closeSent(tx: Store, runId: number, sent: readonly Sent[], now: Instant): Promise<void> {
  if (sent.length === 1 || engineOf(tx) === 'sqlite') {
    for (const { claim, state, reply } of sent) await close(tx, runId, claim, state, reply, now)
  } else if (sent.length > 1) {
    const rows = sql.join(sent.map(({ claim, reply }) => sql`(${claim.id}, ${reply})`))
    await sql`
      update ledger set state = 'sent', reply = one.reply, settled_at = ${now}
      from (values ${rows}) as one (id, reply)
      where ledger.id = one.id and state = 'claimed' and ${sql.raw(OWNER)} = ${runId}`.execute(tx)
  }
}

/** Not as the index of runs has it: it would be gone through for each letter, with all that this run has sent. */
const OWNER = 'coalesce(run_id, 0)'

/** As each letter comes to it, its text is not built anew. */
const CLOSE = new Statement<never>(`
  update ledger set state = ?, reply = ?, settled_at = ?
  where id = ? and state = 'claimed' and ${OWNER} = ?`)

async function close(
  tx: Store,
  runId: number,
  claim: Claim,
  state: LedgerState,
  reply: string,
  now: Instant,
): Promise<void> {
  await CLOSE.run(tx, [state, reply, now, claim.id, runId])
}

/** Like any settlement, it changes a row only while this run still holds it. */
async function reopen(tx: Store, runId: number, claim: Claim, values: Updateable<Ledger>): Promise<void> {
  await tx
    .updateTable('ledger')
    .set({ until: 0, run_id: null, ...values })
    .where('id', '=', claim.id)
    .where('state', '=', 'claimed')
    .where(sql.raw<number>(OWNER), '=', runId)
    .execute()
}
