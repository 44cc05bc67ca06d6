import { ping } from '../announce/ping.ts'
import type { Instant } from '../entry.ts'
import { Problem, type ProblemRecord } from '../problem.ts'
import { dropAlert, readAlerts, writeAlert } from '../remember/alerts.ts'
import type { World } from '../world.ts'
import { userAgentOf } from './ways.ts'

const KEY = 'heartbeat'

/** Asks the address of a watchman, who notices when nobody does. That it is out of reach is news once. */
export async function beat(
  { store, config }: World,
  url: string,
  { now, signal }: { now: Instant; signal: AbortSignal },
): Promise<{ problems: ProblemRecord[]; fresh: ProblemRecord[] }> {
  const reason = await ping({ url, userAgent: userAgentOf(config.site.url), body: null, signal })
  if (signal.aborted) return { problems: [], fresh: [] }
  const known = (await readAlerts(store)).has(KEY)
  if (reason === null) {
    if (known) await dropAlert(store, KEY)
    return { problems: [], fresh: [] }
  }
  const problem = new Problem(
    'heartbeat-unreachable',
    `The watchman could not be told that there was a run: ${reason}`,
    {
      where: KEY,
      severity: 'warning',
      mend: 'check the address and the network',
    },
  ).toJSON()
  if (!known) await writeAlert(store, { key: KEY, since: now, detail: problem.message, toldBy: [], toldAt: null })
  return { problems: [problem], fresh: known ? [] : [problem] }
}
