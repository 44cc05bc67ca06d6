/**
 * Fills a permalink pattern; null when one of its names has no value.
 * @param names finds the names, each the first group of a match
 */
export function fillPattern(
  pattern: string,
  names: RegExp,
  valueOf: (name: string) => string | null | undefined,
): string | null {
  const unknown: string[] = []
  const filled = pattern.replace(names, (_, name: string) => {
    const value = valueOf(name) ?? null
    if (value === null) unknown.push(name)
    return value ?? ''
  })
  return unknown.length === 0 ? filled : null
}

/** What is asked for at most once, and perhaps never. */
export function once<T>(ask: () => T): () => T {
  let answer: { value: T } | null = null
  return () => (answer ??= { value: ask() }).value
}
