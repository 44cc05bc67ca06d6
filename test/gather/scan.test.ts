import { createHash } from 'node:crypto'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type FoundFile, changesOf } from '../../src/gather/scan.ts'
import { KnownStamps } from '../../src/remember/known-stamps.ts'
import { putFile, tempFolder } from '../support/folder.ts'

let dir = ''
beforeEach(() => {
  dir = tempFolder()
})
afterEach(() => {
  rmSync(dir, { recursive: true })
})

/** As long as the buffer that files are read into. */
const ROOM = 64 * 1024

test('changesOf() reads each file whole, however long it and the one before are', async () => {
  const lengths = [0, ROOM - 1, ROOM, ROOM + 1, 5, 3 * ROOM, 0, 1]
  const texts = lengths.map((length, index) => String(index).repeat(length))
  for (const [index, text] of texts.entries()) putFile(dir, `${index}.md`, text)
  const files = texts.map((text, index): FoundFile => {
    const name = `${index}.md`
    return { path: name, name, size: text.length, mtimeMs: 0, ctimeMs: 0 }
  })
  const seen: string[] = []
  const scanning = {
    ...{ known: new KnownStamps(), recipe: 'a', now: 1_000_000, placeOf: (name: string) => name },
    absoluteOf: (name: string) => join(dir, name),
    reader: () =>
      Promise.resolve((bytes: Buffer) => {
        seen.push(bytes.toString('latin1'))
        return { drafts: [], problems: [], lookAgain: null, imports: [] }
      }),
  }
  const hashes: string[] = []
  for await (const change of changesOf(files, scanning, { lookUp: () => Promise.resolve(new Map()) })) {
    if (change.kind === 'opened') hashes.push(change.file.hash)
  }
  expect(seen.map((text) => text.length)).toEqual(lengths)
  expect(seen).toEqual(texts)
  expect(hashes).toEqual(texts.map((text) => createHash('sha256').update(text).digest('hex')))
})
