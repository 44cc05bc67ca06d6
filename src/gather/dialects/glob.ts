/** At most this many patterns come out of the braces of one; the rest is not looked at. */
const MOST = 64

/**
 * Whether a path matches a pattern with `*`, `?`, `**` and `{a,b}`, as site builders read them. Takes time in
 * proportion to path times pattern, whatever they hold.
 */
export function matchesGlob(path: string, pattern: string): boolean {
  const steps = path.split('/')
  return alternatives(pattern).some((one) => isMatch(steps, one.split('/'), isAnySteps, isStep))
}

function alternatives(pattern: string): string[] {
  let patterns = [pattern]
  for (let round = 0; round < 4; round += 1) {
    patterns = patterns.flatMap((one) => {
      const braces = /\{([^{}]*)\}/.exec(one)
      if (braces === null) return [one]
      const [before, behind] = [one.slice(0, braces.index), one.slice(braces.index + braces[0].length)]
      return (braces[1] ?? '').split(',', MOST).map((choice) => `${before}${choice}${behind}`)
    })
    patterns = patterns.slice(0, MOST)
  }
  return patterns
}

const isAnySteps = (step: string): boolean => step === '**'
const isStep = (step: string, pattern: string): boolean =>
  isMatch(Array.from(step), Array.from(pattern), (letter) => letter === '*', isLetter)
const isLetter = (letter: string, pattern: string): boolean => pattern === '?' || pattern === letter

/** The usual matching of wildcards: on a mismatch the latest wildcard takes one item more. */
function isMatch(
  items: readonly string[],
  pattern: readonly string[],
  isWild: (part: string) => boolean,
  isSame: (item: string, part: string) => boolean,
): boolean {
  let wild = -1
  let from = 0
  let at = 0
  for (let index = 0; index < items.length;) {
    const part = pattern[at]
    if (part !== undefined && isWild(part)) {
      wild = at
      from = index
      at += 1
    } else if (part !== undefined && isSame(items[index] ?? '', part)) {
      index += 1
      at += 1
    } else if (wild >= 0) {
      from += 1
      index = from
      at = wild + 1
    } else return false
  }
  return pattern.slice(at).every(isWild)
}
