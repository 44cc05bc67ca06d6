import type { Document } from '../site.ts'
import type { Folders } from './folders.ts'

/** Documents that are put at once: those that wait for the disk together wait once. */
const AT_ONCE = 8

/**
 * Puts documents while the next ones are made. Those of one group (all below `page/`, or one that stands in no folder)
 * go in any order; none begins before the groups before it are on the disk, so that what comes later may link to what
 * came before.
 */
export async function putInGroups(
  each: AsyncIterable<Document> | Iterable<Document>,
  folders: Folders,
  put: (document: Document) => Promise<void>,
): Promise<void> {
  const going: Promise<void>[] = []
  let group: string | null = null
  try {
    for await (const document of each) {
      const next = groupOf(document)
      if (next !== group) await settle(going, folders)
      else if (going.length === AT_ONCE) await going.shift()
      group = next
      const one = put(document)
      // It may fail while the next one is made; that is told when it is waited for.
      one.catch(() => undefined)
      going.push(one)
    }
    await settle(going, folders)
  } finally {
    await Promise.allSettled(going)
  }
}

function groupOf({ path }: Document): string {
  return path.split('/', 1)[0] ?? path
}

async function settle(going: Promise<void>[], folders: Folders): Promise<void> {
  await Promise.all(going)
  going.length = 0
  folders.sync()
}
