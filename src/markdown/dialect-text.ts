import { type Admonition, readAdmonition } from './admonitions.ts'
import { mayHoldMarks } from './dialect-marks.ts'
import { mayHoldDirectives, propertiesEnd, readBorneAttributes, readDirective } from './directive.ts'
import { fenceEnd, withoutRawMarks } from './fenced.ts'
import { importEnd, readExpression, readJsx, readVueTag, statementEnd } from './jsx.ts'
import {
  endsHtml,
  isEndOfBlock,
  isHeadingOfContents,
  markdownElement,
  readAttributes,
  readDollars,
  readDoubledBackslash,
} from './kramdown.ts'
import { readLine } from './line-instructions.ts'
import { readLiquid } from './liquid.ts'
import { loneHeadings } from './lone-heading.ts'
import { type Reader, Source, firstOf } from './passages.ts'
import { readShortcode } from './shortcodes.ts'
import type { Syntax } from './syntax.ts'
import { isUnmarked } from './unmarked.ts'
import { besideBlockMark, drawerEnd, readField, readMacro, readPluginCode, readTemplater } from './vault-plugins.ts'
import { readCode, readEscape, readMath, readRawHtml, readVueValue } from './verbatim.ts'
import { isOfLogseq, readBlockId, readEmbed, readHighlight, readWikiComment, readWikiLink } from './wiki.ts'

const LIST_ITEM = /^[ \t]{0,3}(?:[-*+]|\d{1,9}[.)]|\[\^[^\]\n]{1,200}\]:|:)(?=[ \t]|$)/
const LIQUID_DEFINITION = /^( {0,3}\[[^\]\n]{1,200}\]:)[ \t]*(\{[{%].*)$/
const INDENTED = /^(?: {4}| {0,3}\t)/

/**
 * The body of an article without the instructions of its dialect, as Markdown; code and math stay as they are.
 * Takes time in proportion to the length of any text.
 */
export function toMarkdown(source: string, syntax: Syntax): string {
  if (isUnmarked(source, syntax) || !mayHoldMarks(source, syntax)) return source
  return new Translation(source.replace(/\r\n?/g, '\n'), syntax).whole()
}

/** Nobody nests more admonitions; each level reads its text once more. */
const DEEPEST = 5

/** Goes once through a text, line by line and within a line from mark to mark. */
class Translation {
  readonly #source: Source
  readonly #syntax: Syntax
  readonly #readers: ReadonlyMap<string, Reader>
  readonly #special: RegExp
  readonly #out: string[] = []
  readonly #depth: number
  readonly #isLoneHeading: (line: string) => boolean
  #nextSpecial = -1
  #isAfterBlank = true
  /** True as long as nothing but blank lines and imports has been read. */
  #isAtHead = true
  #isInList = false

  constructor(text: string, syntax: Syntax, depth = 0) {
    this.#depth = depth
    this.#source = new Source(text)
    this.#syntax = syntax
    this.#isLoneHeading = loneHeadings(text, syntax)
    this.#readers = readersOf(syntax, mayHoldDirectives(text), text.includes('::'))
    this.#special = new RegExp(`[${[...this.#readers.keys()].map((char) => `\\${char}`).join('')}]`, 'g')
  }

  whole(): string {
    for (let at = 0; at < this.#source.text.length;) at = this.#block(at)
    return this.#out.join('')
  }

  /** Reads a line, or what begins with it; answers where the next one begins. */
  #block(at: number): number {
    const { text } = this.#source
    const lineEnd = this.#source.lineEnd(at)
    const line = text.slice(at, lineEnd)
    if (line.trim() === '') return this.#copy(at, lineEnd, true)
    if (this.#isIndentedCode(line)) return this.#copy(at, lineEnd, true)
    const fence = fenceEnd(this.#source, at, lineEnd)
    if (fence !== null) return this.#copy(at, fence, false)
    const note =
      /^\s*(?:[!?]{3}|===[!+ ])/.test(line) && this.#depth < DEEPEST ? readAdmonition(this.#source, at, lineEnd) : null
    return note === null ? this.#textLine(at, lineEnd, line) : this.#note(note)
  }

  #blank(lineEnd: number): number {
    this.#out.push('\n')
    this.#isAfterBlank = true
    return lineEnd + 1
  }

  #note({ end, text, indent }: Admonition): number {
    const inner = new Translation(text, this.#syntax, this.#depth + 1).whole()
    this.#out.push('\n', inner.replace(/^(?=.)/gm, indent), '\n\n')
    this.#isAfterBlank = true
    return end + 1
  }

  #textLine(at: number, lineEnd: number, line: string): number {
    const statement = this.#statementEnd(at)
    if (statement !== null) return statement
    this.#isAtHead = false
    if (LIST_ITEM.test(line)) this.#isInList = true
    else if (this.#isAfterBlank && !/^\s/.test(line)) this.#isInList = false
    const contents = LIST_ITEM.test(line) ? contentsEnd(this.#source, lineEnd) : null
    if (contents !== null) return contents + 1
    if (this.#syntax.kramdown && isHeadingOfContents(this.#source, at)) return lineEnd + 1
    if (this.#syntax.kramdown && isEndOfBlock(line)) return this.#blank(lineEnd)
    this.#isAfterBlank = false
    if (this.#syntax.wiki) {
      if (isOfLogseq(line)) return lineEnd + 1
      const drawer = drawerEnd(this.#source, line, lineEnd)
      if (drawer !== null) return drawer + 1
      const beside = besideBlockMark(line)
      if (beside !== null) return this.#blockMark(beside, lineEnd)
    }
    const instead = readLine(line) ?? (this.#syntax.liquid ? this.#definition(line) : null)
    const properties = instead === '' ? propertiesEnd(this.#source, line, lineEnd) : null
    if (properties !== null) return properties + 1
    if (instead !== null) {
      this.#out.push(this.#clean(instead), '\n')
      this.#isAfterBlank = instead.trim() === ''
      return lineEnd + 1
    }
    if (this.#isLoneHeading(line)) return this.#loneHeading(at, lineEnd, line.indexOf('#') + 1)
    const indent = this.#syntax.mdx && !this.#isInList ? (/^[ \t]*/.exec(line)?.[0].length ?? 0) : 0
    return this.#syntax.kramdown ? this.#kramdownLine(at + indent, lineEnd, line) : this.#inline(at + indent, lineEnd)
  }

  #loneHeading(at: number, lineEnd: number, mark: number): number {
    this.#out.push(this.#source.text.slice(at, at + mark), ' ')
    return this.#inline(at + mark, lineEnd)
  }

  /** Blank lines where kramdown begins to read Markdown and CommonMark would not. */
  #kramdownLine(at: number, lineEnd: number, line: string): number {
    const tag = markdownElement(line)
    if (tag > 0) this.#out.push(line.slice(0, tag), '\n\n')
    const next = this.#inline(at + tag, lineEnd)
    const isEnd = next === lineEnd + 1 && endsHtml(line, this.#source.text.charAt(next))
    if (isEnd) this.#out.push('\n')
    this.#isAfterBlank = isEnd || (tag > 0 && tag === line.trimEnd().length)
    return next
  }

  #blockMark(beside: string, lineEnd: number): number {
    this.#out.push(beside, '\n')
    return lineEnd + 1
  }

  #statementEnd(at: number): number | null {
    if (!this.#isAfterBlank) return null
    if (this.#syntax.mdx) return statementEnd(this.#source, at)
    return this.#isAtHead ? importEnd(this.#source, at) : null
  }

  /** `[tides]: {% post_url … %}`, whose address may be nothing, but must be there. */
  #definition(line: string): string | null {
    const [label, address = ''] = LIQUID_DEFINITION.exec(line)?.slice(1) ?? []
    if (label === undefined) return null
    const clean = this.#clean(address).trim()
    return `${label} ${/^(?:$|["'(])/.test(clean) ? '<> ' : ''}${clean}`
  }

  /** Words of an instruction, which may hold others; none begins a line. */
  #clean(words: string): string {
    return words === ''
      ? ''
      : words
          .split('\n')
          .map((line) => new Translation(line, this.#syntax).#words())
          .join('\n')
  }

  #words(): string {
    this.#inline(0, this.#source.text.length)
    return this.#out.join('')
  }

  #isIndentedCode(line: string): boolean {
    return !this.#syntax.mdx && this.#isAfterBlank && !this.#isInList && INDENTED.test(line)
  }

  #copy(from: number, to: number, isAfterBlank: boolean): number {
    const code = this.#source.text.slice(from, to + 1)
    if (this.#isAtHead && code.trim() !== '') this.#isAtHead = false
    this.#out.push(this.#syntax.liquid ? withoutRawMarks(code) : code)
    this.#isAfterBlank = isAfterBlank
    return to + 1
  }

  /** Reads text as far as the end of its line, or of the line in which an instruction ends that begins there. */
  #inline(from: number, lineEnd: number): number {
    const { text } = this.#source
    let [at, end] = [from, lineEnd]
    while (at < end) {
      const special = this.#specialFrom(at)
      this.#out.push(text.slice(at, Math.min(special, end)))
      if (special >= end) break
      const passage = this.#readers.get(text.charAt(special))?.(this.#source, special)
      this.#out.push(passage?.text ?? text.charAt(special))
      at = passage?.end ?? special + 1
      if (passage?.text === '' && /[.,;!?]/.test(text.charAt(at))) this.#closeUp()
      if (at > end) end = this.#source.lineEnd(at)
    }
    this.#out.push(text.slice(end, end + 1))
    return end + 1
  }

  /** `tides {% cite moon %}.`: what is gone leaves no space before a point. */
  #closeUp(): void {
    const before = this.#out.at(-2) ?? ''
    if (/[\p{L}\p{N}\p{Pe}\p{Pf}"'`*_][ \t]+$/u.test(before)) this.#out.splice(-2, 1, before.trimEnd())
  }

  #specialFrom(at: number): number {
    if (this.#nextSpecial >= at) return this.#nextSpecial
    this.#special.lastIndex = at
    this.#nextSpecial = this.#special.exec(this.#source.text)?.index ?? this.#source.text.length
    return this.#nextSpecial
  }
}

/** Where the `{:toc}` ends that stands below a line, as kramdown has it below `* TOC`; null when none does. */
function contentsEnd(source: Source, lineEnd: number): number | null {
  if (!source.text.startsWith('{', lineEnd + 1) && !source.text.startsWith(' ', lineEnd + 1)) return null
  const end = source.lineEnd(lineEnd + 1)
  return /^[ \t]{0,3}\{:\s*toc\b[^{}]*\}[ \t]*$/.test(source.text.slice(lineEnd + 1, end)) ? end : null
}

/** Who reads what begins with a character. */
function readersOf(syntax: Syntax, hasDirectives: boolean, hasFields: boolean): Map<string, Reader> {
  const readers = new Map<string, Reader[]>()
  const add = (char: string, isMeant: boolean, ...all: Reader[]): void => {
    if (isMeant) readers.set(char, [...(readers.get(char) ?? []), ...all])
  }
  const { liquid, shortcodes, wiki, mdx, vue, kramdown } = syntax
  const clean = (words: string): string => toMarkdown(words, { ...syntax, mdx: false })
  add('`', wiki, readPluginCode)
  add('`', true, readCode(liquid))
  add('\\', kramdown || shortcodes || liquid, readDoubledBackslash)
  add('\\', true, readEscape)
  add('$', kramdown, readDollars)
  add('$', true, readMath)
  add('{', shortcodes, readShortcode)
  add('{', wiki, readMacro)
  add('{', liquid, readLiquid)
  add('{', vue, readVueValue)
  add('{', kramdown, readAttributes)
  add('{', mdx, readExpression)
  add('{', hasDirectives && !mdx, readBorneAttributes)
  add(':', hasDirectives, readDirective(clean))
  add('<', wiki, readTemplater)
  add('<', mdx, readJsx)
  add('<', true, readRawHtml(liquid))
  add('<', vue && !mdx, readVueTag)
  add('[', wiki && hasFields, readField(clean))
  add('(', wiki && hasFields, readField(clean))
  add('[', wiki, readWikiLink)
  add('!', wiki, readEmbed)
  add('%', wiki, readWikiComment)
  add('=', wiki, readHighlight(clean))
  add('^', wiki, readBlockId)
  return new Map([...readers].map(([char, all]) => [char, firstOf(all)]))
}
