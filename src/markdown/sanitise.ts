import sanitizeHtml from 'sanitize-html'
import type { Attributes, IOptions, Tag } from 'sanitize-html'
import type { ImageTag } from './article-images.ts'
import { withMediaLinks } from './media-links.ts'
import { srcsetWith } from './srcset.ts'
import { parseUrl } from '../web-address.ts'

// All that the validator of the W3C takes for safe, but for what can hold a form or a script.
// Never svg, math, style, textarea, xmp or animate: the 2.17 line of sanitize-html can be broken through them.
const TAGS =
  'a abbr article aside audio b bdi blockquote br caption cite code col colgroup dd del details dfn div dl dt em ' +
  'figcaption figure footer h1 h2 h3 h4 h5 h6 header hr i iframe img ins kbd li main mark nav ol p picture pre q rp rt ' +
  'ruby s samp section small source span strong sub summary sup table tbody td tfoot th thead time tr u ul var video wbr'
const CELL = ['align', 'colspan', 'rowspan']
const FOOTNOTE_ID = /^fn(?:ref)?\d+(?::\d+)?$/
const LANGUAGE = /^[a-z]{2,8}(?:-[a-z0-9]{1,8}){0,8}$/i
/** Small pictures that stand in the page itself; svg is left out, since it can hold scripts. */
const DATA_IMAGE = /^data:image\/(?:png|jpeg|gif|webp|avif);base64,[A-Za-z0-9+/=]{1,32768}$/
/** Elements that are nothing without their address. sanitize-html 2.17 leaves a stray end tag when it drops them. */
const SHOWING = /<(img|source|iframe)\b([^>]*)>/g
const DEEPEST_HTML = 100

const ALLOWED: IOptions = {
  allowedTags: TAGS.split(' '),
  allowedAttributes: {
    '*': ['dir', 'lang'],
    a: ['href', 'title', 'id'],
    abbr: ['title'],
    audio: ['src'],
    blockquote: ['cite'],
    del: ['cite', 'datetime'],
    iframe: ['src', 'title'],
    img: ['src', 'srcset', 'sizes', 'alt', 'title', 'width', 'height'],
    ins: ['cite', 'datetime'],
    li: ['id', 'value'],
    ol: ['start'],
    q: ['cite'],
    source: ['src', 'srcset', 'sizes', 'media', 'type'],
    td: CELL,
    th: CELL,
    time: ['datetime'],
    video: ['src', 'poster', 'width', 'height'],
  },
  allowedClasses: { code: ['language-*'] },
  allowedSchemes: ['http', 'https', 'mailto'],
  allowedSchemesByTag: { img: ['http', 'https', 'data'] },
  allowProtocolRelative: false,
  nestingLimit: DEEPEST_HTML,
  selfClosing: ['br', 'col', 'hr', 'iframe', 'img', 'source', 'wbr'],
  parser: { recognizeSelfClosing: true },
}

/** HTML that was made harmless, and the pictures in it. */
export interface Sanitised {
  html: string
  images: ImageTag[]
}

/**
 * HTML reduced to an allow-list of elements, closed as in XML, with links absolute against `baseUrl` and only http,
 * https or mailto, and frames as plain links. In the answer `<` and `>` stand at tags alone: within text and attribute
 * values they are escaped.
 */
export function sanitise(html: string, baseUrl: string): Sanitised {
  const images: ImageTag[] = []
  const transform = (tagName: string, attributes: Attributes): Tag => {
    const attribs = withUsableLinks(attributes, baseUrl)
    if (tagName === 'img') images.push(...imageIn(attributes, attribs))
    return { tagName: tagName === 'embed' ? 'iframe' : tagName, attribs }
  }
  const clean = sanitizeHtml(html, { ...ALLOWED, transformTags: { '*': transform } })
  return { html: withMediaLinks(clean.replace(SHOWING, shown)), images }
}

function shown(tag: string, name: string, attributes: string): string {
  const src = attributeOf(attributes, 'src')
  if (name === 'iframe') return src === '' ? '' : `<a href="${src}">${attributeOf(attributes, 'title') || src}</a>`
  return src === '' && attributeOf(attributes, 'srcset') === '' ? '' : tag
}

function attributeOf(attributes: string, name: string): string {
  return new RegExp(` ${name}="([^"]*)"`).exec(attributes)?.[1] ?? ''
}

function imageIn(written: Attributes, { src, alt, width, height }: Attributes): ImageTag[] {
  if (src === undefined || src.startsWith('data:')) return []
  return [{ url: src, source: written['src'] ?? '', alt: alt ?? '', width: width ?? '', height: height ?? '' }]
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
      return DATA_IMAGE.test(value) ? value : webUrl(value, baseUrl)
    case 'srcset':
      return srcsetWith(value, (url) => webUrl(url, baseUrl))
    case 'poster':
    case 'cite':
      return webUrl(value, baseUrl)
    case 'id':
      return FOOTNOTE_ID.test(value) ? value : null
    case 'lang':
      return LANGUAGE.test(value) ? value : null
    case 'dir':
      return /^(?:ltr|rtl|auto)$/i.test(value) ? value.toLowerCase() : null
    default:
      return value
  }
}

function webUrl(value: string, baseUrl: string): string | null {
  return absoluteUrl(value, baseUrl, /^https?:$/)
}

function absoluteUrl(value: string, baseUrl: string, protocol: RegExp): string | null {
  const url = value.trim() === '' ? null : parseUrl(value, baseUrl)
  return url !== null && protocol.test(url.protocol) ? url.href : null
}
