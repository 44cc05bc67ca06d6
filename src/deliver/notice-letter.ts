import type { Letter as Rendered } from '../digest/letter.ts'
import type { NoticeWish } from '../digest/notice-letter.ts'
import { DAYS_TO_CONFIRM } from '../remember/consents.ts'
import type { Notice } from '../remember/notices.ts'
import { confirmAddress } from '../return-address.ts'
import { parseEmailAddress } from '../subscriber.ts'
import { confirmUrl, mintToken, preferencesUrl } from '../token.ts'
import { type Sender, envelopeFrom, unsubscribeMail } from './letters.ts'
import type { Letter } from './mailer.ts'

/** What a notice says, with links that its reader alone has. */
export function wishOf({ kind, subscriberId, consentId }: Notice, sender: Sender): NoticeWish {
  const { webUrl, secret } = sender
  if (kind === 'confirm' && consentId !== null) {
    const url = webUrl === null ? null : confirmUrl(webUrl, mintToken(secret, 'confirm', consentId))
    return { kind, url, days: DAYS_TO_CONFIRM }
  }
  if (webUrl === null) return { kind: 'known', by: 'mail', url: unsubscribeMail(sender, subscriberId) }
  const token = mintToken(secret, 'preferences', subscriberId)
  return { kind: 'known', by: 'page', url: preferencesUrl(webUrl, token) }
}

/** The letter of a notice; without an endpoint, answering it is what confirms. */
export function noticeLetter(notice: Notice, { subject, html, text }: Rendered, sender: Sender): Letter {
  const { from, returnTo, webUrl, secret, listId, publishUrl } = sender
  const { consentId } = notice
  const id = `notice-${notice.id}.${notice.subscriberId}`
  const answerTo =
    consentId !== null && webUrl === null && returnTo !== null ? confirmAddress(returnTo, consentId, secret) : null
  return {
    id: `${id}@${from.address.slice(from.address.lastIndexOf('@') + 1)}`,
    to: parseEmailAddress(notice.address),
    envelopeFrom: envelopeFrom(id, sender),
    ...{ from, subject, listId, date: notice.createdAt },
    replyTo: answerTo === null ? sender.replyTo : { name: from.name, address: answerTo },
    html: { shared: [html], own: [] },
    text: { shared: [text], own: [] },
    listUnsubscribe: [],
    hasOneClick: false,
    listHelp: `${publishUrl}subscribe.html`,
    listArchive: `${publishUrl}digests/`,
    archivedAt: null,
  }
}
