/** What became of a letter, as a plot shows it. */
export const OUTCOMES = ['sent', 'waiting', 'held', 'failed', 'dropped'] as const
type Outcome = (typeof OUTCOMES)[number]

const STATES: Record<Outcome, readonly string[]> = {
  sent: ['sent'],
  waiting: ['due', 'claimed', 'deferred'],
  held: ['held'],
  failed: ['refused', 'expired'],
  dropped: ['suppressed', 'cancelled'],
}

/** The letters of a digest by outcome. */
export function outcomesOf(letters: Readonly<Record<string, number>>): Record<Outcome, number> {
  const sum = (outcome: Outcome): number => STATES[outcome].reduce((total, state) => total + (letters[state] ?? 0), 0)
  return {
    sent: sum('sent'),
    waiting: sum('waiting'),
    held: sum('held'),
    failed: sum('failed'),
    dropped: sum('dropped'),
  }
}
