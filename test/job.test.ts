import { readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { parseFeed, parseJsonFeed } from 'feedsmith'
import { simpleParser } from 'mailparser'
import { describe, expect, test } from 'vitest'
import { loadConfig } from '../src/config.ts'
import { isIntact } from '../src/publish/manifest.ts'
import { type RunOptions, type RunReport, runOnce } from '../src/run.ts'
import { filesBelow, putFile, stampsBelow, tempFolder } from './support/folder.ts'
import { loseStore } from './support/database.ts'

const CONFIG = `
site: { title: Tide Notes, url: "https://tides.example.org/", timezone: Europe/Berlin, author: { name: Ada } }
sources: [{ kind: markdown, dir: articles, link: "https://tides.example.org/{year}/{slug}/" }]
digest: { first_run: 2 }
subscribers: [reader@example.net, other@example.net]
`
const START = Date.parse('2026-11-01T12:00:00Z')
const DAY = 86_400_000

const article = (title: string, date: string, body: string): string =>
  `---\ntitle: ${title}\ndate: ${date}\n---\n${body}\n`

const LONG = 'The harbour master reads the gauge at noon and writes the level into a book with a stiff green cover. '

function site(): string {
  return tempFolder({
    'feedwire.config.yaml': CONFIG,
    'articles/ebb.md': article('Ebb', '2026-09-01', `Water leaves. ${LONG}`),
    'articles/flow.md': article('Flow', '2026-09-02', `Water comes. ${LONG}`),
    'articles/spring-tide.md': article('Spring tide', '2026-09-03', `The moon is full or new. ${LONG}`),
  })
}

async function run(dir: string, now: number, options: Partial<RunOptions> = {}): Promise<RunReport> {
  const loaded = loadConfig(null, dir, {})
  if (!loaded.ok) throw loaded.problems[0] ?? new Error('no config')
  const clock = (): number => now
  const { signal } = new AbortController()
  const report = await runOnce(loaded.config, {
    ...{ now, clock, random: () => 0.5, signal, acceptRemovals: false, digest: 'due' },
    ...options,
  })
  if (report === null) throw new Error('the store is locked')
  return report
}

interface Seen {
  titles: string[]
  guids: string[]
}

/** The entries of all three feeds, which must agree. */
function feeds(dir: string): Seen {
  const read = (name: string): string => readFileSync(join(dir, 'public', name), 'utf8')
  const rss = parseFeed(read('feed.xml'))
  const atom = parseFeed(read('atom.xml'))
  const json: unknown = JSON.parse(read('feed.json'))
  if (rss.format !== 'rss' || atom.format !== 'atom') throw new Error('not the formats expected')
  const seen = {
    titles: (rss.feed.items ?? []).map((item) => item.title ?? ''),
    guids: (rss.feed.items ?? []).map((item) => item.guid?.value ?? ''),
  }
  expect((atom.feed.entries ?? []).map((entry) => entry.id)).toEqual(seen.guids)
  expect(json).toMatchObject({ items: seen.guids.map((id) => ({ id })) })
  return seen
}

/** What the feed and its archives call each article. */
function guidsByTitle(dir: string): Map<string | undefined, string | undefined> {
  const paths = filesBelow(join(dir, 'public')).filter((path) => path.endsWith('feed.json'))
  const items = paths.flatMap((path) => parseJsonFeed(readFileSync(join(dir, 'public', path), 'utf8')).items ?? [])
  return new Map(items.map(({ title, id }) => [title, id]))
}

async function lettersIn(dir: string): Promise<{ to: string; subject: string; text: string }[]> {
  const paths = filesBelow(join(dir, 'outbox'))
  return Promise.all(
    paths.map(async (path) => {
      const mail = await simpleParser(readFileSync(join(dir, 'outbox', path)))
      const to = Array.isArray(mail.to) ? '' : (mail.to?.text ?? '')
      return { to, subject: mail.subject ?? '', text: mail.text ?? '' }
    }),
  )
}

describe('the job', () => {
  test('does everything once: feeds, page, one letter per reader with the newest of the first read', async () => {
    const dir = site()
    const report = await run(dir, START)
    expect(report.gathered).toEqual({ seen: 3, new: 3, updated: 0, removed: 0, rejected: 0 })
    expect(report.exitCode).toBe(0)
    expect(report.digests).toMatchObject([{ entries: 2, more: 0, recipients: 2 }])
    expect(report.deliveries).toMatchObject({ sent: 2, due: 0 })
    expect(feeds(dir).titles).toEqual(['Spring tide', 'Flow', 'Ebb'])
    const letters = await lettersIn(dir)
    expect(letters.map(({ to }) => to).sort()).toEqual(['other@example.net', 'reader@example.net'])
    for (const { text } of letters) {
      expect(text).toContain('https://tides.example.org/2026/spring-tide/')
      expect(text).toContain('https://tides.example.org/2026/flow/')
      expect(text).not.toContain('/ebb/')
    }
    expect(readFileSync(join(dir, 'public/index.html'), 'utf8')).toContain('Spring tide')
  })

  test('changes no byte and no time stamp when nothing is new, and mails nobody', async () => {
    const dir = site()
    await run(dir, START)
    const before = { site: stampsBelow(join(dir, 'public')), mail: stampsBelow(join(dir, 'outbox')) }
    const report = await run(dir, START + DAY)
    expect(report.gathered.new).toBe(0)
    expect(report.published).toEqual({ written: [], unchanged: 17, removed: [] })
    expect(report.digests).toEqual([])
    expect({ site: stampsBelow(join(dir, 'public')), mail: stampsBelow(join(dir, 'outbox')) }).toEqual(before)
  })

  test('announces exactly the article that was added', async () => {
    const dir = site()
    await run(dir, START)
    rmSync(join(dir, 'outbox'), { recursive: true })
    putFile(dir, 'articles/neap.md', article('Neap tide', '1999-01-01', `An old date, but new here. ${LONG}`))
    const report = await run(dir, START + DAY)
    expect(report.gathered).toMatchObject({ new: 1, updated: 0, removed: 0 })
    expect(feeds(dir).titles).toEqual(['Spring tide', 'Flow', 'Ebb', 'Neap tide'])
    const letters = await lettersIn(dir)
    expect(letters).toHaveLength(2)
    for (const { text } of letters) {
      expect(text).toContain('/1999/neap/')
      expect(text).not.toContain('/flow/')
    }
  })

  test('publishes an edit and mails nobody', async () => {
    const dir = site()
    await run(dir, START)
    const guids = feeds(dir).guids
    const mail = stampsBelow(join(dir, 'outbox'))
    putFile(dir, 'articles/flow.md', article('Flow, again', '2026-09-02', `Water comes back. ${LONG}`))
    const report = await run(dir, START + DAY)
    expect(report.gathered).toMatchObject({ new: 0, updated: 1, removed: 0 })
    expect(report.published.written).toContain('feed.xml')
    expect(feeds(dir)).toEqual({ titles: ['Spring tide', 'Flow, again', 'Ebb'], guids })
    expect(stampsBelow(join(dir, 'outbox'))).toEqual(mail)
  })

  test('knows a renamed article again, with another link', async () => {
    const dir = site()
    await run(dir, START)
    const guids = feeds(dir).guids
    renameSync(join(dir, 'articles/flow.md'), join(dir, 'articles/flood.md'))
    const report = await run(dir, START + DAY)
    expect(report.gathered).toMatchObject({ new: 0, updated: 0, removed: 0 })
    expect(report.digests).toEqual([])
    expect(feeds(dir).guids).toEqual(guids)
    expect(readFileSync(join(dir, 'public/feed.xml'), 'utf8')).toContain('https://tides.example.org/2026/flood/')
  })

  test('knows a renamed article again, be it ever so short', async () => {
    const dir = site()
    putFile(dir, 'articles/hello.md', article('Hello', '2026-09-04', 'A small note.'))
    await run(dir, START)
    renameSync(join(dir, 'articles/hello.md'), join(dir, 'articles/hi.md'))
    const report = await run(dir, START + DAY)
    expect(report.gathered).toMatchObject({ new: 0, removed: 0 })
    expect(report.digests).toEqual([])
  })

  test('takes a deleted article out of the feeds and pages', async () => {
    const dir = site()
    await run(dir, START)
    rmSync(join(dir, 'articles/flow.md'))
    const report = await run(dir, START + DAY)
    expect(report.gathered).toMatchObject({ new: 0, removed: 1 })
    expect(feeds(dir).titles).toEqual(['Spring tide', 'Ebb'])
    for (const path of filesBelow(join(dir, 'public'))) {
      expect(readFileSync(join(dir, 'public', path), 'utf8'), path).not.toContain('/2026/flow/')
    }
  })

  test('publishes again what was deleted or cut in the publish directory', async () => {
    const dir = site()
    await run(dir, START)
    const before = Object.keys(stampsBelow(join(dir, 'public')))
    rmSync(join(dir, 'public/atom.xml'))
    putFile(dir, 'public/index.html', 'cut')
    const report = await run(dir, START + DAY)
    expect(report.published.written.sort()).toEqual(['atom.xml', 'index.html'])
    expect(Object.keys(stampsBelow(join(dir, 'public')))).toEqual(before)
  })

  test('gives the same guids when the store was lost', async () => {
    const dir = site()
    await run(dir, START)
    const before = feeds(dir).guids
    await loseStore(dir)
    await run(dir, START + DAY)
    expect(feeds(dir).guids).toEqual(before)
  })

  test('keeps the id of an article that was renamed before the store was lost, in the feed or in an archive', async () => {
    const dir = site()
    putFile(dir, 'feedwire.config.yaml', `${CONFIG}\nfeeds: { entries: 2, tags: false }\n`)
    for (let n = 0; n < 60; n++) putFile(dir, `articles/n${n}.md`, article(`Note ${n}`, '2026-09-01', `${n}. ${LONG}`))
    await run(dir, START)
    renameSync(join(dir, 'articles/n0.md'), join(dir, 'articles/renamed.md'))
    await run(dir, START + DAY)
    const before = guidsByTitle(dir)
    expect(before.size).toBe(63)
    await loseStore(dir)
    await run(dir, START + 2 * DAY)
    expect(guidsByTitle(dir)).toEqual(before)
  })

  test('mails nothing again when the store was lost, and keeps the page of a digest that was mailed', async () => {
    const dir = site()
    await run(dir, START)
    const page = filesBelow(join(dir, 'public')).filter((path) => /^digests\/\d.*html$/.test(path))
    const mail = stampsBelow(join(dir, 'outbox'))
    await loseStore(dir)
    const report = await run(dir, START + DAY)
    expect(report).toMatchObject({ digests: [], published: { removed: [] } })
    expect(stampsBelow(join(dir, 'outbox'))).toEqual(mail)
    expect(page).toHaveLength(1)
    expect(filesBelow(join(dir, 'public'))).toEqual(expect.arrayContaining(page))

    rmSync(join(dir, 'public', page[0] ?? ''))
    await run(dir, START + 2 * DAY)
    expect(isIntact(join(dir, 'public')), 'a page that nobody can make again is not missed for ever').toBe(true)
  })

  test('still mails the first digest after a first run that found no folder', async () => {
    const dir = site()
    putFile(dir, 'feedwire.config.yaml', CONFIG.replace('dir: articles', 'dir: artciles, name: notes'))
    expect(await run(dir, START)).toMatchObject({ exitCode: 3, digests: [] })
    putFile(dir, 'feedwire.config.yaml', CONFIG.replace('dir: articles', 'dir: articles, name: notes'))
    expect(await run(dir, START + DAY)).toMatchObject({ digests: [{ entries: 2, recipients: 2 }] })
  })

  test('sets bad files aside, names each with its place and mend, and lets the rest through', async () => {
    const dir = site()
    putFile(dir, 'articles/broken.md', `---\ncolour: ${'x'.repeat(40_000)}\n---\ntext\n`)
    putFile(dir, 'articles/code.md', '---coffee\ntitle: process.exit(9)\n---\ntext\n')
    putFile(dir, 'articles/empty.md', '')
    putFile(dir, 'articles/undated.md', '---\ntitle: Undated\ndate: 2026-02-30\n---\nNo such day.\n')
    putFile(dir, 'articles/nul.md', `---\ntitle: Nul\ndate: 2026-01-02\n---\nOne\u0000two.\n`)
    const report = await run(dir, START)
    expect(report.exitCode).toBe(3)
    expect(report.gathered).toEqual({ seen: 5, new: 5, updated: 0, removed: 0, rejected: 2 })
    const problems = report.sources.flatMap((source) => source.problems)
    expect(problems.map(({ code, severity, where }) => [code, severity, where])).toEqual([
      ['front-matter-long', 'error', 'articles/broken.md:1'],
      ['front-matter-language', 'error', 'articles/code.md:1'],
      ['control-character', 'warning', 'articles/nul.md:5'],
      ['date-invalid', 'warning', 'articles/undated.md:3'],
    ])
    for (const { message, mend } of problems) expect([message, mend]).not.toContain('')
    expect(feeds(dir).titles).toContain('Nul')

    const again = await run(dir, START + DAY)
    expect(again.exitCode, 'for as long as it stands').toBe(3)
    expect(again.gathered.rejected).toBe(2)
    expect(again.sources[0]?.fresh).toEqual([])
  })

  test('asks before a source loses most of its entries', async () => {
    const dir = site()
    for (let n = 0; n < 20; n++) {
      putFile(dir, `articles/note-${n}.md`, article(`Note ${n}`, '2026-08-01', `Number ${n}. ${LONG.repeat(n + 1)}`))
    }
    await run(dir, START)
    const before = feeds(dir)
    for (let n = 0; n < 20; n++) rmSync(join(dir, `articles/note-${n}.md`))
    const report = await run(dir, START + DAY)
    expect(report).toMatchObject({ exitCode: 3, gathered: { removed: 0 } })
    expect(report.sources[0]?.problems).toMatchObject([
      { code: 'source-shrunk', mend: expect.stringMatching(/--accept-removals/) },
    ])
    expect(feeds(dir)).toEqual(before)
    const accepted = await run(dir, START + DAY, { acceptRemovals: true })
    expect(accepted).toMatchObject({ exitCode: 0, gathered: { removed: 20 } })
    expect(feeds(dir).titles).toEqual(['Spring tide', 'Flow', 'Ebb'])
  })

  test('keeps a source that was taken out of the settings remembered, but shows it no more', async () => {
    const dir = site()
    await run(dir, START)
    putFile(dir, 'other/one.md', article('Elsewhere', '2026-09-09', `Of another folder. ${LONG}`))
    putFile(dir, 'feedwire.config.yaml', CONFIG.replace('dir: articles', 'dir: other'))
    await run(dir, START + DAY)
    expect(feeds(dir).titles).toEqual(['Elsewhere'])
    putFile(dir, 'feedwire.config.yaml', CONFIG)
    const back = await run(dir, START + 2 * DAY)
    expect(back.gathered.new).toBe(0)
    expect(feeds(dir).titles).toEqual(['Spring tide', 'Flow', 'Ebb'])
  })

  test('is told of another snippet length by the settings, and calls nothing updated', async () => {
    const dir = site()
    await run(dir, START)
    putFile(dir, 'feedwire.config.yaml', `${CONFIG}snippet: { length: 40 }\n`)
    const report = await run(dir, START + DAY)
    expect(report.gathered).toMatchObject({ new: 0, updated: 0 })
    expect(report.published.written).toContain('feed.json')
    const feed: unknown = JSON.parse(readFileSync(join(dir, 'public/feed.json'), 'utf8'))
    expect(feed).toMatchObject({ items: [{ date_modified: '2026-09-03T11:00:00.000Z' }, {}, {}] })
  })
})

describe('the pages', () => {
  test('keep each entry at a place of its own, and leave full pages as they are', async () => {
    const dir = site()
    const write = (from: number, to: number): void => {
      for (let n = from; n < to; n++) {
        putFile(
          dir,
          `articles/n${n}.md`,
          article(`Note ${n}`, '2026-10-01', `Number ${n}. ${LONG.repeat((n % 7) + 1)}`),
        )
      }
    }
    write(0, 60)
    await run(dir, START)
    write(60, 120)
    await run(dir, START + DAY)
    const first = stampsBelow(join(dir, 'public/page'))['1.html']
    write(120, 180)
    const report = await run(dir, START + 2 * DAY)
    const pages = filesBelow(join(dir, 'public/page')).filter((path) => path.endsWith('.html'))
    expect(pages).toEqual(['1.html', '2.html', '3.html', '4.html'])
    expect(stampsBelow(join(dir, 'public/page'))['1.html']).toBe(first)
    expect(report.published.written).not.toContain('page/1.html')
    expect(report.published.written).toEqual(expect.arrayContaining(['page/3.html', 'page/4.html', 'index.html']))
  })
})
