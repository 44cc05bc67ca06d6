import sanitizeHtml from 'sanitize-html'

/** Elements that stand on their own line, so that white space parts their text from what is around them. */
const BREAKING =
  /^(?:address|article|aside|blockquote|br|caption|d[dlt]|details|div|fig(?:caption|ure)|footer|h[1-6r]|header|li|main|nav|ol|option|p|pre|section|summary|t(?:able|body|d|foot|h|head|r)|ul|video)$/

/** True for an element such as `p` or `br`, whose text does not run on into its neighbour's. */
export function breaksText(tagName: string): boolean {
  return BREAKING.test(tagName.toLowerCase())
}

/** The text of HTML: tags, comments, scripts and styles are gone, entities decoded, a space at each break. */
export function htmlText(html: string): string {
  const pieces: string[] = []
  const partAt = (tagName: string): void => {
    if (breaksText(tagName)) pieces.push(' ')
  }
  sanitizeHtml(html, {
    allowedTags: [],
    allowedAttributes: {},
    onOpenTag: partAt,
    onCloseTag: partAt,
    textFilter(escaped) {
      pieces.push(unescapeText(escaped))
      return ''
    },
  })
  return pieces.join('')
}

const ESCAPED: Record<string, string> = { '&lt;': '<', '&gt;': '>', '&amp;': '&' }

/** Undoes the escaping of sanitize-html, which decodes every other entity itself. */
function unescapeText(escaped: string): string {
  return escaped.replace(/&(?:lt|gt|amp);/g, (entity) => ESCAPED[entity] ?? entity)
}
