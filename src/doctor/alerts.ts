import type { Config } from '../config-types.ts'
import { type Finding, note, ok } from './finding.ts'

/** Whether anybody is told when something goes wrong; nobody is asked or written to. */
export function alertFindings({ alerts, heartbeat, mail }: Config): Finding[] {
  const ways = [
    ...(alerts.mail === null ? [] : [`letters to ${alerts.mail}`]),
    ...(alerts.url === null ? [] : [`requests to ${hostOf(alerts.url)}`]),
    ...(heartbeat === null ? [] : [`a heartbeat to ${hostOf(heartbeat)}`]),
  ]
  if (ways.length === 0) {
    const mend = 'set alerts.mail, alerts.url or heartbeat'
    return [note('Nobody is told when a run fails or does not come', mend)]
  }
  if (alerts.mail !== null && mail.kind === 'outbox') {
    const mend = 'set mail.smtp, or alerts.url'
    return [ok(ways.join(', ')), note('The letters of alerts go into the outbox (mail.smtp is not set)', mend)]
  }
  return [ok(ways.join(', '))]
}

/** The rest of such an address is often a key. */
function hostOf(url: string): string {
  return new URL(url).host
}
