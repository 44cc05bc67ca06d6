import { decodeHTML, decodeHTMLStrict } from 'entities/decode'

/** An entity may end in front of white space where its semicolon is missing: within addresses stands `&copy=1`. */
const REFERENCE = /&(?:#(?:x[\da-f]{1,8}|\d{1,9});?|[a-z][a-z\d]{0,40}(?:;|(?=\s)))/gi
const DOCTYPE = /<!DOCTYPE\b[^>[]{0,500}\[/i
const ENTITY = /<!ENTITY\s{1,20}([\w.-]{1,40})\s{1,20}(?:"([^"]{0,200})"|'([^']{0,200})')\s{0,20}>/g
/** A value that is made of other entities, or of markup, is not taken. */
const PLAIN = /^(?:[^&%<]|&#x?[\da-f]{1,8};)*$/i
/** How far into a document its own entities are looked for. */
const FARTHEST = 20_000
const MOST_ENTITIES = 100
/** Characters that all references to declared entities of a document may become. */
const MOST_CHARACTERS = 100_000

/** Decodes the references of one document: to characters, to entities of HTML, to the plain ones that it declares. */
export class References {
  readonly #declared: ReadonlyMap<string, string>
  #left = MOST_CHARACTERS

  constructor(document: string) {
    this.#declared = declaredIn(document)
  }

  /** Decodes once; what stands for nothing stays as it is. */
  decode(text: string): string {
    return text.includes('&') ? text.replace(REFERENCE, (reference) => this.#character(reference)) : text
  }

  #character(reference: string): string {
    if (reference.charAt(1) === '#') return decodeHTML(reference)
    if (reference.endsWith(';')) return this.#entity(reference.slice(1, -1)) ?? decodeHTMLStrict(reference)
    const character = decodeHTML(reference)
    return character.length === 1 ? character : reference
  }

  #entity(name: string): string | null {
    const value = this.#declared.get(name)
    if (value === undefined || value.length > this.#left) return null
    this.#left -= value.length
    return value
  }
}

const NONE: ReadonlyMap<string, string> = new Map()

/** XML 1.0, section 4.2: the first declaration of an entity counts. */
function declaredIn(document: string): ReadonlyMap<string, string> {
  const head = document.slice(0, FARTHEST)
  const doctype = DOCTYPE.exec(head)
  if (doctype === null) return NONE
  const declared = new Map<string, string>()
  for (const [, name = '', double, single = ''] of head.slice(doctype.index).matchAll(ENTITY)) {
    const value = double ?? single
    if (PLAIN.test(value) && !declared.has(name)) declared.set(name, value.replace(REFERENCE, decodeHTML))
    if (declared.size === MOST_ENTITIES) break
  }
  return declared
}
