import type { LedgerState } from './tables.ts'

/** How many letters came to which end. */
export type Outcomes = Partial<Record<LedgerState, number>>

const STATES = {
  ...{ due: true, claimed: true, deferred: true },
  ...{ sent: true, refused: true, suppressed: true, held: true, expired: true, cancelled: true },
} satisfies Record<LedgerState, true>

/** Reads what `digests.outcomes` holds. */
export function readOutcomes(json: string): Outcomes {
  const counts: unknown = JSON.parse(json)
  if (typeof counts !== 'object' || counts === null) return {}
  const known = Object.entries(counts).flatMap(([state, count]) =>
    isState(state) ? [[state, Number(count)] as const] : [],
  )
  return Object.fromEntries(known)
}

function isState(word: string): word is LedgerState {
  return word in STATES
}

/** Both together, by state in the order of the alphabet. */
export function addOutcomes(one: Outcomes, other: Outcomes): Outcomes {
  const sum = new Map<string, number>()
  for (const [state, count] of [...Object.entries(one), ...Object.entries(other)])
    sum.set(state, (sum.get(state) ?? 0) + count)
  return Object.fromEntries([...sum].sort(([a], [b]) => (a < b ? -1 : 1)))
}
