import type { Texts } from '../texts.ts'
import { acceptedLanguage, languageLike } from './language.ts'
import type { WebTools } from './tools.ts'

/** A request, and with what it is answered. */
export interface Asked {
  request: Request
  tools: WebTools
  /** The network address of whoever asks. */
  client: string
}

/** Where the form is, seen from its own page; it stays in a language that is not that of the site. */
export function formAddress({ tools }: Pick<Asked, 'tools'>, texts: Texts): string {
  return isOfSite(tools, texts) ? 'subscribe' : `subscribe?lang=${encodeURIComponent(texts.language)}`
}

/** True for the texts in which the site itself speaks. */
export function isOfSite({ texts, site }: WebTools, { language }: Texts): boolean {
  return language === texts(site.language).language
}

/**
 * Our texts for whoever asks: in the language that the address names by `?lang=`, else in the reader's own, else in one
 * that their browser accepts, else in that of the site.
 * @param own what a reader chose; null: nothing, or it is not to be seen who asks
 */
export function textsFor({ request, tools }: Pick<Asked, 'request' | 'tools'>, own: string | null = null): Texts {
  const { languages, site, texts } = tools
  const named = new URL(request.url).searchParams.get('lang')
  const chosen = named === null ? null : languageLike(named, languages)
  return texts(chosen ?? own ?? acceptedLanguage(request.headers.get('accept-language'), languages) ?? site.language)
}
