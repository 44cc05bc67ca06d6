import type { Facts, OpenDigest, RunFact, SourceFact } from '../../src/status/facts.ts'

export const NOW = Date.UTC(2026, 0, 31, 8)
const HOUR = 3_600_000

/** A run that ended well some hours ago, having taken 1.5 seconds. */
export function run(hoursAgo: number, change: Partial<RunFact> = {}): RunFact {
  const startedAt = NOW - hoursAgo * HOUR
  const none = { new: null, updated: null, removed: null, sent: null, deferred: null, refused: null }
  const did = { ...none, problem: null, stopped: false }
  return { id: 100 - hoursAgo, startedAt, endedAt: startedAt + 1500, exitCode: 0, did, ...change }
}

/** A source all of which is well. */
export function source(change: Partial<SourceFact> = {}): SourceFact {
  return {
    ...{ name: 'articles', kind: 'markdown', firstRead: NOW - 100 * HOUR, files: 3, setAside: 0 },
    entries: { shown: 3, hidden: 0, removed: 0, held: 0 },
    ...{ failing: null, problems: [], moreProblems: 0, ...change },
  }
}

/** A digest that was frozen some hours ago. */
export function digest(hoursAgo: number, change: Partial<OpenDigest> = {}): OpenDigest {
  const id = `20260131-${String(hoursAgo).padStart(8, '0')}`
  return {
    ...{ id, subject: 'Tides', date: NOW - hoursAgo * HOUR, isPaused: false },
    ...{ open: 0, held: 0, failed: 0, ...change },
  }
}

/** A site with which all is well. */
export function facts(change: Partial<Facts> = {}): Facts {
  return {
    ...{ now: NOW, zone: 'Asia/Shanghai', title: 'Tide Notes', runs: [run(1), run(2)], atWork: [] },
    next: {
      ...{ gathering: '2026-01-31T16:15', digest: null, dueDigests: [] },
      ...{ lettersDue: 0, retryAt: null, heldUntil: null },
    },
    sources: [source()],
    readers: { active: { none: 2, bounced: 1, complained: 0, deleted: 0 }, paused: { none: 0, bounced: 0 } },
    ...{ letters: { due: 0, sent: 4 }, reasons: [], digests: [], alerts: [] },
    ...{ unread: { mails: 0, folder: '/site/unread' }, stuckAfter: 6 * HOUR, ...change },
  }
}
