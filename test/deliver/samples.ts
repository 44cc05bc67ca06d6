import type { Body, Letter } from '../../src/deliver/mailer.ts'
import { parseEmailAddress, parseMailbox } from '../../src/subscriber.ts'

/** A letter whose bodies may be written as texts without gaps. */
export type LetterChanges = Partial<Omit<Letter, 'html' | 'text'> & Record<'html' | 'text', string | Body>>

/** An ordinary letter, but for what `changes` says. */
export function letterWith(changes: LetterChanges = {}): Letter {
  const { html = HTML, text = TEXT, ...others } = changes
  return {
    id: '7.42@example.org',
    from: parseMailbox('潮汐 Notes <digest@example.org>'),
    to: parseEmailAddress('reader@example.net'),
    envelopeFrom: parseEmailAddress('bounces@example.org'),
    subject: '3 new articles: tides, wind and the moon',
    html: bodyOf(html),
    text: bodyOf(text),
    date: Date.UTC(2026, 0, 31, 8, 0, 5),
    listId: 'digest.blog.example.org',
    listUnsubscribe: ['mailto:bounces+u42@example.org?subject=unsubscribe'],
    hasOneClick: false,
    listHelp: 'https://blog.example.org/feeds/subscribe.html',
    listArchive: 'https://blog.example.org/feeds/digests/',
    archivedAt: 'https://blog.example.org/feeds/digests/7.html',
    replyTo: null,
    ...others,
  }
}

function bodyOf(body: string | Body): Body {
  return typeof body === 'string' ? { shared: [body], own: [] } : body
}

const TEXT = `Spring tides

Twice a month the sea comes higher than the wall. This line is long enough that it must be wrapped to be sent.
https://blog.example.org/spring-tides/?from=letter&utm_source=digest&reader=a-token-that-is-quite-long-0123456789

潮汐随月亮而来。
.
From here on, a line that begins with "From", and one that is a single dot.
`

const HTML = `<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>潮汐</title></head>
<body><h1><a href="https://blog.example.org/spring-tides/">Spring tides</a></h1>
<p>Twice a month the sea comes higher than the wall.</p>
<p>潮汐随月亮而来。</p>
.
</body></html>
`
