import { createHash } from 'node:crypto'
import { chmodSync, mkdirSync, readFileSync, readdirSync, rmSync, symlinkSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { getuid } from 'node:process'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Problem } from '../../src/problem.ts'
import { MANIFEST, isIntact, publishedPaths } from '../../src/publish/manifest.ts'
import { type Published, publish } from '../../src/publish/publish.ts'
import type { Document } from '../../src/site.ts'
import { filesBelow, putFile, stampsBelow, tempFolder } from '../support/folder.ts'

let dir = ''
beforeEach(() => {
  dir = tempFolder()
})
afterEach(() => {
  rmSync(dir, { recursive: true })
})

const nothingElse = (): boolean => false

/** Publishes these files and no other. */
function publishAll(
  files: Record<string, string>,
  stands: (path: string) => boolean = nothingElse,
  where = dir,
  compress = false,
): Promise<Published> {
  async function* each(): AsyncGenerator<Document> {
    for (const [path, content] of Object.entries(files)) yield await Promise.resolve({ path, content })
  }
  return publish(where, { paths: Object.keys(files), each: each() }, { stands, compress })
}

/** The Problem that `act` ends with. */
async function problemOf(act: () => Promise<unknown>): Promise<Problem> {
  try {
    await act()
  } catch (error) {
    if (error instanceof Problem) return error
    throw error
  }
  throw new Error('nothing was thrown')
}

function read(path: string): string {
  return readFileSync(join(dir, path), 'utf8')
}

/** Makes every file look old, so that a file that is written anew shows. */
function age(): void {
  for (const path of filesBelow(dir)) utimesSync(join(dir, path), 1_000_000, 1_000_000)
}

describe('publish()', () => {
  test('writes documents as UTF-8 into folders that it makes, and lists them', async () => {
    const published = await publishAll({ 'page/1.html': '<p>潮汐</p>', 'feed.xml': '<rss/>' })
    expect(published).toEqual({ written: ['page/1.html', 'feed.xml'], unchanged: 0, removed: [] })
    expect(filesBelow(dir)).toEqual([MANIFEST, 'feed.xml', 'page/1.html'])
    expect(read('page/1.html')).toBe('<p>潮汐</p>')
    expect(JSON.parse(read(MANIFEST))).toEqual({
      files: {
        'feed.xml': { bytes: 6, sha256: createHash('sha256').update('<rss/>').digest('hex') },
        'page/1.html': { bytes: 13, sha256: createHash('sha256').update('<p>潮汐</p>').digest('hex') },
      },
    })
  })

  test('touches nothing when nothing changed', async () => {
    await publishAll({ 'index.html': 'one', 'page/1.html': 'two' })
    age()
    const before = stampsBelow(dir)
    expect(await publishAll({ 'index.html': 'one', 'page/1.html': 'two' })).toEqual({
      written: [],
      unchanged: 2,
      removed: [],
    })
    expect(stampsBelow(dir)).toEqual(before)
  })

  test('writes only what changed', async () => {
    await publishAll({ 'index.html': 'one', 'page/1.html': 'two' })
    age()
    const before = stampsBelow(dir)
    const published = await publishAll({ 'index.html': 'ONE', 'page/1.html': 'two', 'page/2.html': 'three' })
    expect(published).toEqual({ written: ['index.html', 'page/2.html'], unchanged: 1, removed: [] })
    expect(stampsBelow(dir)['page/1.html']).toBe(before['page/1.html'])
    expect([read('index.html'), read('page/2.html')]).toEqual(['ONE', 'three'])
  })

  test('writes again what was deleted, cut or edited', async () => {
    const files = { 'a.html': 'aaa', 'b.html': 'bbb', 'c.html': 'ccc', 'd.html': 'ddd' }
    await publishAll(files)
    rmSync(join(dir, 'a.html'))
    putFile(dir, 'b.html', 'b')
    putFile(dir, 'c.html', 'CCC')
    expect((await publishAll(files)).written).toEqual(['a.html', 'b.html', 'c.html'])
    expect(Object.keys(files).map(read)).toEqual(['aaa', 'bbb', 'ccc', 'ddd'])
  })

  test('keeps what stands though it was not rendered, and removes the rest of ours', async () => {
    await publishAll({ 'page/1.html': 'one', 'page/2.html': 'two', 'index.html': 'index' })
    const published = await publishAll({ 'index.html': 'new' }, (path) => path === 'page/1.html')
    expect(published).toEqual({ written: ['index.html'], unchanged: 1, removed: ['page/2.html'] })
    expect(filesBelow(dir)).toEqual([MANIFEST, 'index.html', 'page/1.html'])
    expect(publishedPaths(dir)).toEqual(['index.html', 'page/1.html'])
  })

  test('removes a folder that it emptied', async () => {
    await publishAll({ 'page/1.html': 'one', 'index.html': 'index' })
    await publishAll({ 'index.html': 'index' })
    expect(readdirSync(dir).sort()).toEqual([MANIFEST, 'index.html'])
  })

  test('never removes a file that is not ours', async () => {
    putFile(dir, 'CNAME', 'tides.example.org')
    putFile(dir, 'page/own.html', 'mine')
    await publishAll({ 'page/1.html': 'one', 'index.html': 'index' })
    await publishAll({ 'index.html': 'index' })
    expect(filesBelow(dir)).toEqual([MANIFEST, 'CNAME', 'index.html', 'page/own.html'])
  })

  test('never overwrites a file that is not ours, and then writes nothing at all', async () => {
    await publishAll({ 'feed.xml': 'old' })
    putFile(dir, 'index.html', 'my home page')
    putFile(dir, 'page/1.html', 'my page')
    const before = stampsBelow(dir)
    const problem = await problemOf(() =>
      publishAll({ 'feed.xml': 'new', 'index.html': 'ours', 'page/1.html': 'ours' }),
    )
    expect(problem).toMatchObject({ code: 'publish-foreign', where: dir })
    expect(problem.message).toContain('index.html, page/1.html')
    expect(stampsBelow(dir)).toEqual(before)
  })

  test('takes over a file that holds the very bytes already, so that a lost manifest is made again', async () => {
    await publishAll({ 'index.html': 'one', 'feed.xml': 'two' })
    rmSync(join(dir, MANIFEST))
    expect(await publishAll({ 'index.html': 'one', 'feed.xml': 'two' })).toMatchObject({ written: [], unchanged: 2 })
    expect(publishedPaths(dir)).toEqual(['feed.xml', 'index.html'])
  })

  test('takes away temporary files of a killed run, and no other hidden file', async () => {
    await publishAll({ 'index.html': 'one', 'page/1.html': 'two', 'page/2.html': 'three' })
    for (const path of ['.index.html.4711.tmp', `.${MANIFEST}.4711.tmp`, 'page/.2.html.4711.tmp']) {
      putFile(dir, path, 'half')
    }
    const others = ['.htaccess', '.note.tmp', '.mine.1.tmp', '.1.html.4711.tmp', 'page/draft.4711.tmp']
    for (const path of others) putFile(dir, path, 'mine')
    await publishAll({ 'index.html': 'one', 'page/1.html': 'two' })
    expect(filesBelow(dir)).toEqual([MANIFEST, 'index.html', 'page/1.html', ...others].sort())
  })
})

describe('publish() that stops half way', () => {
  /** Files that are published before, a file in the way of the folder `page`, and what is then published. */
  async function stopHalfWay(): Promise<{ next: Record<string, string>; problem: Problem }> {
    await publishAll({ 'index.html': 'old', 'tags/moon.html': 'moon' })
    putFile(dir, 'page', 'a file where a folder should be')
    const next = { 'about.html': 'new', 'index.html': 'new', 'page/1.html': 'one', 'feed.xml': 'feed' }
    return { next, problem: await problemOf(() => publishAll(next)) }
  }

  test('says so, and leaves each file whole, old or new', async () => {
    const { problem } = await stopHalfWay()
    expect(problem).toMatchObject({ code: 'publish-failed', where: dir })
    expect(filesBelow(dir)).toEqual([MANIFEST, 'about.html', 'index.html', 'page', 'tags/moon.html'])
    expect([read('about.html'), read('index.html'), read('tags/moon.html')]).toEqual(['new', 'new', 'moon'])
  })

  test('has listed every name, old and new, before the first file', async () => {
    await stopHalfWay()
    expect(publishedPaths(dir).sort()).toEqual([
      'about.html',
      'feed.xml',
      'index.html',
      'page/1.html',
      'tags/moon.html',
    ])
    expect(isIntact(dir)).toBe(false)
  })

  test('goes on the next time, calls none of its own files foreign, and removes what stands no more', async () => {
    const next = { ...(await stopHalfWay()).next, 'about.html': 'newer' }
    rmSync(join(dir, 'page'))
    const written = ['about.html', 'page/1.html', 'feed.xml']
    expect(await publishAll(next)).toEqual({ written, unchanged: 1, removed: ['tags/moon.html'] })
    expect(filesBelow(dir)).toEqual([MANIFEST, ...Object.keys(next)].sort())
    expect(publishedPaths(dir)).toEqual(Object.keys(next).sort())
  })

  test('while it removes, keeps the names of the files that are still there', async () => {
    await publishAll({ 'index.html': 'index', 'page/1.html': 'one', 'page/2.html': 'two' })
    rmSync(join(dir, 'page/1.html'))
    mkdirSync(join(dir, 'page/1.html'))
    expect((await problemOf(() => publishAll({ 'index.html': 'index' }))).code).toBe('publish-failed')
    expect(publishedPaths(dir)).toContain('page/2.html')
    rmSync(join(dir, 'page/1.html'), { recursive: true })
    await publishAll({ 'index.html': 'index' })
    expect(readdirSync(dir).sort()).toEqual([MANIFEST, 'index.html'])
  })
})

describe('publish() refuses, and leaves what was published whole,', () => {
  for (const [says, block] of [
    ['a folder where a file should be', () => mkdirSync(join(dir, 'feed.xml'))],
    ['a file where a folder should be', () => putFile(dir, 'page', 'mine')],
  ] as const)
    test(says, async () => {
      await publishAll({ 'index.html': 'old' })
      block()
      const problem = await problemOf(() =>
        publishAll({ 'page/1.html': 'one', 'feed.xml': 'new', 'index.html': 'new' }),
      )
      expect(problem.code).toBe('publish-failed')
      expect(read('index.html')).toBe('old')
    })

  test('a publish directory that is a file', async () => {
    putFile(dir, 'public', 'mine')
    const problem = await problemOf(() => publishAll({ 'index.html': 'x' }, nothingElse, join(dir, 'public')))
    expect(problem).toMatchObject({ code: 'publish-failed', where: join(dir, 'public') })
    expect(read('public')).toBe('mine')
  })

  // Nothing is forbidden to root.
  test.skipIf(getuid?.() === 0)('a folder that may not be written', async () => {
    await publishAll({ 'index.html': 'old' })
    chmodSync(dir, 0o555)
    try {
      expect((await problemOf(() => publishAll({ 'index.html': 'new' }))).code).toBe('publish-failed')
      expect(read('index.html')).toBe('old')
    } finally {
      chmodSync(dir, 0o755)
    }
  })

  for (const [says, text] of [
    ['a manifest that is cut', '{"files": {"index.html": {"by'],
    ['a manifest that is empty', ''],
    ['a manifest of another shape', '{"files": ["index.html"]}'],
    ['a manifest without a size', '{"files": {"index.html": {"sha256": "00"}}}'],
    ...['../precious.txt', '/precious.txt', 'page/../../precious.txt', '..\\\\precious.txt', 'C:precious.txt'].map(
      (path) => [`a manifest that names ${path}`, `{"files": {"${path}": {"bytes": 1, "sha256": "00"}}}`] as const,
    ),
  ] as const)
    test(says, async () => {
      await publishAll({ 'index.html': 'old' })
      putFile(dir, MANIFEST, text)
      const before = stampsBelow(dir)
      const problem = await problemOf(() => publishAll({ 'index.html': 'new' }))
      expect(problem).toMatchObject({ code: 'manifest-unreadable', where: join(dir, MANIFEST) })
      expect(stampsBelow(dir)).toEqual(before)
    })

  test('a manifest that is a folder', async () => {
    mkdirSync(join(dir, MANIFEST))
    expect((await problemOf(() => publishAll({ 'index.html': 'new' }))).code).toBe('manifest-unreadable')
    expect(filesBelow(dir)).toEqual([])
  })
})

describe('isIntact() says', () => {
  const circle = (path: string): void => {
    rmSync(join(dir, path))
    symlinkSync(join(dir, path), join(dir, path))
  }
  const files = { 'index.html': 'index', 'page/1.html': 'one' }
  for (const [says, change, intact] of [
    ['yes of what was just published', () => undefined, true],
    ['no of a file that is gone', () => rmSync(join(dir, 'page/1.html')), false],
    ['no of a folder that is gone', () => rmSync(join(dir, 'page'), { recursive: true }), false],
    ['no of a file that was cut', () => putFile(dir, 'index.html', 'ind'), false],
    ['no of a file that cannot be looked at', () => circle('page/1.html'), false],
    ['no of a lost manifest', () => rmSync(join(dir, MANIFEST)), false],
    ['yes beside files that are not ours', () => putFile(dir, 'CNAME', 'tides.example.org'), true],
  ] as const)
    test(says, async () => {
      await publishAll(files)
      change()
      expect(isIntact(dir)).toBe(intact)
    })

  test('no before anything is published', () => expect(isIntact(dir)).toBe(false))
})

describe('publish() with compressed copies', () => {
  const FEED = '<rss>' + 'the tide comes in. '.repeat(50) + '</rss>'
  const compressed = (files: Record<string, string>, stands?: (path: string) => boolean): Promise<Published> =>
    publishAll(files, stands, dir, true)
  const bytes = (path: string): Buffer => readFileSync(join(dir, path))

  test('writes a .gz and a .br beside each file, and counts them with it', async () => {
    expect(await compressed({ 'tags/x/feed.xml': FEED })).toEqual({
      written: ['tags/x/feed.xml'],
      unchanged: 0,
      removed: [],
    })
    expect(gunzipSync(bytes('tags/x/feed.xml.gz')).toString()).toBe(FEED)
    expect(brotliDecompressSync(bytes('tags/x/feed.xml.br')).toString()).toBe(FEED)
    expect(publishedPaths(dir)).toEqual(['tags/x/feed.xml'])
    expect(isIntact(dir)).toBe(true)
  })

  test('names in them neither a time nor a machine', async () => {
    await compressed({ 'feed.xml': FEED })
    expect([...bytes('feed.xml.gz').subarray(3, 10)]).toEqual([0, 0, 0, 0, 0, 0, 255])
  })

  test('touches none of them when nothing changed, and all when the file did', async () => {
    await compressed({ 'feed.xml': FEED })
    age()
    const before = stampsBelow(dir)
    expect(await compressed({ 'feed.xml': FEED })).toMatchObject({ written: [], unchanged: 1 })
    expect(stampsBelow(dir)).toEqual(before)
    await compressed({ 'feed.xml': FEED + ' ' })
    expect(brotliDecompressSync(bytes('feed.xml.br')).toString()).toBe(FEED + ' ')
  })

  test('makes good a copy that is gone or stale', async () => {
    await compressed({ 'feed.xml': FEED })
    rmSync(join(dir, 'feed.xml.br'))
    expect(isIntact(dir)).toBe(false)
    putFile(dir, 'feed.xml.gz', 'stale')
    await compressed({ 'feed.xml': FEED })
    expect(brotliDecompressSync(bytes('feed.xml.br')).toString()).toBe(FEED)
    expect(gunzipSync(bytes('feed.xml.gz')).toString()).toBe(FEED)
  })

  test('removes them with their file, and its folders', async () => {
    await compressed({ 'tags/x/feed.xml': FEED, 'feed.xml': FEED })
    expect(await compressed({ 'feed.xml': FEED })).toMatchObject({ removed: ['tags/x/feed.xml'] })
    expect(filesBelow(dir)).toEqual([MANIFEST, 'feed.xml', 'feed.xml.br', 'feed.xml.gz'])
    expect(readdirSync(dir)).not.toContain('tags')
  })

  test('leaves those of a file that stands', async () => {
    await compressed({ 'page/1.html': FEED, 'feed.xml': FEED })
    await compressed({ 'feed.xml': FEED }, (path) => path === 'page/1.html')
    expect(filesBelow(dir)).toContain('page/1.html.br')
    expect(isIntact(dir)).toBe(true)
  })

  test('takes them away once they are not wanted', async () => {
    await compressed({ 'feed.xml': FEED })
    await publishAll({ 'feed.xml': FEED })
    expect(filesBelow(dir)).toEqual([MANIFEST, 'feed.xml'])
  })

  test('overwrites none that is not ours', async () => {
    putFile(dir, 'feed.xml.gz', 'mine')
    const problem = await problemOf(() => compressed({ 'feed.xml': FEED }))
    expect(problem).toMatchObject({
      code: 'publish-foreign',
      message: expect.stringContaining('feed.xml.gz') as string,
    })
    expect(read('feed.xml.gz')).toBe('mine')
  })
})
