import { appendFileSync, mkdirSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { readFolder } from '../../src/gather/markdown.ts'
import type { FileReading, KnownFile, Reading, TouchedFile } from '../../src/remember/reading.ts'
import { putFile, tempFolder } from '../support/folder.ts'
import { PLAIN_FOLDER, RULES, TempSite, article, lookupsIn, stampsOf, words } from '../support/site.ts'

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

interface Read extends Pick<Reading, 'problems'> {
  opened: FileReading[]
  touched: TouchedFile[]
  gone: string[]
}

/** Reads the folder, and everything that it has to say. */
async function read(known: ReadonlyMap<string, KnownFile> = new Map(), title = 'Site', now = NOW): Promise<Read> {
  const { files, problems } = readingOf(known, title, now)
  if (files === null) throw new Error('the folder was not read')
  const [opened, touched]: [FileReading[], TouchedFile[]] = [[], []]
  for await (const change of files.changes(lookupsIn(known))) {
    if (change.kind === 'opened') opened.push(change.file)
    else touched.push(change.file)
  }
  return { opened, touched, gone: files.gone, problems }
}

function readingOf(known: ReadonlyMap<string, KnownFile>, siteTitle: string, now: number): Reading {
  const source = { ...PLAIN_FOLDER, name: 'articles', dir: join(base, 'articles') }
  return readFolder(source, base, stampsOf(known), { ...RULES, siteTitle }, now)
}

/** What is remembered after a reading, with another hash where a test wants to see that no byte was looked at. */
function remember({ opened }: Read, change: Partial<KnownFile> = {}): Map<string, KnownFile> {
  return new Map(
    opened.map(({ path, stat, hash, recipe, lookAgain, problems, imports }) => [
      path,
      { path, ...stat, hash, recipe, lookAgain, problems, imports, entryId: null, ...change },
    ]),
  )
}

/** How a reading went: `+` opened, `=` touched, `-` gone. */
function went({ opened, touched, gone }: Read): string[] {
  return [
    ...opened.map((file) => `+${file.path}`),
    ...touched.map((file) => `=${file.path}`),
    ...gone.map((path) => `-${path}`),
  ]
}

describe('readFolder() finds', () => {
  test('articles in folders, in order of path', async () => {
    for (const path of ['b.md', 'a.md', 'a/c.markdown', 'A/D.MD', '潮/汐.md']) put(`articles/${path}`, '# x')
    expect(went(await read())).toEqual(['+A/D.MD', '+a.md', '+a/c.markdown', '+b.md', '+潮/汐.md'])
    expect((await read()).opened.map(({ place }) => place)).toContain('articles/a/c.markdown')
  })

  test('nothing hidden, nothing else', async () => {
    for (const path of ['.git/a.md', '.a.md', 'node_modules/x/README.md', 'a.txt', 'md', 'a.md.bak', 'a.mdown.x']) {
      put(`articles/${path}`, '# x')
    }
    mkdirSync(join(base, 'articles', 'folder.md'))
    expect(went(await read())).toEqual([])
  })

  test('a link within the folder, none that leads out of it', async () => {
    put('secret.md', '# x')
    put('articles/a.md', '# x')
    put('articles-of-others/b.md', '# x')
    const link = (target: string, path: string): void => symlinkSync(join(base, target), join(base, path))
    link('articles/a.md', 'articles/inside.md')
    link('secret.md', 'articles/outside.md')
    link('articles-of-others/b.md', 'articles/beside.md')
    link('articles-of-others', 'articles/others')
    link('nowhere.md', 'articles/broken.md')
    const reading = await read()
    expect(went(reading)).toEqual(['+a.md', '+inside.md'])
    expect(reading.problems).toEqual([])
  })

  test('articles when the folder itself is a link', async () => {
    put('real/a.md', '# x')
    rmSync(join(base, 'articles'), { recursive: true })
    symlinkSync(join(base, 'real'), join(base, 'articles'))
    expect((await read()).opened).toMatchObject([{ path: 'a.md', place: 'articles/a.md', outcome: 'read' }])
  })

  test('a name in NFC, however it is written', async () => {
    put('articles/cafe\u0301.md', '# x')
    expect(went(await read())).toEqual(['+caf\u00E9.md'])
    expect((await read()).opened[0]?.outcome).toBe('read')
  })

  test('both of two files whose names differ in their spelling alone', async () => {
    put('articles/cafe\u0301.md', '# one')
    put('articles/caf\u00E9.md', '# two')
    const { opened } = await read()
    // A file system may hold the two for one.
    expect(opened.map(({ drafts }) => drafts[0]?.title).sort()).toEqual(opened.length === 1 ? ['two'] : ['one', 'two'])
    expect(new Set(opened.map(({ path }) => path)).size).toBe(opened.length)
  })
})

describe('readFolder() opens', () => {
  test('no file whose size and times are the same', async () => {
    put('articles/a.md', '# x')
    const known = remember(await read(), { hash: 'of other bytes' })
    expect(went(await read(known))).toEqual([])
  })

  test('a file that was edited, even to the same size and time', async () => {
    put('articles/a.md', '# x')
    put('articles/b.md', '# x')
    const known = remember(await read())
    put('articles/a.md', '# y')
    expect(went(await read(known))).toEqual(['+a.md'])
    expect((await read(known)).opened[0]?.known).toEqual(known.get('a.md'))
  })

  test('a file that was touched, and says no more than that', async () => {
    put('articles/a.md', '# x')
    const known = remember(await read())
    put('articles/a.md', '# x', OLD + 60_000)
    const reading = await read(known)
    expect(went(reading)).toEqual(['=a.md'])
    expect(reading.touched[0]?.stat.mtime).toBe((OLD + 60_000) * 1000)
  })

  test('a young file again, until it is old', async () => {
    put('articles/a.md', '# x', NOW - 1_000)
    const known = remember(await read())
    expect(known.get('a.md')?.mtime).toBe(-1)
    expect(went(await read(known))).toEqual(['=a.md'])
    const [touched] = (await read(known, 'Site', NOW + 60_000)).touched
    expect(touched?.stat.mtime).toBe((NOW - 1_000) * 1000)
  })

  test('every file when the recipe is another', async () => {
    put('articles/a.md', '# x')
    expect(went(await read(remember(await read()), 'another'))).toEqual(['+a.md'])
  })

  test('an article of the future again on its day', async () => {
    put('articles/a.md', article('Tides', 'High.', ['date: 2026-02-12']))
    const known = remember(await read())
    const midnight = Date.parse('2026-02-11T16:00:00Z')
    expect(known.get('a.md')?.lookAgain).toBe(midnight)
    expect(went(await read(known, 'Site', midnight - 1))).toEqual([])
    expect((await read(known, 'Site', midnight)).opened).toMatchObject([{ path: 'a.md', drafts: [{ title: 'Tides' }] }])
  })

  test('an article that expires again at that instant', async () => {
    put('articles/a.md', article('Tides', 'High.', ['expiryDate: 2026-02-11']))
    const known = remember(await read())
    const midnight = Date.parse('2026-02-10T16:00:00Z')
    expect(known.get('a.md')?.lookAgain).toBe(midnight)
    expect(went(await read(known, 'Site', midnight - 1))).toEqual([])
    expect((await read(known, 'Site', midnight)).opened).toMatchObject([{ path: 'a.md', drafts: [], lookAgain: null }])
  })

  test('no draft, and says so by no entry', async () => {
    put('articles/a.md', article('Tides', 'High.', ['draft: true']))
    expect((await read()).opened).toMatchObject([{ outcome: 'read', drafts: [], problems: [], lookAgain: null }])
  })
})

describe('an article that another includes', () => {
  let site: TempSite
  beforeEach(async () => {
    site = (await TempSite.open()).folder('articles')
    site.write('articles/part.md', article('Part', words('part')))
  })
  afterEach(() => site.close())

  const titles = async (): Promise<string[]> =>
    (await site.rows()).filter((row) => !row.removed).map((row) => row.title)
  const whole = (include: string): void =>
    site.write('articles/whole.md', article('Whole', `${words('whole')}\n\n${include}`))
  const INCLUDE = '<!-- @include: ./part.md -->'

  test('is no entry', async () => {
    whole(INCLUDE)
    expect(await site.run()).toMatchObject([{ new: 1 }])
    expect(await titles()).toEqual(['Whole'])
    expect(await site.run()).toMatchObject([{ seen: 0, new: 0, updated: 0, removed: 0 }])
  })

  test('is none any more once it is included, and the same one when that is withdrawn', async () => {
    whole('')
    await site.run()
    const guids = await site.guids()
    whole(INCLUDE)
    expect(await site.run()).toMatchObject([{ new: 0, removed: 1 }])
    expect(await titles()).toEqual(['Whole'])
    whole('')
    expect(await site.run()).toMatchObject([{ new: 0, removed: 0 }])
    expect(await site.guids()).toEqual(guids)
    whole(INCLUDE)
    expect(await site.run()).toMatchObject([{ new: 0, removed: 1 }])
    expect(await titles()).toEqual(['Whole'])
  })

  test('is new when what never let it be one is withdrawn, though its own file is as before', async () => {
    whole(INCLUDE)
    await site.run()
    whole('')
    expect(await site.run()).toMatchObject([{ new: 1 }])
    expect((await titles()).sort()).toEqual(['Part', 'Whole'])
  })

  test('is an entry once that other one is gone', async () => {
    whole(INCLUDE)
    await site.run()
    site.remove('articles/whole.md')
    await site.run()
    expect(await titles()).toEqual(['Part'])
  })

  test('is none while one of two includes it', async () => {
    whole(INCLUDE)
    site.write('articles/other.md', article('Other', `${words('other')}\n\n${INCLUDE}`))
    await site.run()
    whole('')
    await site.run()
    expect((await titles()).sort()).toEqual(['Other', 'Whole'])
  })

  test('is none when a draft includes it', async () => {
    site.write('articles/whole.md', article('Whole', INCLUDE, ['draft: true']))
    expect(await site.run()).toMatchObject([{ new: 0 }])
  })

  test('is an entry when the two include each other, since else neither would be one', async () => {
    whole(INCLUDE)
    await site.run()
    site.write('articles/part.md', article('Part', `${words('part')}\n\n<!-- @include: ./whole.md -->`))
    expect(await site.run()).toMatchObject([{ new: 1, removed: 0 }])
    expect((await titles()).sort()).toEqual(['Part', 'Whole'])
    whole('')
    expect(await site.run()).toMatchObject([{ new: 0, removed: 1 }])
    expect(await titles()).toEqual(['Part'])
  })

  test('leaves no body in the store that is no entry’s', async () => {
    whole(INCLUDE)
    await site.run()
    site.write('articles/part.md', article('Part', words('another part')))
    await site.run()
    await site.run({ siteTitle: 'Read anew' })
    expect(await site.store.selectFrom('texts').select('id').execute()).toHaveLength(1)
  })

  test('is an entry when it is only shown in code', async () => {
    whole(`\`${INCLUDE}\``)
    expect(await site.run()).toMatchObject([{ new: 2 }])
  })
})

describe('readFolder() sets aside', () => {
  test('one broken file, with its place', async () => {
    put('articles/a.md', '---coffee\ntitle: 1\n---\n')
    put('articles/b.md', '# x')
    expect((await read()).opened).toMatchObject([
      { outcome: 'rejected', drafts: [], problems: [{ code: 'front-matter-language', where: 'articles/a.md:1' }] },
      { outcome: 'read' },
    ])
  })

  test('a link in a circle, and reads the others', async () => {
    symlinkSync('a.md', join(base, 'articles', 'a.md'))
    put('articles/b.md', '# x')
    const reading = await read()
    expect(went(reading)).toEqual(['+b.md'])
    expect(reading.problems).toMatchObject([{ code: 'file-unreadable', where: 'articles/a.md' }])
    expect(reading.problems[0]?.message).toContain('ELOOP')
  })

  test('a file of more than 16 MB', async () => {
    put('articles/a.md', Buffer.alloc(16 * 1024 * 1024 + 1, 'x'))
    expect((await read()).opened).toMatchObject([{ problems: [{ code: 'file-too-large', where: 'articles/a.md' }] }])
  })

  test('nothing for a control character, which is a warning', async () => {
    put('articles/a.md', '# Ti\0des\n')
    const [file] = (await read()).opened
    expect(file).toMatchObject({ outcome: 'read', drafts: [{ title: 'Tides' }] })
    expect(file?.problems[0]).toMatchObject({
      code: 'control-character',
      where: 'articles/a.md:1',
      severity: 'warning',
    })
  })
})

test('readFolder() says which files are gone', async () => {
  put('articles/a.md', '# x')
  put('articles/b.md', '# x')
  const known = remember(await read())
  rmSync(join(base, 'articles', 'a.md'))
  expect(went(await read(known))).toEqual(['-a.md'])
})

test('a missing folder is one problem and says nothing of any file', async () => {
  put('articles/a.md', '# x')
  const known = remember(await read())
  rmSync(join(base, 'articles'), { recursive: true })
  expect(readingOf(known, 'Site', NOW)).toMatchObject({
    files: null,
    problems: [{ code: 'source-unreadable', severity: 'error', where: 'articles' }],
  })
})

test('a file in the place of the folder is the same problem', () => {
  rmSync(join(base, 'articles'), { recursive: true })
  writeFileSync(join(base, 'articles'), '')
  expect(readingOf(new Map(), 'Site', NOW)).toMatchObject({ files: null, problems: [{ code: 'source-unreadable' }] })
})

test('the hash and the text are of the same bytes', async () => {
  put('articles/a.md', `# Tides\n\n${words('a')}`)
  const before = (await read()).opened[0]
  appendFileSync(join(base, 'articles', 'a.md'), 'more')
  const after = (await read()).opened[0]
  expect(after?.hash).not.toBe(before?.hash)
  expect(after?.stat.size).toBe(statSync(join(base, 'articles', 'a.md')).size)
  expect(after?.drafts[0]?.body.text).toContain('more')
})
