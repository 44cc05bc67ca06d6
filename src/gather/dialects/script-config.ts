import { posix } from 'node:path'
import { DEEPEST, type Facts, JOIN, type Value, factsOf } from './script-facts.ts'
import { scriptTokens } from './script-tokens.ts'
import type { SiteFolder } from './site-folder.ts'

/** The simple facts of a configuration that is written in JavaScript or TypeScript; it is never run. */
export interface ScriptConfig {
  /** Name of the file, relative to the site's root; null when there is none. */
  name: string | null
  /** The text, number or truth value under names such as `build.format`; null when it is absent or not so simple. */
  text(path: string): string | null
  /** The texts of the list under a name, or the one text. */
  texts(path: string): string[]
  /** Whether something stands under the name, simple or not. */
  has(path: string): boolean
  /** The names and simple values of the object under a name, in their order. */
  entries(path: string): [string, string][]
  /** The names of the object under a name, '' for the script's own, each with the name of the variable that stands for its value, if it is one. */
  namesIn(path: string): { name: string; variable: string | null }[]
  /** Like `text`, for a name in whatever object it stands. */
  anywhere(name: string): string | null
  /** The first argument of the first call of a function or method that has a simple one. */
  argumentOf(call: string): string | null
}

/** Names that are followed in one script; templates of templates would have no end. */
const MOST_STEPS = 100_000
/** UTF-16 units of a text that is put together. */
const LONGEST = 4_096

/** Reads the first of these scripts that there is, and of other files only the constants it imports. */
export function readScriptConfig(site: SiteFolder, names: readonly string[]): ScriptConfig {
  const name = names.find((one) => site.isFile(one)) ?? null
  const text = name === null ? null : site.read(name)
  return scriptConfig(text ?? '', name, (from) => (name === null ? null : importedText(site, name, from)))
}

const ENDINGS = ['', '.ts', '.mts', '.js', '.mjs', '.cjs', '/index.ts', '/index.js']

function importedText(site: SiteFolder, importer: string, from: string): string | null {
  const path = /^[@~]\//.test(from) ? `src/${from.slice(2)}` : /^src\//.test(from) ? from : null
  const target = path ?? (/^\.{1,2}\//.test(from) ? posix.join(posix.dirname(importer), from) : null)
  if (target === null) return null
  const file = ENDINGS.map(
    (ending) => `${target.replace(/\.js$/, (js) => (ending === '.ts' ? '' : js))}${ending}`,
  ).find((one) => /\.[cm]?[jt]s$/.test(one) && site.isFile(one))
  return file === undefined ? null : site.read(file)
}

/** @param imported gives the text of a file that the script imports from; null when there is none */
export function scriptConfig(
  script: string,
  name: string | null = null,
  imported: (from: string) => string | null = () => null,
): ScriptConfig {
  const facts = factsOf(scriptTokens(script))
  const others = new Map<string, Facts>()
  const factsFrom = (from: string): Facts => {
    const known = others.get(from) ?? factsOf(scriptTokens(imported(from) ?? ''))
    others.set(from, known)
    return known
  }
  let left = MOST_STEPS
  const say = (value: Value | undefined, within: Facts, depth = 0): string | null => {
    left -= 1
    if (value === undefined || value.kind === 'unknown' || depth > DEEPEST || left < 0) return null
    if (value.kind === 'text') return value.text
    const named = (path: string): string | null => {
      const steps = path.split('.')
      const origin = within === facts ? facts.imports.get(steps[0] ?? '') : undefined
      if (origin === undefined) return say(within.values.get(steps.join(JOIN)), within, depth + 1)
      const other = factsFrom(origin.from)
      const first = origin.name === 'default' ? other.exported : origin.name === '*' ? [] : [origin.name]
      return say(other.values.get([...first, ...steps.slice(1)].join(JOIN)), other, depth + 1)
    }
    if (value.kind === 'name') return named(value.name)
    const texts = value.names.map(named)
    const length = [...value.texts, ...texts].reduce((sum, text) => sum + (text?.length ?? 0), 0)
    if (texts.includes(null) || length > LONGEST) return null
    return value.texts.map((text, index) => `${text}${texts[index] ?? ''}`).join('')
  }
  const keysOf = (path: string): string[] => {
    const key = path === '' ? [] : path.split('.')
    return [key.join(JOIN), ...facts.exported.map((variable) => [variable, ...key].join(JOIN))]
  }
  const firstOf = <T>(map: Map<string, T>, path: string): T | undefined => {
    const key = keysOf(path).find((one) => map.has(one))
    return key === undefined ? undefined : map.get(key)
  }
  const below = (path: string): [string, Value][] =>
    keysOf(path).flatMap((key) =>
      [...facts.values].flatMap(([one, value]): [string, Value][] => {
        const before = key === '' ? '' : `${key}${JOIN}`
        const rest = one.startsWith(before) ? one.slice(before.length) : null
        return rest === null || rest.includes(JOIN) ? [] : [[rest, value]]
      }),
    )
  return {
    name,
    text: (path) => say(firstOf(facts.values, path), facts),
    texts(path) {
      const list = firstOf(facts.items, path) ?? [firstOf(facts.values, path) ?? { kind: 'unknown' as const }]
      return list.flatMap((value) => say(value, facts) ?? [])
    },
    has: (path) => firstOf(facts.values, path) !== undefined,
    entries: (path) =>
      below(path).flatMap(([key, value]): [string, string][] => {
        const text = say(value, facts)
        return text === null ? [] : [[key, text]]
      }),
    namesIn: (path) =>
      below(path).map(([key, value]) => ({ name: key, variable: value.kind === 'name' ? value.name : null })),
    anywhere(key) {
      for (const [path, value] of facts.values) {
        const text = path === key || path.endsWith(`${JOIN}${key}`) ? say(value, facts) : null
        if (text !== null) return text
      }
      return null
    },
    argumentOf: (call) => say(facts.calls.get(call), facts),
  }
}
