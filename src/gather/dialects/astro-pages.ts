import { type AstroContent, collectionOf } from './astro-content.ts'
import { textAt } from './site-config.ts'
import { below } from './site-folder.ts'

/** Collections in which the usual themes (Fuwari, Retypeset, AstroPaper) keep pages such as About. */
const PAGES = /^(?:spec|pages?|about|friends?|links?|authors?|contact|legal|sections?|home(?:page)?)$/i

/**
 * Why a file is a page beside the articles, such as About; null when it is an article.
 * @param isDated whether some field of the front matter holds a date
 */
export function pageOfSite(
  content: AstroContent,
  file: string,
  data: Record<string, unknown>,
  isDated: boolean,
): string | null {
  // https://starlight.astro.build/reference/frontmatter/#template
  if (textAt(data, 'template') === 'splash') return 'a page without a sidebar'
  if (isDated) return null
  const page = below(file, content.pages)
  if (page !== null) return page.includes('/') ? null : 'a page of the site'
  const name = collectionOf(content, file)?.collection.name
  return name !== undefined && PAGES.test(name) ? `a page of the collection ${name}` : null
}
