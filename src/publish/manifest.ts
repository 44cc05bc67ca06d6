import { createHash } from 'node:crypto'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { writeFileAtomic } from '../files.ts'
import { Problem } from '../problem.ts'
import { COPIES, type Copy } from './compress.ts'

/** Names the files of the publish directory that are ours; it stands in that directory. */
export const MANIFEST = '.feedwire-manifest.json'

/** A path is trusted to be deleted, so none may lead out of the publish directory. */
const insidePath = z
  .string()
  .refine((path) => !/[\\:]/.test(path) && path.split('/').every((part) => !['', '.', '..'].includes(part)))

const manifestSchema = z.object({
  files: z.record(
    insidePath,
    z.object({ bytes: z.int(), sha256: z.string(), copies: z.object({ gz: z.int(), br: z.int() }).exactOptional() }),
  ),
})

/** What we published, by path. */
export type Manifest = Map<string, Note>

/** A file as it was published. */
export interface Note {
  bytes: number
  sha256: string
  /** Bytes of the compressed copies beside it, when it has them. */
  copies?: Record<Copy, number>
}

/** Reads the manifest; without one, nothing in the directory is ours. */
export function readManifest(dir: string): Manifest {
  const path = join(dir, MANIFEST)
  if (!existsSync(path)) return new Map()
  try {
    const { files } = manifestSchema.parse(JSON.parse(readFileSync(path, 'utf8')))
    return new Map(Object.entries(files))
  } catch (cause) {
    const mend = 'bring it back from a backup, or empty the publish directory of all that Feedwire wrote'
    throw new Problem('manifest-unreadable', 'Cannot read the list of published files', { where: path, mend, cause })
  }
}

export function writeManifest(dir: string, manifest: Manifest): void {
  const files = Object.fromEntries([...manifest].sort(([a], [b]) => (a < b ? -1 : 1)))
  writeFileAtomic(join(dir, MANIFEST), `${JSON.stringify({ files }, null, 1)}\n`)
}

/** What the manifest notes of a file with this content. */
export function noteOf(content: Buffer): Note {
  return { bytes: content.length, sha256: createHash('sha256').update(content).digest('hex') }
}

/** True when something is published and no file of it was deleted or cut since. */
export function isIntact(dir: string): boolean {
  const manifest = readManifest(dir)
  return manifest.size > 0 && [...manifest].every((file) => isWhole(dir, file))
}

function isWhole(dir: string, [path, { bytes, copies }]: [string, Note]): boolean {
  if (sizeOf(join(dir, path)) !== bytes) return false
  return copies === undefined || COPIES.every((ending) => sizeOf(join(dir, `${path}.${ending}`)) === copies[ending])
}

/** The path of a file, and those of its copies. */
export function pathsOf([path, { copies }]: [string, Note]): string[] {
  return copies === undefined ? [path] : [path, ...COPIES.map((ending) => `${path}.${ending}`)]
}

/** The size of a file, or null when it cannot be looked at. */
function sizeOf(path: string): number | null {
  try {
    return statSync(path).size
  } catch (error) {
    if (error instanceof Error && 'syscall' in error) return null
    throw error
  }
}

/** Stands for all that is published in a directory; null: nothing is. */
export function publishedHash(dir: string): string | null {
  const path = join(dir, MANIFEST)
  return existsSync(path) ? createHash('sha256').update(readFileSync(path)).digest('hex') : null
}

/** The paths of the files that are ours. */
export function publishedPaths(dir: string): string[] {
  return [...readManifest(dir).keys()]
}
