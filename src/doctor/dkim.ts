import { type KeyObject, createPublicKey } from 'node:crypto'
import type { DkimConfig, MailConfig } from '../config-types.ts'
import { type DkimKey, readDkimKey } from '../deliver/dkim-key.ts'
import { Problem } from '../problem.ts'
import { askTexts, unanswered } from './ask-dns.ts'
import { type Finding, fault, findingOf, foreign, note, ok, skipped } from './finding.ts'
import type { Network } from './network.ts'
import { readTags } from './tag-list.ts'

/** The keys that letters are signed with, each tried; null stands for the network when nobody is to be asked. */
export function dkimFindings({ dkim, kind }: MailConfig, network: Network | null): Promise<Finding[]> {
  if (dkim.length === 0) {
    const message = 'Feedwire signs no letters (mail.dkim is not set)'
    const mend = 'set mail.dkim, unless the mail server signs for your domain'
    return Promise.resolve([kind === 'smtp' ? note(message, mend) : skipped(message)])
  }
  return Promise.all(dkim.map((setting) => keyFinding(setting, network)))
}

async function keyFinding(setting: DkimConfig, network: Network | null): Promise<Finding> {
  const key = readKey(setting)
  if (key instanceof Problem) return findingOf(key)
  const name = nameOf(key)
  if (network === null) return ok(`${name}: the key signs (${key.algorithm}); the DNS was not asked`)
  const answer = await askTexts(network, name)
  switch (answer.kind) {
    case 'silent':
      return unanswered(name, answer)
    case 'none':
      return fault(`${name}: there is no TXT record, so no letter can be verified`, publish(key))
    case 'found':
      return recordFinding(key, answer.records)
  }
}

function readKey(setting: DkimConfig): DkimKey | Problem {
  try {
    return readDkimKey(setting)
  } catch (error) {
    if (error instanceof Problem) return error
    throw error
  }
}

/** What the texts at the name of a key are worth (RFC 6376, section 3.6.1). */
export function recordFinding(key: DkimKey, records: readonly string[]): Finding {
  const name = nameOf(key)
  const lists = records.map(readTags).filter((tags) => tags.has('p'))
  const [tags, second] = lists
  if (tags === undefined) return fault(`${name}: the TXT record holds no key`, publish(key))
  if (second !== undefined) {
    return fault(`${name}: there are ${lists.length} keys, and nobody knows which counts`, 'leave only one of them')
  }
  const wrong = unfit(key, tags)
  if (wrong !== null) return fault(`${name}: ${wrong}`, publish(key))
  return tags.get('t')?.split(':').includes('y') === true
    ? note(`${name}: the record says that it is only a test`, 'take t=y out of the TXT record')
    : ok(`${name}: the DNS has the key that signs (${key.algorithm})`)
}

/** Why letters that the key signs would not be verified by such a record, or null. */
function unfit(key: DkimKey, tags: ReadonlyMap<string, string>): string | null {
  const listed = (tag: string): string[] => (tags.get(tag) ?? '').split(':').map((word) => word.trim())
  const type = tags.get('k') ?? 'rsa'
  const published = (tags.get('p') ?? '').replace(/\s+/g, '')
  if ((tags.get('v') ?? 'DKIM1') !== 'DKIM1') return `the record is of version ${foreign(tags.get('v') ?? '')}`
  if (published === '') return 'the key was revoked (p= is empty)'
  if (type.toLowerCase() !== typeOf(key)) return `the record is for ${foreign(type)}, the key is ${typeOf(key)}`
  if (!publicForms(key).includes(published)) return 'the record holds another key than the one that signs'
  if (tags.has('h') && !listed('h').includes('sha256')) return 'the record does not allow sha256 (h=)'
  if (tags.has('s') && !listed('s').some((service) => service === '*' || service === 'email'))
    return 'the record is not for mail (s=)'
  return null
}

function nameOf({ selector, domain }: DkimKey): string {
  return `${selector}._domainkey.${domain}`
}

function typeOf({ algorithm }: DkimKey): 'rsa' | 'ed25519' {
  return algorithm === 'rsa-sha256' ? 'rsa' : 'ed25519'
}

/** The record to publish stands first. RFC 6376 speaks of the bare RSA key; its erratum 3017 and practice, of SPKI. */
function publicForms(key: DkimKey): [string, ...string[]] {
  const publicKey = createPublicKey(key.key)
  const spki = publicKey.export({ type: 'spki', format: 'der' })
  if (typeOf(key) === 'ed25519') return [rawKey(publicKey).toString('base64')]
  return [spki.toString('base64'), publicKey.export({ type: 'pkcs1', format: 'der' }).toString('base64')]
}

/** RFC 8463, section 4: the 32 octets alone; they are the end of the SPKI form. */
function rawKey(publicKey: KeyObject): Buffer {
  return publicKey.export({ type: 'spki', format: 'der' }).subarray(-32)
}

function publish(key: DkimKey): string {
  return `publish TXT ${nameOf(key)} as "v=DKIM1; k=${typeOf(key)}; p=${publicForms(key)[0]}"`
}
