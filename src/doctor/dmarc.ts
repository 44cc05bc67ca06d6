import { type Silence, askTexts, unanswered } from './ask-dns.ts'
import { type Finding, fault, note, ok } from './finding.ts'
import type { Network } from './network.ts'
import { readTags } from './tag-list.ts'

/** The domains that a letter shows to whoever judges it. */
export interface SenderDomains {
  /** Of the sender that readers see. */
  from: string
  /** Of the address where letters come back. */
  returnTo: string
  /** Of the keys that sign. */
  signing: readonly string[]
}

/** What DMARC (RFC 9989) makes of letters: its record, and whether the other domains go with that of the sender. */
export async function dmarcFindings(domains: SenderDomains, network: Network): Promise<Finding[]> {
  const found = await findRecord(domains.from, network)
  if (found === null) {
    const mend = `publish TXT _dmarc.${domains.from} as "v=DMARC1; p=none"`
    return [note(`${domains.from} has no DMARC record, which Gmail and Yahoo ask for of who sends much`, mend)]
  }
  if ('kind' in found) return [unanswered(`_dmarc.${domains.from}`, found)]
  return [judge(domains, found)]
}

interface DmarcRecord {
  /** Where it stands. */
  domain: string
  texts: string[]
  /** The organizational domain, as far as records tell: what is below it goes with it. */
  organization: string
}

/** The record of the domain itself, or else of the uppermost domain that has one. */
async function findRecord(from: string, network: Network): Promise<DmarcRecord | Silence | null> {
  const found: { domain: string; texts: string[] }[] = []
  for (let domain = from; domain === from || domain.includes('.'); domain = domain.slice(domain.indexOf('.') + 1)) {
    const answer = await askTexts(network, `_dmarc.${domain}`)
    if (answer.kind === 'silent' && found.length === 0) return answer
    const texts = answer.kind === 'found' ? answer.records.filter((text) => /^v=DMARC1\s*(?:;|$)/i.test(text)) : []
    if (texts.length > 0) found.push({ domain, texts })
    if (!domain.includes('.')) break
  }
  const top = found.at(-1)
  if (top === undefined) return null
  return { ...(found[0]?.domain === from ? found[0] : top), organization: top.domain }
}

function judge({ from, returnTo, signing }: SenderDomains, record: DmarcRecord): Finding {
  const { domain, texts, organization } = record
  const name = `_dmarc.${domain}`
  const [text = '', second] = texts
  if (second !== undefined) return fault(`${name} has ${texts.length} DMARC records, and none counts`, 'leave one')
  const tags = readTags(text)
  const policy = ((domain === from ? undefined : tags.get('sp')) ?? tags.get('p') ?? '').toLowerCase()
  if (!['none', 'quarantine', 'reject'].includes(policy)) {
    return fault(`${name} has no policy that counts`, 'write p=none, p=quarantine or p=reject')
  }
  const goesWith = (other: string, mode: string | undefined): boolean =>
    other === from || (mode?.toLowerCase() !== 's' && isWithin(other, organization))
  const byReturn = goesWith(returnTo, tags.get('aspf'))
  const bySigning = signing.some((one) => goesWith(one, tags.get('adkim')))
  if (byReturn || bySigning) return ok(`${name}: ${policy}; ${wordsOf(byReturn, bySigning)} ${from}`)
  const message = `Neither mail.return (${returnTo}) nor a key of mail.dkim goes with the sender's ${from}`
  const mend = `give mail.return an address of ${from}, or sign with a key of that domain`
  // Who has no key may send through a server that signs.
  return policy === 'none' || signing.length === 0
    ? note(`${message} (DMARC: ${policy})`, mend)
    : fault(`${message}, so that DMARC tells servers to ${policy} the letters`, mend)
}

function wordsOf(byReturn: boolean, bySigning: boolean): string {
  if (byReturn && bySigning) return 'the return address and the signature go with'
  return byReturn ? 'the return address goes with' : 'the signature goes with'
}

function isWithin(domain: string, above: string): boolean {
  return domain === above || domain.endsWith(`.${above}`)
}
