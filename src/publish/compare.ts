import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readManifest } from './manifest.ts'
import type { Documents, PublishOptions, Published } from './publish.ts'

/** What `publish()` would change; nothing is written. Files that are not ours are in the way only when it is done. */
export async function compare(
  dir: string,
  documents: Documents,
  { stands }: Pick<PublishOptions, 'stands'>,
): Promise<Published> {
  const before = readManifest(dir)
  const after = new Set([...before.keys()].filter((path) => stands(path) && existsSync(join(dir, path))))
  const written: string[] = []
  for await (const { path, content } of documents.each) {
    after.add(path)
    if (!isSame(join(dir, path), content)) written.push(path)
  }
  const removed = [...before.keys()].filter((path) => !after.has(path))
  return { written, unchanged: after.size - written.length, removed }
}

function isSame(path: string, content: string): boolean {
  return existsSync(path) && readFileSync(path).equals(Buffer.from(content))
}
