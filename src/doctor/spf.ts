import { askTexts, unanswered } from './ask-dns.ts'
import { type Finding, fault, foreign, note, ok } from './finding.ts'
import type { Network } from './network.ts'

/** RFC 7208, section 4.6.4: more of them, and the record counts as broken. */
const MOST_LOOKUPS = 10
/** Each of these terms asks the DNS. */
const ASKS = /^[+?~-]?(?:include:|exists:|redirect=|(?:a|mx|ptr)(?:[:/]|$))/i

/** Whether the domain of the return address says which servers send for it (RFC 7208). */
export async function spfFindings(domain: string, network: Network): Promise<Finding[]> {
  const answer = await askTexts(network, domain)
  if (answer.kind === 'silent') return [unanswered(domain, answer)]
  const records = answer.kind === 'found' ? answer.records.filter(isSpf) : []
  const [record] = records
  if (record === undefined) {
    const mend = `publish TXT ${domain} as "v=spf1 … -all", with what your mail server's documentation says for "…"`
    return [fault(`${domain} has no SPF record, so many servers take its letters for spam`, mend)]
  }
  if (records.length > 1) {
    return [fault(`${domain} has ${records.length} SPF records, and none of them counts`, 'make them one')]
  }
  return [await recordFinding(domain, record, network)]
}

async function recordFinding(domain: string, record: string, network: Network): Promise<Finding> {
  const terms = termsOf(record)
  if (terms.some((term) => /^\+?all$/i.test(term))) {
    return fault(`The SPF record of ${domain} lets everybody send for it`, 'end it with -all or ~all')
  }
  const count = new Lookups(network)
  await count.add(record)
  if (count.broken !== null) {
    const message = `The SPF record of ${domain} includes ${foreign(count.broken)}, which has none`
    return fault(message, 'take that include out, or mend its name')
  }
  if (count.made > MOST_LOOKUPS) {
    const message = `The SPF record of ${domain} needs more than ${MOST_LOOKUPS} lookups, so it does not count`
    return fault(message, 'leave out what sends no letters of yours, or write addresses instead of names')
  }
  if (!terms.some((term) => /^(?:[~-]all|redirect=.+)$/i.test(term))) {
    return note(`The SPF record of ${domain} says nothing of other servers`, 'end it with -all or ~all')
  }
  return ok(`${domain}: ${foreign(record)}`)
}

/** Counts what a record asks the DNS for, with all that it includes. */
class Lookups {
  readonly #network: Network
  made = 0
  /** The first domain whose record is needed and not there (RFC 7208, section 5.2). */
  broken: string | null = null

  constructor(network: Network) {
    this.#network = network
  }

  async add(record: string): Promise<void> {
    const terms = termsOf(record)
    const hasAll = terms.some((term) => /^[+?~-]?all$/i.test(term))
    for (const term of terms) {
      if (!ASKS.test(term) || (hasAll && /^redirect=/i.test(term))) continue
      this.made += 1
      if (this.made > MOST_LOOKUPS || this.broken !== null) return
      const [, target] = /^(?:[+?~-]?include:|redirect=)(.+)$/i.exec(term) ?? []
      // With a macro the name is another one for each letter.
      if (target !== undefined && !target.includes('%')) await this.#follow(target)
    }
  }

  async #follow(domain: string): Promise<void> {
    const answer = await askTexts(this.#network, domain)
    if (answer.kind === 'silent') return
    const record = answer.kind === 'found' ? answer.records.find(isSpf) : undefined
    if (record === undefined) this.broken ??= domain
    else await this.add(record)
  }
}

function isSpf(text: string): boolean {
  return /^v=spf1(?: |$)/i.test(text)
}

function termsOf(record: string): string[] {
  return record.split(' ').filter((term) => term !== '')
}
