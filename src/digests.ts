import { type Variant, composeDigests } from './digest/compose.ts'
import { renderLetter } from './digest/letter.ts'
import type { Entry, Instant } from './entry.ts'
import { mintId } from './identity.ts'
import { type FreezableDigest, type FrozenDigest, freezeDigests, readersByHad } from './remember/digests.ts'
import { announcedSince, entriesById } from './remember/entries.ts'
import { lastSlot } from './remember/runs.ts'
import { type Slot, dueSlot, localDay } from './schedule.ts'
import type { World } from './world.ts'

/** The name under which the slots of the site's own digest are kept. */
export const DIGEST_SCHEDULE = 'digest'

/** Freezes the digests that are due now: decides who gets what, renders each variant once, and writes it all down. */
export async function freezeDue(world: World, now: Instant): Promise<FrozenDigest[]> {
  const occasion = await occasionOf(world, now)
  if (occasion === null) return []
  const { store, scope, config } = world
  const slot = occasion.kind === 'slot' ? { schedule: DIGEST_SCHEDULE, slot: occasion.slot } : null
  if (occasion.isPast) return freezeDigests(store, [], slot, now)

  const readers = await readersByHad(store)
  const [least] = readers
  const announced = least === undefined ? [] : await announcedSince(store, scope, least.had)
  const variants = composeDigests(readers, announced, config.digest.maxEntries)
  const highest = String(announced.at(-1)?.number ?? 0)
  const digests: FreezableDigest[] = []
  for (const variant of variants) {
    const name = occasion.kind === 'slot' ? occasion.slot : highest
    digests.push(await renderVariant(world, variant, occasion.kind, name, now))
  }
  return freezeDigests(store, digests, slot, now)
}

/** Why a digest may be due: with each run, or because a slot was reached. */
type Occasion = { kind: 'instant'; isPast: false } | { kind: 'slot'; slot: Slot; isPast: boolean }

async function occasionOf({ config, store }: World, now: Instant): Promise<Occasion | null> {
  const { schedule, firstRun } = config.digest
  if (schedule.kind === 'instant') return { kind: 'instant', isPast: false }
  const last = await lastSlot(store, DIGEST_SCHEDULE)
  const slot = dueSlot(schedule.cron, config.site.timezone, last, now)
  if (slot === null) return null
  // A slot from before the first run was nobody's, unless the owner wants a first digest.
  return { kind: 'slot', slot, isPast: last === null && firstRun === 0 }
}

async function renderVariant(
  world: World,
  variant: Variant,
  frequency: string,
  slot: Slot,
  now: Instant,
): Promise<FreezableDigest> {
  const { config, store, scope, templates, sender } = world
  const { site, publish } = config
  const entries = (await entriesById(store, scope, variant.ids)).sort(newestFirst)
  const name = `after ${variant.from}`
  const id = digestId(now, site.timezone, [frequency, slot, name, String(now)])
  const { from, to, more } = variant
  const letter = renderLetter((await templates.compiled()).letter, {
    site,
    publishUrl: publish.url,
    digest: { id, date: now, entries, more },
    tokens: sender.tokens,
  })
  const domain = sender.from.address.slice(sender.from.address.lastIndexOf('@') + 1)
  return { id, frequency, zone: site.timezone, slot, variant: name, domain, letter, entries, more, from, to }
}

/** `20260131-5f3c9a1e`: the day, and what keeps two digests of one day, or of a lost store, apart. */
function digestId(now: Instant, zone: string, words: string[]): string {
  const { year, month, day } = localDay(now, zone)
  const digits = [year, month, day].map((part) => String(part).padStart(2, '0')).join('')
  return `${digits}-${mintId('digest', ...words)
    .replace(/^urn:uuid:/, '')
    .slice(0, 8)}`
}

function newestFirst(a: Entry, b: Entry): number {
  return b.date - a.date || b.number - a.number
}
