import { expect } from 'vitest'
import type { Store } from '../../src/remember/open.ts'
import { CONNECTIONS } from './cluster-machine.ts'
import type { SmtpSink } from './smtp-sink.ts'

/** How often each befell a cluster. */
export interface Faults {
  kills: number
  /** A machine lost its connections. */
  cuts: number
  restarts: number
}

export interface ClusterCounts {
  /** That the mail server took. */
  letters: number
  /** Letters that it took more than once. */
  doubled: number
  /** Those that the ledger counts as such. */
  maybeTwice: number
  /** Runs that settled some. */
  runs: number
}

/** Compares what the ledger says with what the mail server took. */
export async function countCluster(
  store: Store,
  sink: SmtpSink,
  { recipients, machines }: { recipients: number; machines: number },
  { faults, left }: { faults: Faults; left: ReadonlySet<number> },
): Promise<ClusterCounts> {
  const rows = await store.selectFrom('ledger').selectAll().execute()
  expect(rows, 'one digest, and one letter for each').toHaveLength(recipients)
  const odd = rows.filter((row) => row.state !== 'sent' && !(row.state === 'suppressed' && left.has(row.subscriber_id)))
  expect(odd, 'sent to all but those who left').toEqual([])
  const gone = await store.selectFrom('subscribers').select('id').where('state', '=', 'unsubscribed').execute()
  const stillThere = [...left].filter((id) => !gone.some((row) => row.id === id))
  expect(stillThere, 'told to be off the list, and on it').toEqual([])

  const times = new Map<string, number>()
  for (const { messageId } of sink.received) {
    const id = messageId.slice(1, messageId.indexOf('@'))
    times.set(id, (times.get(id) ?? 0) + 1)
  }
  const lost = rows.filter(({ id, state }) => state === 'sent' && !times.has(id))
  expect(lost, 'sent, but taken by nobody').toEqual([])
  expect([...times.keys()].filter((id) => !rows.some((row) => row.id === id))).toEqual([])
  const twice = [...times].filter(([, count]) => count > 1).map(([id]) => id)
  const known = new Set(rows.filter((row) => row.maybe_twice === 1).map(({ id }) => id))
  expect(
    twice.filter((id) => !known.has(id)),
    'doubled, and not counted as such',
  ).toEqual([])
  const { kills, cuts, restarts } = faults
  const inFlight = CONNECTIONS * (kills + cuts + machines * restarts)
  expect(sink.received.length - times.size, 'doubled').toBeLessThanOrEqual(inFlight)
  const runs = new Set(rows.map((row) => row.run_id)).size
  return { letters: sink.received.length, doubled: twice.length, maybeTwice: known.size, runs }
}
