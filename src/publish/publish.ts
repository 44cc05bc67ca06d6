import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, rmdirSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { sweepTemporaries, writeFileAtomic } from '../files.ts'
import { Problem } from '../problem.ts'
import type { Document } from '../site.ts'
import { MANIFEST, type Manifest, type Note, noteOf, readManifest, writeManifest } from './manifest.ts'

/** What a publication changed. */
export interface Published {
  written: string[]
  unchanged: number
  removed: string[]
}

/**
 * Publishes documents in the order given, writing only what changed, and removes what is ours and no longer stands.
 * A crash at any point leaves each file whole, old or new.
 * @param stands tells of a path that was published before whether it stays as it is
 * @throws {Problem} `publish-foreign` when a file that is not ours is in the way, `publish-failed` when the disk refuses
 */
export function publish(dir: string, documents: readonly Document[], stands: (path: string) => boolean): Published {
  try {
    mkdirSync(dir, { recursive: true })
    return publishInto(dir, documents, stands)
  } catch (cause) {
    if (!(cause instanceof Error) || !('code' in cause) || !('syscall' in cause)) throw cause
    const mend = 'make room, or let Feedwire write there; what was published before is whole'
    throw new Problem('publish-failed', `Cannot publish (${String(cause.code)})`, { where: dir, mend, cause })
  }
}

function publishInto(dir: string, documents: readonly Document[], stands: (path: string) => boolean): Published {
  const before = readManifest(dir)
  const contents = documents.map(({ path, content }) => ({ path, bytes: Buffer.from(content) }))
  const changed = contents.filter(({ path, bytes }) => !holds(join(dir, path), bytes))
  refuseForeign(dir, before, changed)

  // What stands is not written again, so that it is noted as it is, and no more when somebody deleted it.
  const standing = [...before.keys()].filter((path) => stands(path) && existsSync(join(dir, path)))
  const after: Manifest = new Map(standing.map((path) => [path, noteNow(dir, path, before)]))
  for (const { path, bytes } of contents) after.set(path, noteOf(bytes))
  // A name is ours from before its file is there until after it is gone.
  const both = new Map([...before, ...after])
  if (both.size > before.size) writeManifest(dir, new Map([...after, ...before]))
  sweep(dir, [MANIFEST, ...both.keys()])
  for (const { path, bytes } of changed) {
    mkdirSync(dirname(join(dir, path)), { recursive: true })
    writeFileAtomic(join(dir, path), bytes)
  }
  const removed = [...before.keys()].filter((path) => !after.has(path))
  for (const path of removed) removeFile(dir, path)
  if (JSON.stringify([...before].sort()) !== JSON.stringify([...after].sort())) writeManifest(dir, after)
  return { written: changed.map(({ path }) => path), unchanged: after.size - changed.length, removed }
}

function noteNow(dir: string, path: string, before: Manifest): Note {
  const note = before.get(path)
  return note?.bytes === statSync(join(dir, path)).size ? note : noteOf(readFileSync(join(dir, path)))
}

function holds(path: string, bytes: Buffer): boolean {
  return existsSync(path) && readFileSync(path).equals(bytes)
}

function refuseForeign(dir: string, manifest: Manifest, changed: readonly { path: string }[]): void {
  const foreign = changed.map(({ path }) => path).filter((path) => !manifest.has(path) && existsSync(join(dir, path)))
  if (foreign.length === 0) return
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
