import type { Preferences } from '../preferences.ts'
import type { Texts } from '../texts.ts'
import type { Asked } from './asked.ts'
import { wishFields } from './form-fields.ts'
import { languageName } from './language.ts'
import { type Markup, markup } from '../pages/markup.ts'
import type { Offer } from './offer.ts'
import { pageResponse } from './page.ts'
import { formHeaders } from './subscribe-answer.ts'

/** How the form is filled in when it is shown. */
export interface FormState {
  address: string
  wishes: Preferences
  /** True: the address is none. */
  isFaulty: boolean
}

/** The page with the form by which readers join. */
export function formPage(asked: Asked, texts: Texts, offer: Offer, state: FormState): Response {
  const { site, languages } = asked.tools
  return pageResponse(site, texts, {
    status: state.isFaulty ? 422 : 200,
    heading: texts.say('subscribe_by_mail'),
    body: markup`<form method="post" novalidate>
${addressField(texts, state)}
${wishFields(texts, offer, state.wishes)}
<p class="trap">
<label>${texts.say('trap_label')} <input name="website" tabindex="-1" autocomplete="off"></label>
</p>
<p>${texts.say('form_note', { site: site.title })}${privacyLink(texts, site.privacy)}</p>
<button>${texts.say('subscribe')}</button>
</form>
${otherLanguages(texts, languages)}`,
    headers: formHeaders(asked),
  })
}

/** To what the site says about readers' data, out of a frame that this page may stand in. */
function privacyLink(texts: Texts, privacy: string | null): Markup | null {
  return privacy === null ? null : markup` <a href="${privacy}" target="_top">${texts.say('privacy')}</a>`
}

/** Browsers would refuse addresses of other scripts that we take: the form is not checked before it is sent. */
function addressField(texts: Texts, { address, isFaulty }: FormState): Markup {
  const fault = markup`<span class="fault" id="fault" role="alert">${texts.say('no_address_heading')}</span>`
  const state = isFaulty ? markup` aria-invalid="true" aria-describedby="fault" autofocus` : null
  return markup`<p class="field">
<label for="address">${texts.say('your_address')} <small>(${texts.say('required')})</small></label>
<input type="email" id="address" name="address" value="${address}" autocomplete="email" required${state}>
${isFaulty && fault}
</p>`
}

/** The same page in the other languages that our texts are in. */
function otherLanguages(texts: Texts, languages: readonly string[]): Markup | null {
  const others = languages.filter((tag) => tag !== texts.language)
  if (others.length === 0) return null
  const links = others.map(
    (tag) => markup`<a href="?lang=${tag}" lang="${tag}" hreflang="${tag}">${languageName(tag)}</a> `,
  )
  return markup`<p class="other">${links}</p>`
}
