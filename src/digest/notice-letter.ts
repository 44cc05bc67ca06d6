import { foldText } from '../markdown/text.ts'
import type { Site } from '../site.ts'
import { type Texts, isOneLanguage } from '../texts.ts'
import type { NoticeTemplates } from './letter-contract.ts'
import { type Letter, siteView } from './letter.ts'

/** What a letter to one reader that is no digest is about. */
export type NoticeWish =
  /** Asks whether they want the digest; `url` null: they answer the letter itself. */
  | { kind: 'confirm'; url: string | null; days: number }
  /** Tells that they are on the list already; `url`: where they choose, or by mail only leave. */
  | { kind: 'known'; by: 'page' | 'mail'; url: string }

/** What such a letter is made from. */
export interface NoticeInput {
  site: Site
  /** Where the publish directory is served; absolute, ends with `/`. */
  publishUrl: string
  texts: Texts
  address: string
  wish: NoticeWish
}

/** Renders a letter to one reader. @throws {Problem} `template-render` */
export function renderNotice(templates: NoticeTemplates, input: NoticeInput): Letter {
  const { site, publishUrl, texts } = input
  const notice = noticeOf(input)
  const context = {
    site: siteView(site, publishUrl),
    texts: texts.plain,
    notice: { ...notice, language: texts.language, is_foreign: !isOneLanguage(texts.language, site.language) },
  }
  return { subject: notice.subject, html: templates.html.render(context), text: templates.text.render(context) }
}

function noticeOf({ site, texts, address, wish }: NoticeInput) {
  const words = { site: foldText(site.title), address: foldText(address) }
  switch (wish.kind) {
    case 'confirm':
      return {
        subject: texts.say('confirm_subject', words),
        text: texts.say('confirm_asked', words),
        ask: texts.say(wish.url === null ? 'confirm_by_reply' : 'confirm_by_button'),
        note: texts.say('confirm_ignore', { count: wish.days }),
        ...{ url: wish.url, button: texts.say('confirm') },
      }
    case 'known':
      return {
        subject: texts.say('known_subject', words),
        text: texts.say('known_text', words),
        ask: texts.say(wish.by === 'page' ? 'known_button_text' : 'known_by_mail'),
        note: null,
        ...{ url: wish.url, button: texts.say(wish.by === 'page' ? 'preferences' : 'unsubscribe') },
      }
  }
}
