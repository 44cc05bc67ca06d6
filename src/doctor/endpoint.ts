import type { WebConfig } from '../config-types.ts'
import { askWeb } from './ask-web.ts'
import { type Finding, fault, foreign, ok, skipped } from './finding.ts'
import type { Network } from './network.ts'

/** What the endpoint says of itself when all is well. */
const WELL = 'ok'
const MOST = 1024

/** Whether the pages of subscribers answer where letters point to. */
export async function endpointFindings(web: WebConfig | null, network: Network): Promise<Finding[]> {
  if (web === null) return [skipped('There is no endpoint (web is not set)')]
  const address = new URL('healthz', web.url).href
  const answer = await askWeb(address, MOST, network)
  const mend = 'run "feedwire start" or "feedwire serve", and see that the web server passes web.url on to it'
  if (answer.kind === 'unreachable') return [fault(`${address} cannot be reached: ${answer.reason}`, mend)]
  const text = answer.body.toString().trim()
  if (answer.status === 503) return [fault(`${address} is not well: ${foreign(text)}`, 'see its log')]
  if (answer.status !== 200) return [fault(`${address} answers ${answer.status}`, mend)]
  return [text === WELL ? ok(`${address} is well`) : fault(`What answers at ${address} is not Feedwire`, mend)]
}
