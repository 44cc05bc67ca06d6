import { createHash } from 'node:crypto'
import { readFileSync, readdirSync, rmSync, statfsSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { program } from '../../src/cli/program.ts'
import { Problem } from '../../src/problem.ts'
import { MANIFEST } from '../../src/publish/manifest.ts'
import { type Published, publish } from '../../src/publish/publish.ts'
import type { Document } from '../../src/site.ts'
import { filesBelow, putFile, tempFolder } from '../support/folder.ts'
import { MOUNT_FAULT, mountDisk, unmountDisk } from '../support/small-disk.ts'

const KB = 1024
/** A file that is not ours and takes up room. */
const BALLAST = 'ballast.bin'

let dir = ''
let disk = ''
beforeEach(({ skip }) => {
  skip(MOUNT_FAULT !== null, `no small file system can be mounted here: ${MOUNT_FAULT}`)
  dir = tempFolder()
  disk = mountDisk(dir)
})
afterEach(() => {
  if (MOUNT_FAULT !== null) return
  unmountDisk(disk)
  rmSync(dir, { recursive: true })
})

/** A text of so many bytes that hardly gets smaller when it is compressed. */
function noise(seed: string, bytes: number): string {
  const parts = Array.from({ length: Math.ceil(bytes / 64) }, (_, n) =>
    createHash('sha256').update(`${seed} ${n}`).digest('hex'),
  )
  return parts.join('').slice(0, bytes)
}

/** Takes up the room of the disk but for so many bytes. */
function fill(left: number): void {
  const { bavail, bsize } = statfsSync(disk)
  putFile(disk, BALLAST, Buffer.alloc(bavail * bsize - left))
}

function publishAll(files: Record<string, string>, compress: boolean): Promise<Published> {
  async function* each(): AsyncGenerator<Document> {
    for (const [path, content] of Object.entries(files)) yield await Promise.resolve({ path, content })
  }
  return publish(disk, { paths: Object.keys(files), each: each() }, { stands: () => false, compress })
}

async function problemOf(act: Promise<unknown>): Promise<Problem> {
  const error: unknown = await act.then(
    () => new Error('nothing was thrown'),
    (reason: unknown) => reason,
  )
  if (error instanceof Problem) return error
  throw error
}

/** What is on the disk, hidden and temporary files with it. */
function contents(): Record<string, string> {
  return Object.fromEntries(filesBelow(disk).map((path) => [path, readFileSync(join(disk, path), 'base64')]))
}

const FIRST = { 'page/1.html': noise('page', 3 * KB), 'index.html': noise('index', 3 * KB), 'feed.xml': '<rss/>' }
const FULL = { code: 'publish-failed', message: 'Cannot publish (ENOSPC)' }

for (const [says, second, left, compress] of [
  ['of a larger file', { ...FIRST, 'page/1.html': noise('larger', 80 * KB) }, 60 * KB, false],
  ['of a larger file and its copies', { ...FIRST, 'page/1.html': noise('larger', 20 * KB) }, 8 * KB, true],
  ['of a file as large as the old one', { ...FIRST, 'page/1.html': noise('other', 3 * KB) }, 0, false],
  ['of a new file', { 'page/2.html': noise('new', 80 * KB), ...FIRST }, 60 * KB, false],
  ['of a new folder, when not a byte is left', { 'tags/tide/index.html': 'tide', ...FIRST }, 0, true],
] as const)
  test(`publish() leaves a disk as it was that is too full ${says}, and goes on once there is room`, async () => {
    await publishAll(FIRST, compress)
    fill(left)
    const before = contents()
    const problem = await problemOf(publishAll(second, compress))
    expect(problem).toMatchObject({ ...FULL, where: disk })
    expect(problem.mend).toMatch(/make room/)
    expect(withoutManifest(contents())).toEqual(withoutManifest(before))

    rmSync(join(disk, BALLAST))
    await publishAll(second, compress)
    for (const [path, text] of Object.entries(second)) expect(readFileSync(join(disk, path), 'utf8')).toBe(text)
    expect(filesBelow(disk).filter((path) => !/\.gz$|\.br$/.test(path))).toEqual(
      [MANIFEST, ...Object.keys(second)].sort(),
    )
  })

/** A name is in the manifest before its file is there, so that it may say more than before. */
function withoutManifest({ [MANIFEST]: _, ...files }: Record<string, string>): Record<string, string> {
  return files
}

test('publish() leaves each file whole, old or new, when the disk gets full half way', async () => {
  const second = Object.fromEntries(Object.keys(FIRST).map((path) => [path, noise(`second ${path}`, 9 * KB)]))
  await publishAll(FIRST, false)
  fill(16 * KB)
  expect(await problemOf(publishAll(second, false))).toMatchObject(FULL)
  expect(readdirSync(disk).sort()).toEqual([MANIFEST, BALLAST, 'feed.xml', 'index.html', 'page'])
  expect(readdirSync(join(disk, 'page'))).toEqual(['1.html'])
  expect(readFileSync(join(disk, 'page/1.html'), 'utf8')).toBe(second['page/1.html'])
  expect(readFileSync(join(disk, 'feed.xml'), 'utf8')).toBe('<rss/>')

  rmSync(join(disk, BALLAST))
  expect((await publishAll(second, false)).written).toEqual(['index.html', 'feed.xml'])
})

test('`feedwire run` ends with 1, says what is wrong, and lets what is published stand when the disk is full', async () => {
  putFile(dir, 'feedwire.config.yaml', SETTINGS)
  putArticle(1)
  expect(await feedwireRun()).toEqual({ code: 0, complaints: [] })
  putArticle(2)
  fill(0)
  const before = contents()
  const { code, complaints } = await feedwireRun()
  expect(code).toBe(1)
  expect(complaints.join('\n')).toContain(`${disk}: Cannot publish (ENOSPC) - make room`)
  expect(withoutManifest(contents())).toEqual(withoutManifest(before))
  expect(filesBelow(join(dir, 'outbox'))).toHaveLength(0)

  rmSync(join(disk, BALLAST))
  expect(await feedwireRun()).toEqual({ code: 0, complaints: [] })
  for (const file of ['feed.xml', 'atom.xml', 'feed.json', 'index.html'])
    expect(readFileSync(join(disk, file), 'utf8')).toContain('Gauge 2')
  expect(filesBelow(join(dir, 'outbox'))).toHaveLength(1)
})

const SETTINGS = `
site: { title: Tide Notes, url: "https://tides.example.org/" }
feeds: { tags: false }
publish: { dir: disk, compress: false }
subscribers: [ann@example.net]
`

function putArticle(n: number): void {
  putFile(
    dir,
    `articles/gauge-${n}.md`,
    `---\ntitle: Gauge ${n}\ndate: 2026-01-0${n}\n---\nThe gauge is read at noon.\n`,
  )
}

async function feedwireRun(): Promise<{ code: number; complaints: string[] }> {
  const complaints: string[] = []
  const code = await program(['run'], {
    ...{ cwd: dir, environment: {}, print: () => undefined, complain: (line) => complaints.push(line) },
    ...{ clock: () => Date.UTC(2026, 1, 1), random: () => 0.5, signal: new AbortController().signal },
  })
  return { code, complaints }
}
