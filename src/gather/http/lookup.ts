import { Resolver, lookup } from 'node:dns/promises'
import type { LookupAddress } from 'node:dns'
import { isIP } from 'node:net'

/** Finds the addresses of a host; an address is its own. */
export type Lookup = (host: string) => Promise<LookupAddress[]>

/** The look-up of the system, which knows the names of this machine and of its network too. */
const ofSystem: Lookup = (host) => lookup(host, { all: true })

/** How long a name server is waited for, in milliseconds; the second time twice as long. */
const PATIENCE = { timeout: 2_500, tries: 2 }

/**
 * A look-up that a silent name server cannot clog. The one of the system waits in one of four threads, which files and
 * decompression need as well, and is not to be called off. So it is only asked for what the name server answers to, and
 * waits for no thread beforehand.
 * @throws as the system's does; `ETIMEOUT` when the name server is silent
 */
export function lookupWith(resolver: Pick<Resolver, 'resolve4' | 'resolve6'>, system: Lookup = ofSystem): Lookup {
  return async (host) => {
    if (isIP(host) !== 0 || /^(?:.*\.)?localhost$/.test(host)) return system(host)
    const [four, six] = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)])
    // What it says itself is not what counts: the system also reads a file of hosts.
    if (!isSilent(four) && !isSilent(six)) return system(host)
    return [...addressesIn(four, 4, six), ...addressesIn(six, 6, four)]
  }
}

type Said = PromiseSettledResult<string[]>

function isSilent(said: Said): boolean {
  return said.status === 'rejected' && codeOf(said.reason) === 'ETIMEOUT'
}

/** What it says of one kind of addresses. @throws when it says nothing of the other kind either */
function addressesIn(said: Said, family: 4 | 6, other: Said): LookupAddress[] {
  if (said.status === 'fulfilled') return said.value.map((address) => ({ address, family }))
  if (other.status === 'rejected') throw said.reason
  return []
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : null
}

let usual: Lookup | null = null

/** The look-up of a run. */
export const lookupHost: Lookup = (host) => (usual ??= lookupWith(new Resolver(PATIENCE)))(host)
