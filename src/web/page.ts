import { createHash } from 'node:crypto'
import { escapeMarkup } from '../markdown/text.ts'
import type { Site } from '../site.ts'

/** What a page shows; every text is plain. */
export interface PageContent {
  /** BCP 47 tag of the texts. */
  language: string
  heading: string
  text: string
  /** The words on a button that posts to the address of the page; null: no button. */
  button: string | null
}

const STYLE = `
:root {
  color-scheme: light dark; --paper: #f3f4f2; --ink: #14171a; --tape: #ffc72c;
  --latin: -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", Arial;
  --han: "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC";
  --mono: ui-monospace, "Cascadia Mono", Menlo, Consolas, "DejaVu Sans Mono", var(--han), monospace;
}
@media (prefers-color-scheme: dark) { :root { --paper: #111416; --ink: #e3e6e3; --tape: #f0b927; } }
* { box-sizing: border-box; margin: 0; padding: 0; }
body { background: var(--paper); color: var(--ink); font: 1.0625rem/1.75 var(--latin), var(--han), sans-serif; overflow-wrap: anywhere; }
header { background: var(--tape); color: #14171a; border-bottom: 1px solid #14171a; }
header p, main { max-width: 38rem; margin: 0 auto; padding: 1rem clamp(1.125rem, 4vw, 2rem); }
header p { font: 700 1rem/1.5 var(--mono); }
main { padding-top: 2.5rem; padding-bottom: 3rem; }
h1 { font: 700 1.625rem/1.3 var(--mono); border-top: 4px double var(--ink); border-bottom: 1px solid var(--ink); padding: .75rem 0; }
main p { margin-top: 1.25rem; }
button { margin-top: 1.75rem; min-height: 3rem; padding: .6rem 1.6rem; font: 700 1rem/1.5 var(--mono); background: var(--tape); color: #14171a; border: 2px solid #14171a; border-radius: 0; cursor: pointer; }
a { color: inherit; text-underline-offset: .22em; }
:focus-visible { outline: 3px solid var(--ink); outline-offset: 3px; }
header :focus-visible { outline-color: #14171a; }
`

const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64')

/** Headers of every page: nothing is loaded, kept, framed, indexed or told to the next site. */
export const PAGE_HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-robots-tag': 'noindex',
  'x-content-type-options': 'nosniff',
}

/** The HTML of a page. Its form has no action, so that it posts to wherever a proxy serves the page. */
export function renderPage(site: Pick<Site, 'title' | 'url' | 'language'>, content: PageContent): string {
  const heading = escapeMarkup(content.heading)
  const title = escapeMarkup(site.title)
  return `<!doctype html>
<html lang="${escapeMarkup(content.language)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${heading} - ${title}</title>
<style>${STYLE}</style>
</head>
<body>
<header><p><a href="${escapeMarkup(site.url)}" lang="${escapeMarkup(site.language)}" dir="auto">${title}</a></p></header>
<main>
<h1>${heading}</h1>
<p>${escapeMarkup(content.text)}</p>${content.button === null ? '' : formOf(content.button)}
</main>
</body>
</html>
`
}

function formOf(button: string): string {
  return `
<form method="post">
<input type="hidden" name="List-Unsubscribe" value="One-Click">
<button>${escapeMarkup(button)}</button>
</form>`
}
