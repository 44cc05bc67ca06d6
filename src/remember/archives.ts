import type { Store } from './open.ts'

/** An archive of the feeds: the entries with these numbers. */
export interface ArchiveRange {
  /** 1 is the oldest. */
  id: number
  first: number
  last: number
}

/** All archives, oldest first. */
export function readArchives(store: Store): Promise<ArchiveRange[]> {
  return store.selectFrom('archives').select(['id', 'first', 'last']).orderBy('id').execute()
}

/**
 * Adds archives behind those there are, each up to a number. From then on one is written again only when an entry of
 * it goes or comes back.
 */
export async function closeArchives(store: Store, lasts: readonly number[]): Promise<void> {
  if (lasts.length === 0) return
  await store.transaction().execute(async (tx) => {
    let before = (await readArchives(tx)).at(-1) ?? { id: 0, last: 0 }
    for (const last of lasts) {
      const archive = { id: before.id + 1, first: before.last + 1, last }
      await tx.insertInto('archives').values(archive).execute()
      before = archive
    }
  })
}

/** Ids of the archives of which an entry left the feeds, or came back to them, since a revision. */
export async function archivesChangedSince(store: Store, revision: number): Promise<Set<number>> {
  const rows = await store
    .selectFrom('entries')
    .innerJoin('archives', (join) =>
      join.onRef('entries.number', '>=', 'archives.first').onRef('entries.number', '<=', 'archives.last'),
    )
    .where('entries.stood_revision', '>', revision)
    .select('archives.id')
    .distinct()
    .execute()
  return new Set(rows.map(({ id }) => id))
}
