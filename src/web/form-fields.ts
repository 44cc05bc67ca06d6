import { FREQUENCIES, type Frequency, type Preferences } from '../preferences.ts'
import type { TopicChoice } from '../remember/choices.ts'
import type { TextName } from '../text-names.ts'
import type { Texts } from '../texts.ts'
import { languageName } from './language.ts'
import { type Markup, markup } from '../pages/markup.ts'
import { type Offer, shownTopics } from './offer.ts'

const FREQUENCY_TEXTS = {
  site: 'often_site',
  instant: 'often_instant',
  daily: 'often_daily',
  weekly: 'often_weekly',
} as const satisfies Record<Frequency, TextName>

/** The fields for what a reader asks for; `readWishes()` reads them. */
export function wishFields(texts: Texts, offer: Offer, wishes: Preferences): Markup {
  return markup`${frequencyField(texts, wishes)}
${offer.languages.length > 1 && languageField(texts, offer, wishes)}
${topicsField(texts, offer, wishes)}
${zoneField(texts, offer, wishes)}`
}

function frequencyField(texts: Texts, { frequency }: Preferences): Markup {
  const choice = (one: Frequency): Markup => {
    const checked = one === frequency && CHECKED
    return markup`<label class="choice"><input type="radio" name="frequency" value="${one}"${checked}> ${texts.say(FREQUENCY_TEXTS[one])}</label>
`
  }
  return markup`<fieldset class="field">
<legend>${texts.say('how_often')}</legend>
${FREQUENCIES.map(choice)}</fieldset>`
}

const CHECKED = markup` checked`
const SELECTED = markup` selected`
const OPEN = markup` open`

function topicsField(texts: Texts, { topics }: Offer, wishes: Preferences): Markup | null {
  const groups = shownTopics(topics, wishes.topics)
  if (groups.length === 0) return null
  const group = ([kind, choices]: (typeof groups)[number]): Markup =>
    markup`<fieldset class="field">
<legend>${texts.say(kind)}</legend>
<div class="choices">
${choices.map((choice) => topicChoice(choice, wishes))}</div>
</fieldset>
`
  return markup`<details${wishes.topics.length > 0 && OPEN}>
<summary>${texts.say('which_topics')}</summary>
<p>${texts.say('topics_hint')}</p>
${groups.map(group)}</details>`
}

function topicChoice({ topic, name, count }: TopicChoice, wishes: Preferences): Markup {
  const checked = wishes.topics.includes(topic) && CHECKED
  return markup`<label class="choice"><input type="checkbox" name="topics" value="${topic}"${checked}> <span dir="auto">${name}</span> <small>${count}</small></label>
`
}

function languageField(texts: Texts, { languages }: Offer, { language }: Preferences): Markup {
  const option = (tag: string): Markup =>
    markup`<option value="${tag}" lang="${tag}"${tag === language && SELECTED}>${languageName(tag)}</option>
`
  return markup`<p class="field">
<label for="language">${texts.say('letter_language')}</label>
<select id="language" name="language">
<option value="">${texts.say('like_the_site')}</option>
${languages.map(option)}</select>
</p>`
}

function zoneField(texts: Texts, { zones }: Offer, { zone }: Preferences): Markup {
  const option = (name: string): Markup =>
    markup`<option${name === zone && SELECTED}>${name}</option>
`
  return markup`<details${zone !== null && OPEN}>
<summary id="zone">${texts.say('time_zone')}</summary>
<p class="field">
<select name="zone" aria-labelledby="zone">
<option value="">${texts.say('like_the_site')}</option>
${zones.map(option)}</select>
</p>
</details>`
}
