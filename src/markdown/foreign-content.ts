import { sanitiseForeign } from './foreign.ts'
import { type Formula, mathmlOfArticle } from './mathml.ts'
import { wellNested } from './nesting.ts'
import type { Sanitised } from './sanitise.ts'
import { texIn } from './tex-in-text.ts'
import { escapeMarkup } from './text.ts'

/**
 * What was made harmless when it was read, as it is shown: well nested, TeX as MathML. It is made harmless again, since a
 * later version of the program may know more of what harms.
 */
export function foreignContent(html: string, baseUrl: string): Sanitised {
  return sanitiseForeign(html, baseUrl, (clean) => withTex(wellNested(clean)))
}

const VERBATIM = /^<(\/?)(?:code|kbd|pre|samp)\b/

/** @param html in which `<` and `>` stand at tags alone */
function withTex(html: string): string {
  if (!/\\[([]|\$\$/.test(html)) return html
  const mathml = mathmlOfArticle()
  let verbatim = 0
  return html.replace(/<[^>]*>|[^<]+/g, (piece) => {
    if (piece.startsWith('<')) {
      const slash = VERBATIM.exec(piece)?.[1]
      if (slash !== undefined) verbatim += slash === '' ? 1 : -1
      return piece
    }
    return verbatim > 0 ? piece : shown(piece, mathml)
  })
}

function shown(escaped: string, mathml: (formula: Formula) => string): string {
  const parts = texIn(unescaped(escaped))
  if (parts.every((part) => typeof part === 'string')) return escaped
  return parts
    .map((part) => (typeof part === 'string' ? escapeMarkup(part).replaceAll('&quot;', '"') : mathml(part)))
    .join('')
}

const ENTITIES: Readonly<Record<string, string>> = { '&lt;': '<', '&gt;': '>', '&quot;': '"', '&amp;': '&' }

function unescaped(text: string): string {
  return text.replace(/&(?:lt|gt|quot|amp);/g, (entity) => ENTITIES[entity] ?? entity)
}
