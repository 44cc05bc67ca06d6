import { readAllowed } from '../../../src/gather/http/address.ts'
import { Backoff } from '../../../src/gather/http/backoff.ts'
import { HostQueue } from '../../../src/gather/http/host-queue.ts'
import { LIMITS, type Limits, type Tools } from '../../../src/gather/http/tools.ts'

export const NOW = Date.UTC(2026, 10, 30, 4)

/** Tools of a fetch that may ask this machine, and has time. */
export function toolsWith({
  limits = {},
  ...tools
}: Partial<Omit<Tools, 'limits'>> & { limits?: Partial<Limits> } = {}): Tools {
  return {
    userAgent: 'Feedwire/1.0 (+https://tides.example.org/)',
    wanted: 'feed',
    allowed: readAllowed(['127.0.0.1']),
    signal: new AbortController().signal,
    queue: new HostQueue(),
    backoff: new Backoff(),
    clock: () => NOW,
    limits: { ...LIMITS, connect: 30_000, answer: 30_000, whole: 50_000, ...limits },
    ...tools,
  }
}
