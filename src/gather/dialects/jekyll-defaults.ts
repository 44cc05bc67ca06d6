import { matchesGlob } from './glob.ts'
import { at, mapOf, textAt } from './site-config.ts'
import { below } from './site-folder.ts'

type Defaults = (path: string, type: string) => Record<string, unknown>

/** The front matter that `defaults` of a configuration gives to files: the longest path wins, then one with a type. */
export function jekyllDefaults(values: unknown): Defaults {
  const written = at(values, 'defaults')
  const sets = (Array.isArray(written) ? written : []).map((set: unknown) => ({
    path: (textAt(set, 'scope', 'path') ?? '').replace(/^\/|\/$/g, ''),
    type: textAt(set, 'scope', 'type'),
    values: [...mapOf(at(set, 'values'))],
  }))
  // The sort is stable: of equals, the last one wins.
  sets.sort((a, b) => a.path.length - b.path.length || Number(a.type !== null) - Number(b.type !== null))
  return (path, type) => {
    const applies = sets.filter((set) => isIn(path, set.path) && (set.type === null || plural(set.type) === type))
    return Object.fromEntries(applies.flatMap((set) => set.values))
  }
}

function isIn(path: string, scope: string): boolean {
  if (!scope.includes('*')) return below(path, scope) !== null
  return matchesGlob(path, scope) || matchesGlob(path, `${scope}/**`)
}

function plural(type: string): string {
  return ['post', 'page', 'draft'].includes(type) ? `${type}s` : type
}
