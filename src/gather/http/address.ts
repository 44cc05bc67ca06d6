import type { LookupAddress } from 'node:dns'
import ipaddr from 'ipaddr.js'
import { Problem, oneLine } from '../../problem.ts'
import { lookupProblem } from './faults.ts'
import { type Lookup, lookupHost } from './lookup.ts'
import { parseUrl } from '../../web-address.ts'

/** Hosts that may be asked although their addresses are private; made by `readAllowed()`. */
export interface Allowed {
  names: ReadonlySet<string>
  subnets: readonly Subnet[]
}

type Address = ipaddr.IPv4 | ipaddr.IPv6
type Subnet = readonly [Address, number]

/**
 * Reads names of hosts, addresses and subnets such as `nas.local`, `10.0.0.5` and `fd00::/8`.
 * @throws {Problem} `allow-malformed`
 */
export function readAllowed(texts: readonly string[]): Allowed {
  const names = new Set<string>()
  const subnets: Subnet[] = []
  for (const text of texts.map((text) => text.trim())) {
    const host = hostIn(text)
    if (ipaddr.isValidCIDR(text)) subnets.push(ipaddr.parseCIDR(text))
    else if (host === null) throw malformed(text)
    else if (ipaddr.isValid(host)) subnets.push(subnetOf(host))
    else names.add(host)
  }
  return { names, subnets }
}

function subnetOf(host: string): Subnet {
  const address = ipaddr.process(host)
  return [address, address.kind() === 'ipv4' ? 32 : 128]
}

/** A host as `hostOf()` has it, or null. */
function hostIn(text: string): string | null {
  const authority = ipaddr.IPv6.isValid(text) ? `[${text}]` : text
  const isOne = /^(\[[\da-f:.]+\]|[^\s:/?#@[\]\\]+)$/i.test(authority)
  const url = isOne ? parseUrl(`http://${authority}/`) : null
  return url === null ? null : hostOf(url)
}

function malformed(text: string): Problem {
  const mend = 'write the name of a host, an address such as 10.0.0.5, or a subnet such as 10.0.0.0/8'
  return new Problem('allow-malformed', `"${oneLine(text)}" is not a host or subnet`, { mend })
}

/** The host of an address in the one spelling it has, without brackets and final dot. */
export function hostOf({ hostname }: URL): string {
  return hostname.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '')
}

/**
 * Reads the address of a document.
 * @throws {Problem} `fetch-refused`
 */
export function readAddress(text: string, base?: string): URL {
  const url = parseUrl(text, base)
  if (url === null) throw refused('it is no web address', 'write it as https://blog.example.org/feed.xml')
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw refused(`"${url.protocol}" is not fetched`, 'give an address that begins with https:// or http://')
  }
  if (url.username !== '' || url.password !== '') {
    throw refused('it holds a user name or password', 'give an address without one')
  }
  url.hash = ''
  return url
}

function refused(reason: string, mend: string): Problem {
  return new Problem('fetch-refused', `The address is refused: ${reason}`, { mend })
}

/**
 * The addresses of a host that may be asked. Who connects to one of these, and looks nothing up again, cannot be sent
 * elsewhere by a name server that changes its mind.
 * @throws {Problem} `fetch-dns`; `fetch-refused` when none is public or allowed
 */
export async function addressesOf(
  host: string,
  allowed: Allowed,
  lookup: Lookup = lookupHost,
): Promise<LookupAddress[]> {
  const found = await lookup(host).catch((error: unknown) => {
    throw lookupProblem(error, host)
  })
  const open = allowed.names.has(host) ? found : found.filter(({ address }) => mayBeAsked(address, allowed))
  if (open.length > 0) return open
  const at = found[0]?.address ?? 'no address'
  const message = at === host ? `${host} is not a public address` : `${host} is at ${at}, which is not public`
  throw new Problem('fetch-refused', message, {
    mend: `if it is yours, list ${host} under fetch.allow; else take the source out`,
  })
}

/** Nobody who is not public may be asked. */
export const NOBODY: Allowed = { names: new Set(), subnets: [] }

/** True for an address that is everybody's to ask. */
export function isPublicAddress(text: string): boolean {
  return mayBeAsked(text, NOBODY)
}

function mayBeAsked(text: string, { subnets }: Allowed): boolean {
  if (!ipaddr.isValid(text)) return false
  const address = ipaddr.process(text)
  return isPublic(address) || subnets.some(([network, bits]) => isWithin(address, network, bits))
}

/** Of IPv6 nothing else is given out (RFC 4291, section 2.4, and IANA's registry). */
const GLOBAL_UNICAST = ipaddr.IPv6.parse('2000::')

/** A cloud's own services at addresses that look public. */
const OF_CLOUDS = new Set(['168.63.129.16'])

function isPublic(address: Address): boolean {
  if (OF_CLOUDS.has(address.toString())) return false
  if (address.range() !== 'unicast') return false
  return address.kind() === 'ipv4' || isWithin(address, GLOBAL_UNICAST, 3)
}

function isWithin(address: Address, network: Address, bits: number): boolean {
  return address.kind() === network.kind() && address.match(network, bits)
}
