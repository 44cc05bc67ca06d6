import { BlockList, SocketAddress, isIP } from 'node:net'
import { Problem } from '../problem.ts'

type Family = 'ipv4' | 'ipv6'

/**
 * The address that a limit counts. A peer that is one of our proxies tells in `X-Forwarded-For` whom it speaks for:
 * each proxy adds who asked it at the end, so that what stands before the last stranger is but that stranger's word.
 * @param peer the other end of the connection
 * @param forwarded the header, several joined by commas; null when there is none
 * @returns in one spelling, an IPv4 address within IPv6 as itself; a peer that is no address stays as it is
 */
export function clientOf(peer: string, forwarded: string | null, proxies: BlockList): string {
  let client = readAddress(peer) ?? peer
  for (const item of forwarded?.split(',').reverse() ?? []) {
    if (!isProxy(client, proxies)) break
    const before = readAddress(withoutPort(item.trim()))
    if (before === null) break
    client = before
  }
  return client
}

/** What a limit counts under: an IPv4 address, or the /64 of an IPv6 address, of which one reader has all. */
export function clientKey(address: string): string {
  const plain = readAddress(address) ?? address
  return isIP(plain) === 6 ? `${firstGroups(plain).join(':')}::/64` : plain
}

/**
 * The proxies that are believed.
 * @param texts addresses and subnets such as `10.0.0.0/8`
 * @throws {Problem} `web-proxy-malformed`
 */
export function proxiesOf(texts: readonly string[]): BlockList {
  const proxies = new BlockList()
  for (const text of texts) {
    const { address, prefix } = readSubnet(text)
    proxies.addSubnet(address, prefix, familyOf(address))
  }
  return proxies
}

function isProxy(client: string, proxies: BlockList): boolean {
  return isIP(client) !== 0 && proxies.check(client, familyOf(client))
}

function familyOf(address: string): Family {
  return isIP(address) === 6 ? 'ipv6' : 'ipv4'
}

/** An address in the one spelling that it has (RFC 5952), its zone left out; null: it is none. */
function readAddress(text: string): string | null {
  // isIP() knows zones, but not such as `br-lan`.
  const plain = text.replace(/%.+$/s, '')
  const family = isIP(plain)
  if (family !== 6) return plain === text && family === 4 ? text : null
  const { address } = new SocketAddress({ address: plain, family: 'ipv6' })
  return mappedIn(address) ?? address
}

/** The IPv4 address within an IPv6 address (RFC 4291, section 2.5.5.2), or null. */
function mappedIn(address: string): string | null {
  return /^::ffff:([\d.]+)$/.exec(address)?.[1] ?? null
}

/** `[::1]:80`, `[::1]` and `127.0.0.1:80` as proxies write them; an IPv6 address without brackets has no port. */
function withoutPort(text: string): string {
  const [, inBrackets, plain] = /^(?:\[([^\]]*)\]|([^:]*))(?::\d{1,5})?$/.exec(text) ?? []
  return inBrackets ?? plain ?? text
}

function readSubnet(text: string): { address: string; prefix: number } {
  const [, written = '', length] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(text.trim()) ?? []
  const address = readAddress(written)
  if (address === null) throw malformed(text)
  const bits = isIP(address) === 6 ? 128 : 32
  // Of an IPv4 address within IPv6 the first 96 bits are not its own.
  const before = bits === 32 && written.includes(':') ? 96 : 0
  const prefix = length === undefined ? bits : Number(length) - before
  if (prefix < 0 || prefix > bits) throw malformed(text)
  return { address, prefix }
}

function malformed(text: string): Problem {
  const mend = 'write an address such as 10.0.0.5, or a subnet such as 10.0.0.0/8'
  return new Problem('web-proxy-malformed', `"${text}" is not the address of a proxy`, { mend })
}

/** The first four groups, 64 bits, of an IPv6 address. */
function firstGroups(address: string): string[] {
  const [head = '', tail = ''] = address.split('::')
  const [before, after] = [groupsOf(head), groupsOf(tail)]
  const gap = Array.from({ length: 8 - before.length - after.length }, () => '0')
  return [...before, ...gap, ...after].slice(0, 4)
}

function groupsOf(text: string): string[] {
  return text === '' ? [] : text.split(':')
}
