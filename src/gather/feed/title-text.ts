import { decodeHTML } from 'entities/decode'
import { htmlText } from '../../markdown/html-text.ts'
import { foldText } from '../../markdown/text.ts'
import { withoutCdata } from './mend-cdata.ts'
import type { WrittenText } from './written.ts'

/** No title is longer; in characters of its source. */
const LONGEST = 2000
const MOST_TAGS = 100
const TAG = /<(\/?)([a-z][a-z0-9]*)(?:\s[^<>]*)?\/?>/gi
/** Elements that people put into a title. */
const INLINE = new Set(
  (
    'a abbr acronym b bdi bdo big cite code del dfn em font i ins kbd mark nobr p q rp rt ruby s samp small span strike ' +
    'strong sub sup time tt u var'
  ).split(' '),
)
const ALONE = new Set(['br', 'hr', 'img', 'wbr'])
const NO_PLACEHOLDERS = { math: '', code: '' }

/**
 * The plain text of a title, entities decoded once more where it is HTML. Where that is open, as in RSS, only elements
 * that people put into a title are taken for such: `Vec<u8>` and `the <div> tag` stay as they are.
 */
export function titleText({ kind, text }: WrittenText): string {
  const title = withoutCdata(text.slice(0, LONGEST))
  if (kind === 'text' || !/[<&]/.test(title)) return foldText(title)
  const html = kind === 'html' ? title : withTagsEscaped(title)
  // So many no title has.
  if (html.split('<').length > MOST_TAGS) return foldText(decodeHTML(html.replace(/<[^<>]*>/g, ' ')))
  return foldText(htmlText(html, NO_PLACEHOLDERS))
}

function withTagsEscaped(title: string): string {
  const tags = [...title.matchAll(TAG)].map(([, slash, name = '']) => `${slash === '' ? '' : '/'}${name.toLowerCase()}`)
  const isMeant = (name: string): boolean =>
    ALONE.has(name) || (INLINE.has(name) && tags.includes(name) && tags.includes(`/${name}`))
  const kept = title.replace(TAG, (tag, _, name: string) => (isMeant(name.toLowerCase()) ? tag : `&lt;${tag.slice(1)}`))
  // What begins no tag is no HTML.
  return kept.replace(/<(?![a-z/])/gi, '&lt;')
}
