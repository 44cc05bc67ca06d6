import { createHmac } from 'node:crypto'
import type { Instant } from '../entry.ts'
import { addressKey } from '../subscriber.ts'
import type { Store } from './open.ts'
import { type JoinRequest, noteRequest } from './requests.ts'
import { suppressionKey } from './settings.ts'
import { type Allowance, throttle } from './throttle.ts'

const MINUTE = 60_000
const PER_CLIENT: Allowance = { burst: 10, interval: 6 * MINUTE }
/** A network of 2^80 addresses (a /48), which one customer may have; homes share none. */
const PER_NETWORK: Allowance = { burst: 30, interval: 2 * MINUTE }
const PER_ADDRESS: Allowance = { burst: 3, interval: 60 * MINUTE }

/**
 * Notes that somebody asks for the digest, unless they ask too often; within a transaction. An address that is asked for too often is passed
 * over without a word: whoever asks need not be who has it. What changes is the same whether an address is known or not.
 * @param clientKey what the limit of a client counts under; it is kept as a keyed hash
 * @returns 0, or how long the client is to wait, in milliseconds, and nothing is noted
 */
export async function askWithinLimits(
  tx: Store,
  request: JoinRequest,
  clientKey: string,
  now: Instant,
): Promise<number> {
  const wait = await throttle(tx, await keyOf(tx, 'client', clientKey), PER_CLIENT, now)
  if (wait > 0) return wait
  const network = networkOf(clientKey)
  const rest = network === null ? 0 : await throttle(tx, await keyOf(tx, 'network', network), PER_NETWORK, now)
  if (rest === 0) await askForAddress(tx, request, now)
  return rest
}

/** The /48 of an IPv6 client, which counts as the /64 of it; null for IPv4. */
function networkOf(clientKey: string): string | null {
  return clientKey.endsWith('::/64') ? clientKey.split(':').slice(0, 3).join(':') : null
}

/** The same where nothing tells one client from another; within a transaction. False when the address was passed over. */
export async function askForAddress(tx: Store, request: JoinRequest, now: Instant): Promise<boolean> {
  const key = await keyOf(tx, 'address', addressKey(request.address))
  if ((await throttle(tx, key, PER_ADDRESS, now)) > 0) return false
  await noteRequest(tx, request, now)
  return true
}

async function keyOf(store: Store, label: string, text: string): Promise<string> {
  const secret = await suppressionKey(store)
  return `${label}:${createHmac('sha256', secret).update(`throttle\n${label}\n${text}`).digest('base64url')}`
}
