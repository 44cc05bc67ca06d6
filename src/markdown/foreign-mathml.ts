import { type DefaultTreeAdapterTypes as Tree, defaultTreeAdapter, html, parseFragment } from 'parse5'
import { escapeMarkup } from './text.ts'

const DIV = defaultTreeAdapter.createElement('div', html.NS.HTML, [])
/** Longer formulas than anybody writes, in UTF-16 code units. */
const LONGEST_MATHML = 50_000
/** Of one text; further ones lose their layout. */
const MOST_FORMULAS = 2000
const DEEPEST_MATHML = 100

/** Elements that show something. Never maction, mglyph, annotation-xml or what leads anywhere or holds HTML. */
const ELEMENTS = new Set(
  (
    'math merror mfenced mfrac mi mmultiscripts mn mo mover mpadded mphantom mprescripts mroot mrow ms mspace msqrt ' +
    'mstyle msub msubsup msup mtable mtd mtext mtr munder munderover none menclose'
  ).split(' '),
)
/** They say the formula again in another language. */
const HIDDEN = new Set(['annotation', 'annotation-xml'])
/** A word, a sign or a length of reasonable size each. */
const VALUES: ReadonlyMap<string, RegExp> = new Map([
  ...named('display accent accentunder fence stretchy symmetric largeop movablelimits separator', /^(?:true|false|block|inline)$/),
  ...named('displaystyle form mathvariant dir frame columnalign rowalign columnlines rowlines notation', /^[a-z][a-z -]{0,80}$/),
  ...named('scriptlevel columnspan rowspan', /^[+-]?\d{1,2}$/),
  ...named('open close separators', /^[^\s\w]{0,4}$/u),
  ...named('linethickness lspace rspace width height depth minsize maxsize columnspacing rowspacing', /^(?:[a-z]{1,30}|[+-]?(?:\d{1,2})?(?:\.\d{1,6})?(?:em|ex|px|pt|mu|%)?)$/),
]) // prettier-ignore

function named(names: string, value: RegExp): [string, RegExp][] {
  return names.split(' ').map((name) => [name, value])
}

/** Where one formula stands in HTML. */
export interface MathmlPlace {
  start: number
  end: number
  /** Of allowed elements and attributes alone, its text escaped; well-formed XML. Empty for what is left out. */
  mathml: string
}

/** Finds the formulas of somebody else's HTML that we can show. What else is between `math` tags stays where it is. */
export function mathmlIn(text: string): MathmlPlace[] {
  const found: MathmlPlace[] = []
  const opening = /<math(?=[\s>])/gi
  const closing = /<\/math\s*>/gi
  for (let open = opening.exec(text); open !== null && found.length < MOST_FORMULAS; open = opening.exec(text)) {
    closing.lastIndex = open.index
    if (closing.exec(text) === null) break
    const [start, end] = [open.index, closing.lastIndex]
    const mathml = end - start > LONGEST_MATHML ? null : harmless(text.slice(start, end))
    if (mathml !== null) found.push({ start, end, mathml })
    const picture = mathml === null ? null : katexPicture(text, end)
    if (picture !== null) found.push({ ...picture, mathml: '' })
    opening.lastIndex = picture?.end ?? end
  }
  return found
}

const KATEX = /<\/span>\s*(?=<span\s[^<>]*\bclass="katex-html")/y
const SPAN = /<(\/?)span\b[^<>]*>/gi

/** KaTeX says each formula again in letters that are moved to their places by a style sheet, which no feed has. */
function katexPicture(text: string, after: number): { start: number; end: number } | null {
  KATEX.lastIndex = after
  if (!KATEX.test(text)) return null
  const start = KATEX.lastIndex
  let depth = 0
  SPAN.lastIndex = start
  for (let tag = SPAN.exec(text); tag !== null && tag.index < start + LONGEST_MATHML; tag = SPAN.exec(text)) {
    depth += tag[1] === '' ? 1 : -1
    if (depth === 0) return { start, end: SPAN.lastIndex }
  }
  return null
}

/** Null when it is no formula, or one that is nested too deep. */
function harmless(source: string): string | null {
  const [math, ...others] = parseFragment(DIV, source, {}).childNodes
  if (math === undefined || others.length > 0 || !('tagName' in math)) return null
  if (math.tagName !== 'math' || isTooDeep(math)) return null
  const content = inside(math)
  if (content.trim() === '') return null
  return `<math xmlns="http://www.w3.org/1998/Math/MathML"${attributesOf(math)}>${content}</math>`
}

/** Does not call itself for each level, as what it looks for would be its end. */
function isTooDeep(math: Tree.Element): boolean {
  const waiting: { node: Tree.Element; depth: number }[] = [{ node: math, depth: 0 }]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { node, depth } = next
    if (depth > DEEPEST_MATHML) return true
    for (const child of node.childNodes) if ('tagName' in child) waiting.push({ node: child, depth: depth + 1 })
  }
  return false
}

function inside({ childNodes }: Tree.Element): string {
  return childNodes.map(markupOf).join('')
}

function markupOf(node: Tree.ChildNode): string {
  if ('value' in node) return escapeMarkup(node.value)
  if (!('tagName' in node)) return ''
  const { tagName, namespaceURI } = node
  if (namespaceURI === html.NS.SVG || HIDDEN.has(tagName) || /^(?:script|style)$/.test(tagName)) return ''
  if (namespaceURI !== html.NS.MATHML || !ELEMENTS.has(tagName) || tagName === 'math') return inside(node)
  return `<${tagName}${attributesOf(node)}>${inside(node)}</${tagName}>`
}

function attributesOf({ attrs }: Tree.Element): string {
  return attrs
    .filter(({ name, value }) => VALUES.get(name)?.test(value) ?? false)
    .map(({ name, value }) => ` ${name}="${escapeMarkup(value)}"`)
    .join('')
}
