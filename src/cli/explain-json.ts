import type { ExplainedEntry } from '../gather/remote/explain.ts'
import { dateText } from './explain-date.ts'
import type { Told } from './explain-told.ts'
import { standingJson } from './source-standing.ts'
import type { Instant } from '../entry.ts'

/** The explanation of a page or feed for a program; dates are `2026-02-03` or in UTC. */
export function explanationJson(
  { asked, source, standing, found, document, paste, problems }: Told,
  now: Instant,
): object {
  const { entries = [], ...about } = document === null ? { kind: null } : { ...document, problems }
  return {
    ...{ asked, foundAt: found?.at ?? null, movedTo: found?.movedTo ?? null, contentType: found?.contentType ?? null },
    ...about,
    ...{ count: entries.length, entries: entries.map(entryJson) },
    source:
      source === null
        ? null
        : { name: source.name, kind: source.kind, ...(standing !== null && standingJson(standing, now)) },
    ...{ sources: paste, problems },
  }
}

function entryJson({ date, ...entry }: ExplainedEntry): object {
  return { ...entry, date: date === null ? null : dateText(date, null) }
}
