import { z } from 'zod'
import type { RunSummary } from '../status/facts.ts'
import { withoutAddresses } from '../status/reply.ts'

const UNKNOWN: RunSummary = {
  ...{ new: null, updated: null, removed: null, sent: null, deferred: null, refused: null },
  ...{ problem: null, stopped: false },
}

const count = z.number().nonnegative().nullable().catch(null)
const summary = z
  .object({
    ...{ new: count, updated: count, removed: count, sent: count, deferred: count, refused: count },
    problem: z.string().transform(withoutAddresses).nullable().catch(null),
    stopped: z.boolean().catch(false),
  })
  .catch(UNKNOWN)

/** What a run did, from the JSON text that it left; whatever is missing or strange there is null. */
export function readSummary(text: string): RunSummary {
  return summary.parse(jsonOf(text))
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
