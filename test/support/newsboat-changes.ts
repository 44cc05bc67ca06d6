import { renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { filesBelow, putFile } from './folder.ts'
import type { KeptItem } from './newsboat.ts'
import { SETTINGS, putArticle } from './newsboat-site.ts'

/** What may happen to a site whose readers have seen everything. */
export interface Change {
  says: string
  make: (dir: string) => void
  /** How the server answers a reader who comes back after the next run. */
  status: 200 | 304
  /** Titles that are new to the reader. */
  fresh?: readonly string[]
  /** Whether the reader knows what changed. */
  isTold?: (kept: readonly KeptItem[]) => boolean
}

export const CHANGES: readonly Change[] = [
  { says: 'nothing changed', make: () => undefined, status: 304 },
  {
    says: 'what is published was deleted and made again',
    make: (dir) => rmSync(join(dir, 'public'), { recursive: true }),
    status: 304,
  },
  { says: 'the store was lost and made again', make: loseStore, status: 304 },
  {
    says: 'a title was edited',
    make: (dir) => putArticle(dir, 0, "'Ebb & flow, `<again>`'"),
    status: 200,
    isTold: (kept) => kept.some(({ title }) => title === 'Ebb & flow, <again>'),
  },
  {
    says: 'a file was renamed',
    make: (dir) => renameSync(join(dir, 'articles/note-1.md'), join(dir, 'articles/moved.md')),
    status: 200,
    isTold: (kept) => kept.some(({ url }) => url === 'https://tides.example.org/moved/'),
  },
  {
    says: 'the site moved to a new domain',
    make: (dir) => putFile(dir, 'feedwire.config.yaml', SETTINGS.replaceAll('tides.example.org', 'sea.example.net')),
    status: 200,
    isTold: (kept) => kept.every(({ url }) => url.startsWith('https://sea.example.net/')),
  },
  {
    says: 'the documents moved to another address',
    make: (dir) =>
      putFile(dir, 'feedwire.config.yaml', `${SETTINGS}publish: { url: "https://cdn.example.net/feeds/" }\n`),
    status: 200,
  },
  {
    says: 'the feeds were switched to snippets',
    make: (dir) => putFile(dir, 'feedwire.config.yaml', `${SETTINGS}feeds: { content: snippet }\n`),
    status: 200,
  },
  { says: 'an article was removed', make: (dir) => rmSync(join(dir, 'articles/note-2.md')), status: 200 },
  {
    says: 'an article was added',
    make: (dir) => putArticle(dir, 20, "'Neap tide & `<new>`'"),
    status: 200,
    fresh: ['Neap tide & <new>'],
  },
]

function loseStore(dir: string): void {
  for (const path of filesBelow(dir)) if (path.startsWith('feedwire.db')) rmSync(join(dir, path))
}
