import { Problem, type ProblemRecord } from '../problem.ts'
import { CHINESE_NAMES } from './head-fields.ts'
import { type HeadCut, type HeadFormat, codeOfHead, cutHead } from './head-cut.ts'
import { type LineHead, readLineHead, readProperties } from './head-lines.ts'
import { parseHead } from './head-parse.ts'
import { readScriptHead } from './head-script.ts'
import { type Salvage, salvage } from './salvage.ts'
import { YamlFault } from './yaml-text.ts'

/** UTF-16 units; no head that a person wrote is longer, and parsers need time for what others write. */
const LONGEST = 32 * 1024

/** The head of an article, and what comes after it. */
export interface FrontMatter {
  /** `none` when the text begins with no head; `lines` when it is one that no parser of data reads. */
  format: HeadFormat | 'lines' | 'none'
  /** Names in lower case; lists, maps, null, and texts as they are written: `007` and `3.10` are no numbers. */
  data: Record<string, unknown>
  content: string
  /** Line of the file, from 1, on which a key of the head stands, in whatever case; 1 when it does not. */
  lineOf(key: string): number
  /** Whether the value of a key of the head begins with a quote in its line, so that YAML takes it for text. */
  isQuoted(key: string): boolean
  /** Warnings about what could only be guessed. */
  problems: ProblemRecord[]
}

/**
 * Reads the front matter of an article in YAML, TOML or JSON (see `cutHead`); a text without it has no data, nor has one
 * that begins with mere prose between two thematic breaks. What its parser refuses is read field by field, with one
 * warning. Code is never run, whatever language the opening line names; of JavaScript simple values are read.
 * @param text with `\n` line ends and no byte order mark
 * @throws {Problem} `front-matter-language`, `front-matter-long`, `front-matter-yaml`, `front-matter-toml`,
 *   `front-matter-json`, when nothing that articles have can be read; each with `where` `place:line`
 */
export function readFrontMatter(text: string, place: string): FrontMatter {
  const code = codeOfHead(text)
  const lines = code === null ? readLineHead(text) : readScriptHead(text)
  if (code !== null && lines === null) throw languageProblem(code, place)
  if (lines !== null) return ofLines(text, lines)
  return withProperties(readCut(text, place), text)
}

function ofLines(text: string, { data, after, lines }: LineHead): FrontMatter {
  const lineOf = (key: string): number => lines.get(key.toLowerCase()) ?? 1
  return {
    format: 'lines',
    data: withNames(data),
    content: text.slice(after),
    lineOf,
    isQuoted: () => false,
    problems: [],
  }
}

/** Properties may follow a head; what they say counts where the head says nothing. */
function withProperties(head: FrontMatter, text: string): FrontMatter {
  const properties = head.format === 'none' ? null : readProperties(head.content)
  if (properties === null) return head
  const above = text.slice(0, text.length - head.content.length).split('\n').length - 1
  const lineOf = (key: string): number => {
    const line = key.toLowerCase() in head.data ? undefined : properties.lines.get(key.toLowerCase())
    return line === undefined ? head.lineOf(key) : above + line
  }
  const data = { ...withNames(properties.data), ...head.data }
  return { ...head, data, content: head.content.slice(properties.after), lineOf }
}

function readCut(text: string, place: string): FrontMatter {
  const cut = cutHead(text)
  if (cut === null) return noHead(text)
  if (!cut.isClosed) return readUnclosed(text, cut, place)
  const head = text.slice(cut.from, cut.to)
  if (head.length > LONGEST) return readLong(text, cut, place)
  try {
    const { value, fault } = parseHead(head, cut)
    const problems = fault === null || cut.isLoose === true ? [] : [salvagedWarning(fault, cut, place)]
    if (isMap(value)) return frontMatter(text, cut, value, problems)
    return readFields(text, cut, place, new YamlFault('It is one text', 2)) ?? noHead(text)
  } catch (fault) {
    if (!(fault instanceof YamlFault)) throw fault
    const read = readFields(text, cut, place, fault)
    if (read === null) throw headProblem(fault, cut, place)
    return read
  }
}

function noHead(text: string): FrontMatter {
  return { format: 'none', data: {}, content: text, lineOf: () => 1, isQuoted: () => false, problems: [] }
}

function frontMatter(text: string, cut: HeadCut, map: Record<string, unknown>, problems: ProblemRecord[]): FrontMatter {
  const lineOf = linesOf(text.slice(cut.from, cut.to), cut)
  return {
    format: cut.format,
    data: withNames(Object.fromEntries(Object.entries(map).map(([key, value]) => [key.toLowerCase(), value]))),
    content: text.slice(cut.after),
    lineOf,
    isQuoted: (key) => /^[^:]*:[ \t]*["']/.test(text.split('\n')[lineOf(key) - 1] ?? ''),
    problems,
  }
}

/** With the usual names of fields beside those in Chinese. */
function withNames(data: Record<string, unknown>): Record<string, unknown> {
  const usual = Object.keys(data).flatMap((key) => CHINESE_NAMES.get(key) ?? [])
  if (usual.length === 0) return data
  const named = Object.entries(data).map(([key, value]) => [CHINESE_NAMES.get(key) ?? key, value] as const)
  return { ...Object.fromEntries(named), ...data }
}

/** A table of TOML, behind which no field of the head itself stands. */
const TABLE = /^\[\[?[\w."'-]+\]\]?[ \t]*(?:#.*)?$/

function linesOf(head: string, { format, firstLine }: HeadCut): (key: string) => number {
  let lines: string[] | null = null
  let tables = Infinity
  return (key) => {
    if (lines === null) {
      lines = head.toLowerCase().split('\n')
      const first = format === 'toml' ? lines.findIndex((line) => TABLE.test(line)) : -1
      if (first >= 0) tables = first
    }
    const names = namesOf(key.toLowerCase())
    const index = lines.findLastIndex((line, at) => at < tables && beginsWith(line, names))
    const found = index < 0 ? lines.findLastIndex((line) => beginsWith(line.trimStart(), names)) : index
    return found < 0 ? 1 : firstLine + found
  }
}

function namesOf(key: string): string[] {
  return [key, ...[...CHINESE_NAMES].flatMap(([name, usual]) => (usual === key ? name : []))]
}

function beginsWith(line: string, names: readonly string[]): boolean {
  const start = /^["']/.test(line) ? 1 : 0
  return names.some((name) => line.startsWith(name, start) && /^["']?\s*[:=：]/.test(line.slice(start + name.length)))
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Reads a head field by field; null when no field is one that articles have, and it is no prose either. */
function readFields(text: string, cut: HeadCut, place: string, fault: YamlFault): FrontMatter | null {
  const head = text.slice(cut.from, Math.min(cut.to, cut.from + LONGEST))
  const read = salvage(head, cut.format, true)
  if (!read.isHead) return read.hasFields || !mayBeProse(text, cut) ? null : noHead(text)
  const ended = endedAt(cut, head, read)
  if (ended === null && cut.isLoose === true) return frontMatter(text, cut, read.data, [])
  const warning = ended === null ? salvagedWarning(faultIn(read, fault), cut, place) : unclosedWarning(cut, place)
  return frontMatter(text, ended ?? cut, read.data, [warning])
}

/** Nobody writes prose between `+++`, but two dashes or a brace may begin a text. */
function mayBeProse(text: string, { format, fence, from }: HeadCut): boolean {
  return format === 'yaml' || (fence === ';;;' && text.startsWith('{', from))
}

/** A parser may see the fault lines behind the field that is wrong, or know no line at all. */
function faultIn({ wrong }: Salvage, fault: YamlFault): YamlFault {
  if (wrong === null) return fault
  return new YamlFault(fault.message, fault.line > 1 ? Math.min(wrong + 2, fault.line) : wrong + 2)
}

/** The head when it ends before its fence, which is a thematic break of the article then; null when it does not. */
function endedAt(cut: HeadCut, head: string, { lines }: Salvage): HeadCut | null {
  const all = head.split('\n')
  if (all.slice(lines).every((line) => line.trim() === '' || /^\s*[#}]/.test(line))) return null
  return endingAfter(cut, all, lines)
}

function endingAfter(cut: HeadCut, lines: string[], count: number): HeadCut {
  const to = cut.from + lines.slice(0, count).join('\n').length
  return { ...cut, to, after: count < lines.length ? to + 1 : to }
}

/** A head that nothing closes is one when its lines are; else the text begins with a thematic break. */
function readUnclosed(text: string, cut: HeadCut, place: string): FrontMatter {
  const head = text.slice(cut.from, cut.from + LONGEST)
  const read = salvage(head, cut.format, false)
  if (!read.isHead) return noHead(text)
  const ended = endingAfter(cut, head.split('\n'), read.lines)
  return frontMatter(text, ended, read.data, [unclosedWarning(cut, place)])
}

function readLong(text: string, cut: HeadCut, place: string): FrontMatter {
  const reason = `It has more than ${LONGEST / 1024} KB`
  const read = readFields(text, cut, place, new YamlFault(reason, 1))
  if (read?.format === 'none' || typeof read?.data.title === 'string') return read
  throw new Problem('front-matter-long', `The front matter has more than ${LONGEST / 1024} KB`, {
    where: `${place}:${Math.max(1, cut.firstLine - 1)}`,
    mend: 'close it with a line "---" before the text begins',
  })
}

/** The first line of what gray-matter hands to a parser is the fence. */
function whereOf(fault: YamlFault, cut: HeadCut, place: string): string {
  return `${place}:${Math.max(1, cut.firstLine + fault.line - 2)}`
}

const MEND = 'mend the front matter; a text with a colon or a # belongs in quotes'

function salvagedWarning(fault: YamlFault, cut: HeadCut, place: string): ProblemRecord {
  const message = `The front matter is no ${cut.format.toUpperCase()} and was read line by line: ${fault.message}`
  const more = { where: whereOf(fault, cut, place), severity: 'warning', mend: MEND } as const
  return new Problem('front-matter-salvaged', message, more).toJSON()
}

function unclosedWarning(cut: HeadCut, place: string): ProblemRecord {
  const line = Math.max(1, cut.firstLine - 1)
  const message = `Line ${line} opens front matter with "${cut.fence}" that no line closes`
  const mend = `close it with a second line "${cut.fence}"`
  const more = { where: `${place}:${line}`, severity: 'warning', mend } as const
  return new Problem('front-matter-unclosed', message, more).toJSON()
}

function headProblem(fault: YamlFault, cut: HeadCut, place: string): Problem {
  const code = `front-matter-${cut.format}`
  const where = whereOf(fault, cut, place)
  return new Problem(code, `Cannot read the front matter: ${fault.message}`, { where, mend: MEND, cause: fault })
}

function languageProblem(language: string, place: string): Problem {
  return new Problem('front-matter-language', `Front matter in "${language}" is not read`, {
    where: `${place}:1`,
    mend: 'write the front matter in YAML between two lines "---"',
  })
}
