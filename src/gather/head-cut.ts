/** The language of a head. */
export type HeadFormat = 'yaml' | 'toml' | 'json'

/** Where the head of an article stands in its text; offsets in UTF-16 units. */
export interface HeadCut {
  format: HeadFormat
  /** The line that opens and closes it; the one that gray-matter is told where there is none. */
  fence: string
  /** Between the fences. */
  from: number
  to: number
  /** Where the article goes on. */
  after: number
  /** Line of the file, from 1, on which the head begins. */
  firstLine: number
  isClosed: boolean
  /** True for lines of fields without a fence, which nobody meant to be YAML. */
  isLoose?: boolean
}

/** Languages of gray-matter and its kind that are programs. */
const CODE = /^(?:jsx?|javascript|mjs|cjs|tsx?|typescript|coffee(?:script)?|cson|lua|py(?:thon)?|rb|ruby)$/i
const OPENING = /(-{3,}|;{3,}|\+{3}(?!\+))[ \t]*([^\n]*)/y

/** The programming language that the first line of a text names for its head; null when it names none. */
export function codeOfHead(text: string): string | null {
  const language = /^---(?!-)[ \t]*([^\n]*)/.exec(text)?.[1]?.trim() ?? ''
  return CODE.test(language) ? language : null
}

/**
 * Finds the head of an article: between two lines `---` (YAML, or the language that the first line names), as many
 * more dashes, `+++` (TOML), `;;;` (Hexo's JSON without braces), or a JSON object at the very start (Hugo). Blank lines
 * and a comment may stand before it. Null when the text does not begin with one.
 */
export function cutHead(text: string): HeadCut | null {
  const start = startOf(text)
  if (text.startsWith('{', start)) return cutObject(text, start)
  OPENING.lastIndex = start
  const opening = OPENING.exec(text)
  if (opening === null) return cutWithoutOpening(text, start) ?? cutOddOpening(text, start)
  const [line, fence = '', words = ''] = opening
  const format = formatOf(fence, words.trim())
  // Another language than YAML is named at the very start, or it is what the text shows.
  if (format === null || (words.trim() !== '' && start > 0)) return null
  const from = start + line.length + 1
  const end = closingOf(text, fence, from - 1)
  const firstLine = lineAt(text, start) + 1
  if (end === null) return { format, fence, from, to: text.length, after: text.length, firstLine, isClosed: false }
  return { format, fence, from, to: Math.max(from, end.at), after: end.after, firstLine, isClosed: true }
}

/** Behind blank lines, and behind a comment that precedes a fence. */
function startOf(text: string): number {
  const blank = /^(?:[ \t]*\n)*/.exec(text)?.[0].length ?? 0
  if (!text.startsWith('<!--', blank)) return blank
  const comment = /^<!--(?:(?!-->)[^])*-->[^\S\n]*\n\s*(?=(?:---|\+\+\+)[ \t]*\n)/.exec(text.slice(blank, blank + NEAR))
  return blank + (comment?.[0].length ?? 0)
}

function formatOf(fence: string, language: string): HeadFormat | null {
  if (fence.startsWith('+')) return language === '' ? 'toml' : null
  if (fence.startsWith(';')) return language === '' ? 'json' : null
  if (language === '' || (fence === '---' && /^ya?ml$/i.test(language))) return 'yaml'
  const named = language.toLowerCase()
  return fence === '---' && (named === 'toml' || named === 'json') ? named : null
}

/** The first line that begins with the fence; Jekyll also takes `...`. As gray-matter does, it may hold more. */
function closingOf(text: string, fence: string, before: number): { at: number; after: number } | null {
  const at = text.indexOf(`\n${fence}`, before)
  const dots = fence === '---' ? dotsIn(at < 0 ? text.slice(before) : text.slice(before, at)) : -1
  if (dots >= 0) return { at: before + dots, after: lineEnd(text, before + dots + 4) }
  if (at < 0) return null
  const sign = fence[0]
  let end = at + 1 + fence.length
  while (text[end] === sign) end += 1
  const rest = /[ \t]*\n?/y
  rest.lastIndex = end
  return { at, after: end + (rest.exec(text)?.[0].length ?? 0) }
}

function dotsIn(text: string): number {
  for (let at = text.indexOf('\n...'); at >= 0; at = text.indexOf('\n...', at + 1)) {
    if (text.slice(at + 4, lineEnd(text, at + 4)).trim() === '') return at
  }
  return -1
}

/** Where the next line begins. */
function lineEnd(text: string, at: number): number {
  const end = text.indexOf('\n', at)
  return end < 0 ? text.length : end + 1
}

function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length
}

/** UTF-16 units in which the end of a head without opening is looked for. */
const NEAR = 8 * 1024
const CLOSING = /^(?:-{3,}|;{3,})[ \t]*$/m
const FIRST_LINE = /^[ \t]*["']?[\p{L}_][\w\p{L}-]*["']?[ \t]*[:：]/u
const YAML_LINE = /^(?:[ \t]*|[ \t]*#.*|[ \t]+.*|-[ \t].*|["']?[\p{L}_][\w\p{L} .-]*["']?[ \t]*[:：].*)$/u
const JSON_LINE = /^(?:[ \t]*|[ \t]+.*|"[^"]*"[ \t]*:.*|[\]}],?[ \t]*)$/
const TELLS_HEAD = /^"?(?:title|date|tags|categories|layout|permalink|slug|draft|标题|標題|日期)"?[ \t]*[:：]/im

/**
 * Hexo needs no opening line: `title: Tides`, then `---`, or JSON without braces, then `;;;`. Nothing but such lines may
 * stand before it. Pelican and MultiMarkdown end such lines with a blank one.
 */
function cutWithoutOpening(text: string, start: number, fence = CLOSING): HeadCut | null {
  const near = text.slice(start, start + NEAR)
  if (!FIRST_LINE.test(near)) return null
  const closing = fence.exec(near)
  if (closing === null) return cutMetadata(text, start, near)
  const head = near.slice(0, closing.index).replace(/\n$/, '')
  const isJson = closing[0].startsWith(';')
  const isHead = TELLS_HEAD.test(head) && head.split('\n').every((line) => (isJson ? JSON_LINE : YAML_LINE).test(line))
  if (!isHead) return cutMetadata(text, start, near)
  return {
    ...(isJson ? ({ format: 'json', fence: ';;;' } as const) : ({ format: 'yaml', fence: '---' } as const)),
    ...{ from: start, to: start + head.length, isClosed: true },
    ...{ after: lineEnd(text, start + closing.index), firstLine: lineAt(text, start) },
  }
}

/** What was meant for `---`: indented, too short, or made into dashes of typography. */
const ODD_FENCE = / {0,3}(?:-{2,}|[-\u2010-\u2015]{1,6})[ \t]*/
const ODD_OPENING = new RegExp(`${ODD_FENCE.source}\\n`, 'y')
const ODD_CLOSING = new RegExp(`^${ODD_FENCE.source}$`, 'm')

function cutOddOpening(text: string, start: number): HeadCut | null {
  ODD_OPENING.lastIndex = start
  const opening = ODD_OPENING.exec(text)
  return opening === null ? null : cutWithoutOpening(text, start + opening[0].length, ODD_CLOSING)
}

const METADATA_LINE = /^(?:[A-Za-z][\w -]{0,30}:(?:[ \t].*)?|\p{Script=Han}{1,8}[:：].*|[ \t]{2,}\S.*)$/u
const METADATA =
  /^(?:(?:date|datetime|author|authors|tags|category|slug|modified|summary|status|keywords)[ \t]*:|(?:日期|时间|時間|作者|标签|標籤|分类|分類)[ \t]*[:：])[ \t]*\S/im

/** `Title: Tides` and at least one more of the usual fields, up to the first blank line. */
function cutMetadata(text: string, start: number, near: string): HeadCut | null {
  const head = /^[^]*?(?=\n[ \t]*(?:\n|$))/.exec(near)?.[0] ?? ''
  const isHead = /^(?:title[ \t]*:|(?:标题|標題)[ \t]*[:：])[ \t]*\S/i.test(head) && METADATA.test(head)
  if (!isHead || !head.split('\n').every((line) => METADATA_LINE.test(line))) return null
  return {
    ...{ format: 'yaml', fence: '---', from: start, to: start + head.length, isClosed: true, isLoose: true },
    ...{ after: lineEnd(text, start + head.length + 1), firstLine: lineAt(text, start) },
  }
}

/** A longer object is no head. */
const LONGEST_OBJECT = 64 * 1024

function cutObject(text: string, start: number): HeadCut | null {
  if (!/^\{\s*["}]/.test(text.slice(start, start + 200))) return null
  const end = endOfObject(text.slice(start, start + LONGEST_OBJECT))
  if (end === null) return null
  const rest = /[ \t]*(?:\n|$)/y
  rest.lastIndex = start + end
  const behind = rest.exec(text)
  if (behind === null) return null
  return {
    ...{ format: 'json', fence: ';;;', from: start, to: start + end, after: start + end + behind[0].length },
    ...{ firstLine: lineAt(text, start), isClosed: true },
  }
}

/** The length of the JSON object with which a text begins; null when it does not end. */
function endOfObject(text: string): number | null {
  let depth = 0
  for (const { 0: token, index } of text.matchAll(/"(?:[^"\\\n]|\\.)*"|[{}]/g)) {
    if (token === '{') depth += 1
    if (token === '}') depth -= 1
    if (depth === 0) return index + 1
  }
  return null
}
