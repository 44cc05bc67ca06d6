import type { Config } from './config.ts'
import type { Sender } from './deliver/letters.ts'
import { renderDigest } from './digests.ts'
import type { RunOptions, RunReport } from './job.ts'
import { latestEntries } from './remember/entries.ts'
import { type AudienceCount, audiencesOf } from './remember/digests.ts'
import { type FrozenLetter, readLetter } from './remember/letters.ts'
import { rehearse } from './rehearsal.ts'
import type { World } from './world.ts'

/** A letter as it would go out, and to whom. */
export interface PreviewedLetter {
  letter: FrozenLetter
  entries: number
  more: number
  recipients: number
  /** Who gets it, the most readers first. */
  audiences: AudienceCount[]
}

/** What a digest would be if it were due to everybody now. */
export interface Preview {
  /** Those with the most readers first. */
  letters: PreviewedLetter[]
  /** True when nobody is due anything, and the one letter shows the newest entries instead. */
  isSample: boolean
  sender: Sender
  report: RunReport
}

/**
 * The letters that would go out now, each once, whoever gets it. Nothing is changed.
 * @throws {Problem} what a run would throw
 */
export function previewLetters(config: Config, options: Omit<RunOptions, 'digest'>): Promise<Preview> {
  return rehearse(config, { ...options, digest: 'now' }, async (world, report) => {
    const { store, sender } = world
    const letters: PreviewedLetter[] = []
    for (const { id, entries, more, recipients } of report.digests) {
      const letter = await readLetter(store, id)
      letters.push({ letter, entries, more, recipients, audiences: await audiencesOf(store, id) })
    }
    letters.sort((a, b) => b.recipients - a.recipients)
    if (letters.length > 0) return { letters, isSample: false, sender, report }
    return { letters: await sample(world, options.now), isSample: true, sender, report }
  })
}

/** The newest entries as a letter to nobody. */
async function sample(world: World, now: number): Promise<PreviewedLetter[]> {
  const { store, scope, config } = world
  const entries = await latestEntries(store, scope, config.digest.maxEntries)
  if (entries.length === 0) return []
  const digest = await renderDigest(world, {
    ...{ words: ['sample'], zone: config.site.timezone, language: config.site.language },
    ...{ entries, more: 0, now },
  })
  const { id, domain, more } = digest
  const letter = { id, domain, createdAt: now, ...digest.letter }
  return [{ letter, entries: digest.entries.length, more, recipients: 0, audiences: [] }]
}
