import { once } from 'node:events'
import { withDeadline } from '../announce/deadline.ts'
import type { Network } from './network.ts'
import { type Finding, foreign, note } from './finding.ts'

/** What the DNS says of a name; `silent` when nobody answers, or not in time, which tells nothing of the name. */
export type DnsAnswer<T> = { kind: 'found'; records: T[] } | { kind: 'none' } | Silence
export interface Silence {
  kind: 'silent'
  /** Such as `ETIMEOUT`. */
  reason: string
}

/** The name is not there, or has no such record. */
const NONE = new Set(['ENOTFOUND', 'ENODATA'])

/** The texts at a name, each with its pieces joined (RFC 7208, section 3.3; RFC 6376, section 3.6.2.2). */
export async function askTexts(network: Network, name: string): Promise<DnsAnswer<string>> {
  const answer = await ask(network, () => network.dns.resolveTxt(name))
  return answer.kind === 'found' ? { kind: 'found', records: answer.records.map((pieces) => pieces.join('')) } : answer
}

/** The hosts that take mail for a domain (RFC 5321, section 5.1), the preferred first; `''` for "none" (RFC 7505). */
export async function askMailHosts(network: Network, domain: string): Promise<DnsAnswer<string>> {
  const answer = await ask(network, () => network.dns.resolveMx(domain))
  if (answer.kind !== 'found') return answer
  const hosts = answer.records.toSorted((a, b) => a.priority - b.priority).map(({ exchange }) => exchange)
  return { kind: 'found', records: hosts.map((host) => host.replace(/\.$/, '')) }
}

/** The addresses of a host, of either family. */
export async function askAddresses(network: Network, host: string): Promise<DnsAnswer<string>> {
  const answers = await Promise.all([
    ask(network, () => network.dns.resolve4(host)),
    ask(network, () => network.dns.resolve6(host)),
  ])
  const records = answers.flatMap((answer) => (answer.kind === 'found' ? answer.records : []))
  if (records.length > 0) return { kind: 'found', records }
  return answers.find((answer) => answer.kind === 'silent') ?? { kind: 'none' }
}

async function ask<T>({ signal, patience }: Network, query: () => Promise<T[]>): Promise<DnsAnswer<T>> {
  try {
    const records = await withDeadline(signal, patience, async (deadline): Promise<T[] | null> => {
      if (deadline.aborted) return null
      return Promise.race([query(), once(deadline, 'abort').then(() => null)])
    })
    if (records === null) return { kind: 'silent', reason: 'no answer in time' }
    return records.length > 0 ? { kind: 'found', records } : { kind: 'none' }
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && 'syscall' in error)) throw error
    const code = String(error.code)
    return NONE.has(code) ? { kind: 'none' } : { kind: 'silent', reason: code }
  }
}

/** What is said of a name that could not be asked for. */
export function unanswered(name: string, { reason }: Silence): Finding {
  return note(`The DNS does not answer for ${name} (${foreign(reason)})`, 'try again where name servers can be reached')
}
