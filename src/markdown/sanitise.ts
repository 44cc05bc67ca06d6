import sanitizeHtml from 'sanitize-html'
import type { Attributes, IOptions } from 'sanitize-html'

// Never svg, math, style, textarea, xmp or animate: the 2.17 line of sanitize-html can be broken through them.
const TAGS =
  'a abbr article aside audio b bdi bdo blockquote br caption cite code col colgroup dd del details dfn div dl dt em ' +
  'figcaption figure footer h1 h2 h3 h4 h5 h6 header hr i iframe img ins kbd li main mark nav ol p pre q rp rt ruby s samp ' +
  'section small source span strong sub summary sup table tbody td tfoot th thead time tr u ul var video wbr'
const CELL = ['align', 'colspan', 'rowspan']
const FOOTNOTE_ID = /^fn(?:ref)?\d+(?::\d+)?$/
/** Elements that are nothing without their address. sanitize-html 2.17 leaves a stray end tag when it drops them. */
const SHOWING = /<(img|source|iframe)\b([^>]*)>/g
const DEEPEST_HTML = 100

const ALLOWED: IOptions = {
  allowedTags: TAGS.split(' '),
  allowedAttributes: {
    a: ['href', 'title', 'id'],
    abbr: ['title'],
    audio: ['src', 'controls'],
    bdo: ['dir'],
    iframe: ['src'],
    img: ['src', 'alt', 'title', 'width', 'height'],
    li: ['id', 'value'],
    ol: ['start'],
    source: ['src', 'type'],
    td: CELL,
    th: CELL,
    time: ['datetime'],
    video: ['src', 'poster', 'controls', 'width', 'height'],
  },
  allowedClasses: { code: ['language-*'] },
  allowedSchemes: ['http', 'https', 'mailto'],
  allowProtocolRelative: false,
  nestingLimit: DEEPEST_HTML,
  selfClosing: ['br', 'col', 'hr', 'iframe', 'img', 'source', 'wbr'],
  parser: { recognizeSelfClosing: true },
}

/**
 * HTML reduced to an allow-list of elements, closed as in XML, with links absolute against `baseUrl` and only http,
 * https or mailto, and frames as plain links. In the answer `<` and `>` stand at tags alone: within text and attribute
 * values they are escaped.
 */
export function sanitise(html: string, baseUrl: string): string {
  const clean = sanitizeHtml(html, {
    ...ALLOWED,
    transformTags: { '*': (tagName, attributes) => ({ tagName, attribs: withUsableLinks(attributes, baseUrl) }) },
  })
  return clean.replace(SHOWING, (tag: string, name: string, attributes: string) => {
    const src = / src="([^"]*)"/.exec(attributes)?.[1]
    if (src === undefined) return ''
    return name === 'iframe' ? `<a href="${src}">${src}</a>` : tag
  })
}

function withUsableLinks(attributes: Attributes, baseUrl: string): Attributes {
  const kept: Attributes = {}
  for (const [name, value] of Object.entries(attributes)) {
    const usable = attributeValue(name, value, baseUrl)
    if (usable !== null) kept[name] = usable
  }
  return kept
}

function attributeValue(name: string, value: string, baseUrl: string): string | null {
  switch (name) {
    case 'href':
      return absoluteUrl(value, baseUrl, /^(?:https?|mailto):$/)
    case 'src':
    case 'poster':
      return absoluteUrl(value, baseUrl, /^https?:$/)
    case 'id':
      return FOOTNOTE_ID.test(value) ? value : null
    case 'controls':
      return 'controls'
    default:
      return value
  }
}

function absoluteUrl(value: string, baseUrl: string, protocol: RegExp): string | null {
  if (value.trim() === '' || !URL.canParse(value, baseUrl)) return null
  const url = new URL(value, baseUrl)
  return protocol.test(url.protocol) ? url.href : null
}
