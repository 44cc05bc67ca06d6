import { execFileSync } from 'node:child_process'
import { readFileSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readCaptures } from '../../src/gather/captures.ts'
import type { FileReading, KnownFile, Reading } from '../../src/remember/reading.ts'
import { putFile, tempFolder } from '../support/folder.ts'
import { RULES, lookupsIn, stampsOf } from '../support/site.ts'

const NOW = Date.parse('2026-02-10T04:00:00Z')
const TIDES = 'The harbour keeps one table of tides for the whole year, and every skipper copies the week that matters.'
const WIND =
  'Nobody keeps a table of winds, so the oldest skipper is asked, who looks at the gulls and shakes his head.'

let root = ''
beforeEach(() => {
  root = tempFolder()
})
afterEach(() => {
  rmSync(root, { recursive: true })
})

function read(files = 'captures/*.txt', known: ReadonlyMap<string, KnownFile> = new Map()): Reading {
  return readCaptures({ kind: 'listing', name: files, root, files }, stampsOf(known), RULES, NOW)
}

async function opened(): Promise<FileReading[]> {
  const files: FileReading[] = []
  for await (const change of read().files?.changes(lookupsIn(new Map())) ?? [])
    if (change.kind === 'opened') files.push(change.file)
  return files
}

test('readCaptures() reads the files of a pattern in the order of their names', async () => {
  for (const name of ['2026-02-02', '2026-02-10', '2026-02-01']) putFile(root, `captures/${name}.txt`, TIDES)
  putFile(root, 'captures/notes.md', TIDES)
  putFile(root, 'captures/old/2026-01-01.txt', TIDES)
  const paths = (await opened()).map(({ path }) => path)
  expect(paths).toEqual(['captures/2026-02-01.txt', 'captures/2026-02-02.txt', 'captures/2026-02-10.txt'])
})

test('readCaptures() makes drafts without key, id or link', async () => {
  putFile(root, 'captures/a.txt', `INCOMING TRANSMISSION\n\nSea\n2026-01-11\n${TIDES}\n\n${WIND}\n`)
  expect(await opened()).toMatchObject([
    {
      place: 'captures/a.txt',
      outcome: 'read',
      drafts: [
        {
          key: null,
          explicitId: null,
          permalink: null,
          titleGuessed: true,
          date: { kind: 'day', year: 2026, month: 1, day: 11 },
          categories: ['Sea'],
          snippet: TIDES,
          body: { format: 'text', text: TIDES },
        },
        { date: null, categories: [], snippet: WIND },
      ],
    },
  ])
})

test('readCaptures() cuts a snippet to the length of the site, and keeps the text', async () => {
  const long = TIDES.repeat(6)
  putFile(root, 'captures/a.txt', long)
  const draft = (await opened())[0]?.drafts[0]
  expect(draft?.snippet.length).toBeLessThanOrEqual(353)
  expect(draft?.snippet).toMatch(/\.\.\.$/)
  expect(draft?.body.text).toBe(long)
})

test('readCaptures() sets a file without a snippet aside', async () => {
  putFile(root, 'captures/a.txt', 'INCOMING TRANSMISSION\n\nLATEST UPDATES\n')
  putFile(root, 'captures/b.txt', TIDES)
  expect(await opened()).toMatchObject([
    { outcome: 'rejected', problems: [{ code: 'listing-empty', where: 'captures/a.txt' }] },
    { outcome: 'read' },
  ])
})

test.each(['captures/*.txt', 'nowhere/*.txt'])(
  'a pattern without a file (%s) is a warning, and nothing is read',
  (files) => {
    putFile(root, 'captures/a.md', TIDES)
    expect(read(files)).toMatchObject({
      files: null,
      problems: [{ code: 'source-empty', severity: 'warning', where: files }],
    })
  },
)

test('readCaptures() says which files are gone', () => {
  putFile(root, 'captures/b.txt', TIDES)
  const file = { path: 'captures/a.txt', size: 1, mtime: 1, ctime: 1, hash: '', recipe: 'recipe' }
  const known = new Map([[file.path, { ...file, entryId: null, lookAgain: null, problems: [], imports: [] }]])
  expect(read('captures/*.txt', known).files?.gone).toEqual(['captures/a.txt'])
})

test.skipIf(process.platform === 'win32')(
  'readCaptures() follows no link out of the folder, and waits for no pipe',
  async () => {
    putFile(root, 'captures/a.txt', TIDES)
    putFile(root, 'private/notes.txt', WIND)
    symlinkSync(join(root, 'private/notes.txt'), join(root, 'captures/b.txt'))
    symlinkSync(join(root, 'captures/a.txt'), join(root, 'captures/c.txt'))
    execFileSync('mkfifo', [join(root, 'captures/d.txt')])
    symlinkSync(join(root, 'captures/d.txt'), join(root, 'captures/e.txt'))
    expect((await opened()).map(({ path }) => path)).toEqual(['captures/a.txt', 'captures/c.txt'])
  },
)

test('readCaptures() takes the title and the date of a block, and its text alone for its identity', async () => {
  const block = (title: string, text: string): string =>
    `${title}\nSea · Jan 11, 2026 · 5 min read\n${text}\nRead more »`
  putFile(
    root,
    'captures/a.txt',
    `Latest\n\n${block('The oldest table', TIDES)}\n\n${block('Nobody knows', WIND)}\n\n1 2 3`,
  )
  const date = { kind: 'day', year: 2026, month: 1, day: 11 }
  const same = { titleGuessed: false, date, categories: ['Sea'] }
  expect((await opened())[0]?.drafts).toMatchObject([
    { ...same, title: 'The oldest table', written: TIDES },
    { ...same, title: 'Nobody knows', written: WIND },
  ])
})

test('readCaptures() knows an article by the same text, however the page shows it', async () => {
  const wrapped = (text: string): string => text.replace(/(.{1,40})(?: |$)/g, '$1\n').trim()
  const shapes = [
    `${TIDES}\n${WIND}`,
    `2. ${TIDES}\n1. ${WIND}`,
    `• ${wrapped(TIDES)}\n• ${wrapped(WIND)}\n\n上一页 1 2 3 … 20 下一页`,
    `2026-01-11 ${TIDES}\n2026-01-10 ${WIND}`,
    `[2] ${TIDES} (11 Jan 2026)\r\n\r\n[1] ${WIND} (10 Jan 2026)`,
    `${wrapped(TIDES)}\r\r${wrapped(WIND)}`,
    `The oldest table\n${wrapped(TIDES)}\n\nNobody knows\n${wrapped(WIND)}`,
  ]
  for (const [index, shape] of shapes.entries()) putFile(root, `captures/${index}.txt`, shape)
  const files = await opened()
  expect(files.map(({ drafts }) => drafts.map(({ written }) => written))).toEqual(shapes.map(() => [TIDES, WIND]))
})

test.each([
  ['blocks-gb18030.txt', 'GB18030', ['潮汐表为什么是最早的定时任务', '怎样把缓存里的东西扔掉']],
  [
    'numbered-big5.txt',
    'Big5',
    ['潮汐表是最早的定時任務。港口的人提前一年就知道哪一天幾點水…', '快取裡最難的是什麼時候把東西拿出來丟掉…'],
  ],
  [
    'dated-windows-1252.txt',
    'windows-1252',
    [
      'Le port a une table des marées, et chaque pêcheur la copie…',
      'Où est le bateau ? demande l’élève, et déjà la marée…',
    ],
  ],
  [
    'wrapped-utf-16le.txt',
    'UTF-16LE',
    [
      'The harbour keeps one table of tides for the whole year…',
      'Nobody keeps a table of winds, so the oldest skipper is…',
    ],
  ],
])('readCaptures() reads %s', async (name, encoding, titles) => {
  putFile(root, 'captures/a.txt', readFileSync(new URL(`../fixtures/listings/${name}`, import.meta.url)))
  const [file] = await opened()
  expect(file?.drafts.map(({ title }) => title)).toEqual(titles)
  expect(file?.problems).toMatchObject([{ code: 'encoding-other', message: expect.stringContaining(encoding) }])
})

test('readCaptures() sets a page of HTML aside', async () => {
  putFile(root, 'captures/a.txt', `\n<!DOCTYPE html>\n<html><body><p>${TIDES}</p></body></html>`)
  expect(await opened()).toMatchObject([
    { outcome: 'rejected', problems: [{ code: 'listing-markup', where: 'captures/a.txt' }] },
  ])
})

test.each([
  ['10,000 snippets', 'tide\n'.repeat(10_001), 10_000, 'captures/a.txt:10001'],
  ['50,000 lines', `${TIDES}\n${'\n'.repeat(60_000)}`, 1, 'captures/a.txt:50001'],
])('readCaptures() reads no more than %s of a file, and says so', async (_, text, count, where) => {
  putFile(root, 'captures/a.txt', text)
  const [file] = await opened()
  expect(file?.drafts).toHaveLength(count)
  expect(file?.problems).toMatchObject([{ code: 'listing-too-long', severity: 'warning', where }])
})
