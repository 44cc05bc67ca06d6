import type { Entry } from '../entry.ts'
import type { PageContext } from '../pages/context.ts'
import { pagePath } from '../pages/nav.ts'
import { renderIndex, renderOlderPage } from '../pages/render.ts'
import type { Publication } from '../publication.ts'
import { entriesOfPage } from '../remember/entries.ts'
import type { Document } from '../site.ts'
import type { World } from '../world.ts'
import { byDate } from './by-date.ts'
import { type Part, partOf } from './part.ts'

/** UTF-8 bytes that the front page does not exceed. */
const PAGE_LIMIT = 250 * 1024

/** The older pages, numbered from the oldest; a full one hardly ever changes. */
export function olderPagesPart(
  { store, scope }: World,
  context: PageContext,
  { found, since }: { found: readonly { page: number; revision: number }[]; since: Publication | null },
): Part {
  const pages = found.map(({ page }) => page)
  return partOf(found, ({ page }) => pagePath(page), {
    isDue: isPageDue(pages, since),
    make: async ({ page }) => renderOlderPage(context, page, await entriesOfPage(store, scope, page), pages),
  })
}

function isPageDue(
  pages: readonly number[],
  since: Publication | null,
): (found: { page: number; revision: number }) => boolean {
  // A page that was the last one gains a link to the next; when one in the middle vanished, all are made anew.
  const isGrown = since !== null && since.pages.every((page, index) => pages[index] === page)
  const lastBefore = since?.pages.at(-1) ?? 0
  return ({ page, revision }) => {
    const isNewNeighbour = page >= lastBefore && pages.length !== since?.pages.length
    return !isGrown || revision > since.revision || isNewNeighbour
  }
}

/** @param entries newest number first; the oldest are left out until the page is small enough */
export function fitIndex(context: PageContext, entries: readonly Entry[], pages: readonly number[]): Document {
  const index = renderIndex(context, byDate(entries), pages)
  const size = Buffer.byteLength(index.content)
  if (size <= PAGE_LIMIT || entries.length <= 1) return index
  const fitting = Math.min(entries.length - 1, Math.floor((entries.length * PAGE_LIMIT) / size))
  return fitIndex(context, entries.slice(0, Math.max(1, fitting)), pages)
}
