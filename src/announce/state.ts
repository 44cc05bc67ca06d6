import { z } from 'zod'
import type { ProblemRecord } from '../problem.ts'

/** The settings that problems are about. */
export const AFTER_SETTING = 'publish.after'
export const HUB_SETTING = 'feeds.hub'

const problemSchema = z.object({
  code: z.string(),
  severity: z.enum(['error', 'warning']),
  where: z.string().nullable(),
  message: z.string(),
  mend: z.string(),
})

const stateSchema = z.object({
  /** A glance at what there was when nothing was left to do; null: something was. */
  done: z.string().nullable(),
  /** The digest of what the owner's command last succeeded for; null once it was begun for something else. */
  after: z.string().nullable(),
  /** The hub, and by path the SHA-256 of each feed that it was last told of. */
  hub: z.object({ url: z.string(), told: z.record(z.string(), z.string()) }).nullable(),
  problems: z.array(problemSchema),
})

/** What was announced; what is to be announced is what differs from it. */
export type AnnouncedState = z.infer<typeof stateSchema>

/** The hub and what it was told of. */
export type HubState = NonNullable<AnnouncedState['hub']>

export const NOTHING_ANNOUNCED: AnnouncedState = { done: null, after: null, hub: null, problems: [] }

/** Reads the text in which the store keeps it. */
export function parseState(text: string): AnnouncedState {
  return stateSchema.parse(JSON.parse(text))
}

/** The problems that were not there before. */
export function freshProblems(
  problems: readonly ProblemRecord[],
  before: readonly ProblemRecord[],
): readonly ProblemRecord[] {
  const known = new Set(before.map(gist))
  return problems.filter((problem) => !known.has(gist(problem)))
}

/** Commands print times, sizes and process numbers, which differ where the failure is the same. */
function gist({ code, where, message }: ProblemRecord): string {
  return JSON.stringify([code, where, where === AFTER_SETTING ? message.replace(/\d+/g, '0') : message])
}
