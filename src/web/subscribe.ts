import { NO_PREFERENCES, type Preferences } from '../preferences.ts'
import { askWithinLimits } from '../remember/ask.ts'
import { tryEmailAddress } from '../subscriber.ts'
import type { Texts } from '../texts.ts'
import { type Asked, isOfSite, textsFor } from './asked.ts'
import { clientKey } from './client.ts'
import { readFields } from './fields.ts'
import { type Offer, readWishes } from './offer.ts'
import { isFromOurPages, placeOf, sharedWith } from './origins.ts'
import { pageHeaders } from './page.ts'
import { formPage } from './subscribe-form.ts'
import { type Told, tell } from './subscribe-answer.ts'

/** The form by which readers join. */
export function showForm(asked: Asked, offer: Offer): Response {
  const texts = textsFor(asked)
  const wishes = { ...NO_PREFERENCES, language: isOfSite(asked.tools, texts) ? null : texts.language }
  return formPage(asked, texts, offer, { address: '', wishes, isFaulty: false })
}

/** Takes the form. Whether an address is known makes no difference to anything here. */
export async function takeForm(asked: Asked, offer: Offer): Promise<Response> {
  const { request, tools, client } = asked
  const texts = textsFor(asked)
  const answer = (told: Told): Response => tell(asked, texts, told)
  if (!isFromOurPages(request, tools.origins)) {
    return answer({ status: 403, heading: texts.say('foreign_heading'), text: texts.say('foreign_text') })
  }
  const fields = await readFields(request)
  if (fields === null) {
    return answer({ status: 413, heading: texts.say('too_long_heading'), text: texts.say('too_long_text') })
  }
  const done: Told = { status: 200, heading: texts.say('asked_heading'), text: texts.say('asked_text') }
  // Nobody sees this field; who fills it in fills in all of them.
  if ((fields.get('website') ?? '') !== '') return answer(done)
  const wishes = readWishes(fields, offer)
  const address = tryEmailAddress(fields.get('address') ?? '')
  if (address === null) return noAddress(asked, texts, offer, fields.get('address') ?? '', wishes)
  const consent = {
    ...({ source: 'form', place: placeOf(request, fields.get('source')), client } as const),
    text: texts.say('form_note', { site: tools.site.title }),
  }
  const wish = { address, wishes, ...consent }
  const wait = await tools.commits.run((tx) => askWithinLimits(tx, wish, clientKey(client), tools.clock()))
  if (wait > 0) return answer(slowDown(texts, wait))
  tools.notify()
  return answer(done)
}

/** What a browser asks before a script of another origin may post (CORS). */
export function allowScripts({ request, tools }: Asked): Response {
  const headers = {
    ...pageHeaders(tools.origins),
    ...sharedWith(request, tools.origins),
    ...{ allow: 'GET, HEAD, POST, OPTIONS', 'access-control-allow-methods': 'POST' },
    ...{ 'access-control-allow-headers': 'Accept, Content-Type', 'access-control-max-age': '86400' },
  }
  return new Response(null, { status: 204, headers })
}

/** Who reads pages gets the form again, with the fault at its field. */
function noAddress(asked: Asked, texts: Texts, offer: Offer, address: string, wishes: Preferences): Response {
  const heading = texts.say('no_address_heading')
  const told: Told = { status: 422, heading, text: texts.say('no_address_text') }
  return tell(asked, texts, told, () => formPage(asked, texts, offer, { address, wishes, isFaulty: true }))
}

function slowDown(texts: Texts, wait: number): Told {
  const count = Math.ceil(wait / 60_000)
  return {
    ...{ status: 429, heading: texts.say('slow_down_heading'), text: texts.say('slow_down_text', { count }) },
    headers: { 'retry-after': String(Math.ceil(wait / 1000)) },
  }
}
