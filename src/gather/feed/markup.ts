import { escapeMarkup } from '../../markdown/text.ts'
import { absolute } from './address.ts'
import type { Element } from './element.ts'

const VOID = new Set(['area', 'br', 'col', 'embed', 'hr', 'img', 'input', 'link', 'meta', 'source', 'track', 'wbr'])

/** Writes down, as HTML, the elements that stand in a text of a feed. */
export class Markup {
  readonly #element: Element
  readonly #open: { tag: string; base: string | null }[] = []
  /** What was written so far; null as long as the text holds no element. */
  #html: string | null = null

  /** @param element what holds the text; its `text` is what was read of it so far */
  constructor(element: Element) {
    this.#element = element
  }

  /** The text as HTML; null when no element stands in it. */
  get html(): string | null {
    return this.#html
  }

  /** What `xml:base` says at the place that was reached. */
  get base(): string | null {
    return this.#open.at(-1)?.base ?? this.#element.base
  }

  text(text: string): void {
    if (this.#html !== null) this.#html += escapeMarkup(text)
  }

  openTag(tag: string, attributes: ReadonlyMap<string, string>, base: string | null): void {
    const written = [...attributes]
      .filter(([name]) => /^[a-z-]+$/.test(name) && name !== 'xmlns')
      .map(([name, value]) => ` ${name}="${escapeMarkup(this.#address(name, value, base))}"`)
    this.#html = `${this.#html ?? escapeMarkup(this.#element.text)}<${localName(tag)}${written.join('')}>`
    this.#open.push({ tag, base })
  }

  /** Ends the element and what is open within it; false when no such element is open. */
  closeTag(tag: string): boolean {
    const at = this.#open.findLastIndex((open) => open.tag === tag)
    if (at < 0) return false
    for (const open of this.#open.splice(at).reverse()) {
      const name = localName(open.tag)
      if (!VOID.has(name)) this.#html = `${this.#html ?? ''}</${name}>`
    }
    return true
  }

  /** An address that is relative to another base than the rest of the text becomes absolute. */
  #address(name: string, value: string, base: string | null): string {
    if (base === null || base === this.#element.base || !/^(?:href|src|cite|poster)$/.test(name)) return value
    return absolute(value, base) ?? value
  }
}

function localName(tag: string): string {
  return tag.slice(tag.indexOf(':') + 1).toLowerCase()
}
