import type { Instant } from '../entry.ts'
import type { Store } from './open.ts'
import type { Reading } from './reading.ts'

/** A source that cannot be read. */
export interface Failing {
  /** How many runs in a row could not read it. */
  runs: number
  /** When the first of them was, in ISO 8601. */
  since: string
}

/** A source as it stands in the store. */
interface SourceRow {
  id: number
  failures: number
  failing_since: Instant | null
}

/**
 * Counts the runs in a row that could not read a source; null when this one could. Nothing is written for a sound one.
 * @param rejected how many of its files are set aside
 */
export async function countFailure(
  store: Store,
  source: SourceRow,
  reading: Pick<Reading, 'kind' | 'files' | 'problems'>,
  rejected: number,
  now: Instant,
): Promise<Failing | null> {
  const { kind, files, problems } = reading
  const isLater = problems.some(({ code }) => code === 'fetch-later')
  if (isLater) return countLater(store, source, now)
  // A page or feed is one document.
  const isSetAside = (kind === 'page' || kind === 'feed') && rejected > 0
  const isRead = !isSetAside && (files !== null || problems.every(({ severity }) => severity === 'warning'))
  if (isRead && source.failures === 0 && source.failing_since === null) return null
  const runs = isRead ? 0 : source.failures + 1
  const since = isRead ? null : (source.failing_since ?? now)
  await store.updateTable('sources').set({ failures: runs, failing_since: since }).where('id', '=', source.id).execute()
  return failingOf(runs, since)
}

const DAY = 24 * 60 * 60_000

/** Put off by its host it is neither better nor worse; after a day of that it is no better than one that fails. */
async function countLater(store: Store, source: SourceRow, now: Instant): Promise<Failing | null> {
  const since = source.failing_since ?? now
  const runs = source.failures > 0 || now - since >= DAY ? source.failures + 1 : 0
  await store.updateTable('sources').set({ failures: runs, failing_since: since }).where('id', '=', source.id).execute()
  return runs === 0 ? null : failingOf(runs, since)
}

function failingOf(runs: number, since: Instant | null): Failing | null {
  return since === null ? null : { runs, since: new Date(since).toISOString() }
}
