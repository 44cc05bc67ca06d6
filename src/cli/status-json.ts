import type { Instant } from '../entry.ts'
import type { Facts, History, Moments, RunFact } from '../status/facts.ts'
import type { Need } from '../status/needs.ts'

/** How a site stands, as programs read it. */
export function statusJson(facts: Facts, needs: readonly Need[], history: History): object {
  const { title, zone, atWork, readers, letters, reasons, unread } = facts
  return {
    ...{ isWell: needs.length === 0, needs, title, zone, now: iso(facts.now) },
    isAtWork: atWork.length > 0,
    runs: facts.runs.map(runJson),
    next: { ...facts.next, retryAt: iso(facts.next.retryAt), heldUntil: iso(facts.next.heldUntil) },
    sources: facts.sources.map(({ firstRead, failing, ...source }) => ({
      ...source,
      firstRead: iso(firstRead),
      failing: failing === null ? null : { ...failing, since: iso(failing.since) },
    })),
    subscribers: readers,
    letters,
    reasons,
    digests: facts.digests.map((digest) => ({ ...digest, date: iso(digest.date) })),
    alerts: facts.alerts.map((alert) => ({ ...alert, since: iso(alert.since), toldAt: iso(alert.toldAt) })),
    unread,
    history: {
      entries: momentsJson(history.entries),
      joined: momentsJson(history.joined),
      left: momentsJson(history.left),
      digests: history.digests.map((digest) => ({ ...digest, date: iso(digest.date) })),
    },
  }
}

function runJson({ startedAt, endedAt, ...run }: RunFact): object {
  return { ...run, startedAt: iso(startedAt), endedAt: iso(endedAt) }
}

function momentsJson(moments: Moments): object[] {
  return moments.map(({ at, count }) => ({ at: iso(at), count }))
}

function iso(at: Instant | null): string | null {
  return at === null ? null : new Date(at).toISOString()
}
