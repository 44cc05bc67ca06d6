import type { Config } from '../config.ts'
import { type Preferences, type Topic, parseFrequency, parseTopic, topicSet } from '../preferences.ts'
import { Problem } from '../problem.ts'
import { checkZone } from '../schedule.ts'
import { nearest, readTemplates } from '../templates.ts'

/** Preferences as a command line gives them; what is left out is not asked for. */
export interface PreferenceOptions {
  frequency?: string
  zone?: string
  topic?: string[]
  language?: string
}

/**
 * Reads the preferences that a command line names; `site` stands for the site's own zone or language, and
 * `everything` for no topic.
 * @throws {Problem} `argument-preference`
 */
export function readPreferences(options: PreferenceOptions, config: Config): Partial<Preferences> {
  const { frequency, zone, topic, language } = options
  try {
    return {
      ...(frequency !== undefined && { frequency: parseFrequency(frequency) }),
      ...(zone !== undefined && { zone: zone === SITE ? null : knownZone(zone) }),
      ...(topic !== undefined && { topics: readTopics(topic) }),
      ...(language !== undefined && { language: language === SITE ? null : knownLanguage(language, config) }),
    }
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    throw new Problem('argument-preference', error.message, { mend: error.mend })
  }
}

const SITE = 'site'

function knownZone(zone: string): string {
  checkZone(zone)
  return zone
}

function readTopics(texts: readonly string[]): Topic[] {
  return topicSet(texts.filter((text) => text !== 'everything').map(parseTopic))
}

function knownLanguage(language: string, config: Config): string {
  const { languages } = readTemplates(config)
  const found = nearest(language, languages)
  if (found !== 'en' || /^en(?:-|$)/i.test(language)) return found
  throw new Problem('language-unknown', `There are no texts in "${language.slice(0, 40)}"`, {
    mend: `take one of ${languages.join(', ')}, or put texts/${language.slice(0, 40)}.yaml among your templates`,
  })
}

/** Preferences as a person reads them: `daily, Europe/Berlin, tag:tides`. */
export function preferencesText({ frequency, zone, topics, language }: Preferences): string {
  const which = topics.length === 0 ? ['everything'] : topics
  const parts = [frequency === 'site' ? "on the site's schedule" : frequency, zone, ...which, language]
  return parts.filter((part) => part !== null).join(', ')
}
