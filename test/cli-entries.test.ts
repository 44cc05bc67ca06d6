import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { describe, expect, test } from 'vitest'
import { adoptCommand } from '../src/cli/adopt.ts'
import type { Context } from '../src/cli/context.ts'
import { program } from '../src/cli/program.ts'
import { takeLock } from '../src/remember/lock.ts'
import { filesBelow, putFile, tempFolder } from './support/folder.ts'
import { runAt } from './support/run-at.ts'
import { storePlace } from './support/database.ts'

const LINK = "link: 'https://tides.example.org/{slug}/'"
const CONFIG = `site: { title: Tide Notes, url: "https://tides.example.org/" }
sources: [{ kind: markdown, dir: articles, ${LINK} }, { kind: listing, files: 'captures/*.txt' }]
`

interface Ended {
  code: number
  out: string
  err: string
}

function contextIn(cwd: string): { context: Context; said: (code: number) => Ended } {
  const [out, err]: [string[], string[]] = [[], []]
  const { signal } = new AbortController()
  const clock = (): number => Date.parse('2026-02-01T08:00:00Z')
  const context: Context = {
    ...{ cwd, environment: {}, clock, random: () => 0.5, signal },
    print: (line) => out.push(line),
    complain: (line) => err.push(line),
  }
  return { context, said: (code) => ({ code, out: out.join('\n'), err: err.join('\n') }) }
}

async function feedwire(dir: string, ...words: string[]): Promise<Ended> {
  const { context, said } = contextIn(dir)
  return said(await program(words, context))
}

const article = (title: string, day: number): string =>
  `---\ntitle: ${title}\ndate: 2026-01-0${day}\n---\nThe water of ${title}.\n`

/** A site with two articles, numbered 1 and 2. */
async function site(): Promise<string> {
  const files = { 'feedwire.config.yaml': CONFIG, 'captures/a.txt': '' }
  const dir = tempFolder({ ...files, 'articles/ebb.md': article('Ebb', 1), 'articles/flow.md': article('涨潮', 2) })
  await runAt(dir, '2026-02-01T08:00:00Z')
  return dir
}

const OLD = `<rss version="2.0"><channel><title>Old</title>
<item><title>Ebb</title><link>http://tides.example.org/ebb.html</link><guid isPermaLink="false">12 at tides</guid></item>
<item><title>Storm</title><link>http://tides.example.org/storm.html</link><guid isPermaLink="false">13 at tides</guid></item>
</channel></rss>`

describe('feedwire entries list', () => {
  test('prints number, day, state, title and link, the newest first', async () => {
    const dir = await site()
    expect(await feedwire(dir, 'entries', 'list')).toEqual({
      ...{ code: 0, err: '' },
      out: '2  2026-01-02  shown    涨潮  https://tides.example.org/flow/\n1  2026-01-01  shown    Ebb  https://tides.example.org/ebb/',
    })
  })

  test('says what it leaves out', async () => {
    const dir = await site()
    const { out } = await feedwire(dir, 'entries', 'list', '--limit', '1')
    expect(out).toMatch(/^2 .*\n1 more; --limit 2 lists all\.$/)
    expect((await feedwire(tempFolder({ 'feedwire.config.yaml': CONFIG }), 'entries', 'list')).out).toMatch(
      /no entry yet/,
    )
  })

  test('--json prints an array', async () => {
    const dir = await site()
    await feedwire(dir, 'entries', 'hide', '1')
    const { out } = await feedwire(dir, 'entries', 'list', '--json', '--all', '--source', 'articles')
    const entries: unknown = JSON.parse(out)
    expect(entries).toMatchObject([
      { number: 2, state: 'shown' },
      {
        ...{ number: 1, guid: expect.stringMatching(/^urn:uuid:/), source: 'articles', key: 'ebb.md', title: 'Ebb' },
        ...{ link: 'https://tides.example.org/ebb/', date: '2026-01-01T12:00:00.000Z', state: 'hidden' },
      },
    ])
  })

  for (const [says, words, err] of [
    ['a source that is not there', ['--source', 'notes'], /no source "notes".*articles, captures/],
    ['a limit that is no number', ['--limit', 'all'], /whole number from 1 on/],
    ['a limit of nothing', ['--limit', '0'], /whole number from 1 on/],
  ] as const)
    test(`ends with 2 for ${says}`, async () => {
      expect(await feedwire(await site(), 'entries', 'list', ...words)).toMatchObject({
        code: 2,
        err: expect.stringMatching(err),
      })
    })
})

describe('feedwire entries hide and show', () => {
  for (const name of ['1', 'ebb.md', 'articles/ebb.md', 'https://tides.example.org/ebb/'])
    test(`take an entry out and bring it back by ${name}`, async () => {
      const dir = await site()
      expect(await feedwire(dir, 'entries', 'hide', name)).toMatchObject({
        code: 0,
        out: '1 "Ebb" is hidden; the next run takes it from feeds and pages',
      })
      const { published } = await runAt(dir, '2026-02-01T09:00:00Z')
      expect(published.written).toEqual(expect.arrayContaining(['page/1.html', 'index.html', 'feed.xml']))
      expect((await feedwire(dir, 'entries', 'list')).out).not.toContain('Ebb')
      expect((await feedwire(dir, 'entries', 'hide', name)).out).toContain('was hidden already')
      expect(await feedwire(dir, 'entries', 'show', name)).toMatchObject({
        code: 0,
        out: expect.stringContaining('is shown again'),
      })
      expect((await feedwire(dir, 'entries', 'show', name)).out).toContain('was shown already')
      expect((await feedwire(dir, 'entries', 'list')).out).toContain('Ebb')
    })

  test('tell what is none, do the others and end with 3', async () => {
    const dir = await site()
    expect(await feedwire(dir, 'entries', 'hide', 'storm.md', '2')).toMatchObject({
      ...{ code: 3, err: expect.stringContaining('"storm.md" is no entry; give a number') },
      out: expect.stringMatching(/^2 "涨潮" is hidden/),
    })
    const results: unknown = JSON.parse((await feedwire(dir, 'entries', 'show', '9', '--json')).out)
    expect(results).toMatchObject([{ entry: '9', number: null, ok: false, text: expect.any(String) }])
  })

  test('do nothing for a name that several have', async () => {
    const dir = await site()
    const config = CONFIG.replace('sources: [', `sources: [{ kind: markdown, dir: notes, ${LINK} }, `)
    putFile(dir, 'feedwire.config.yaml', config)
    putFile(dir, 'notes/ebb.md', article('Note', 3))
    await runAt(dir, '2026-02-01T09:00:00Z')
    expect(await feedwire(dir, 'entries', 'hide', 'ebb.md')).toMatchObject({
      code: 3,
      err: '"ebb.md" may be 1 "Ebb" or 3 "Note"; give the number',
    })
    expect((await feedwire(dir, 'entries', 'hide', 'notes/ebb.md')).out).toContain('3 "Note" is hidden')
  })
})

describe('feedwire adopt', () => {
  test('says how many entries have the ids of the feed, and publishes them with the next run', async () => {
    const dir = await site()
    putFile(dir, 'old.xml', OLD)
    expect(await feedwire(dir, 'adopt', 'old.xml')).toEqual({
      ...{ code: 0, err: '' },
      out: [
        'Adopted 1 of 2 items: 1 entry has the id that readers know; no digest tells of them.',
        '1 item has no entry here yet: it will be recognised on coming.',
        'The next run publishes the feeds with these ids.',
      ].join('\n'),
    })
    const { published } = await runAt(dir, '2026-02-01T09:00:00Z')
    expect(published.written).toContain('feed.xml')
    const again: unknown = JSON.parse((await feedwire(dir, 'adopt', 'old.xml', '--json')).out)
    expect(again).toEqual({ items: 2, changed: 0, unchanged: 1, waiting: 1, problems: [] })
  })

  test('takes over all of our own feed after the store was lost', async () => {
    const dir = await site()
    for (const end of ['', '-wal', '-shm']) rmSync(join(dir, `feedwire.db${end}`), { force: true })
    await runAt(dir, '2026-02-02T08:00:00Z')
    for (const path of ['feed.xml', 'atom.xml', 'feed.json']) {
      const result: unknown = JSON.parse((await feedwire(dir, 'adopt', `public/${path}`, '--json')).out)
      expect(result).toMatchObject({ items: 2, changed: 0, unchanged: 2, waiting: 0 })
    }
  })

  test('reads standard input', async () => {
    const { context, said } = contextIn(await site())
    const code = await adoptCommand(context, '-', {}, Readable.from([Buffer.from(OLD)]))
    expect(said(code)).toMatchObject({ code: 0, out: expect.stringMatching(/^Adopted 1 of 2 items/) })
  })

  test('ends with 3 when an entry keeps its id, and tells which', async () => {
    const dir = await site()
    putFile(dir, 'old.xml', OLD.replace('13 at tides', '12 at tides').replace('storm.html', 'flow.html'))
    expect(await feedwire(dir, 'adopt', 'old.xml')).toMatchObject({
      ...{ code: 3, out: expect.stringMatching(/^Adopted 1 of 2 items/) },
      err: expect.stringMatching(
        /^warning: old\.xml: Entry 2, "涨潮", keeps its own id: another entry has 12 at tides - /,
      ),
    })
  })

  test('leaves the store alone while a run is at work', async () => {
    const dir = await site()
    putFile(dir, 'old.xml', OLD)
    const lock = await takeLock(storePlace(dir))
    const ended = await feedwire(dir, 'adopt', 'old.xml')
    await lock?.release()
    expect(ended).toMatchObject({
      code: 1,
      err: 'feedwire: A run is at work on this store - try again when it has ended',
    })
  })

  for (const [says, feed, code, err] of [
    ['a URL, with the mend', 'https://a.example/feed', 2, /curl -o old\.xml https:\/\/a\.example\/feed$/],
    ['a file that is not there', 'none.xml', 1, /none\.xml: Cannot read the feed \(ENOENT\)/],
    ['a file that is no feed', 'articles/ebb.md', 1, /articles\/ebb\.md: This is no RSS, Atom, RDF or JSON feed/],
  ] as const)
    test(`refuses ${says}, and makes no store`, async () => {
      const dir = tempFolder({ 'feedwire.config.yaml': CONFIG, 'articles/ebb.md': article('Ebb', 1) })
      const before = filesBelow(dir)
      expect(await feedwire(dir, 'adopt', feed)).toMatchObject({ code, err: expect.stringMatching(err), out: '' })
      expect(filesBelow(dir)).toEqual(before)
    })
})

describe('feedwire sources list', () => {
  test('tells how each source is read and what of it is remembered', async () => {
    const dir = await site()
    await feedwire(dir, 'entries', 'hide', '1')
    expect((await feedwire(dir, 'sources', 'list')).out).toBe(
      [
        'articles (markdown, read as plain)',
        '  2 files, 1 shown, 1 hidden, first read 2026-02-01',
        'captures/*.txt (listing)',
        '  1 file, 0 shown, 1 set aside, never read yet',
      ].join('\n'),
    )
  })

  test('--json prints an array, also before the first run', async () => {
    const dir = tempFolder({
      'feedwire.config.yaml': CONFIG,
      'articles/_config.yml': 'theme: next\npermalink: :title/\n',
    })
    const sources: unknown = JSON.parse((await feedwire(dir, 'sources', 'list', '--json')).out)
    const none = { files: 0, setAside: 0, entries: { shown: 0, hidden: 0, removed: 0 }, firstRead: null }
    expect(sources).toMatchObject([
      { name: 'articles', kind: 'markdown', dialect: expect.any(String), ...none },
      { name: 'captures/*.txt', kind: 'listing', dialect: null, config: null, ...none },
    ])
  })
})

describe('feedwire sources explain', () => {
  test('tells what is understood, from where, what is remembered, and that it is an entry', async () => {
    const dir = await site()
    const { code, out } = await feedwire(dir, 'sources', 'explain', 'articles/ebb.md')
    expect(code).toBe(0)
    const lines = out.split('\n')
    expect(lines[0]).toBe('articles/ebb.md, of the source "articles", read as plain')
    expect(lines[1]).toMatch(/^ {2}title +\S.* Ebb$/)
    expect(out).toMatch(/^ {2}date .*2026-01-01/m)
    expect(lines.slice(-2)).toEqual([expect.stringMatching(/^Remembered as number 1, urn:uuid:/), 'It is an entry.'])
  })

  test('tells why a file is no entry, and makes no store for that', async () => {
    const dir = tempFolder({
      'feedwire.config.yaml': CONFIG,
      'articles/ebb.md': '---\ntitle: Ebb\ndraft: true\n---\nText.\n',
    })
    const config = join(dir, 'feedwire.config.yaml')
    const ended = await feedwire(join(dir, 'articles'), 'sources', 'explain', 'ebb.md', '--config', config)
    expect(ended).toMatchObject({ code: 0, out: expect.stringMatching(/\nIt is no entry: .*draft.*\.$/) })
    expect(existsSync(join(dir, 'feedwire.db'))).toBe(false)
  })

  test('--json prints one object', async () => {
    const dir = await site()
    const told: unknown = JSON.parse(
      (await feedwire(dir, 'sources', 'explain', join(dir, 'articles/flow.md'), '--json')).out,
    )
    expect(told).toMatchObject({
      ...{ source: 'articles', path: 'flow.md', dialect: 'plain', config: null, isEntry: true, problems: [] },
      entry: { number: 2, guid: expect.any(String) },
      facts: expect.arrayContaining([{ field: 'title', value: '涨潮', from: expect.any(String) }]),
    })
  })

  for (const [says, file, err] of [
    [
      'a file outside, naming the folders',
      'feedwire.config.yaml',
      /lies in no folder of articles - the settings have: .*articles/,
    ],
    ['a folder', 'articles', /articles: There is no such file/],
    ['a file that is not there', 'articles/none.md', /articles\/none\.md: There is no such file/],
  ] as const)
    test(`ends with 2 for ${says}`, async () => {
      const dir = await site()
      expect(await feedwire(dir, 'sources', 'explain', file)).toMatchObject({
        code: 2,
        out: '',
        err: expect.stringMatching(err),
      })
    })
})

test('feedwire --help names the commands', async () => {
  const { out } = await feedwire(tempFolder(), '--help')
  for (const word of ['adopt', 'entries', 'sources', 'feedwire sources explain articles/tides.md']) {
    expect(out).toContain(word)
  }
})
