import { createRequire } from 'node:module'
import type matter from 'gray-matter'
import { plainData, readJson, readToml } from './data.ts'
import type { HeadCut, HeadFormat } from './head-cut.ts'
import { YamlFault, isSimpleYaml, readLenientYaml, readStrictYaml } from './yaml-text.ts'

/**
 * What the parsers say of a head: `fault` is what the strict one refuses, `value` what the lenient one reads then.
 * @throws {YamlFault} when both refuse
 */
export function parseHead(head: string, { format, fence }: HeadCut): { value: unknown; fault: YamlFault | null } {
  let fault: YamlFault | null = null
  const read = (source: string): { value: unknown } => {
    try {
      return { value: READERS[format](source) }
    } catch (error) {
      fault = faultOf(error)
      if (format === 'toml') throw fault
      // JSON with comments, with a comma too many or names without quotes is YAML.
      const value = orFault(() => plainData(readLenientYaml(format === 'json' ? braced(source) : source)), fault)
      if (format === 'yaml' && !beginLines(value, source)) throw fault
      return { value }
    }
  }
  // gray-matter's look for comments takes the square of a run of blank lines.
  if (head.length > 2_000 && /\s{500}/.test(head)) throw new YamlFault('It has hundreds of blank lines', 2)
  const refuse = (): never => {
    throw new TypeError('front matter is data')
  }
  // Without an options object gray-matter caches by content, and gives broken YAML back as {} the second time.
  const file = grayMatter()(`${fence}\n${head}\n${fence}`, {
    language: format,
    delimiters: fence,
    engines: { yaml: refuse, yml: refuse, json: refuse, javascript: refuse, js: refuse, [format]: read },
  })
  const value: unknown = file.data.value ?? {}
  return { value, fault }
}

/** No person writes more fields. */
const MOST_NAMES = 200

/** Whether each name begins a line: js-yaml 3 takes `title: [sea] Tides: a primer` for two fields. */
function beginLines(value: unknown, source: string): boolean {
  if (typeof value !== 'object' || value === null) return true
  const lines = source.split('\n').map((line) => line.trimStart().replace(/^["']/, ''))
  const names = Object.keys(value).slice(0, MOST_NAMES)
  return names.every((name) => lines.some((line) => line.startsWith(name)))
}

type GrayMatter = typeof matter

let loaded: GrayMatter | null = null

/** Most runs read no article, and need not load it. */
function grayMatter(): GrayMatter {
  const library: unknown = loaded ?? createRequire(import.meta.url)('gray-matter')
  if (!isGrayMatter(library)) throw new TypeError('gray-matter is no function')
  return (loaded = library)
}

function isGrayMatter(library: unknown): library is GrayMatter {
  return typeof library === 'function'
}

const READERS: Readonly<Record<HeadFormat, (source: string) => unknown>> = {
  yaml: (source) => (isSimpleYaml(source) ? readLenientYaml(source) : plainData(readStrictYaml(source))),
  toml: (source) => plainData(readToml(source)),
  json: (source) => plainData(readJson(braced(source))),
}

/** Hexo's JSON stands without braces. */
function braced(source: string): string {
  return source.trimStart().startsWith('{') ? source : `{${source}}`
}

/** @throws whatever is no fault of the text */
function faultOf(error: unknown): YamlFault {
  if (error instanceof YamlFault) return error
  const line = error instanceof Error && 'line' in error && typeof error.line === 'number' ? error.line : null
  if (line === null && !(error instanceof SyntaxError || error instanceof RangeError)) throw error
  const message = (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? ''
  return new YamlFault(message.replace(/^Invalid TOML document: /, ''), line ?? 2, { cause: error })
}

/** The strict parser's fault is the better advice, so it stands for the lenient one's. */
function orFault(read: () => unknown, fault: YamlFault): unknown {
  try {
    return read()
  } catch (error) {
    if (error instanceof YamlFault || error instanceof RangeError) throw fault
    throw error
  }
}
