import type { PageContext } from '../pages/context.ts'
import { renderDigestPage } from '../pages/render.ts'
import type { Publication } from '../publication.ts'
import { publishedPaths } from '../publish/manifest.ts'
import { digestsChangedSince, readDigest } from '../remember/digests.ts'
import type { World } from '../world.ts'
import { type Part, partOf } from './part.ts'

/** Where the pages of digests stand. */
export const DIGESTS_FOLDER = 'digests/'

/** The page of each digest, as it was mailed but for what is gone since. */
export async function digestsPart(
  { store, scope, config }: World,
  contextIn: (language: string) => PageContext,
  { digests, since }: { digests: readonly string[]; since: Publication | null },
): Promise<Part> {
  const published = new Set(since === null ? [] : publishedPaths(config.publish.dir))
  const changed = since === null ? new Set<string>() : await digestsChangedSince(store, since.revision)
  return partOf(digests, digestPath, {
    isDue: (id) => !published.has(digestPath(id)) || changed.has(id),
    make: async (id) => {
      const digest = await readDigest(store, scope, id)
      return renderDigestPage(contextIn(digest.language), digest)
    },
  })
}

function digestPath(id: string): string {
  return `${DIGESTS_FOLDER}${id}.html`
}
