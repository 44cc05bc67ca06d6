import type { Instant } from '../entry.ts'
import { foldText } from '../markdown/text.ts'
import { chunks } from './files.ts'
import { linkKeys } from './link-key.ts'
import type { Store } from './open.ts'

/** What an older feed says of one entry. */
export interface OldItem {
  /** What readers know it by. */
  guid: string
  /** Absolute; null when the feed gives none. */
  link: string | null
  title: string
  published: Instant | null
}

/** An item of an older feed as the store keeps it. */
export interface AdoptedItem {
  /** One of `linkKeys`, or a word of its own where the link tells nothing. */
  link: string
  guid: string
  title: string
  published: Instant | null
}

/** What an older feed of the site calls its entries. */
export interface AdoptedGuids {
  isEmpty: boolean
  /** The guid of the entry with this link, or else with this title and day; null when the older feed knows neither. */
  guidOf(entry: { link: string; title: string; date: Instant }): string | null
}

/** Reads what was adopted. */
export async function adoptedGuids(store: Store): Promise<AdoptedGuids> {
  const items = await store.selectFrom('adopted').selectAll().execute()
  if (items.length === 0) return { isEmpty: true, guidOf: () => null }
  const byLink = new Map(items.map(({ link, guid }) => [link, guid]))
  const byTitle = datedByTitle(items)
  return {
    isEmpty: false,
    guidOf({ link, title, date }) {
      const key = linkKeys(link).find((key) => byLink.has(key))
      if (key !== undefined) return byLink.get(key) ?? null
      return sameDay(byTitle.get(titleKey(title)) ?? [], date)?.guid ?? null
    },
  }
}

/** Remembers items for the entries that are still to come; a later feed overrules an earlier one. */
export async function rememberAdopted(store: Store, items: readonly AdoptedItem[]): Promise<void> {
  for (const some of chunks(items, 100)) {
    await store
      .insertInto('adopted')
      .values(some)
      .onConflict((c) =>
        c.column('link').doUpdateSet((row) => ({
          guid: row.ref('excluded.guid'),
          title: row.ref('excluded.title'),
          published: row.ref('excluded.published'),
        })),
      )
      .execute()
  }
}

/**
 * Gives each item the key of its link. A fragment counts where it alone tells items apart; of two items with one link
 * the first has it, as feeds begin with the newest.
 */
export function keyItems(items: readonly OldItem[]): AdoptedItem[] {
  const guids = new Map<string, Set<string>>()
  for (const { guid, link } of items) {
    const plain = linkKeys(link ?? '').at(-1) ?? ''
    guids.set(plain, (guids.get(plain) ?? new Set()).add(guid))
  }
  const keyed = new Map<string, AdoptedItem>()
  for (const { guid, link, title, published } of items) {
    const [whole, plain = whole] = linkKeys(link ?? '')
    const key = (guids.get(plain ?? '')?.size ?? 0) > 1 ? whole : plain
    const taken = key === undefined ? undefined : keyed.get(key)
    if (taken?.guid === guid) continue
    const own = key === undefined || taken !== undefined ? `guid:${guid}` : key
    if (!keyed.has(own)) keyed.set(own, { link: own, guid, title: foldText(title), published })
  }
  return [...keyed.values()]
}

/** What a title is known by, whatever a program made of its quotes, dashes, white space, elements and references. */
export function titleKey(title: string): string {
  return title
    .replace(/&(?:amp|#38|#x26);/gi, '&')
    .replace(/&(?:nbsp|quot|apos|[lr][sd]quo|#0*39|#x0*27|#(?:8(?:21[67]|22[01])|160));/gi, '')
    .replace(/&(?:ndash|mdash|#821[12]);/gi, '-')
    .replace(/&lt;/gi, '<')
    .replace(/&gt;/gi, '>')
    .replace(/<\/?[a-z][^<>]*>/gi, '')
    .normalize('NFKC')
    .toLowerCase()
    .replace(/["'`´‘’‚“”„«»\s\p{Cc}\p{Cf}]/gu, '')
    .replace(/\p{Pd}+/gu, '-')
}

/** By the key of their title; what has no title or no date is left out. */
export function datedByTitle<T extends Titled>(items: readonly T[]): Map<string, Dated<T>[]> {
  const byTitle = new Map<string, Dated<T>[]>()
  for (const item of items) {
    const key = titleKey(item.title)
    if (!isDated(item) || key === '') continue
    const same = byTitle.get(key) ?? []
    same.push(item)
    byTitle.set(key, same)
  }
  return byTitle
}

interface Titled {
  title: string
  published: Instant | null
}
type Dated<T> = T & { published: Instant }

function isDated<T extends Titled>(item: T): item is Dated<T> {
  return item.published !== null
}

const DAY = 86_400_000

/** The only one of the instant, else the only one of the day, in whichever zone the feed reckons its days; or null. */
export function sameDay<T extends { published: Instant }>(items: readonly T[], date: Instant): T | null {
  return (
    only(items.filter(({ published }) => published === date)) ??
    only(items.filter(({ published }) => Math.abs(published - date) < DAY))
  )
}

function only<T>(items: readonly T[]): T | null {
  return items.length === 1 ? (items[0] ?? null) : null
}
