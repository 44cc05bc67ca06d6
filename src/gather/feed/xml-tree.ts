import { Parser } from 'htmlparser2'
import { absolute } from './address.ts'
import type { Element } from './element.ts'
import { Markup } from './markup.ts'
import { mendCdata } from './mend-cdata.ts'
import { References } from './references.ts'
import { endsUnclosed, holdsText, isItem, isRoot } from './vocabulary.ts'
import { type Scope, type Space, nameIn, scopeInside, scopeOfRoot } from './xml-names.ts'

/** A feed as a tree. */
export interface FeedTree {
  /** `rss`, `rdf`, `feed` or `channel`; null when there is none. */
  root: Element | null
  /** True when an end tag is missing. */
  isUnclosed: boolean
  /** True when there is more than anybody writes, and the rest was left out. */
  isCut: boolean
}

const DEEPEST = 500
/** As many missing end tags slow the parser down. */
const MANY_UNCLOSED = 100
/** Elements of the feed itself, of which nothing else stands in a text. */
const MOST_FIELDS = 100_000
const MOST_ELEMENTS = 500_000
const MOST_ATTRIBUTES = 1000
/** Fields of one item. */
const MOST_OF_ITEM = 1000
/** Characters of one element; fewer are read of an article. */
const LONGEST = 1_000_000
/** Items of one document that are read. */
export const MOST_ITEMS = 2000

/**
 * Reads XML that need not be well-formed: what stands before the feed is left out, a missing end tag is set where the
 * next item or field begins, and entities are those of HTML and the plain ones that it declares.
 * @param url what `xml:base` is relative to
 */
export function readTree(text: string, url: string): FeedTree {
  const builder = new TreeBuilder(url, new References(text))
  let rest = mendCdata(text)
  while (rest !== '') rest = parse(rest, builder)
  return { root: builder.root, isUnclosed: builder.isUnclosed, isCut: builder.isCut }
}

/** Ends the reading, or this parser's part of it. */
const STOP = new Error('stop')

/** Answers what is left to parse. */
function parse(text: string, builder: TreeBuilder): string {
  const parser = new Parser(builder, { xmlMode: true, decodeEntities: false })
  try {
    parser.end(text)
    return ''
  } catch (error) {
    if (error !== STOP) throw error
    return builder.isOver ? '' : text.slice(parser.startIndex)
  }
}

interface Open {
  element: Element
  /** As it is written. */
  tag: string
  scope: Scope
  /** What stands in an element that holds text. */
  markup: Markup | null
}

class TreeBuilder {
  root: Element | null = null
  isUnclosed = false
  isCut = false
  /** True when nothing more is read. */
  isOver = false
  readonly #url: string
  readonly #references: References
  readonly #open: Open[] = []
  #depth = 0
  #elements = 0
  #fields = 0
  #attributes = 0
  #items = 0
  #isCdata = false
  /** True when nothing came since the last start tag: htmlparser2 calls the end of `<br/>` implied too. */
  #isEmpty = false

  constructor(url: string, references: References) {
    this.#url = url
    this.#references = references
  }

  onparserinit(): void {
    this.#depth = 0
    this.#isCdata = false
  }

  onattribute(): void {
    if (++this.#attributes > MOST_ATTRIBUTES) this.#cut()
  }

  onopentag(tag: string, written: Record<string, string>): void {
    this.#attributes = 0
    this.#isEmpty = true
    const outer = this.#open.at(-1)
    const attributes = this.#decoded(written)
    const inside = scopeInside(outer?.scope ?? NO_SCOPE, attributes)
    const scope = this.root === null ? scopeOfRoot(inside, tag) : inside
    const named = nameIn(scope, tag)
    if (isItem(named) && this.#depth > MANY_UNCLOSED) this.#startAnew()
    if (++this.#depth > DEEPEST || ++this.#elements > MOST_ELEMENTS) this.#cut()
    if (outer === undefined && (this.root !== null || !isRoot(named))) return
    if (isItem(named) && ++this.#items > MOST_ITEMS) this.#cut()
    this.#endBefore(named)
    const markup = this.#open.at(-1)?.markup ?? null
    if (markup === null) this.#enter(tag, scope, { ...named, ...this.#own(attributes) })
    else markup.openTag(tag, attributes, baseInside(markup.base, attributes.get('xml:base'), this.#url))
  }

  onclosetag(tag: string, isImplied: boolean): void {
    this.#depth--
    if (isImplied && !this.#isEmpty && this.#open.length > 0) this.isUnclosed = true
    this.#isEmpty = false
    if (this.#open.at(-1)?.markup?.closeTag(tag) === true) return
    const at = this.#open.findLastIndex((open) => open.tag === tag)
    if (at >= 0) this.#close(at)
  }

  oncdatastart(): void {
    this.#isCdata = true
  }

  oncdataend(): void {
    this.#isCdata = false
  }

  ontext(written: string): void {
    this.#isEmpty = false
    const open = this.#open.at(-1)
    if (open === undefined) return
    if (open.element.text.length + written.length > LONGEST) this.isCut = true
    if (open.element.text.length > LONGEST) return
    const part = written.slice(0, LONGEST)
    const text = this.#isCdata ? part : this.#references.decode(part)
    open.markup?.text(text)
    open.element.text += text
  }

  onend(): void {
    this.#close(0)
  }

  #cut(): never {
    this.isCut = true
    this.isOver = true
    this.#close(0)
    throw STOP
  }

  /** A new parser goes on from this item, and knows nothing of what was left open. */
  #startAnew(): never {
    const open = this.#open.findIndex(({ element }) => isItem(element))
    if (open >= 0) this.#endUnclosed(open)
    throw STOP
  }

  /** Ends what cannot hold this element. */
  #endBefore(named: { space: Space; name: string }): void {
    const item = isItem(named) ? this.#open.findIndex(({ element }) => isItem(element)) : -1
    if (item >= 0) this.#endUnclosed(item)
    const top = this.#open.at(-1)?.element
    if (top !== undefined && endsUnclosed(top, named)) this.#endUnclosed(this.#open.length - 1)
  }

  #endUnclosed(from: number): void {
    this.isUnclosed = true
    this.#close(from)
  }

  #close(from: number): void {
    for (const { element, markup } of this.#open.splice(from)) {
      if (markup !== null) element.markup = markup.html
    }
  }

  #decoded(written: Record<string, string>): ReadonlyMap<string, string> {
    const attributes = new Map<string, string>()
    for (const [name, value] of Object.entries(written)) {
      attributes.set(name.toLowerCase(), this.#references.decode(value))
    }
    return attributes
  }

  #own(attributes: ReadonlyMap<string, string>): Omit<Element, 'space' | 'name'> {
    const outer = this.#open.at(-1)?.element
    const base = baseInside(outer?.base ?? null, attributes.get('xml:base'), this.#url)
    const language = attributes.get('xml:lang')?.trim() ?? outer?.language ?? null
    return { attributes, base, language, children: [], text: '', markup: null }
  }

  #enter(tag: string, scope: Scope, element: Element): void {
    if (++this.#fields > MOST_FIELDS) this.#cut()
    const parent = this.#open.at(-1)?.element
    if (parent === undefined) this.root = element
    else if (isItem(parent) && parent.children.length === MOST_OF_ITEM) this.isCut = true
    else parent.children.push(element)
    this.#open.push({ element, tag, scope, markup: holdsText(element) ? new Markup(element) : null })
  }
}

const NO_SCOPE: Scope = new Map()

function baseInside(outer: string | null, written: string | undefined, url: string): string | null {
  return written === undefined ? outer : (absolute(written, outer ?? url) ?? outer)
}
