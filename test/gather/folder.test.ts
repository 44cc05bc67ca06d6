import { appendFileSync, mkdirSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { readFolder } from '../../src/gather/markdown.ts'
import type { KnownFile, Reading } from '../../src/remember/reading.ts'
import { putFile, tempFolder } from '../support/folder.ts'
import { RULES, article, words } from '../support/site.ts'

const NOW = Date.parse('2026-02-10T04:00:00Z')
const OLD = NOW - 3_600_000

let base = ''
beforeEach(() => {
  base = tempFolder()
  mkdirSync(join(base, 'articles'))
})
afterEach(() => {
  rmSync(base, { recursive: true })
})

function put(path: string, text: string | Uint8Array, mtime = OLD): void {
  putFile(base, path, text)
  utimesSync(join(base, path), mtime / 1000, mtime / 1000)
}

function read(known: ReadonlyMap<string, KnownFile> = new Map(), recipe = 'recipe', now = NOW): Reading {
  const source = { kind: 'markdown', name: 'articles', dir: join(base, 'articles') } as const
  return readFolder(source, base, known, recipe, RULES, now)
}

function filesOf(reading: Reading): NonNullable<Reading['files']> {
  if (reading.files === null) throw new Error('the folder was not read')
  return reading.files
}

/** What is remembered after a reading, with another hash where a test wants to see that no byte was looked at. */
function remember(reading: Reading, change: Partial<KnownFile> = {}): Map<string, KnownFile> {
  return new Map(
    filesOf(reading).opened.map(({ path, stat, hash, recipe, lookAgain, problems }) => [
      path,
      { path, ...stat, hash, recipe, lookAgain, problems, entryId: null, ...change },
    ]),
  )
}

/** How a reading went: `+` opened, `=` touched, `-` gone. */
function went(reading: Reading): string[] {
  const { opened, touched, gone } = filesOf(reading)
  return [
    ...opened.map((file) => `+${file.path}`),
    ...touched.map((file) => `=${file.path}`),
    ...gone.map((file) => `-${file.path}`),
  ]
}

describe('readFolder() finds', () => {
  test('articles in folders, in order of path', () => {
    for (const path of ['b.md', 'a.md', 'a/c.markdown', 'A/D.MD', '潮/汐.md']) put(`articles/${path}`, '# x')
    expect(went(read())).toEqual(['+A/D.MD', '+a.md', '+a/c.markdown', '+b.md', '+潮/汐.md'])
    expect(filesOf(read()).opened.map(({ place }) => place)).toContain('articles/a/c.markdown')
  })

  test('nothing hidden, nothing else', () => {
    for (const path of ['.git/a.md', '.a.md', 'node_modules/x/README.md', 'a.txt', 'md', 'a.md.bak', 'a.mdx']) {
      put(`articles/${path}`, '# x')
    }
    mkdirSync(join(base, 'articles', 'folder.md'))
    expect(went(read())).toEqual([])
  })

  test('a link within the folder, none that leads out of it', () => {
    put('secret.md', '# x')
    put('articles/a.md', '# x')
    put('articles-of-others/b.md', '# x')
    const link = (target: string, path: string): void => symlinkSync(join(base, target), join(base, path))
    link('articles/a.md', 'articles/inside.md')
    link('secret.md', 'articles/outside.md')
    link('articles-of-others/b.md', 'articles/beside.md')
    link('articles-of-others', 'articles/others')
    link('nowhere.md', 'articles/broken.md')
    expect(went(read())).toEqual(['+a.md', '+inside.md'])
  })

  test('articles when the folder itself is a link', () => {
    put('real/a.md', '# x')
    rmSync(join(base, 'articles'), { recursive: true })
    symlinkSync(join(base, 'real'), join(base, 'articles'))
    expect(filesOf(read()).opened).toMatchObject([{ path: 'a.md', place: 'articles/a.md', outcome: 'read' }])
  })

  test('a name in NFC, however it is written', () => {
    put('articles/cafe\u0301.md', '# x')
    expect(went(read())).toEqual(['+caf\u00E9.md'])
    expect(filesOf(read()).opened[0]?.outcome).toBe('read')
  })

  test('both of two files whose names differ in their spelling alone', () => {
    put('articles/cafe\u0301.md', '# one')
    put('articles/caf\u00E9.md', '# two')
    const { opened } = filesOf(read())
    // A file system may hold the two for one.
    expect(opened.map(({ drafts }) => drafts[0]?.title).sort()).toEqual(opened.length === 1 ? ['two'] : ['one', 'two'])
    expect(new Set(opened.map(({ path }) => path)).size).toBe(opened.length)
  })
})

describe('readFolder() opens', () => {
  test('no file whose size and times are the same', () => {
    put('articles/a.md', '# x')
    const known = remember(read(), { hash: 'of other bytes' })
    expect(went(read(known))).toEqual([])
  })

  test('a file that was edited, even to the same size and time', () => {
    put('articles/a.md', '# x')
    put('articles/b.md', '# x')
    const known = remember(read())
    put('articles/a.md', '# y')
    expect(went(read(known))).toEqual(['+a.md'])
    expect(filesOf(read(known)).opened[0]?.known).toBe(known.get('a.md'))
  })

  test('a file that was touched, and says no more than that', () => {
    put('articles/a.md', '# x')
    const known = remember(read())
    put('articles/a.md', '# x', OLD + 60_000)
    const reading = read(known)
    expect(went(reading)).toEqual(['=a.md'])
    expect(filesOf(reading).touched[0]?.stat.mtime).toBe((OLD + 60_000) * 1000)
  })

  test('a young file again, until it is old', () => {
    put('articles/a.md', '# x', NOW - 1_000)
    const known = remember(read())
    expect(known.get('a.md')?.mtime).toBe(-1)
    expect(went(read(known))).toEqual(['=a.md'])
    const [touched] = filesOf(read(known, 'recipe', NOW + 60_000)).touched
    expect(touched?.stat.mtime).toBe((NOW - 1_000) * 1000)
  })

  test('every file when the recipe is another', () => {
    put('articles/a.md', '# x')
    expect(went(read(remember(read()), 'another'))).toEqual(['+a.md'])
  })

  test('an article of the future again on its day', () => {
    put('articles/a.md', article('Tides', 'High.', ['date: 2026-02-12']))
    const known = remember(read())
    const midnight = Date.parse('2026-02-11T16:00:00Z')
    expect(known.get('a.md')?.lookAgain).toBe(midnight)
    expect(went(read(known, 'recipe', midnight - 1))).toEqual([])
    expect(filesOf(read(known, 'recipe', midnight)).opened).toMatchObject([
      { path: 'a.md', drafts: [{ title: 'Tides' }] },
    ])
  })

  test('no draft, and says so by no entry', () => {
    put('articles/a.md', article('Tides', 'High.', ['draft: true']))
    expect(filesOf(read()).opened).toMatchObject([{ outcome: 'read', drafts: [], problems: [], lookAgain: null }])
  })
})

describe('readFolder() sets aside', () => {
  test('one broken file, with its place', () => {
    put('articles/a.md', '---\ntitle: Tides\n')
    put('articles/b.md', '# x')
    expect(filesOf(read()).opened).toMatchObject([
      { outcome: 'rejected', drafts: [], problems: [{ code: 'front-matter-unclosed', where: 'articles/a.md:1' }] },
      { outcome: 'read' },
    ])
  })

  test('a link in a circle, and reads the others', () => {
    symlinkSync('a.md', join(base, 'articles', 'a.md'))
    put('articles/b.md', '# x')
    const reading = read()
    const { opened } = filesOf(reading)
    expect(opened).toMatchObject([
      { outcome: 'rejected', problems: [{ code: 'file-unreadable', where: 'articles/a.md' }] },
      { outcome: 'read' },
    ])
    expect(opened[0]?.problems[0]?.message).toContain('ELOOP')
    expect(went(read(remember(reading)))).toEqual(['+a.md'])
  })

  test('a file of more than 16 MB', () => {
    put('articles/a.md', Buffer.alloc(16 * 1024 * 1024 + 1, 'x'))
    expect(filesOf(read()).opened).toMatchObject([{ problems: [{ code: 'file-too-large', where: 'articles/a.md' }] }])
  })

  test('nothing for a control character, which is a warning', () => {
    put('articles/a.md', '# Ti\0des\n')
    const [file] = filesOf(read()).opened
    expect(file).toMatchObject({ outcome: 'read', drafts: [{ title: 'Tides' }] })
    expect(file?.problems[0]).toMatchObject({
      code: 'control-character',
      where: 'articles/a.md:1',
      severity: 'warning',
    })
  })
})

test('readFolder() says which files are gone', () => {
  put('articles/a.md', '# x')
  put('articles/b.md', '# x')
  const known = remember(read())
  rmSync(join(base, 'articles', 'a.md'))
  expect(went(read(known))).toEqual(['-a.md'])
})

test('a missing folder is one problem and says nothing of any file', () => {
  put('articles/a.md', '# x')
  const known = remember(read())
  rmSync(join(base, 'articles'), { recursive: true })
  expect(read(known)).toMatchObject({
    files: null,
    problems: [{ code: 'source-unreadable', severity: 'error', where: 'articles' }],
  })
})

test('a file in the place of the folder is the same problem', () => {
  rmSync(join(base, 'articles'), { recursive: true })
  writeFileSync(join(base, 'articles'), '')
  expect(read()).toMatchObject({ files: null, problems: [{ code: 'source-unreadable' }] })
})

test('the hash and the text are of the same bytes', () => {
  put('articles/a.md', `# Tides\n\n${words('a')}`)
  const before = filesOf(read()).opened[0]
  appendFileSync(join(base, 'articles', 'a.md'), 'more')
  const after = filesOf(read()).opened[0]
  expect(after?.hash).not.toBe(before?.hash)
  expect(after?.stat.size).toBe(statSync(join(base, 'articles', 'a.md')).size)
  expect(after?.drafts[0]?.body.text).toContain('more')
})
