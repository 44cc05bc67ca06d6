import type { Instant } from '../entry.ts'
import { isServer } from '../store-place.ts'

/** Less is no difference, in milliseconds: it took about as long to ask. */
const STEP = 1000

/** Milliseconds that the clock which decides in a store is ahead of this machine's, in whole seconds. */
export async function clockOffset(place: string): Promise<number> {
  if (!isServer(place)) return 0
  const { askServer, serverTime } = await import('./postgres-ask.ts')
  return askServer(place, async (ask) => {
    const asked = Date.now()
    const time = await serverTime(ask)
    // Zero has no sign.
    return Math.round((time - (asked + Date.now()) / 2) / STEP) * STEP + 0
  })
}

/** The clock of a store for a process that does not last. @throws {Problem} `store-unreachable`, `store-refused` */
export async function clockOf(place: string, machine: () => Instant): Promise<() => Instant> {
  const clock = storeClock(place, machine)
  await clock.set()
  return clock.read
}

/** The clock of a store. */
export interface StoreClock {
  read: () => Instant
  /** Sets it anew. @throws {Problem} `store-unreachable`, `store-refused` */
  set: () => Promise<void>
}

/**
 * The clock that decides what is due in a store: in a file that of the machine; on a server that of the server, as
 * machines that share it may not agree. Until it is set it is that of the machine.
 */
export function storeClock(place: string, machine: () => Instant): StoreClock {
  let offset = 0
  return {
    read: () => machine() + offset,
    set: async () => {
      offset = await clockOffset(place)
    },
  }
}
