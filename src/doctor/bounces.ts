import { askAddresses, askMailHosts, unanswered } from './ask-dns.ts'
import { type Finding, fault, foreign, ok } from './finding.ts'
import type { Network } from './network.ts'

/** Whether letters that come back find a server: the domain has MX records, or a host of its name (RFC 5321, section 5.1). */
export async function bounceFindings(domain: string, network: Network): Promise<Finding[]> {
  const answer = await askMailHosts(network, domain)
  if (answer.kind === 'silent') return [unanswered(domain, answer)]
  const mend = 'give mail.return an address whose domain takes mail, or publish an MX record'
  if (answer.kind === 'none') {
    const host = await askAddresses(network, domain)
    if (host.kind === 'silent') return [unanswered(domain, host)]
    return host.kind === 'found'
      ? [ok(`${domain} takes mail itself, as it has no MX record`)]
      : [fault(`${domain} takes no mail, so nobody learns of dead addresses`, mend)]
  }
  const [first = ''] = answer.records
  if (first === '') return [fault(`${domain} says that it takes no mail (RFC 7505)`, mend)]
  return [ok(`${foreign(first)} takes mail for ${domain}`)]
}
