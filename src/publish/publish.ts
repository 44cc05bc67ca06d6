import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, rmdirSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { sweepTemporaries } from '../files.ts'
import { Problem } from '../problem.ts'
import type { Document } from '../site.ts'
import { COPIES, copiesOf } from './compress.ts'
import { type File, Folders } from './folders.ts'
import { putInGroups } from './groups.ts'
import { MANIFEST, type Manifest, type Note, noteOf, pathsOf, readManifest, writeManifest } from './manifest.ts'

/** What a publication changed; compressed copies go with their files and are not counted. */
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

/** How documents are published. */
export interface PublishOptions {
  /** Tells of a path that was published before whether it stays as it is. */
  stands: (path: string) => boolean
  /** True when each file gets a `.gz` and a `.br` beside it. */
  compress: boolean
}

/**
 * Publishes documents in the order given, writing only what changed, and removes what is ours and no longer stands.
 * A crash at any point leaves each file whole, old or new.
 * @throws {Problem} `publish-foreign` when a file that is not ours is in the way, `publish-failed` when the disk refuses
 */
export async function publish(dir: string, documents: Documents, options: PublishOptions): Promise<Published> {
  try {
    mkdirSync(dir, { recursive: true })
    return await publishInto(dir, documents, options)
  } catch (cause) {
    if (!(cause instanceof Error) || !('code' in cause) || !('syscall' in cause)) throw cause
    const mend = 'make room, or let Feedwire write there; what was published before is whole'
    throw new Problem('publish-failed', `Cannot publish (${String(cause.code)})`, { where: dir, mend, cause })
  }
}

async function publishInto(dir: string, documents: Documents, options: PublishOptions): Promise<Published> {
  const { stands, compress } = options
  const before = readManifest(dir)
  const each = await refuseForeign(dir, before, documents, compress)

  // What stands is not written again, so that it is noted as it is, and no more when somebody deleted it.
  const standing = [...before].filter(([path]) => stands(path) && existsSync(join(dir, path)))
  const after: Manifest = new Map(standing.map(([path, note]) => [path, noteNow(dir, path, note)]))
  // A name is ours from before its file is there until after it is gone.
  const named: Manifest = new Map([...before, ...toCome(documents.paths, before, compress)])
  if (namesOf(named).length > namesOf(before).length) writeManifest(dir, named)
  sweep(dir, [MANIFEST, ...namesOf(named)])
  const changed = new Set<string>()
  const folders = new Folders(dir)
  const put = async (document: Document): Promise<void> => {
    const { note, files } = await filesOf(document, compress)
    after.set(document.path, note)
    const due = files.filter(({ path, bytes }) => !holds(join(dir, path), bytes))
    if (due.some(({ path }) => path === document.path)) changed.add(document.path)
    await folders.write(due)
  }
  await putInGroups(each, folders, put)
  const written = documents.paths.filter((path) => changed.has(path))
  const kept = new Set(namesOf(after))
  for (const name of namesOf(named)) if (!kept.has(name)) removeFile(dir, name)
  const removed = [...named.keys()].filter((path) => !after.has(path))
  if (namesOf(named).length > namesOf(before).length || !isSame(before, after)) writeManifest(dir, after)
  return { written, unchanged: after.size - written.length, removed }
}

/** The names of files and of their copies. */
function namesOf(manifest: Manifest): string[] {
  return [...manifest].flatMap(pathsOf)
}

/** What is noted of a file that is not there yet: it is that of no file. */
function toCome(paths: readonly string[], before: Manifest, compress: boolean): [string, Note][] {
  const nothing: Note = { bytes: -1, sha256: '', ...(compress && { copies: { gz: -1, br: -1 } }) }
  return paths.map((path) => {
    const note = before.get(path) ?? nothing
    return [path, compress && note.copies === undefined ? { ...note, copies: { gz: -1, br: -1 } } : note]
  })
}

/** The copies go first: whichever a server gives, it is never older than the file for long, and the next run mends it. */
async function filesOf({ path, content }: Document, compress: boolean): Promise<{ note: Note; files: File[] }> {
  const bytes = Buffer.from(content)
  if (!compress) return { note: noteOf(bytes), files: [{ path, bytes }] }
  const copies = await copiesOf(bytes)
  const note = { ...noteOf(bytes), copies: { gz: copies.gz.length, br: copies.br.length } }
  return {
    note,
    files: [...COPIES.map((ending) => ({ path: `${path}.${ending}`, bytes: copies[ending] })), { path, bytes }],
  }
}

function isSame(before: Manifest, after: Manifest): boolean {
  return JSON.stringify([...before].sort()) === JSON.stringify([...after].sort())
}

function noteNow(dir: string, path: string, note: Note): Note {
  if (note.bytes === statSync(join(dir, path)).size) return note
  const { copies } = note
  return { ...noteOf(readFileSync(join(dir, path))), ...(copies && { copies }) }
}

function holds(path: string, bytes: Uint8Array): boolean {
  return existsSync(path) && readFileSync(path).equals(bytes)
}

/** Nothing is written while a file that is not ours, and says anything else, is in the way. */
async function refuseForeign(
  dir: string,
  manifest: Manifest,
  { paths, each }: Documents,
  compress: boolean,
): Promise<AsyncIterable<Document> | readonly Document[]> {
  const ours = new Set(namesOf(manifest))
  const names = paths.flatMap((path) => [path, ...(compress ? COPIES.map((ending) => `${path}.${ending}`) : [])])
  const unknown = new Set(names.filter((name) => !ours.has(name) && existsSync(join(dir, name))))
  if (unknown.size === 0) return each
  const documents: Document[] = []
  const foreign: string[] = []
  for await (const document of each) {
    documents.push(document)
    const { files } = await filesOf(document, compress)
    foreign.push(
      ...files.filter(({ path, bytes }) => unknown.has(path) && !holds(join(dir, path), bytes)).map(({ path }) => path),
    )
  }
  if (foreign.length === 0) return documents
  const message = `Not written by Feedwire, so not overwritten: ${foreign.join(', ')}`
  const mend = 'move it away, or set publish.dir to a directory of its own'
  throw new Problem('publish-foreign', message, { where: dir, mend })
}

function removeFile(dir: string, path: string): void {
  rmSync(join(dir, path), { force: true })
  for (let folder = dirname(path); folder !== '.' && isEmpty(join(dir, folder)); folder = dirname(folder)) {
    rmdirSync(join(dir, folder))
  }
}

function isEmpty(folder: string): boolean {
  return existsSync(folder) && readdirSync(folder).length === 0
}

function sweep(dir: string, paths: readonly string[]): void {
  const ours = new Set(paths)
  for (const folder of new Set(paths.map((path) => dirname(path)))) {
    if (statSync(join(dir, folder), { throwIfNoEntry: false })?.isDirectory() !== true) continue
    sweepTemporaries(join(dir, folder), (name) => ours.has(folder === '.' ? name : `${folder}/${name}`))
  }
}
