import { type OpenConsent, confirmConsent, readConsent } from '../remember/consents.ts'
import { readerOfConsent } from '../remember/kept.ts'
import type { Texts } from '../texts.ts'
import { type Asked, textsFor } from './asked.ts'
import { readFields } from './fields.ts'
import { markup } from '../pages/markup.ts'
import { pageResponse } from './page.ts'
import { isOnList } from './settings-page.ts'
import { brokenPage, formLink, idOf, settingsLink, tooLongPage } from './token-page.ts'

/** The page on which a reader confirms that they want the digest. */
export async function confirmPage(asked: Asked, token: string): Promise<Response> {
  const { tools } = asked
  const id = await idOf(tools, 'confirm', token)
  if (id === null) return brokenPage(asked)
  const consent = await readConsent(tools.store, id, tools.clock())
  if (consent?.state === 'open') return openPage(asked, consent)
  return settledPage(asked, id, consent)
}

/** Confirms it; however often it is asked for, it happens once. */
export async function confirm(asked: Asked, token: string): Promise<Response> {
  const { request, tools, client } = asked
  if ((await readFields(request)) === null) return tooLongPage(asked)
  const id = await idOf(tools, 'confirm', token)
  if (id === null) return brokenPage(asked)
  const end = await confirmConsent(tools.store, id, client, tools.clock(), tools.commits.run)
  if (end === 'confirmed') tools.log.info('confirmed', { consent: id })
  return settledPage(asked, id, await readConsent(tools.store, id, tools.clock()))
}

function openPage(asked: Asked, { address, language }: OpenConsent): Response {
  const { site } = asked.tools
  const texts = textsFor(asked, language)
  const body = markup`<p>${texts.say('confirm_text', { site: site.title, address })}</p>
<form method="post">
<button>${texts.say('confirm')}</button>
</form>`
  return pageResponse(site, texts, { status: 200, heading: texts.say('confirm_heading'), body })
}

/**
 * Tells what came of it, or how it stands by now: who has paused since, or gets no mail any more, is not told to wait
 * for a digest; who is on the list finds their settings, be it by another link that they came there.
 */
async function settledPage(asked: Asked, id: number, consent: OpenConsent | null): Promise<Response> {
  const { tools } = asked
  const texts = textsFor(asked, consent?.language)
  const reader = await readerOfConsent(tools.store, id)
  if (reader === null || !isOnList(reader)) return expiredPage(asked, texts)
  const isPaused = reader.state === 'paused'
  const told = isPaused ? texts.say('paused_text') : texts.say('confirmed_text', { site: tools.site.title })
  const heading = texts.say(isPaused ? 'preferences' : 'confirmed_heading')
  const body = markup`<p>${told}</p>
${await settingsLink(tools, texts, reader.id)}`
  return pageResponse(tools.site, texts, { status: 200, heading, body })
}

function expiredPage(asked: Asked, texts: Texts): Response {
  const body = markup`<p>${texts.say('expired_text')}</p>
${formLink(asked, texts, 'ask_again')}`
  return pageResponse(asked.tools.site, texts, { status: 410, heading: texts.say('expired_heading'), body })
}
