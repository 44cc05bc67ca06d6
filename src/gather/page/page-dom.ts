import { type Cheerio, type CheerioAPI, load } from 'cheerio/slim'
import { DomHandler, Parser } from 'htmlparser2'

/** The tree of a page, for selectors. */
export interface PageDom {
  $: CheerioAPI
  /** True when there is more than anybody writes, and the rest was left out. */
  isCut: boolean
}

type Document = DomHandler['root']
/** A node of a page. */
export type PageNode = Document['childNodes'][number]
/** An element of a page. */
export type PageElement = Extract<PageNode, { attribs: unknown }>
/** Elements that a selector found. */
export type Selected = Cheerio<PageElement>

/** As deep as browsers build a page. */
const DEEPEST = 512
const MOST_ELEMENTS = 100_000
/** In one element; cheerio takes the square of their number. */
const MOST_CHILDREN = 5000
const STOP = new Error('stop')

/** Builds the tree of a page, however broken it is, up to a bound on its depth and size. */
export function readDom(html: string): PageDom {
  const builder = new BoundedDom()
  let isCut = false
  try {
    new Parser(builder).end(html)
  } catch (error) {
    if (error !== STOP) throw error
    isCut = true
  }
  return { $: load(builder.root), isCut }
}

class BoundedDom extends DomHandler {
  #elements = 0
  /** Bodies of tables that HTML leaves out and selectors copied from a browser name. */
  readonly #bodies = new WeakSet()

  override onopentag(name: string, attributes: Record<string, string>): void {
    const siblings = this.tagStack.at(-1)?.childNodes.length ?? 0
    if (++this.#elements > MOST_ELEMENTS || this.tagStack.length > DEEPEST || siblings > MOST_CHILDREN) throw STOP
    if (/^(?:tbody|thead|tfoot|caption)$/.test(name)) this.#leaveBody()
    if (name === 'tr' && this.#isTable()) {
      super.onopentag('tbody', {})
      const body = this.tagStack.at(-1)
      if (body !== undefined) this.#bodies.add(body)
    }
    super.onopentag(name, attributes)
  }

  override onclosetag(name = ''): void {
    if (name === 'table') this.#leaveBody()
    super.onclosetag()
  }

  #isTable(): boolean {
    const top = this.tagStack.at(-1)
    return top !== undefined && 'name' in top && top.name === 'table'
  }

  #leaveBody(): void {
    const top = this.tagStack.at(-1)
    if (top !== undefined && this.#bodies.has(top)) super.onclosetag()
  }
}
