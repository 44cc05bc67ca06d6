import { removeSubscriberById } from '../remember/leave.ts'
import { type Asked, textsFor } from './asked.ts'
import { readBody } from './body.ts'
import { BODY_LIMIT } from './fields.ts'
import { markup } from '../pages/markup.ts'
import { isOneClick } from './one-click.ts'
import { pageResponse, plainResponse } from './page.ts'
import { brokenPage, formLink, idOf } from './token-page.ts'

/** The page on which a reader leaves. Whether they are there, or ever were, is not asked. */
export async function leavePage(asked: Asked, token: string): Promise<Response> {
  if ((await idOf(asked.tools, 'unsubscribe', token)) === null) return brokenPage(asked)
  const texts = textsFor(asked)
  const heading = texts.say('unsubscribe')
  const body = markup`<p>${texts.say('leave_text')}</p>
<form method="post">
<input type="hidden" name="List-Unsubscribe" value="One-Click">
<button>${heading}</button>
</form>`
  return pageResponse(asked.tools.site, texts, { status: 200, heading, body })
}

/**
 * Takes a reader off the list (RFC 8058). It answers alike whoever asks and however often; there is no redirect, as mail
 * programs follow none, and where it comes from is not asked.
 */
export async function leave(asked: Asked, token: string): Promise<Response> {
  const { request, tools } = asked
  const body = await readBody(request, BODY_LIMIT)
  if (body === null) return plainResponse(413, 'The body is too long.')
  const id = await idOf(tools, 'unsubscribe', token)
  if (id === null) return brokenPage(asked)
  if (!isOneClick(request.headers.get('content-type') ?? '', body)) {
    return plainResponse(400, 'The body must be List-Unsubscribe=One-Click (RFC 8058).')
  }
  const { store, commits, clock, log } = tools
  const isGone = await removeSubscriberById(store, id, clock(), commits.run)
  if (isGone) log.info('unsubscribed', { subscriber: id })
  return leftPage(asked)
}

/** What a reader sees who has left. */
export function leftPage(asked: Asked, own: string | null = null): Response {
  const texts = textsFor(asked, own)
  const body = markup`<p>${texts.say('left_text')}</p>
${formLink(asked, texts, 'go_back')}`
  return pageResponse(asked.tools.site, texts, { status: 200, heading: texts.say('left_heading'), body })
}
