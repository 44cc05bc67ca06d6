import { rmSync } from 'node:fs'
import { setImmediate } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Folders } from '../../src/publish/folders.ts'
import { putInGroups } from '../../src/publish/groups.ts'
import type { Document } from '../../src/site.ts'
import { tempFolder } from '../support/folder.ts'

let dir = ''
beforeEach(() => {
  dir = tempFolder()
})
afterEach(() => {
  rmSync(dir, { recursive: true })
})

const documentsOf = (paths: readonly string[]): Document[] => paths.map((path) => ({ path, content: '' }))
const pages = Array.from({ length: 20 }, (_, n) => `page/${n + 1}.html`)

/** Puts documents of these paths, and says of each which were under way and which were done when it began. */
async function begin(paths: readonly string[]): Promise<Map<string, { going: number; done: string[] }>> {
  const began = new Map<string, { going: number; done: string[] }>()
  const done: string[] = []
  await putInGroups(documentsOf(paths), new Folders(dir), async ({ path }) => {
    began.set(path, { going: began.size - done.length, done: [...done] })
    await setImmediate()
    done.push(path)
  })
  expect(done.toSorted()).toEqual(paths.toSorted())
  return began
}

for (const [says, path, before] of [
  ['in another folder', 'tags/tide/index.html', pages],
  ['in no folder', 'feed.xml', pages],
  ['in no folder, after another one', 'feed.xml', [...pages, 'index.html']],
] as const)
  test(`putInGroups() puts a document ${says} once all before it are there`, async () => {
    expect((await begin([...before, path])).get(path)?.done.toSorted()).toEqual(before.toSorted())
  })

test('putInGroups() puts some documents of one folder at once, and never more than eight', async () => {
  const going = [...(await begin(pages)).values()].map((one) => one.going)
  expect(Math.max(...going)).toBe(7)
})

test('putInGroups() begins nothing more after a document that cannot be put, and ends when no other is under way', async () => {
  const [begun, done]: [string[], string[]] = [[], []]
  const work = putInGroups(documentsOf([...pages, 'feed.xml']), new Folders(dir), async ({ path }) => {
    begun.push(path)
    await setImmediate()
    if (path === 'page/1.html') throw new Error('the disk is full')
    done.push(path)
  })
  await expect(work).rejects.toThrow('the disk is full')
  expect(begun).not.toContain('feed.xml')
  expect(done.toSorted()).toEqual(begun.filter((path) => path !== 'page/1.html').toSorted())
})
