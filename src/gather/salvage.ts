import { plainData, readJson, readToml } from './data.ts'
import type { HeadFormat } from './head-cut.ts'
import { type HeadField, beginsField, fieldsIn, isKnownField } from './head-fields.ts'
import { YamlFault, isSimpleYaml, readLenientYaml, readStrictYaml } from './yaml-text.ts'

/** What could be read of a head that no parser takes. */
export interface Salvage {
  /** Names in lower case. */
  data: Record<string, unknown>
  /** Index of the first line that is wrong; null when each field alone is right. */
  wrong: number | null
  /** How many lines of the text belong to the head. */
  lines: number
  /** True when some line looks like front matter at all. */
  hasFields: boolean
  /** True when a field is one that articles have. */
  isHead: boolean
}

/** No person writes more fields; each costs a parser's time. */
const MOST_PARSED = 200

/**
 * Reads a head field by field: as its language where that field is right, else as the text that stands there. The last
 * of equal names counts.
 * @param isClosed false when no line closes the head: it ends where its fields end
 */
export function salvage(head: string, format: HeadFormat, isClosed: boolean): Salvage {
  const lines = withoutIndent(format === 'json' ? head.replace(/^\s*\{|\}\s*$/g, '') : head).split('\n')
  const table = isClosed && format === 'toml' ? lines.findIndex((line) => TABLE.test(line)) : -1
  const { fields, count } = fieldsIn(table < 0 ? lines : lines.slice(0, table), format, isClosed)
  const read = fields.map((field, index) => ({
    ...field,
    said: index < MOST_PARSED ? readField(field, format) : undefined,
  }))
  const said = read.map((field): [string, unknown] => [
    field.name,
    field.said === undefined ? textOf(field, format) : field.said,
  ])
  return {
    data: Object.fromEntries([...(table < 0 ? [] : tablesIn(lines.slice(table))), ...said]),
    wrong: read.find((field) => field.said === undefined)?.index ?? null,
    lines: table < 0 ? count : lines.length,
    hasFields: fields.length > 0,
    isHead: fields.some(({ name }) => isKnownField(name)),
  }
}

/** Takes away the spaces that stand before every line. */
function withoutIndent(head: string): string {
  const indents = head.split('\n').flatMap((line) => (line.trim() === '' ? [] : [/^ */.exec(line)?.[0].length ?? 0]))
  const common = indents.reduce((least, indent) => Math.min(least, indent), Infinity)
  return common === 0 || common === Infinity ? head : head.replaceAll(new RegExp(`^ {1,${common}}`, 'gm'), '')
}

const TABLE = /^\[\[?[\w."'-]+\]\]?[ \t]*(?:#.*)?$/

/** The tables behind the fields of TOML; one that is wrong is left out. */
function tablesIn(lines: string[]): [string, unknown][] {
  const starts = lines.flatMap((line, index) => (TABLE.test(line) ? [index] : [])).slice(0, MOST_PARSED)
  return starts.flatMap((start, index): [string, unknown][] => {
    const table = parsed(lines.slice(start, starts[index + 1]).join('\n'), 'toml')
    return Object.entries(table ?? {}).map(([name, value]) => [name.toLowerCase(), value])
  })
}

/** The value when the field alone is right in its language; undefined when it is not. */
function readField({ name, lines }: HeadField, format: HeadFormat): unknown {
  const [first, ...others] = Object.entries(parsed(lines.join('\n'), format) ?? {})
  return first !== undefined && others.length === 0 && first[0].toLowerCase() === name ? first[1] : undefined
}

const READERS: Readonly<Record<HeadFormat, (text: string) => unknown>> = {
  yaml: readYaml,
  toml: readToml,
  json: (text) => readJson(`{${withoutComma(text)}}`),
}

/** The map that some lines are; null when they are none. */
function parsed(text: string, format: HeadFormat): Record<string, unknown> | null {
  try {
    const value = plainData(READERS[format](text))
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null
  } catch (fault) {
    if (fault instanceof TypeError) throw fault
    // The lines are not of their language; that some are not is known already.
    return null
  }
}

function readYaml(text: string): unknown {
  try {
    return isSimpleYaml(text) ? readLenientYaml(text) : readStrictYaml(text)
  } catch (fault) {
    if (!(fault instanceof YamlFault)) throw fault
    return readLenientYaml(text)
  }
}

/** What is written in a field that is wrong in its language. */
function textOf({ name, value: written, lines: [, ...others] }: HeadField, format: HeadFormat): unknown {
  const value = format === 'json' ? withoutComma(written) : written
  const items = others.flatMap((line) => /^\s*-\s+(.*)$/.exec(line)?.[1] ?? [])
  if (value === '' && items.length > 0) return items.map(plainText)
  const inBrackets = /^\[(.*?)\]?$/.exec(value)?.[1]
  if (inBrackets !== undefined && /^(?:tags?|categor|keywords|authors|aliases)/.test(name)) {
    return inBrackets.split(/[,，]/).map(plainText)
  }
  const isQuoted = /^["']/.test(value)
  const more = others.map((line) => line.trim()).filter((line) => isQuoted || !isNoText(line, format))
  return plainText([value.replace(/^[|>][-+\d]*$/, ''), ...more].join(' '))
}

/** A comment, or a field that has lost its way into another one. */
function isNoText(line: string, format: HeadFormat): boolean {
  return line.startsWith('#') || beginsField(line, format)
}

function withoutComma(text: string): string {
  return text.replace(/,\s*$/, '')
}

/** A text as it stands there, without its quotes, its comment and what `null` means. */
function plainText(written: string): string | null {
  const text = written.trim()
  const quoted = /^(["'])([^]*)\1$/.exec(text)
  if (quoted !== null) return unescaped(quoted[2] ?? '', quoted[1] ?? '')
  const bare = text.replace(/(?<!\s)\s+#.*$/, '')
  if (/^(?:~|null|)$/i.test(bare)) return null
  // A quote that nothing closes.
  const lone = /^["']/.exec(bare)?.[0]
  return lone !== undefined && !bare.slice(1).includes(lone) ? bare.slice(1) : bare
}

/** A backslash that no escape of YAML begins: the writer knew of none. */
const NO_ESCAPE =
  /(?<!\\)(?:\\\\)*\\(?![0abtnvfre "/\\N_LPxuU]|$)|\\(?:x(?![\da-f]{2})|u(?![\da-f]{4})|U(?![\da-f]{8}))/i

function unescaped(text: string, quote: string): string {
  if (quote === '"' && NO_ESCAPE.test(text)) return text.replace(/\\(["\\])/g, '$1')
  return quote === "'" ? text.replaceAll("''", "'") : text.replace(/\\(["\\/])/g, '$1').replace(/\\[nt]/g, ' ')
}
