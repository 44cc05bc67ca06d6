import { LONGEST_KEY, fingerprintOf, keyText } from '../../identity.ts'
import type { Warnings } from './warnings.ts'

/** By what an item is known again. */
export interface ItemIdentity {
  identity: 'guid' | 'link' | 'content'
  /** Unlike that of any other item of the document. */
  id: string
}

/** What tells items apart. */
export interface Identified {
  guid: string | null
  link: string | null
  title: string
  /** As it is written. */
  date: string | null
  /** Tells items apart that have nothing else. */
  text: () => string
}

const FEED_MEND = 'nothing to do here; whoever writes the feed should give each item a guid of its own'

/**
 * Says by what each item is known again: its guid, else its link, else a hash of its title and date. Items that share a
 * guid but not their links go by these, and items that share a link but not title and date by their content, for as long
 * as they stand in one document. Null for an item that is there already: of equals the first stays, since feeds have the
 * newest first.
 */
export function identities(items: readonly Identified[], warnings: Warnings): (ItemIdentity | null)[] {
  const byGuid = grouped(items, ({ guid }) => guid, ({ link, title }) => link ?? title) // prettier-ignore
  const isShared = ({ guid }: Identified): boolean => guid !== null && (byGuid.get(guid)?.size ?? 0) > 1
  const linked = items.filter((item) => item.guid === null || isShared(item))
  const byLink = grouped(linked, ({ link }) => link, ({ title, date }) => `${title}\0${date ?? ''}`) // prettier-ignore
  const taken = new Set<string>()
  return items.map((item) => {
    if (isShared(item)) warnings.add('feed-guid-shared', `Items share the guid "${short(item.guid)}" but not their links; they go by their links`, FEED_MEND) // prettier-ignore
    const isLinked = item.link !== null && (byLink.get(item.link)?.size ?? 0) < 2
    const own = identityOf(item, !isShared(item), isLinked)
    if (!taken.has(own.id)) {
      taken.add(own.id)
      return own
    }
    warnings.add('feed-item-twice', `"${short(item.title || own.id)}" stands there twice; the first counts`, FEED_MEND)
    return null
  })
}

/** What the items with a key differ in. */
function grouped<T>(
  items: readonly Identified[],
  keyOf: (item: Identified) => string | null,
  valueOf: (item: Identified) => T,
): ReadonlyMap<string, ReadonlySet<T>> {
  const groups = new Map<string, Set<T>>()
  for (const item of items) {
    const key = keyOf(item)
    if (key !== null) groups.set(key, (groups.get(key) ?? new Set<T>()).add(valueOf(item)))
  }
  return groups
}

function identityOf(item: Identified, byGuid: boolean, byLink: boolean): ItemIdentity {
  const { guid, link, title, date } = item
  if (byGuid && guid !== null && Buffer.byteLength(guid) <= LONGEST_KEY) return { identity: 'guid', id: guid }
  if (byLink && link !== null) return { identity: 'link', id: keyText(link) }
  const words = title === '' && date === null ? ['', '', item.text()] : [title, date ?? '']
  return { identity: 'content', id: `sha256:${fingerprintOf([guid ?? '', ...words].join('\0'))}` }
}

function short(text: string | null): string {
  const words = text ?? ''
  return words.length > 80 ? `${words.slice(0, 79)}…` : words
}
