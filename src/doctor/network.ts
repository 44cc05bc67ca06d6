import type { Resolver } from 'node:dns/promises'

/** How others are asked. */
export interface Network {
  dns: Resolver
  fetch: typeof fetch
  /** Once it is aborted, whatever is under way is given up. */
  signal: AbortSignal
  /** Milliseconds for which one answer is waited for. */
  patience: number
}
