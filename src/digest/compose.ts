/** Readers who are due the same entries. */
export interface Variant {
  /** Readers with `from <= had < to`. */
  from: number
  to: number
  /** Row ids of the entries that the digest shows, the newest by number. */
  ids: number[]
  /** How many further entries are theirs to read on the web. */
  more: number
}

/**
 * Who is due what: a reader gets every announced entry whose number is above the highest that they had.
 * Readers with the same entries share one variant, so that it is built once; who has nothing due gets nothing.
 * @param readers by `had`, ascending
 * @param announced ascending by number
 * @param max how many entries a digest shows
 */
export function composeDigests(
  readers: readonly { had: number }[],
  announced: readonly { id: number; number: number }[],
  max: number,
): Variant[] {
  const variants = new Map<number, Variant>()
  for (const { had } of readers) {
    const first = announced.findIndex(({ number }) => number > had)
    const next = announced[first]
    if (next === undefined || variants.has(first)) continue
    const due = announced.slice(first)
    const ids = due.slice(-max).map(({ id }) => id)
    const from = announced[first - 1]?.number ?? 0
    variants.set(first, { from, to: next.number, ids, more: due.length - ids.length })
  }
  return [...variants.values()]
}
