import { verifyingSecrets } from '../remember/settings.ts'
import type { Texts } from '../texts.ts'
import { type Purpose, mintToken, readToken } from '../token.ts'
import { type Asked, formAddress, textsFor } from './asked.ts'
import { type Markup, markup } from '../pages/markup.ts'
import { pageResponse } from './page.ts'
import type { WebTools } from './tools.ts'

/** The id in a link, or null when it is none of ours for this purpose. What it stands for is not asked. */
export async function idOf({ store }: WebTools, purpose: Purpose, token: string): Promise<number | null> {
  return readToken(await verifyingSecrets(store), purpose, token)
}

/** The link from one page of a reader to their settings, signed as what they have already is. */
export async function settingsLink({ store }: WebTools, texts: Texts, subscriberId: number): Promise<Markup> {
  const secrets = await verifyingSecrets(store)
  const token = mintToken(secrets.at(-1) ?? '', 'preferences', subscriberId)
  return markup`<p><a href="../p/${token}">${texts.say('preferences')}</a></p>`
}

/** The link from the page of a token to the form. */
export function formLink(asked: Pick<Asked, 'tools'>, texts: Texts, label: 'ask_again' | 'go_back'): Markup {
  return markup`<p><a href="../${formAddress(asked, texts)}">${texts.say(label)}</a></p>`
}

/** For a link that is not whole, and for whatever is not there. */
export function brokenPage(asked: Pick<Asked, 'request' | 'tools'>): Response {
  return notFoundPage(asked, 'broken')
}

/** Nothing is published at an address. */
export function missingPage(asked: Pick<Asked, 'request' | 'tools'>): Response {
  return notFoundPage(asked, 'missing')
}

function notFoundPage(asked: Pick<Asked, 'request' | 'tools'>, what: 'broken' | 'missing'): Response {
  const texts = textsFor(asked)
  const body = markup`<p>${texts.say(`${what}_text`)}</p>`
  return pageResponse(asked.tools.site, texts, { status: 404, heading: texts.say(`${what}_heading`), body })
}

/** When something went wrong that is our fault. */
export function failedPage(asked: Pick<Asked, 'request' | 'tools'>): Response {
  const texts = textsFor(asked)
  const body = markup`<p>${texts.say('failed_text')}</p>`
  return pageResponse(asked.tools.site, texts, { status: 500, heading: texts.say('failed_heading'), body })
}

/** When a body is longer than any form of ours. */
export function tooLongPage(asked: Pick<Asked, 'request' | 'tools'>): Response {
  const texts = textsFor(asked)
  const body = markup`<p>${texts.say('too_long_text')}</p>`
  return pageResponse(asked.tools.site, texts, { status: 413, heading: texts.say('too_long_heading'), body })
}
