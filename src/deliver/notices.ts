import type { Instant } from '../entry.ts'
import { Problem, type ProblemRecord } from '../problem.ts'
import { type Notice, type NoticeEnd, claimNotice, putNoticesOff, settleNotice } from '../remember/notices.ts'
import type { Store } from '../remember/open.ts'
import type { Rates } from '../remember/rates.ts'
import { suppress } from '../remember/suppressions.ts'
import { backoff, isDead } from './deliver.ts'
import { drainOf } from './drain.ts'
import type { Connection, Letter, Mailer, Outcome } from './mailer.ts'

/** What sending needs besides the store and the mailer. */
export interface NoticeTools {
  clock: () => Instant
  /** A number from 0 to 1, for the jitter of delays. */
  random: () => number
  /** Once it is aborted no further letter is begun, and the one in flight is cut off after some seconds. */
  signal: AbortSignal
  letterFor: (notice: Notice) => Promise<Letter>
  rates: Rates
}

/** What became of the letters. */
export interface SentNotices {
  sent: number
  problems: ProblemRecord[]
}

/** When a server that took nobody's letters is asked again, in milliseconds. */
const STOPPED_FOR = 5 * 60_000

/**
 * Sends the letters that are no digest, one after another. It needs no lock: each is claimed for some minutes, so that
 * several processes may send at once.
 * @param open called once, when there is something to send
 */
export async function deliverNotices(
  store: Store,
  open: () => Promise<Mailer>,
  tools: NoticeTools,
): Promise<SentNotices> {
  const told: SentNotices = { sent: 0, problems: [] }
  let claim = await nextOf(store, tools)
  if (claim === null) return told
  const mailer = await open()
  const connection = mailer.open()
  const drain = drainOf(mailer, tools.signal)
  try {
    while (claim !== null) {
      const outcome = await tryNotice(connection, claim, tools)
      await settle(store, claim, outcome, tools)
      if (outcome.kind === 'sent') told.sent++
      if (outcome.kind === 'refused') told.problems.push(refusal(claim, outcome.reason))
      if (outcome.kind === 'stopped') {
        if (drain.isCut()) return told
        await putNoticesOff(store, tools.clock() + STOPPED_FOR)
        told.problems.push(outcome.problem.toJSON())
        return told
      }
      claim = await nextOf(store, tools)
    }
    return told
  } finally {
    await connection.close()
    drain.end()
    await mailer.close()
  }
}

/** Somebody who asked for the digest hears nothing. */
function refusal({ address }: Notice, reason: string): ProblemRecord {
  const mend = 'if it is not the address that is wrong, mend what the server says and add the reader with "--confirm"'
  const message = `The letter that asks to confirm was refused: ${reason}`
  return new Problem('notice-refused', message, { where: address, mend, severity: 'warning' }).toJSON()
}

function nextOf(store: Store, { signal, clock, rates }: NoticeTools): Promise<Notice | null> {
  return signal.aborted ? Promise.resolve(null) : claimNotice(store, clock(), rates)
}

/** A letter that cannot be made is refused, so that it does not stand in the way of the others. */
async function tryNotice(connection: Connection, notice: Notice, tools: NoticeTools): Promise<Outcome> {
  let letter: Letter
  try {
    letter = await tools.letterFor(notice)
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    return { kind: 'refused', reason: error.message }
  }
  return connection.send(letter)
}

async function settle(store: Store, notice: Notice, outcome: Outcome, tools: NoticeTools): Promise<void> {
  const now = tools.clock()
  await settleNotice(store, notice, endOf(notice, outcome, now, tools.random()), now)
  if (outcome.kind === 'refused' && isDead(outcome.reason)) {
    await suppress(store, { subscriberId: notice.subscriberId }, 'bounced', outcome.reason, now)
  }
}

function endOf(notice: Notice, outcome: Outcome, now: Instant, random: number): NoticeEnd {
  switch (outcome.kind) {
    case 'sent':
      return { state: 'sent', reply: outcome.reply }
    case 'refused':
      return { state: 'refused', reply: outcome.reason }
    case 'deferred':
      return { state: 'due', until: now + backoff(notice.attempts, random), reply: outcome.reason }
    case 'stopped':
      return { state: 'due', until: now + STOPPED_FOR, reply: outcome.problem.message }
  }
}
