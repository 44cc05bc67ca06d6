import { COMPUTED } from './dialects/eleventy-data.ts'
import { functionPermalink } from './dialects/eleventy-function.ts'
import { type ScriptConfig, scriptConfig } from './dialects/script-config.ts'
import type { LineHead } from './head-lines.ts'

/** UTF-16 units; no head is longer. */
const LONGEST = 32 * 1024
const OPENING = /^---[ \t]*(?:js|javascript)[ \t]*\n/i

/**
 * The head of an article of Eleventy between `---js` and `---`: an object, or constants. It is never run; of its fields
 * those with simple values are read, and of a permalink that a function makes what can be told. Null when there is no
 * such head, or no field in it.
 */
export function readScriptHead(text: string): LineHead | null {
  const from = OPENING.exec(text)?.[0].length ?? 0
  const to = from === 0 ? -1 : text.indexOf('\n---', from - 1)
  if (to < 0 || to - from > LONGEST) return null
  const head = text.slice(from, Math.max(from, to))
  const script = scriptConfig(head)
  const names = script.namesIn('').map(({ name }) => name)
  const data: Record<string, unknown> = Object.fromEntries(
    names.flatMap((name): [string, unknown][] => {
      const value = valueOf(script, name)
      return value === null ? [] : [[name.toLowerCase(), value]]
    }),
  )
  if (script.has('permalink')) data['permalink'] ??= functionPermalink(head) ?? COMPUTED
  if (names.length === 0) return null
  const lineEnd = text.indexOf('\n', to + 1)
  return { data, after: lineEnd < 0 ? text.length : lineEnd + 1, lines: linesOf(head, names) }
}

/** A text, else a list of texts, else an object of texts. */
function valueOf(script: ScriptConfig, name: string): unknown {
  const text = script.text(name)
  if (text !== null) return text
  const list = script.texts(name)
  if (list.length > 0) return list
  const entries = script.entries(name)
  return entries.length > 0 ? Object.fromEntries(entries) : null
}

function linesOf(head: string, names: readonly string[]): Map<string, number> {
  const lines = head.split('\n').map((line) => line.replace(/^[\s{,]*(?:const[ \t]+|["'])?/, ''))
  return new Map(
    names.flatMap((name): [string, number][] => {
      const index = lines.findIndex((line) => line.startsWith(name))
      return index < 0 ? [] : [[name.toLowerCase(), index + 2]]
    }),
  )
}
