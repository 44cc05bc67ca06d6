import { type Preferences, type Topic, TOPIC_KINDS, FREQUENCIES, type TopicKind, topicSet } from '../preferences.ts'
import { type TopicChoice, choicesVersion, readTopicChoices } from '../remember/choices.ts'
import type { Store } from '../remember/open.ts'
import { isZoneName } from '../schedule.ts'
import type { WebTools } from './tools.ts'
import { listedZones } from './zones.ts'

/** What readers may choose from. */
export interface Offer {
  /** By kind, those with most entries first. */
  topics: readonly TopicChoice[]
  /** IANA zones. */
  zones: readonly string[]
  /** BCP 47 tags of our texts. */
  languages: readonly string[]
}

/** Gives what readers may choose from; topics are counted anew only when entries have changed. */
export function offerOf({ store, sources, languages, zones }: WebTools): () => Promise<Offer> {
  const known = zones ?? listedZones()
  const topics = topicsOf(store, sources)
  return async () => ({ topics: await topics(), zones: known, languages })
}

function topicsOf(store: Store, sources: readonly string[]): () => Promise<readonly TopicChoice[]> {
  let last: { version: string; topics: readonly TopicChoice[] } | null = null
  return async () => {
    const version = await choicesVersion(store)
    if (last?.version !== version) last = { version, topics: await readTopicChoices(store, sources) }
    return last.topics
  }
}

/** The same with what a reader has chosen already, be it offered to others or not. */
export function offerTo({ topics, zones, languages }: Offer, { topics: chosen, zone, language }: Preferences): Offer {
  const offered = new Set(topics.map(({ topic }) => topic))
  return {
    topics: [...topics, ...chosen.filter((topic) => !offered.has(topic)).flatMap(choiceOf)],
    zones: zone === null || zones.includes(zone) ? zones : [...zones, zone],
    languages: language === null || languages.includes(language) ? languages : [...languages, language],
  }
}

/** Reads what a form asks for; what is not offered counts for nothing, but zones have more names than a list shows. */
export function readWishes(fields: URLSearchParams, { topics, languages }: Offer): Preferences {
  const asked = new Set(fields.getAll('topics'))
  const zone = fields.get('zone') ?? ''
  return {
    frequency: FREQUENCIES.find((one) => one === fields.get('frequency')) ?? 'site',
    topics: topicSet(topics.flatMap(({ topic }) => (asked.has(topic) ? [topic] : []))),
    zone: isZoneName(zone) ? zone : null,
    language: languages.find((language) => language === fields.get('language')) ?? null,
  }
}

/** Topics of each kind that a form shows, so that a site with thousands has one that can be read. */
const MOST = 50

/** The topics that a form shows, by kind: those with most entries, and what is chosen. A site's only source is none. */
export function shownTopics(topics: readonly TopicChoice[], chosen: readonly Topic[]): [TopicKind, TopicChoice[]][] {
  return TOPIC_KINDS.flatMap((kind): [TopicKind, TopicChoice[]][] => {
    const all = topics.filter((choice) => choice.kind === kind)
    const shown = all.filter(({ topic }, at) => at < MOST || chosen.includes(topic))
    const isNoChoice = kind === 'source' && shown.length === 1 && !shown.some(({ topic }) => chosen.includes(topic))
    return shown.length === 0 || isNoChoice ? [] : [[kind, shown]]
  })
}

/** A topic that no entry has: its name is all that is known of it. */
function choiceOf(topic: Topic): TopicChoice[] {
  const kind = TOPIC_KINDS.find((one) => topic.startsWith(`${one}:`))
  return kind === undefined ? [] : [{ topic, kind, name: topic.slice(kind.length + 1), count: 0 }]
}
