import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'

const SCRIPT = fileURLToPath(new URL('entries-found.py', import.meta.url))
const ENTRIES = z.array(
  z.array(
    z.object({
      guid: z.string().nullable(),
      link: z.string().nullable(),
      title: z.string(),
      date: z.number().nullable(),
    }),
  ),
)

/** An entry as feedparser finds it. */
export type FoundEntry = z.infer<typeof ENTRIES>[number][number]

/** What feedparser finds in each of these files, as if each were fetched from `https://feed.example/feed.xml`. */
export function entriesFound(paths: readonly string[]): FoundEntry[][] {
  const printed = execFileSync('/usr/bin/python3', [SCRIPT], {
    input: paths.join('\n'),
    encoding: 'utf8',
    maxBuffer: 1e8,
  })
  return ENTRIES.parse(JSON.parse(printed))
}
