import type { Reason } from './facts.ts'

const ADDRESS = /[^\s<>"'(),:;@\\]+@(?=[^\s<>"'(),:;@\\])/g

/** What a server said, without whom it said it of: `550 5.1.1 <***@example.net> user unknown`. */
export function withoutAddresses(reply: string): string {
  return reply.replace(ADDRESS, '***@')
}

/** The same answers as one, by state, the most letters first. */
export function mostFrequent(reasons: readonly Reason[], most: number): Reason[] {
  const merged = new Map<string, Reason>()
  for (const { state, reply: said, letters } of reasons) {
    const reply = withoutAddresses(said)
    const key = `${state} ${reply}`
    merged.set(key, { state, reply, letters: letters + (merged.get(key)?.letters ?? 0) })
  }
  const order = (a: string, b: string): number => (a < b ? -1 : 1)
  return [...merged.values()].sort((a, b) => b.letters - a.letters || order(a.reply, b.reply)).slice(0, most)
}
