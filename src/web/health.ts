import { isIP } from 'node:net'
import { readCounts } from '../remember/metrics.ts'
import { refuseNewerStore } from '../remember/upgrade.ts'
import type { Asked } from './asked.ts'
import { METRICS_TYPE, type RequestCounts, renderMetrics } from './metrics.ts'
import { plainResponse } from './page.ts'
import type { WebTools } from './tools.ts'

/** Tells that we are well, to whoever watches the server. */
export async function health({ store, log }: WebTools): Promise<Response> {
  try {
    await refuseNewerStore(store)
    return plainResponse(200, 'ok')
  } catch (error) {
    log.error('web', { message: error instanceof Error ? error.message : String(error) })
    return plainResponse(503, 'The store does not answer.')
  }
}

/** Numbers for Prometheus; null for whoever may not read them, to whom nothing tells that they are there. */
export async function metrics({ tools, client }: Asked, requests: RequestCounts): Promise<Response | null> {
  const { store, sources, clock, metricsFor } = tools
  const family = isIP(client)
  if (family === 0 || !metricsFor.check(client, family === 6 ? 'ipv6' : 'ipv4')) return null
  const text = renderMetrics(await readCounts(store, sources, clock()), requests.list())
  return plainResponse(200, text, { 'content-type': METRICS_TYPE })
}
