import type { CollectionKind } from '../collection.ts'
import { Problem, type ProblemRecord, oneLine } from '../problem.ts'
import { isHome } from './home.ts'
import type { Store } from './open.ts'

/** A source whose entries stand in collections. */
export interface Collected {
  id: number
  name: string
  /** Where it is; null for files of the owner's. */
  url: string | null
}

/** Collections that one source of others has to itself; each gets a page and feeds of its own. */
const MOST_OWN = 200
/** Names that are told of a source. */
const MOST_TOLD = 3

/** Bounds the collections that tags, categories and authors of others make; those of the owner make as many as they like. */
export class CollectionBound {
  readonly #store: Store
  readonly #siteUrl: string
  /** How many more each source may make, by its id. */
  readonly #left = new Map<number, number>()
  readonly #refused = new Map<string, Set<string>>()

  constructor(store: Store, siteUrl: string) {
    this.#store = store
    this.#siteUrl = siteUrl
  }

  /** True when an entry of this source may make a collection that is not there yet. */
  async mayMake(source: Collected, kind: CollectionKind, name: string): Promise<boolean> {
    if (kind === 'source' || isHome(source.url, this.#siteUrl)) return true
    const left = this.#left.get(source.id) ?? MOST_OWN - (await ownCollections(this.#store, source.id))
    this.#left.set(source.id, left - 1)
    if (left > 0) return true
    this.#refused.set(source.name, (this.#refused.get(source.name) ?? new Set()).add(name))
    return false
  }

  /** A warning for each source that would have made more of them. */
  problems(): ProblemRecord[] {
    return [...this.#refused].map(([where, names]) => {
      const told = [...names].slice(0, MOST_TOLD).map((name) => `"${oneLine(name)}"`)
      const more = names.size > MOST_TOLD ? ` and ${names.size - MOST_TOLD} more` : ''
      const message = `${told.join(', ')}${more} get no page and no feeds: the source has ${MOST_OWN} tags, categories and authors that no other has`
      const mend = 'nothing is to be done; take the source out if nobody means so many'
      return new Problem('collections-bound', message, { where, severity: 'warning', mend }).toJSON()
    })
  }
}

/** How many collections hold entries of this source alone. */
async function ownCollections(store: Store, sourceId: number): Promise<number> {
  const own = store
    .selectFrom('collection_entries')
    .innerJoin('entries', 'entries.id', 'collection_entries.entry_id')
    .innerJoin('collections', 'collections.id', 'collection_entries.collection_id')
    .where('collections.kind', '!=', 'source')
    .groupBy('collection_id')
    .having(({ eb, fn }) => eb.and([eb(fn.min('source_id'), '=', sourceId), eb(fn.max('source_id'), '=', sourceId)]))
    .select('collection_id')
  const row = await store
    .selectFrom(own.as('own'))
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  return Number(row.count)
}
