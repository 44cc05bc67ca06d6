import { createHash } from 'node:crypto'
import type { Config } from '../config.ts'
import type { Letter } from '../deliver/mailer.ts'
import type { Instant } from '../entry.ts'
import { escapeMarkup } from '../markdown/text.ts'
import { oneLine } from '../problem.ts'
import { minuteOf } from '../schedule.ts'
import type { EmailAddress } from '../subscriber.ts'
import type { News } from './alert.ts'

/** The settings that a letter to the owner is made of. */
type LetterConfig = Pick<Config, 'site' | 'publish' | 'mail'>

/** What the owner reads, and programs get as `text`. */
export function newsText(news: News, { site }: Pick<Config, 'site'>): string {
  const since = `${minuteOf(site.timezone, news.since).replace('T', ' ')} (${site.timezone})`
  const lines = news.isOver
    ? [`This is over: ${news.message}`, '', `It began: ${since}`]
    : [
        news.message,
        '',
        `Since: ${since}`,
        `What to do: ${news.mend}`,
        '',
        'You are told of this once, and again when it is over.',
      ]
  return [...lines, '', '-- ', site.title, site.url, ''].map((line) => oneLine(line)).join('\n')
}

/** A letter to the owner. The same news have the same Message-ID, so that a mailbox can tell a double. */
export function newsLetter(news: News, config: LetterConfig, to: EmailAddress, date: Instant): Letter {
  const { site, mail, publish } = config
  const text = newsText(news, config)
  const { address } = mail.from
  return {
    id: `alert-${digestOf(news)}@${address.slice(address.lastIndexOf('@') + 1)}`,
    to,
    from: mail.from,
    envelopeFrom: mail.returnTo ?? address,
    subject: oneLine(`[${site.title}] ${news.isOver ? 'Over: ' : ''}${news.message}`),
    html: { shared: [`<pre style="white-space:pre-wrap">${escapeMarkup(text)}</pre>\n`], own: [] },
    text: { shared: [text], own: [] },
    date,
    // Not that of the readers' letters, so that the owner can sort them apart.
    listId: `alerts.${new URL(site.url).hostname}`,
    listUnsubscribe: [],
    hasOneClick: false,
    listHelp: publish.url,
    listArchive: publish.url,
    archivedAt: null,
    replyTo: null,
  }
}

function digestOf({ key, since, isOver }: News): string {
  return createHash('sha256')
    .update(JSON.stringify([key, since, isOver]))
    .digest('hex')
    .slice(0, 24)
}
