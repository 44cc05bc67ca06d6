import { balancedEnd, skipped } from './javascript.ts'
import { insteadOfComment } from './line-instructions.ts'
import type { Passage, Reader, Source } from './passages.ts'

/** Not the address in `<ada@example.org>`. */
const NAME = /<(\/?)([A-Za-z][\w.:-]*)?(?=[\s/>{])/y
const PARAGRAPHS = /^(?:p|div|section|article|aside|center)$/
const NAME_OF_PROP = /[@#:]?[\w$.:[\]@-]+/y
const SPACE = /\s*/y
const LITERAL = /^\{\s*(["'`])([^"'`\\]*)\1\s*\}$/
const COMMENT = /^\{\s*\/\*([^]*)\*\/\s*\}$/
const STATEMENT =
  /^(?:import\s*(?:["'{*]|[\w$]+\s*(?:,|\sfrom\b)|type\s)|export\s+(?:default|const|let|var|async|function|class|type|interface|enum|\{|\*))/
const IMPORT_END = /["'];?[ \t]*(?:\/\/.*)?$/

interface Tag {
  name: string
  end: number
  isClosing: boolean
  isWhole: boolean
  /** Some prop is no attribute of HTML. */
  isForeign: boolean
}

/** MDX: the tags of components, and of elements whose props are no HTML; what stands between them stays. */
export const readJsx: Reader = (source, at) => {
  const tag = readTag(source, at)
  if (tag === null) return null
  // Unlike in Markdown, what they hold in one line is Markdown all the same.
  if (PARAGRAPHS.test(tag.name)) return { end: tag.end, text: tag.isClosing ? ' ' : '' }
  return hiddenElement(source, tag) ?? passageOf(source, at, tag)
}

/** Vue: the same, but that a tag of HTML is told by its lower case. */
export const readVueTag: Reader = (source, at) => {
  const tag = readTag(source, at)
  if (tag === null || tag.name === '') return null
  return passageOf(source, at, tag)
}

function passageOf(source: Source, at: number, tag: Tag): Passage | null {
  const isComponent = tag.name === '' || /[A-Z.]/.test(tag.name) || tag.name.includes('-')
  if (isComponent) return { end: tag.end, text: '' }
  if (!tag.isForeign) return { end: tag.end, text: source.text.slice(at, tag.end) }
  return { end: tag.end, text: `<${tag.name}${tag.isWhole ? ' /' : ''}>` }
}

/** `<style>` and `<script>` hold no text; nor has a list of contents any of the article's own. */
const HIDDEN = /^(?:style|script|TableOfContents|TOC|Toc)$/

function hiddenElement(source: Source, tag: Tag): Passage | null {
  if (tag.isClosing || tag.isWhole || !HIDDEN.test(tag.name)) return null
  const close = source.find(`</${tag.name}>`, tag.end)
  return close < source.text.length ? { end: close + tag.name.length + 3, text: '' } : null
}

/** A whole tag with its props over any number of lines; null where `<` is text, as in `a < b`. */
function readTag(source: Source, at: number): Tag | null {
  NAME.lastIndex = at
  const [opening = '', slash = '', name = ''] = NAME.exec(source.text) ?? []
  const tag = { name, end: 0, isClosing: slash === '/', isWhole: false, isForeign: false }
  if (opening === '' || (name === '' && source.text.charAt(at + opening.length) !== '>') || source.isTired) return null
  const limit = source.blankLine(at)
  let here = at + opening.length
  while (here < source.text.length) {
    SPACE.lastIndex = here
    here += SPACE.exec(source.text)?.[0].length ?? 0
    const char = source.text.charAt(here)
    if (char === '>') return { ...tag, end: here + 1 }
    if (source.startsWith('/>', here)) return { ...tag, end: here + 2, isWhole: true }
    const next = propEnd(source, here)
    if (next === null) break
    const isForeign = /[{@#]/.test(char) || source.text.slice(here, next).includes('{')
    // Only a bracket may hold a blank line.
    if (next > limit && !isForeign && !tag.isForeign) break
    if (isForeign) tag.isForeign = true
    here = next
  }
  source.tire(here - at)
  return null
}

function propEnd(source: Source, at: number): number | null {
  const char = source.text.charAt(at)
  if (char === '{') return balancedEnd(source, at)
  NAME_OF_PROP.lastIndex = at
  const name = NAME_OF_PROP.exec(source.text)?.[0]
  if (name === undefined) return null
  const equals = /^\s{0,20}=\s{0,20}/.exec(source.text.slice(at + name.length, at + name.length + 50))?.[0]
  return equals === undefined ? at + name.length : valueEnd(source, at + name.length + equals.length)
}

function valueEnd(source: Source, at: number): number | null {
  const char = source.text.charAt(at)
  if (char === '{') return balancedEnd(source, at)
  if (char === '"' || char === "'") {
    const close = source.find(char, at + 1)
    return close < source.text.length ? close + 1 : null
  }
  const bare = /^[^\s"'=<>`{]{1,500}/.exec(source.text.slice(at, at + 500))?.[0]
  return bare === undefined ? null : at + bare.length
}

/** MDX: `{expression}` is gone, `{'words'}` are words, `{/* truncate *\/}` ends an excerpt. */
export const readExpression: Reader = (source, at) => {
  const end = balancedEnd(source, at)
  if (end === null) return null
  const expression = end - at > 2000 ? '' : source.text.slice(at, end)
  const comment = COMMENT.exec(expression)?.[1]
  return { end, text: comment === undefined ? (LITERAL.exec(expression)?.[2] ?? '') : insteadOfComment(comment) }
}

/** The end of `import` and `export` statements that begin with this line, behind the last one's line break. */
export function statementEnd(source: Source, at: number): number | null {
  if (!STATEMENT.test(source.text.slice(at, at + 200)) || source.isTired) return null
  const isImport = source.startsWith('import', at)
  for (let here = at; here < source.text.length;) {
    const char = source.text.charAt(here)
    if (char === '\n' && endsAt(source, at, here, isImport)) return here + 1
    if (/[{([]/.test(char)) {
      const end = balancedEnd(source, here)
      if (end === null) return Math.min(source.text.length, source.blankLine(at) + 1)
      here = end
    } else here = skipped(source, here)
  }
  return source.text.length
}

const IMPORT = /^import\s*(?:[\w$*{][^"']*?\sfrom\s*)?(["'])[^"'\n]+\1;?[ \t]*\n?$/

/** The end of one `import` of a module, which Docusaurus also takes at the head of a file that ends in `.md`. */
export function importEnd(source: Source, at: number): number | null {
  const end = source.startsWith('import', at) ? statementEnd(source, at) : null
  return end !== null && end - at < 4_000 && IMPORT.test(source.text.slice(at, end)) ? end : null
}

function endsAt(source: Source, start: number, lineEnd: number, isImport: boolean): boolean {
  const line = source.text.slice(Math.max(start, lineEnd - 300), lineEnd)
  if (isImport && IMPORT_END.test(line)) return true
  const next = source.text.slice(lineEnd + 1, source.lineEnd(lineEnd + 1))
  return next.trim() === '' || /^(?:import|export)\b/.test(next)
}
