import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { filesBelow, putFile, stampsBelow, tempFolder } from './support/folder.ts'
import { runAt } from './support/run-at.ts'

const SETTINGS = `
site: { title: Tide Notes, url: "https://tides.example.org/" }
feeds: { entries: 10 }
digest: { first_run: 5 }
subscribers: [ann@example.net]
`

let dir = ''
beforeEach(() => {
  dir = tempFolder({ 'feedwire.config.yaml': SETTINGS })
  mkdirSync(join(dir, 'articles'))
})
afterEach(() => {
  rmSync(dir, { recursive: true })
})

function write(from: number, to: number, text = 'is as it was'): void {
  for (let n = from; n <= to; n++) {
    const day = String((n % 28) + 1).padStart(2, '0')
    const body = `Gauge number ${n} ${text}, says the keeper of the harbour book, who reads it at every noon of the year.`
    putFile(dir, `articles/gauge-${n}.md`, `---\ntitle: Gauge ${n}\ndate: 2025-10-${day}\n---\n${body}\n`)
  }
}

function remove(from: number, to: number): void {
  for (let n = from; n <= to; n++) rmSync(join(dir, `articles/gauge-${n}.md`))
}

/** What is published, by path, without what names it and without copies. */
function contents(): Record<string, string> {
  const paths = filesBelow(join(dir, 'public')).filter((path) => !/\.gz$|\.br$|manifest/.test(path))
  return Object.fromEntries(paths.map((path) => [path, readFileSync(join(dir, 'public', path), 'utf8')]))
}

test('what is published step by step is, byte for byte, what is published from nothing', async () => {
  const steps: [says: string, change: () => void][] = [
    ['the first articles', () => write(1, 40)],
    ['more on the same page', () => write(41, 49)],
    ['the last of a page', () => write(50, 50)],
    ['the first of the next page', () => write(51, 51)],
    ['two pages at once', () => write(52, 170)],
    ['an edit on the oldest page', () => write(7, 7, 'was moved to the other wall')],
    ['an edit on the newest page', () => write(169, 169, 'was moved to the other wall')],
    ['an article gone that a digest tells of', () => remove(38, 40)],
    ['the newest gone', () => remove(168, 170)],
    ['the newest page gone', () => remove(151, 167)],
    ['a page in the middle gone', () => remove(51, 100)],
    ['a page that comes back', () => write(60, 61)],
    ['nothing', () => undefined],
  ]
  for (const [index, [says, change]] of steps.entries()) {
    change()
    const moment = new Date(Date.UTC(2026, 0, 1 + index)).toISOString()
    await runAt(dir, moment)
    const stepwise = contents()
    rmSync(join(dir, 'public'), { recursive: true })
    await runAt(dir, moment)
    const anew = contents()
    expect(Object.keys(anew), says).toEqual(Object.keys(stepwise))
    for (const [path, content] of Object.entries(anew)) {
      // An archive keeps what it said; made from nothing it says what is true now.
      if (!path.startsWith('archive/')) expect(content, `${says}: ${path}`).toBe(stepwise[path])
    }
  }
})

test('a run writes nothing when nothing changed', async () => {
  write(1, 60)
  await runAt(dir, '2026-01-01T00:00:00Z')
  const before = stampsBelow(join(dir, 'public'))
  const { published } = await runAt(dir, '2026-01-02T00:00:00Z')
  const files = Object.keys(before).filter((path) => !/\.gz$|\.br$|manifest/.test(path))
  expect(published).toEqual({ written: [], unchanged: files.length, removed: [] })
  expect(stampsBelow(join(dir, 'public'))).toEqual(before)
})

test('another title of the site is published at once, on every page', async () => {
  write(1, 60)
  await runAt(dir, '2026-01-01T00:00:00Z')
  putFile(dir, 'feedwire.config.yaml', SETTINGS.replace('Tide Notes', 'Ebb Notes'))
  const { published } = await runAt(dir, '2026-01-02T00:00:00Z')
  expect(published.unchanged).toBe(0)
  for (const path of published.written) expect(contents()[path], path).toContain('Ebb Notes')
})

test('a file of ours that was lost is made again, though nothing is new', async () => {
  write(1, 60)
  await runAt(dir, '2026-01-01T00:00:00Z')
  const before = contents()
  for (const path of ['feed.xml', 'page/1.html']) {
    rmSync(join(dir, 'public', path))
    expect((await runAt(dir, '2026-01-02T00:00:00Z')).published.written).toEqual([path])
  }
  expect(contents()).toEqual(before)
})
