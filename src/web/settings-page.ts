import type { SubscriberRecord } from '../remember/subscribers.ts'
import type { TextName } from '../text-names.ts'
import type { Texts } from '../texts.ts'
import { type Asked, textsFor } from './asked.ts'
import { wishFields } from './form-fields.ts'
import { type Markup, type Part, markup } from '../pages/markup.ts'
import { type Offer, offerTo } from './offer.ts'
import { pageResponse } from './page.ts'
import { formLink } from './token-page.ts'

/** What was just done, in the words of our texts. */
export type Done = Extract<TextName, 'saved' | 'paused_text' | 'resumed'>

/** The page with a reader's settings; of one who is not subscribed, the one with what is kept of them. */
export function settingsPage(asked: Asked, reader: SubscriberRecord, offer: Offer, done: Done | null): Response {
  const { site } = asked.tools
  const { address, preferences } = reader
  const texts = textsFor(asked, preferences.language)
  const body = markup`<p>${texts.say('preferences_of', { site: site.title, address })}</p>
${isOnList(reader) ? noticeOf(texts, reader, done) : notSubscribed(asked, texts)}
${isOnList(reader) && [settingsForm(texts, offer, reader), pausePart(texts, reader), leavePart(texts)]}
${dataPart(texts)}`
  const said = done !== null && isOnList(reader) ? texts.say(done) : null
  return pageResponse(site, texts, { status: 200, heading: texts.say('preferences'), said, body })
}

/** False for who never confirmed or has left, and where mail came back or was called spam: that stops all that follows. */
export function isOnList({ state, suppressed }: SubscriberRecord): boolean {
  return suppressed === null && (state === 'active' || state === 'paused')
}

/** The page that asks once more before what is kept of a reader is deleted. */
export function deletePage(asked: Asked, { address, preferences }: SubscriberRecord): Response {
  const texts = textsFor(asked, preferences.language)
  const body = markup`<p>${address}</p>
<p>${texts.say('delete_text')}</p>
<form method="post">
<button name="do" value="delete-sure">${texts.say('delete_sure')}</button>
</form>
<p><a href="">${texts.say('preferences')}</a></p>`
  return pageResponse(asked.tools.site, texts, { status: 200, heading: texts.say('delete_me'), body })
}

/** What a reader sees of whom nothing is kept any more. */
export function deletedPage(asked: Asked, own: string | null): Response {
  const texts = textsFor(asked, own)
  const body = markup`<p>${texts.say('deleted_text')}</p>`
  return pageResponse(asked.tools.site, texts, { status: 200, heading: texts.say('deleted_heading'), body })
}

/** What was done, or how it stands. */
function noticeOf(texts: Texts, { state }: SubscriberRecord, done: Done | null): Markup | null {
  const told = done ?? (state === 'paused' ? 'paused_text' : null)
  return told && noticeLine(texts, told)
}

function notSubscribed(asked: Asked, texts: Texts): Markup {
  return markup`${noticeLine(texts, 'not_subscribed_text')}
${formLink(asked, texts, 'ask_again')}`
}

function noticeLine(texts: Texts, told: Done | 'not_subscribed_text'): Markup {
  return markup`<p class="told" role="status">${texts.say(told)}</p>`
}

function settingsForm(texts: Texts, offer: Offer, { preferences }: SubscriberRecord): Markup {
  return markup`<form method="post">
${wishFields(texts, offerTo(offer, preferences), preferences)}
<button name="do" value="save">${texts.say('save')}</button>
</form>
`
}

function pausePart(texts: Texts, { state }: SubscriberRecord): Markup {
  if (state === 'paused') return part(texts.say('resume'), null, [button('resume', texts.say('resume'))])
  return part(texts.say('pause'), markup`<p>${texts.say('pause_text')}</p>`, [button('pause', texts.say('pause'))])
}

function leavePart(texts: Texts): Markup {
  const text = markup`<p>${texts.say('leave_text')}</p>`
  return part(texts.say('leave_part'), text, [button('leave', texts.say('unsubscribe'))])
}

function dataPart(texts: Texts): Markup {
  const text = markup`<p>${texts.say('export_text')}</p>`
  const buttons = [button('export', texts.say('export_data')), button('delete', texts.say('delete_me'))]
  return part(texts.say('your_data'), text, buttons)
}

function part(heading: string, text: Part, buttons: readonly Markup[]): Markup {
  return markup`<section>
<h2>${heading}</h2>
${text}
${buttons}</section>
`
}

function button(action: string, label: string): Markup {
  return markup`<form method="post"><button class="plain" name="do" value="${action}">${label}</button></form>
`
}
