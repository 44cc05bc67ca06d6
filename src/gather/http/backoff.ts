import type { Instant } from '../../entry.ts'

/** A host that is left alone for a while. */
export interface HostState {
  host: string
  /** Before this it is not asked. */
  until: Instant
  /** How often in a row it was too busy or gave no answer. */
  failures: number
}

const MINUTE = 60_000
const FIRST = 10 * MINUTE
const LONGEST = 240 * MINUTE
const LONGEST_HELD = 25 * 60 * MINUTE

/**
 * The state of a host that was too busy, or gave no answer in time: it is left alone for ten minutes, then for twice as
 * long each time, up to four hours; longer when it asked for that.
 * @param asked what its Retry-After said, or null
 */
export function nextBackoff(host: string, before: HostState | null, now: Instant, asked: Instant | null): HostState {
  const failures = (before?.failures ?? 0) + 1
  const wait = Math.min(FIRST * 2 ** (failures - 1), LONGEST)
  return { host, until: Math.max(now + wait, asked ?? now), failures }
}

/** What is known of hosts that are left alone, from run to run. */
export class Backoff {
  readonly #states: Map<string, HostState>

  /** @param states as `states()` gave them after the run before */
  constructor(states: readonly HostState[] = []) {
    this.#states = new Map(states.map((state) => [state.host, state]))
  }

  /** Until when a host is left alone; null: it may be asked. */
  heldUntil(host: string, now: Instant): Instant | null {
    const until = this.#states.get(host)?.until ?? now
    // Nothing is held longer than a day: what says so was written by a clock that went wrong.
    return until > now && until <= now + LONGEST_HELD ? until : null
  }

  /** A host answered as it should. */
  forget(host: string): void {
    this.#states.delete(host)
  }

  /** A host was too busy, or gave no answer in time. Returns until when it is left alone. */
  hold(host: string, now: Instant, asked: Instant | null): Instant {
    const state = nextBackoff(host, this.#states.get(host) ?? null, now, asked)
    this.#states.set(host, state)
    return state.until
  }

  /** What is to be kept until the next run. */
  states(): HostState[] {
    return [...this.#states.values()]
  }
}
