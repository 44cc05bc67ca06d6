import { collectionKey } from './collection.ts'
import { Problem } from './problem.ts'

declare const brand: unique symbol

/** When a reader gets a digest: on the site's own schedule, with each run that finds something, each day or each week. */
export const FREQUENCIES = ['site', 'instant', 'daily', 'weekly'] as const

export type Frequency = (typeof FREQUENCIES)[number]

/** What a reader wants to hear of: `tag:tides`, `category:science` or `source:notes`, folded as those names are. */
export type Topic = string & { readonly [brand]: 'Topic' }

export const TOPIC_KINDS = ['tag', 'category', 'source'] as const

export type TopicKind = (typeof TOPIC_KINDS)[number]

/** What a reader asked for. */
export interface Preferences {
  frequency: Frequency
  /** IANA zone of the reader's clock; null: the site's. */
  zone: string | null
  /** Sorted, each once; empty: everything. */
  topics: readonly Topic[]
  /** BCP 47 tag of our texts, never of entries; null: the site's. */
  language: string | null
}

/** What a reader gets who asked for nothing. */
export const NO_PREFERENCES: Preferences = { frequency: 'site', zone: null, topics: [], language: null }

/** The topic that entries with this tag, of this category or source are of. */
export function topicOf(kind: TopicKind, name: string): Topic {
  return `${kind}:${collectionKey(name.trim().replace(/\s+/g, ' '))}` as Topic
}

/**
 * Reads `tag:tides`.
 * @throws {Problem} `topic-malformed`
 */
export function parseTopic(text: string): Topic {
  const [, written, name = ''] = /^\s*([a-z]+):\s*(.*?)\s*$/isu.exec(text) ?? []
  const kind = TOPIC_KINDS.find((one) => one === written?.toLowerCase())
  if (kind !== undefined && name !== '' && !/\p{Cc}/u.test(name)) return topicOf(kind, name)
  throw new Problem('topic-malformed', `${JSON.stringify(text.slice(0, 100))} is not a topic`, {
    mend: 'write tag:NAME, category:NAME or source:NAME, such as tag:tides',
  })
}

/** Topics in their one order, each once, so that readers who want the same share a digest. */
export function topicSet(topics: Iterable<Topic>): Topic[] {
  return [...new Set(topics)].sort()
}

/** @throws {Problem} `frequency-unknown` */
export function parseFrequency(text: string): Frequency {
  const found = FREQUENCIES.find((one) => one === text.trim().toLowerCase())
  if (found !== undefined) return found
  throw new Problem('frequency-unknown', `${JSON.stringify(text.slice(0, 100))} is not a frequency`, {
    mend: 'write instant, daily, weekly, or site for the schedule of the site',
  })
}
