import type { Space } from './xml-names.ts'

interface Named {
  space: Space
  name: string
}

const words = (text: string): ReadonlySet<string> => new Set(text.split(' '))

const ROOTS = words('rss rdf feed channel')
/** Elements that hold a text, in which people forget to escape HTML. */
const TEXTS: Readonly<Partial<Record<Space, ReadonlySet<string>>>> = {
  core: words('title description summary content subtitle tagline info rights copyright'),
  content: words('encoded'),
  dc: words('title description'),
  itunes: words('title subtitle summary'),
  media: words('title description text'),
  xhtml: words('body div'),
}
/** Fields that hold a word and never an element. */
const LEAVES = words(
  'link guid pubdate id published updated modified issued created category comments enclosure lastbuilddate language ' +
    'generator name uri email url docs ttl managingeditor webmaster',
)
/** Fields that no article holds, not even where HTML stands in it unescaped. */
const AFTER_TEXT = words(
  'item entry guid pubdate enclosure comments published updated modified issued category managingeditor webmaster ' +
    'lastbuilddate description encoded creator',
)
const AFTER_TITLE = words('link id summary content author title')

/** True for the element that is a feed. */
export function isRoot({ space, name }: Named): boolean {
  return space === 'core' && ROOTS.has(name)
}

/** True for `item` of RSS and `entry` of Atom. */
export function isItem({ space, name }: Named): boolean {
  return space === 'core' && (name === 'item' || name === 'entry')
}

/** True for an element that is read as one text, with whatever stands in it. */
export function holdsText({ space, name }: Named): boolean {
  return TEXTS[space]?.has(name) ?? false
}

/** True when `next` begins where the end tag of `open` is missing. */
export function endsUnclosed(open: Named, next: Named): boolean {
  if (LEAVES.has(open.name) && open.space === 'core') return true
  if (!holdsText(open) || next.space === 'xhtml') return false
  return AFTER_TEXT.has(next.name) || (open.name === 'title' && AFTER_TITLE.has(next.name))
}
