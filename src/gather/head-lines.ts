/** Fields that stand in lines of their own at the head of a text, which no parser of data reads. */
export interface LineHead {
  /** Names in lower case; a field that is left empty is not there. */
  data: Record<string, unknown>
  /** Where the article goes on. */
  after: number
  /** Line of the text, from 1, on which each field stands. */
  lines: ReadonlyMap<string, number>
}

/** `key:: value` of Logseq and of Obsidian's plugin Dataview. */
const PROPERTY = /^(\p{L}[\p{L}\p{N} _./-]{0,40})::(?:[ \t]+(.*))?$/u
/** `.. key: value` of Nikola. */
const NIKOLA = /^\.\.[ \t]+([a-zA-Z]\w{0,40}):(?:[ \t]+(.*))?$/
/** `#+KEY: value` of Org. */
const ORG = /^#\+([a-zA-Z]\w{0,40}):(?:[ \t]+(.*))?$/
const BEGINNING = /(?:[ \t]*\n)*(<!--[ \t]*\n)?(?=\.\.[ \t]|#\+|%[ \t]|\p{L}[^\n:]{0,40}::(?:[ \t]|\n))/uy

/**
 * Reads the fields with which a text begins: `.. title: Tides` of Nikola, in a comment or not, `#+TITLE: Tides` of Org,
 * the title block of Pandoc (`% Tides`), or properties. Null when there are none.
 */
export function readLineHead(text: string): LineHead | null {
  BEGINNING.lastIndex = 0
  const beginning = BEGINNING.exec(text)
  if (beginning === null) return null
  const start = beginning[0].length
  if (text.startsWith('..', start)) return readTitled(text, start, NIKOLA, beginning[1] !== undefined)
  if (beginning[1] !== undefined) return null
  if (text.startsWith('#', start)) return readTitled(text, start, ORG, false)
  return text.startsWith('%', start) ? readTitleBlock(text, start) : readProperties(text)
}

/** Reads the properties with which a text begins; null when there are none, or none that says anything. */
export function readProperties(text: string): LineHead | null {
  const start = /^(?:[ \t]*\n)*/.exec(text)?.[0].length ?? 0
  const head = readLines(text, start, PROPERTY)
  return Object.keys(head.data).length === 0 ? null : head
}

function readTitled(text: string, start: number, pattern: RegExp, isComment: boolean): LineHead | null {
  const head = readLines(text, start, pattern)
  if (typeof head.data.title !== 'string') return null
  if (!isComment) return head
  const end = /^\s*-->[ \t]*\n?/.exec(text.slice(head.after, head.after + 200))
  return end === null ? null : { ...head, after: head.after + end[0].length }
}

function readLines(text: string, start: number, pattern: RegExp): LineHead {
  const fields: [name: string, value: string, line: number][] = []
  let line = text.slice(0, start).split('\n').length
  let at = start
  while (at < text.length) {
    const end = lineEnd(text, at)
    const match = pattern.exec(text.slice(at, end).trimEnd())
    if (match?.[1] === undefined) break
    fields.push([match[1].trim().toLowerCase(), match[2]?.trim() ?? '', line])
    line += 1
    at = end
  }
  const said = fields.flatMap(([name, value]) => (value === '' ? [] : [[name, value] as const]))
  return {
    data: Object.fromEntries(said),
    after: at,
    lines: new Map(fields.map(([name, , line]) => [name, line])),
  }
}

/** `% title`, `% authors`, `% date`, each of which may be left out or go on in indented lines, and a blank line. */
const TITLE_BLOCK =
  /%[ \t]+\S[^\n]*(?:\n[ \t]+\S[^\n]*)*(?:\n%[^\n]*(?:\n[ \t]+\S[^\n]*)*){0,2}(?=\n[ \t]*(?:\n|$)|\n?$)/y

function readTitleBlock(text: string, start: number): LineHead | null {
  TITLE_BLOCK.lastIndex = start
  const block = TITLE_BLOCK.exec(text)?.[0]
  if (block === undefined) return null
  const [, title = '', authors = '', date = ''] = block.split(/^%/m).map((part) => part.trim())
  const first = text.slice(0, start).split('\n').length
  const names = authors.split(/[;\n]/).map((name) => name.trim())
  const author = names.filter((name) => name !== '')
  return {
    data: { title, ...(author.length > 0 ? { author } : {}), ...(date === '' ? {} : { date }) },
    after: Math.min(text.length, start + block.length + 1),
    lines: new Map(['title', 'author', 'date'].map((name, index) => [name, first + index])),
  }
}

/** Where the next line begins. */
function lineEnd(text: string, at: number): number {
  const end = text.indexOf('\n', at)
  return end < 0 ? text.length : end + 1
}
