import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, rmdirSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { replaceFile, sweepTemporaries, syncFolder } from '../files.ts'
import { Problem } from '../problem.ts'
import type { Document } from '../site.ts'
import { MANIFEST, type Manifest, type Note, noteOf, readManifest, writeManifest } from './manifest.ts'

/** What a publication changed. */
export interface Published {
  written: string[]
  unchanged: number
  removed: string[]
}

/** Documents to publish; each is made when its turn comes, so that no more than one is held. */
export interface Documents {
  /** The paths of all of them, in order. */
  paths: readonly string[]
  each: AsyncIterable<Document>
}

/**
 * Publishes documents in the order given, writing only what changed, and removes what is ours and no longer stands.
 * A crash at any point leaves each file whole, old or new.
 * @param stands tells of a path that was published before whether it stays as it is
 * @throws {Problem} `publish-foreign` when a file that is not ours is in the way, `publish-failed` when the disk refuses
 */
export async function publish(
  dir: string,
  documents: Documents,
  stands: (path: string) => boolean,
): Promise<Published> {
  try {
    mkdirSync(dir, { recursive: true })
    return await publishInto(dir, documents, stands)
  } catch (cause) {
    if (!(cause instanceof Error) || !('code' in cause) || !('syscall' in cause)) throw cause
    const mend = 'make room, or let Feedwire write there; what was published before is whole'
    throw new Problem('publish-failed', `Cannot publish (${String(cause.code)})`, { where: dir, mend, cause })
  }
}

async function publishInto(dir: string, documents: Documents, stands: (path: string) => boolean): Promise<Published> {
  const before = readManifest(dir)
  const each = await refuseForeign(dir, before, documents)

  // What stands is not written again, so that it is noted as it is, and no more when somebody deleted it.
  const standing = [...before.keys()].filter((path) => stands(path) && existsSync(join(dir, path)))
  const after: Manifest = new Map(standing.map((path) => [path, noteNow(dir, path, before)]))
  // A name is ours from before its file is there until after it is gone.
  const named: Manifest = new Map([...documents.paths.map((path): [string, Note] => [path, TO_COME]), ...before])
  if (named.size > before.size) writeManifest(dir, named)
  sweep(dir, [MANIFEST, ...named.keys()])
  const written: string[] = []
  let unsynced: string | null = null
  for await (const { path, content } of each) {
    const bytes = Buffer.from(content)
    after.set(path, noteOf(bytes))
    if (holds(join(dir, path), bytes)) continue
    const folder = dirname(join(dir, path))
    mkdirSync(folder, { recursive: true })
    replaceFile(join(dir, path), bytes)
    written.push(path)
    // What comes later may link to it, so it must last; in a folder of many pages that is asked once.
    if (folder !== unsynced && unsynced !== null) syncFolder(unsynced)
    unsynced = folder === dir ? null : folder
    if (folder === dir) syncFolder(folder)
  }
  if (unsynced !== null) syncFolder(unsynced)
  const removed = [...named.keys()].filter((path) => !after.has(path))
  for (const path of removed) removeFile(dir, path)
  if (named.size > before.size || !isSame(before, after)) writeManifest(dir, after)
  return { written, unchanged: after.size - written.length, removed }
}

/** What is noted of a file that is not there yet; it is that of no file. */
const TO_COME: Note = { bytes: -1, sha256: '' }

function isSame(before: Manifest, after: Manifest): boolean {
  return JSON.stringify([...before].sort()) === JSON.stringify([...after].sort())
}

function noteNow(dir: string, path: string, before: Manifest): Note {
  const note = before.get(path)
  return note?.bytes === statSync(join(dir, path)).size ? note : noteOf(readFileSync(join(dir, path)))
}

function holds(path: string, bytes: Buffer): boolean {
  return existsSync(path) && readFileSync(path).equals(bytes)
}

/** Nothing is written while a file that is not ours, and says anything else, is in the way. */
async function refuseForeign(
  dir: string,
  manifest: Manifest,
  { paths, each }: Documents,
): Promise<AsyncIterable<Document> | readonly Document[]> {
  const unknown = new Set(paths.filter((path) => !manifest.has(path) && existsSync(join(dir, path))))
  if (unknown.size === 0) return each
  const documents: Document[] = []
  for await (const document of each) documents.push(document)
  const foreign = documents
    .filter(({ path, content }) => unknown.has(path) && !holds(join(dir, path), Buffer.from(content)))
    .map(({ path }) => path)
  if (foreign.length === 0) return documents
  const message = `Not written by Feedwire, so not overwritten: ${foreign.join(', ')}`
  const mend = 'move it away, or set publish.dir to a directory of its own'
  throw new Problem('publish-foreign', message, { where: dir, mend })
}

function removeFile(dir: string, path: string): void {
  rmSync(join(dir, path), { force: true })
  const folder = dirname(path)
  if (folder !== '.' && existsSync(join(dir, folder)) && readdirSync(join(dir, folder)).length === 0) {
    rmdirSync(join(dir, folder))
  }
}

function sweep(dir: string, paths: readonly string[]): void {
  const ours = new Set(paths)
  for (const folder of new Set(paths.map((path) => dirname(path)))) {
    if (statSync(join(dir, folder), { throwIfNoEntry: false })?.isDirectory() !== true) continue
    sweepTemporaries(join(dir, folder), (name) => ours.has(folder === '.' ? name : `${folder}/${name}`))
  }
}
