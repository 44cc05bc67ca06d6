/** Newest date first, of equal dates the larger number first. */
export function byDate<T extends { date: number; number: number }>(entries: readonly T[]): T[] {
  return entries.toSorted((a, b) => b.date - a.date || b.number - a.number)
}
