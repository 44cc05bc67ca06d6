import { posix } from 'node:path'

/** A step of a pattern: a text, or the name of what stands there, of one folder or of several. */
type Part = { text: string } | { name: string; isMany: boolean }

const PARAMETER = /:(\w+)(\(\.\*\)|\*|\+)?|\(\.\*\)/g
/** Names in one pattern that may end anywhere; each multiplies the time to match. */
const MOST_LOOSE = 2

/**
 * VitePress's `rewrites`: patterns of path-to-regexp with `:name`, `:name*` and `(.*)`; the first that matches wins.
 * @param rules pairs of pattern and pattern, relative to the source folder
 */
export function rewriter(rules: readonly (readonly [string, string])[]): (page: string) => string {
  const known = rules.map(([from, to]) => ({ from: partsOf(from), to: partsOf(to) }))
  return (page) => {
    for (const { from, to } of known) {
      const values = matched(from, page)
      const target = values === null ? null : filled(to, values)
      if (target !== null) return posix.normalize(target).replace(/^(?:\.?\.?\/)+/, '')
    }
    return page
  }
}

function partsOf(pattern: string): Part[] {
  const parts: Part[] = []
  let end = 0
  let nameless = 0
  for (const match of pattern.matchAll(PARAMETER)) {
    if (match.index > end) parts.push({ text: pattern.slice(end, match.index) })
    const isMany = match[1] === undefined || match[2] !== undefined
    parts.push({ name: match[1] ?? String(nameless++), isMany })
    end = match.index + match[0].length
  }
  if (end < pattern.length) parts.push({ text: pattern.slice(end) })
  return parts
}

/** What the names stand for; null when the page does not match. */
function matched(parts: readonly Part[], page: string): Map<string, string> | null {
  const names = parts.flatMap((part) => ('name' in part ? part.name : []))
  if (parts.filter((_, index) => isLoose(parts, index)).length > MOST_LOOSE) return null
  const source = parts.map((part) => ('text' in part ? escaped(part.text) : part.isMany ? '(.*)' : '([^/]+?)')).join('')
  const match = page.length > 1_000 ? null : new RegExp(`^${source}$`, 's').exec(page)
  return match === null ? null : new Map(names.map((name, index) => [name, match[index + 1] ?? '']))
}

/** Whether what a name stands for is not simply all between two slashes. */
function isLoose(parts: readonly Part[], index: number): boolean {
  const [before, part, behind] = [parts[index - 1], parts[index], parts[index + 1]]
  if (part === undefined || 'text' in part) return false
  const isTied =
    (before === undefined || ('text' in before && before.text.endsWith('/'))) &&
    (behind === undefined || ('text' in behind && behind.text.startsWith('/')))
  return part.isMany || !isTied
}

function filled(parts: readonly Part[], values: ReadonlyMap<string, string>): string | null {
  const texts = parts.map((part) => ('text' in part ? part.text : values.get(part.name)))
  return texts.includes(undefined) ? null : texts.join('')
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
}
