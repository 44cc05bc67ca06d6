import fc from 'fast-check'
import { DIALECTS, type ForeignItem } from './foreign-dialects.ts'
import { ENCODINGS, type Encoding, inBytes } from './foreign-encodings.ts'
import { MISTAKES } from './foreign-mistakes.ts'
import { DATES, GUIDS, LINKS, TEXTS } from './foreign-values.ts'

/** A feed as somebody else might write it. */
export interface ForeignFeed {
  /** Its dialect, its encoding and its mistakes. */
  says: string
  bytes: Buffer
}

const item: fc.Arbitrary<ForeignItem> = fc.record({
  title: fc.constantFrom(...TEXTS),
  form: fc.constantFrom('escaped', 'cdata', 'html', 'html-cdata', 'numbered'),
  body: fc.option(fc.constantFrom(...TEXTS)),
  link: fc.option(fc.constantFrom(...LINKS), { freq: 8 }),
  guid: fc.option(fc.constantFrom(...GUIDS), { freq: 4 }),
  date: fc.option(fc.constantFrom(...DATES), { freq: 6 }),
  author: fc.constantFrom(null, 'Ada', 'Ben Lock'),
})
const feed = fc.record({
  dialect: fc.constantFrom(...Object.keys(DIALECTS)),
  encoding: fc.oneof(
    { weight: 3, arbitrary: fc.constant<Encoding>('utf-8') },
    { weight: 1, arbitrary: fc.constantFrom(...ENCODINGS) },
  ),
  items: fc.array(item, { minLength: 1, maxLength: 4 }),
  mistakes: fc.uniqueArray(fc.constantFrom(...Object.keys(MISTAKES)), { maxLength: 2 }),
})

/** Feeds of every dialect with at most two mistakes each; the same ones for the same seed. */
export function foreignFeeds(count: number, seed: number): ForeignFeed[] {
  return fc.sample(feed, { numRuns: count, seed }).map(({ dialect, encoding, items, mistakes }) => {
    const numbered = items.map((one, index) => numberedItem(one, index + 1))
    const written = DIALECTS[dialect]?.(numbered, encoding) ?? ''
    const text = mistakes.reduce((so, mistake) => MISTAKES[mistake]?.(so) ?? so, written)
    return { says: [dialect, encoding, ...mistakes].join(', '), bytes: inBytes(text, encoding) }
  })
}

/** Items that share an address or an id are a mistake of its own. */
function numberedItem(one: ForeignItem, number: number): ForeignItem {
  const numbered = (text: string | null): string | null => text?.replace('#', String(number)) ?? null
  return { ...one, title: `${number} ${one.title}`, link: numbered(one.link), guid: numbered(one.guid) }
}
