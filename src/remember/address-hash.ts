import { createHmac } from 'node:crypto'
import type { Store } from './open.ts'
import { suppressionKey } from './settings.ts'

/** Makes the keyed hashes under which suppressed addresses are remembered, from keys of `addressKey()`. */
export async function addressHasher(store: Store): Promise<(addressKey: string) => string> {
  const secret = await suppressionKey(store)
  return (addressKey) => createHmac('sha256', secret).update(addressKey).digest('hex')
}
