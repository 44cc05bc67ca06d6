import { sql } from 'kysely'
import { TOPIC_KINDS, type Topic, type TopicKind, topicOf } from '../preferences.ts'
import type { Store } from './open.ts'
import { storeRevision } from './revision.ts'
import { readSetting } from './settings.ts'

/** A topic that readers may choose. */
export interface TopicChoice {
  topic: Topic
  kind: TopicKind
  /** As the first entry of it wrote it. */
  name: string
  /** Entries of it that stand. */
  count: number
}

/**
 * The topics that have entries, by kind, those with most entries first.
 * @param sources names of the sources that are read
 */
export async function readTopicChoices(store: Store, sources: readonly string[]): Promise<TopicChoice[]> {
  const rows = await store
    .selectFrom('collections')
    .innerJoin('collection_entries', 'collection_entries.collection_id', 'collections.id')
    .innerJoin('entries', 'entries.id', 'collection_entries.entry_id')
    .innerJoin('sources', 'sources.id', 'entries.source_id')
    .where('sources.name', 'in', [...sources])
    .where('collections.kind', 'in', [...TOPIC_KINDS])
    .where('removed_at', 'is', null)
    .where('hidden', '=', 0)
    .where('number', '>', 0)
    .groupBy(['collections.id', 'collections.kind', 'collections.name', 'collections.key'])
    .select(['collections.kind', 'collections.name', sql<number>`count(*)`.as('count')])
    .orderBy('count', 'desc')
    .orderBy('collections.key')
    .execute()
  return TOPIC_KINDS.flatMap((kind) =>
    rows
      .filter((row) => row.kind === kind)
      .map(({ name, count }) => ({ topic: topicOf(kind, name), kind, name, count: Number(count) })),
  )
}

/** Another text whenever the topics may be others. */
export async function choicesVersion(store: Store): Promise<string> {
  return `${await storeRevision(store)} ${(await readSetting(store, 'collected')) ?? ''}`
}
