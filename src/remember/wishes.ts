import type { Selectable } from 'kysely'
import { type Preferences, type Topic, parseTopic } from '../preferences.ts'
import type { Subscribers } from './tables.ts'

/** Words of a reader as the columns hold them. */
export function columnsOf({ frequency, zone, topics, language }: Preferences) {
  return { frequency, zone: zone ?? '', topics: JSON.stringify(topics), language: language ?? '' }
}

/** Topics as `columnsOf()` writes them. */
export function readTopics(json: string): Topic[] {
  const topics: unknown = JSON.parse(json)
  return Array.isArray(topics) ? topics.map((topic) => parseTopic(String(topic))) : []
}

type PreferenceColumns = Pick<Selectable<Subscribers>, 'frequency' | 'zone' | 'topics' | 'language'>

/** What the columns say, as `columnsOf()` writes them. */
export function preferencesOf({ frequency, zone, topics, language }: PreferenceColumns): Preferences {
  return {
    frequency,
    zone: zone === '' ? null : zone,
    topics: readTopics(topics),
    language: language === '' ? null : language,
  }
}
