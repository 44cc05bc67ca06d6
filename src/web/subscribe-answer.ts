import { parseAccept } from 'hono/utils/accept'
import type { Texts } from '../texts.ts'
import { type Asked, formAddress } from './asked.ts'
import { markup } from '../pages/markup.ts'
import { sharedWith } from './origins.ts'
import { pageHeaders, pageResponse } from './page.ts'

/** What whoever sent the form is told. */
export interface Told {
  status: number
  heading: string
  text: string
  headers?: Readonly<Record<string, string>>
}

/**
 * Tells it as a page, or as JSON to a script that asks for that.
 * @param page another page than heading and text make
 */
export function tell(asked: Asked, texts: Texts, told: Told, page?: () => Response): Response {
  const { status, heading, text } = told
  const headers = { ...formHeaders(asked), ...told.headers }
  if (wantsJson(asked.request)) {
    const type = { 'content-type': 'application/json; charset=utf-8' }
    return new Response(JSON.stringify({ ok: status === 200, heading, text }), {
      status,
      headers: { ...headers, ...type },
    })
  }
  if (page !== undefined) return page()
  const body = markup`<p>${text}</p>
${status !== 200 && markup`<p><a href="${formAddress(asked, texts)}">${texts.say('go_back')}</a></p>`}`
  return pageResponse(asked.tools.site, texts, { status, heading, body, headers })
}

/**
 * Headers of whatever is about the form: the site's own pages may show it in a frame, and scripts of theirs may read it.
 * Under `no-referrer` browsers would hide the origin even of our own form.
 */
export function formHeaders({ request, tools }: Asked): Record<string, string> {
  return {
    ...pageHeaders(tools.origins),
    ...sharedWith(request, tools.origins),
    'referrer-policy': 'same-origin',
  }
}

function wantsJson(request: Request): boolean {
  const ranges = parseAccept(request.headers.get('accept') ?? '')
  return ranges.some(({ type, q }) => type.toLowerCase() === 'application/json' && q > 0)
}
