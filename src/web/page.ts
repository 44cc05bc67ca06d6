import type { Site } from '../site.ts'
import { type Texts, isWrittenFromTheRight } from '../texts.ts'
import { Markup, type Part, markup } from '../pages/markup.ts'
import { STYLE, STYLE_SOURCE } from './page-style.ts'

/** What a page shows. */
export interface PageContent {
  status: number
  heading: string
  /** What was just done; the title of the window begins with it, which is all that some hear of the new page. */
  said?: string | null
  /** What stands below the heading. */
  body: Part
  /** Others than those of every page. */
  headers?: Readonly<Record<string, string>>
}

/**
 * Headers of every answer of ours: nothing is loaded, kept, indexed or told to the next site.
 * @param framedBy origins whose pages may show it in a frame
 */
export function pageHeaders(framedBy: readonly string[] = []): Record<string, string> {
  const policy = [
    ...["default-src 'none'", `style-src ${STYLE_SOURCE}`, "form-action 'self'", "base-uri 'none'"],
    `frame-ancestors ${framedBy.length === 0 ? "'none'" : framedBy.join(' ')}`,
  ]
  return {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': policy.join('; '),
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    'x-robots-tag': 'noindex',
    'x-content-type-options': 'nosniff',
  }
}

const STYLE_MARKUP = new Markup(STYLE)

/** A page as an answer. Its forms have no action, so that they post to wherever a proxy serves the page. */
export function pageResponse(
  site: Pick<Site, 'title' | 'url' | 'language'>,
  texts: Texts,
  { status, heading, said = null, body, headers = {} }: PageContent,
): Response {
  const { language } = texts
  const page = markup`<!doctype html>
<html lang="${language}" dir="${isWrittenFromTheRight(language) ? 'rtl' : 'ltr'}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${said !== null && `${said} - `}${heading} - ${site.title}</title>
<style>${STYLE_MARKUP}</style>
</head>
<body>
<header><p><a href="${site.url}" lang="${site.language}" dir="auto" target="_top">${site.title}</a></p></header>
<main>
<h1>${heading}</h1>
${body}
</main>
</body>
</html>
`
  return new Response(page.text, { status, headers: { ...pageHeaders(), ...headers } })
}

/** An answer for programs, of one line. */
export function plainResponse(status: number, text: string, more: Readonly<Record<string, string>> = {}): Response {
  const headers = { ...pageHeaders(), 'content-type': 'text/plain; charset=utf-8', ...more }
  return new Response(text, { status, headers })
}
