import type { Config } from './config.ts'
import { type Announced, type Audience, type Variant, composeDigests } from './digest/compose.ts'
import { type DigestRules, type DueClock, dueAt, everybodyAt } from './digest/due.ts'
import { fitLetter } from './digest/fit.ts'
import type { Letter } from './digest/letter.ts'
import type { Entry, Instant } from './entry.ts'
import { optimise } from './heap.ts'
import { mintId } from './identity.ts'
import { dayIn } from './pages/day.ts'
import { announcedSince, entriesById } from './remember/entries.ts'
import { type FreezableDigest, type FrozenDigest, type Group, freezeDigests, readerGroups } from './remember/freeze.ts'
import type { Store } from './remember/open.ts'
import { forgetSlots, lastSlots } from './remember/runs.ts'
import { readTopics } from './remember/wishes.ts'
import { type Slot, localDay } from './schedule.ts'
import { nearest } from './templates.ts'
import type { World } from './world.ts'

/** Readers to whom something may go now. */
interface DueReaders extends Audience {
  group: Group
  zone: string
  slot: Slot | null
}

/**
 * Freezes the digests that are due now: decides who gets what, renders each variant once, and writes it all down.
 * @param everybody true when a digest is due to all readers, whatever their schedules
 */
export async function freezeDue(world: World, now: Instant, everybody = false): Promise<FrozenDigest[]> {
  const { store, scope, config } = world
  const [groups, rules] = [await readerGroups(store), rulesOf(config)]
  const decided = everybody ? everybodyAt(groups, rules, now) : dueAt(groups, await lastSlots(store), rules, now)
  const { due, slots, abandoned } = decided
  await forgetSlots(store, abandoned)
  const [least] = due
  const announced = least === undefined ? [] : await announcedSince(store, scope, least.group.had)
  if (announced.length === 0 && slots.length === 0) return []
  optimise()
  const digests = await composeAndRender(world, due, announced, now)
  return freezeDigests(store, { digests, groups: due.map(({ group }) => group), slots }, now)
}

/** The slots of digests that are due at a moment, each as one word. */
export async function dueDigestSlots(store: Store, config: Config, now: Instant): Promise<string[]> {
  const { slots } = dueAt(await readerGroups(store), await lastSlots(store), rulesOf(config), now)
  return slots.map(({ schedule, slot }) => `${schedule} ${slot}`)
}

function rulesOf({ site, digest }: Config): DigestRules {
  const { schedule, daily, weekly, firstRun } = digest
  return { zone: site.timezone, schedule, daily, weekly, announcesFirst: firstRun > 0 }
}

/** @param due by `had`, ascending */
async function composeAndRender(
  world: World,
  due: readonly DueClock<Group>[],
  announced: readonly Announced[],
  now: Instant,
): Promise<FreezableDigest[]> {
  const { config, templates } = world
  const readers = due.map(({ group, zone, slot }): DueReaders => {
    const { had } = group
    const language = nearest(group.language === '' ? config.site.language : group.language, templates.languages)
    return { group, zone, slot, had, language, topics: readTopics(group.topics), day: dayIn(zone, now) }
  })
  const highest = String(announced.at(-1)?.number ?? 0)
  const digests: FreezableDigest[] = []
  for (const variant of composeDigests(readers, announced, config.digest.maxEntries)) {
    digests.push(await renderVariant(world, variant, highest, now))
  }
  return digests
}

async function renderVariant(
  world: World,
  variant: Variant<DueReaders>,
  highest: string,
  now: Instant,
): Promise<FreezableDigest> {
  const [first] = variant.audiences
  const { frequency } = first.group
  const { zone, language } = first
  const slot = first.slot ?? highest
  const name = nameOf(first, now)
  const entries = await entriesById(world.store, world.scope, variant.ids)
  const words = [frequency, zone, slot, name]
  const digest = await renderDigest(world, { words, zone, language, entries, more: variant.more, now })
  const siteLanguage = nearest(world.config.site.language, world.templates.languages)
  const isOwnLanguage = language === siteLanguage
  const isSites = variant.audiences.some(({ group, topics }) => group.frequency === 'site' && topics.length === 0)
  return {
    ...{ ...digest, frequency, zone, slot, variant: name },
    language: isOwnLanguage ? '' : language,
    isListed: isOwnLanguage && isSites,
    groups: variant.audiences.map(({ group }) => group),
  }
}

/** A digest without its readers. */
export interface RenderedDigest {
  id: string
  /** Domain of its Message-IDs. */
  domain: string
  letter: Letter
  entries: Entry[]
  more: number
}

/** Renders one digest, with as many of the entries as a letter holds. @throws {Problem} `template-render` */
export async function renderDigest(
  world: World,
  digest: {
    /** What sets it apart from others of the same moment. */
    words: string[]
    zone: string
    /** Language of our texts. */
    language: string
    entries: Entry[]
    more: number
    now: Instant
  },
): Promise<RenderedDigest> {
  const { config, sender, templates } = world
  const { words, zone, language, entries, now } = digest
  const { letter: letterTemplates, texts } = await templates.compiled()
  const id = digestId(now, zone, [...words, String(now)])
  const input = {
    ...{ site: config.site, publishUrl: config.publish.url, texts: texts(language), tokens: sender.tokens },
    hasPreferences: config.web !== null,
    digest: { id, date: now, zone, entries: [], more: digest.more },
  }
  const newestFirst = entries.toSorted((a, b) => b.date - a.date || b.number - a.number)
  const domain = sender.from.address.slice(sender.from.address.lastIndexOf('@') + 1)
  return { id, domain, ...fitLetter(letterTemplates, input, newestFirst) }
}

/**
 * What sets a digest apart from the others of its frequency, zone and slot: also from one that was made before for
 * others, when a reader comes to their frequency without having had it.
 */
function nameOf({ had, topics, group }: DueReaders, now: Instant): string {
  // Quoted, since a topic may read like two.
  const quoted = topics.map((topic) => JSON.stringify(topic))
  const language = group.language === '' ? [] : [`in ${group.language}`]
  return [`after ${had}`, ...quoted, ...language, new Date(now).toISOString()].join('; ')
}

/** `20260131-5f3c9a1e`: the day, and what keeps two digests of one day, or of a lost store, apart. */
function digestId(now: Instant, zone: string, words: string[]): string {
  const { year, month, day } = localDay(now, zone)
  const digits = [year, month, day].map((part) => String(part).padStart(2, '0')).join('')
  return `${digits}-${mintId('digest', ...words)
    .replace(/^urn:uuid:/, '')
    .slice(0, 8)}`
}
