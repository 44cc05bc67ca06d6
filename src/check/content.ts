import { type DefaultTreeAdapterTypes as Tree, defaultTreeAdapter, html, parseFragment } from 'parse5'
import { srcsetWith } from '../markdown/srcset.ts'
import type { Findings, Spot } from './finding.ts'
import { quoted } from './finding.ts'
import { misplacedTag } from './nesting.ts'

/** Elements that a reader may show without a risk; all others it drops, or should. */
const SAFE = new Set(
  (
    'a abbr address area article aside audio b bdi big blockquote br caption center cite code col colgroup data dd del ' +
    'details dfn div dl dt em figcaption figure font footer h1 h2 h3 h4 h5 h6 header hgroup hr i img ins kbd li main map ' +
    'mark menu meter nav ol p picture pre progress q rp rt ruby s samp section small source span strike strong sub ' +
    'summary sup table tbody td tfoot th thead time tr track tt u ul var video wbr'
  ).split(' '),
)
/** Attributes with an address. */
const ADDRESSES = new Set(['href', 'src', 'poster', 'cite', 'longdesc', 'background', 'action', 'data'])
/** Attributes that readers drop, or that act. */
const RISKY = /^(?:on|style$|srcdoc$|formaction$|controls$|autoplay$|xmlns:|contenteditable$)/
const DIV = defaultTreeAdapter.createElement('div', html.NS.HTML, [])

/**
 * HTML within a feed: read without repairs by an HTML parser (HTML Living Standard), without what a reader must take
 * out, and without relative addresses, for which a reader has no base. MathML is passed over.
 * @param spot where the HTML begins
 */
export function checkContent(text: string, what: string, spot: Spot, findings: Findings): void {
  const at = (line = 1, column = 1): Spot => ({
    line: spot.line + line - 1,
    column: line === 1 ? spot.column + column - 1 : column,
  })
  const errors: { code: string; spot: Spot }[] = []
  const fragment = parseFragment(DIV, text, {
    sourceCodeLocationInfo: true,
    onParseError: ({ code, startLine, startCol }) => errors.push({ code, spot: at(startLine, startCol) }),
  })
  const holdsMath = /<math\b/.test(text)
  for (const { code, spot: where } of errors) {
    if (isHarmless(code) || holdsMath) continue
    findings.warning(
      where,
      'content-html',
      `${what} is no valid HTML (${code})`,
      'close and nest elements as HTML does',
    )
  }
  const elements = [...elementsOf(fragment)]
  const misplaced = misplacedTag(text.replace(/<math\b.*?<\/math>/gs, ''), elements)
  if (misplaced !== null) {
    const mend = 'close and nest elements as HTML does'
    findings.warning(spot, 'content-nesting', `${what} has <${misplaced}> where HTML does not allow it`, mend)
  }
  for (const node of elements) checkElement(node, what, at, findings)
}

/** HTML lets a void element end in a slash; such errors are parse5's own strictness. */
function isHarmless(code: string): boolean {
  return code === 'non-void-html-element-start-tag-with-trailing-solidus'
}

function* elementsOf(parent: Tree.ParentNode): Generator<Tree.Element> {
  const waiting: Tree.ChildNode[] = [...parent.childNodes]
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (!('tagName' in node) || node.tagName === 'math') continue
    yield node
    waiting.push(...node.childNodes)
  }
}

function checkElement(
  { tagName, attrs, sourceCodeLocation }: Tree.Element,
  what: string,
  at: (line?: number, column?: number) => Spot,
  findings: Findings,
): void {
  const spot = at(sourceCodeLocation?.startLine, sourceCodeLocation?.startCol)
  if (!SAFE.has(tagName)) {
    findings.warning(spot, 'content-element', `${what} holds <${tagName}>, which readers take out`, 'leave it out')
  }
  for (const { name, value } of attrs) {
    if (RISKY.test(name)) {
      const mend = 'leave the attribute out'
      findings.warning(
        spot,
        'content-attribute',
        `${what} holds ${name}="…" on <${tagName}>, which readers take out`,
        mend,
      )
    }
    if (ADDRESSES.has(name)) checkAddress(value, tagName, name, what, spot, findings)
    if (name === 'srcset') checkSrcset(value, tagName, what, spot, findings)
  }
}

function checkAddress(
  value: string,
  tagName: string,
  attribute: string,
  what: string,
  spot: Spot,
  findings: Findings,
): void {
  // Browsers take out white space and controls before they look at the scheme.
  const address = value.replace(/[\u0000-\u0020]/g, '').toLowerCase()
  const where = `${attribute} of <${tagName}>`
  if (
    /^(?:javascript|vbscript):/.test(address) ||
    (/^data:/.test(address) && !isPicture(tagName, attribute, address))
  ) {
    findings.error(
      spot,
      'content-scheme',
      `${what} has an address that acts: ${where} is ${quoted(value)}`,
      'leave it out',
    )
  } else if (!/^[a-z][a-z0-9+.-]*:/.test(address)) {
    const mend = 'write it in full, with its scheme'
    findings.error(spot, 'content-relative', `${what} has a relative address: ${where} is ${quoted(value)}`, mend)
  }
}

function isPicture(tagName: string, attribute: string, address: string): boolean {
  return tagName === 'img' && attribute === 'src' && /^data:image\/(?:png|jpeg|gif|webp|avif)[;,]/.test(address)
}

function checkSrcset(value: string, tagName: string, what: string, spot: Spot, findings: Findings): void {
  srcsetWith(value, (url) => {
    checkAddress(url, tagName, 'srcset', what, spot, findings)
    return url
  })
}
