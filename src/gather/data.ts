import { createRequire } from 'node:module'
import { Problem } from '../problem.ts'
import { YamlFault, readLenientYaml, readStrictYaml } from './yaml-text.ts'

/** The languages in which front matter, data files and the configuration of a site are written. */
export type DataFormat = 'yaml' | 'toml' | 'json'

/** UTF-16 units; a longer text takes seconds to read. */
const LONGEST = 256 * 1024
const DEEPEST = 100
/** Aliases may make many values of few words. */
const MOST = 100_000

/**
 * Reads data: lists, maps, null, and every scalar as a text as it is written (`007` and `3.10` are no numbers).
 * YAML that only a lenient parser accepts is read, too.
 * @throws {Problem} `data-invalid`; its message names the line where one is known
 */
export function readData(text: string, format: DataFormat): unknown {
  const source = text.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n')
  if (source.length > LONGEST) throw dataInvalid(format, `It has more than ${LONGEST / 1024} KB`, null)
  try {
    return plainData(format === 'yaml' ? readYaml(source) : format === 'toml' ? readToml(source) : readJson(source))
  } catch (error) {
    throw dataInvalid(format, reasonOf(error), error)
  }
}

function dataInvalid(format: DataFormat, reason: string, cause: unknown): Problem {
  return new Problem('data-invalid', `Cannot read the ${format.toUpperCase()}: ${reason}`, {
    mend: `write it in ${format.toUpperCase()} that other programs read, too`,
    cause,
  })
}

function reasonOf(error: unknown): string {
  if (error instanceof YamlFault) return `${error.message} (line ${error.line})`
  const message = error instanceof Error ? error.message : String(error)
  const line =
    error instanceof Error && 'line' in error && typeof error.line === 'number' ? ` (line ${error.line})` : ''
  return (message.split('\n')[0] ?? '').replace(/^Invalid TOML document: /, '') + line
}

function readYaml(text: string): unknown {
  try {
    return readStrictYaml(text)
  } catch (fault) {
    if (!(fault instanceof YamlFault)) throw fault
    try {
      return readLenientYaml(text)
    } catch {
      // What the strict parser says is the better advice.
      throw fault
    }
  }
}

/** Strings, comments and headers, which stay, or a value without quotes. */
const TOML_TOKEN = new RegExp(
  [
    /"""(?:[^\\]|\\[^])*?"{3,5}|'''[^]*?'{3,5}|"(?:[^"\\\n]|\\.)*"|'[^'\n]*'|#[^\n]*/.source,
    /^[ \t]*\[\[?[ \t\w."'-]+\]\]?[ \t]*$/.source,
    /(?=[-+\dtfin])(?<=[=[,]\s*)(?<value>\d{4}-\d\d-\d\d \d\d:\d\d[\w.:+-]*|[-+\w.:]+)(?![-+\w.:"']|\s*=)/.source,
  ].join('|'),
  'gm',
)

/**
 * Reads TOML 1.0 with every scalar as a text as it is written, dates as well.
 * @throws {Error} with `line` where the text is no TOML
 */
export function readToml(text: string): unknown {
  toml ??= parserIn(createRequire(import.meta.url)('smol-toml'))
  return toml(
    text.replace(TOML_TOKEN, (token, value: string | undefined) => (value === undefined ? token : `"${value}"`)),
  )
}

/** Loaded when the first TOML is met. */
let toml: ((text: string) => unknown) | null = null

function parserIn(library: unknown): (text: string) => unknown {
  if (!hasParse(library)) throw new TypeError('smol-toml has no parse()')
  return library.parse
}

function hasParse(library: unknown): library is { parse: (text: string) => unknown } {
  return typeof library === 'object' && library !== null && 'parse' in library && typeof library.parse === 'function'
}

/**
 * Reads JSON with every scalar but null as a text as it is written.
 * @throws {SyntaxError}
 */
export function readJson(text: string): unknown {
  return JSON.parse(
    text.replace(/"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|\b(?:true|false)\b/g, (token) =>
      token.startsWith('"') ? token : `"${token}"`,
    ),
  )
}

/**
 * A copy of what a parser gave, with texts for scalars.
 * @throws {RangeError} when it is nested too deeply or has too many values
 */
export function plainData(value: unknown): unknown {
  let count = 0
  const copy = (part: unknown, depth: number): unknown => {
    count += 1
    if (depth > DEEPEST) throw new RangeError('It is nested too deeply')
    if (count > MOST) throw new RangeError('It has too many values')
    if (Array.isArray(part)) return part.map((item: unknown) => copy(item, depth + 1))
    if (part === null || part === undefined) return null
    if (typeof part !== 'object') return scalarText(part)
    return Object.fromEntries(
      Object.entries(part).map(([key, item]: [string, unknown]) => [key, copy(item, depth + 1)]),
    )
  }
  return copy(value, 0)
}

function scalarText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}
