import { Parser } from 'htmlparser2'
import { absolute } from '../feed/address.ts'

/** How browsers note where a page was saved from. */
const SAVED_FROM = /<!--\s{0,10}saved from url=\(\d{1,6}\)(\S{1,4096})\s/i
/** In characters; what says it stands in the head. */
const FARTHEST = 1_000_000
/** What only a whole address can be resolved against. */
const NOWHERE = 'about:blank'
const STOP = new Error('stop')

/** Where a saved page was, as far as it says; links in it are relative to that. */
export function savedFrom(html: string): string | null {
  const noted = absolute(SAVED_FROM.exec(html.slice(0, 2000))?.[1] ?? null, NOWHERE)
  if (noted !== null) return noted
  let said: string | null = null
  const parser = new Parser({
    onopentag(name, { rel = '', href = '', property = '', content = '' }) {
      const isCanonical = name === 'link' && rel.toLowerCase().split(/\s+/).includes('canonical')
      if (isCanonical) said = absolute(href, NOWHERE)
      else if (name === 'meta' && property.toLowerCase() === 'og:url') said ??= absolute(content, NOWHERE)
      if (isCanonical && said !== null) throw STOP
    },
  })
  try {
    parser.end(html.slice(0, FARTHEST))
  } catch (error) {
    if (error !== STOP) throw error
  }
  return said
}
