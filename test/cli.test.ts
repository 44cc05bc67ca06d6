import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { takeLock } from '../src/remember/lock.ts'
import { filesBelow, putFile, tempFolder } from './support/folder.ts'
import { storePlace } from './support/database.ts'

const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url))
const CONFIG = 'site: { title: Tide Notes, url: "https://tides.example.org/" }\n'

interface Ended {
  code: number | null
  out: string
  err: string
}

function feedwire(dir: string, ...words: string[]): Ended {
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...words], {
    cwd: dir,
    encoding: 'utf8',
    // A command that stays when it should have ended is a failure, not a test that hangs.
    timeout: 30_000,
  })
  return { code: status, out: stdout, err: stderr }
}

function site(more: Record<string, string> = {}): string {
  const text = '---\ntitle: Ebb\ndate: 2026-01-02\n---\nThe water leaves.\n'
  return tempFolder({ 'feedwire.config.yaml': CONFIG, 'articles/ebb.md': text, ...more })
}

describe('feedwire', () => {
  test('--help names every command, gives examples and the meaning of exit codes', () => {
    const { code, out } = feedwire(tempFolder(), '--help')
    expect(code).toBe(0)
    for (const word of ['run', 'start', 'subscribers', 'Examples:', 'Exit codes:', 'feedwire.config.yaml']) {
      expect(out).toContain(word)
    }
  })

  for (const [says, words, err] of [
    ['an unknown command, with the one that was meant', ['rum'], /unknown command 'rum'[\s\S]*run/],
    ['an unknown option', ['run', '--dryrun'], /unknown option '--dryrun'/],
    ['a missing address', ['subscribers', 'add'], /missing required argument 'address'/],
    ['a missing configuration', ['run'], /There is no feedwire\.config\.yaml in this folder.*--config FILE/],
  ] as const) {
    test(`ends with 2 for ${says}`, () => {
      const dir = tempFolder()
      expect(feedwire(dir, ...words)).toEqual({ code: 2, out: '', err: expect.stringMatching(err) })
      expect(filesBelow(dir)).toEqual([])
    })
  }

  test('ends with 2 for wrong settings, naming each, before anything is touched', () => {
    const dir = site({ 'feedwire.config.yaml': `${CONFIG}digest: { shedule: instant, first_run: x }\n` })
    const before = filesBelow(dir)
    const { code, out, err } = feedwire(dir, 'run')
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toMatch(/feedwire\.config\.yaml:2: digest\.shedule: /)
    expect(err).toMatch(/feedwire\.config\.yaml:2: digest\.first_run: /)
    expect(err.match(/see the settings in README\.md$/gm)).toHaveLength(1)
    expect(filesBelow(dir)).toEqual(before)
  })

  for (const command of ['run', 'start'])
    test(`${command} ends with 2 for a template with a slip in it, before anything is touched`, () => {
      const dir = site({ 'templates/digest.text.liquid': 'Hello\n{{ digest.tilte }}\n' })
      const before = filesBelow(dir)
      const { code, err } = feedwire(dir, command)
      expect(code).toBe(2)
      expect(err).toMatch(/templates\/digest\.text\.liquid:2:\d+: .*digest\.tilte/)
      expect(filesBelow(dir)).toEqual(before)
    })
})

describe('feedwire run', () => {
  test('ends with 2 for a template that is a folder', () => {
    const dir = site()
    mkdirSync(join(dir, 'templates/page.liquid'), { recursive: true })
    const err = expect.stringMatching(/^feedwire: templates\/page\.liquid: Cannot read the template \(EISDIR\) - .*\n$/)
    expect(feedwire(dir, 'run')).toEqual({ code: 2, out: '', err })
  })

  test('ends with 1 for a template that fails only with the articles there are', () => {
    const dir = site({ 'templates/page.liquid': '{{ entries[7].title }}' })
    const { code, err } = feedwire(dir, 'run')
    expect({ code, err }).toEqual({ code: 1, err: expect.stringMatching(/templates\/page\.liquid:1:/) })
  })

  test('says that letters cannot be written into an outbox that is a file', () => {
    const dir = site({ 'feedwire.config.yaml': `${CONFIG}subscribers: [bob@example.net]\ndigest: { first_run: 1 }\n` })
    putFile(dir, 'outbox', 'mine')
    const { code, err } = feedwire(dir, 'run')
    expect({ code, err }).toEqual({
      code: 3,
      err: expect.stringMatching(/^error: .*outbox: Cannot write letters: EEXIST/),
    })
  })

  test('says what it did, and the second time that nothing is new', () => {
    const dir = site()
    const first = feedwire(dir, 'run')
    expect(first.code).toBe(0)
    expect(first.out).toContain('Gathered   1 new, 0 updated, 0 removed')
    expect(first.out).toContain('Open       public/index.html')
    expect(feedwire(dir, 'run')).toEqual({
      ...{ code: 0, err: '' },
      out: 'Nothing is new: no file was changed, no mail was made.\n',
    })
  })

  test('says when the digest is due that will tell of a new article', () => {
    const schedule = 'digest: { schedule: "0 8 * * *" }\nsubscribers: [reader@example.net]\n'
    const dir = site({ 'feedwire.config.yaml': `${CONFIG}${schedule}` })
    expect(feedwire(dir, 'run').out).toMatch(/^Digest {5}the next one is due at \d{4}-\d\d-\d\d 08:00 \(UTC\)$/m)
  })

  test('--json prints one object', () => {
    const dir = site({ 'articles/broken.md': '---js\n{}\n---\n' })
    const { code, out, err } = feedwire(dir, 'run', '--json')
    expect({ code, err }).toEqual({ code: 3, err: '' })
    const report: unknown = JSON.parse(out)
    expect(report).toEqual({
      run: { id: 1, startedAt: expect.stringMatching(/^\d{4}-.*Z$/), durationMs: expect.any(Number), stopped: false },
      sources: [
        {
          ...{
            name: 'articles',
            kind: 'markdown',
            seen: 1,
            new: 1,
            updated: 0,
            removed: 0,
            rejected: 1,
            failing: null,
          },
          problems: [
            {
              ...{ code: 'front-matter-language', severity: 'error' },
              where: expect.stringMatching(/^articles\/broken\.md:\d$/),
              message: expect.any(String),
              mend: expect.any(String),
            },
          ],
        },
      ],
      gathered: { seen: 1, new: 1, updated: 0, removed: 0, rejected: 1 },
      held: { entries: 0, until: null },
      digests: [],
      published: {
        written: [
          ...['page/1.html', 'sources/articles/index.html', 'sources/articles/feed.xml', 'sources/articles/atom.xml'],
          ...['sources/articles/feed.json', 'subscribe.html', 'digests/index.html', 'feeds.opml'],
          ...['index.html', 'feed.xml', 'atom.xml', 'feed.json'],
        ],
        ...{ unchanged: 0, removed: [] },
      },
      announced: { command: 'none', told: [] },
      deliveries: {
        ...{ sent: 0, deferred: 0, refused: 0, suppressed: 0, held: 0, expired: 0, due: 0, maybeTwice: 0 },
      },
      notices: { sent: 0 },
      problems: [],
      exitCode: 3,
    })
  })

  test('tells of a file that is set aside once, and keeps ending with 3 while it stands', () => {
    const dir = site({ 'articles/broken.md': '---js\n{}\n---\n' })
    const first = feedwire(dir, 'run')
    expect(first).toMatchObject({
      code: 3,
      err: expect.stringMatching(/^error: articles\/broken\.md:1: .* - write the front matter in YAML/),
    })
    const second = feedwire(dir, 'run')
    expect(second).toMatchObject({ code: 3, err: '' })
    expect(second.out).toContain('Set aside  1 problem from earlier runs')
    putFile(dir, 'articles/broken.md', '---\ntitle: Mended\ndate: 2026-01-03\n---\nText.\n')
    expect(feedwire(dir, 'run')).toMatchObject({ code: 0, err: '' })
  })

  test('leaves the store alone, and ends with 0, while another run is at work', async () => {
    const dir = site()
    const lock = await takeLock(storePlace(dir))
    expect(lock).not.toBeNull()
    const { code, out } = feedwire(dir, 'run')
    await lock?.release()
    expect({ code, out }).toEqual({ code: 0, out: expect.stringContaining('Another run is at work') })
    expect(filesBelow(dir)).not.toContain('public/index.html')
  })

  test('ends with 1 and overwrites nothing when a file of somebody else is in the way', () => {
    const dir = site({ 'public/index.html': 'my own page' })
    const { code, err } = feedwire(dir, 'run')
    expect(code).toBe(1)
    expect(err).toMatch(/index\.html - move it away/)
    expect(filesBelow(join(dir, 'public'))).toEqual(['index.html'])
    const { code: again, out } = feedwire(dir, 'run', '--json')
    const told: unknown = JSON.parse(out)
    expect({ again, told }).toMatchObject({ again: 1, told: { problems: [{ code: 'publish-foreign' }] } })
  })

  test('keeps the store from the eyes of others', () => {
    const dir = site()
    feedwire(dir, 'run')
    expect(statSync(join(dir, 'feedwire.db')).mode & 0o077).toBe(0)
  })
})

describe('feedwire subscribers', () => {
  test('adds, lists, removes and brings back', () => {
    const dir = site()
    expect(feedwire(dir, 'subscribers', 'list').out).toContain('Nobody is on the list')
    expect(feedwire(dir, 'subscribers', 'list', '--json').out).toBe('[]\n')
    expect(feedwire(dir, 'subscribers', 'add', 'Ada@Example.net', 'bob@example.net')).toMatchObject({
      ...{ code: 0, err: '' },
      out: 'Ada@example.net is added; the next digest is their first\nbob@example.net is added; the next digest is their first\n',
    })
    expect(feedwire(dir, 'subscribers', 'add', 'ada@example.net').out).toBe('ada@example.net was there already\n')
    expect(feedwire(dir, 'subscribers', 'remove', 'bob@example.net').code).toBe(0)
    const records: unknown = JSON.parse(feedwire(dir, 'subscribers', 'list', '--json').out)
    expect(records).toMatchObject([
      { id: 1, address: 'Ada@example.net', state: 'active', leftAt: null },
      { id: 2, address: 'bob@example.net', state: 'unsubscribed', leftAt: expect.any(String) },
    ])
    expect(feedwire(dir, 'subscribers', 'add', 'bob@example.net').out).toContain('is back')
  })

  test('ends well when its reader goes away early', async () => {
    const dir = site()
    feedwire(dir, 'subscribers', 'add', 'bob@example.net')
    const child = spawn(process.execPath, [MAIN, 'subscribers', 'list'], { cwd: dir })
    child.stdout.destroy()
    let err = ''
    child.stderr.on('data', (bytes: Buffer) => (err += bytes.toString()))
    const [code]: unknown[] = await once(child, 'close')
    expect({ code, err }).toEqual({ code: 0, err: '' })
  })

  test('ends with 2, and makes no store, when it is given no address at all', () => {
    const dir = site()
    const before = filesBelow(dir)
    expect(feedwire(dir, 'subscribers', 'add', 'nonsense')).toMatchObject({
      code: 2,
      err: expect.stringMatching(/nonsense/),
      out: '',
    })
    expect(filesBelow(dir)).toEqual(before)
  })

  test('takes the good addresses and names the bad ones', () => {
    const dir = site()
    const { code, out, err } = feedwire(dir, 'subscribers', 'add', 'no address', 'bob@example.net')
    expect(code).toBe(3)
    expect(out).toBe('bob@example.net is added; the next digest is their first\n')
    expect(err).toContain('no address')
    expect(feedwire(dir, 'subscribers', 'remove', 'eve@example.net')).toMatchObject({
      code: 3,
      err: 'eve@example.net is not on the list\n',
    })
  })

  test('never brings back by the settings who has left', () => {
    const dir = site({ 'feedwire.config.yaml': `${CONFIG}subscribers: [bob@example.net]\n` })
    feedwire(dir, 'run')
    feedwire(dir, 'subscribers', 'remove', 'bob@example.net')
    putFile(dir, 'articles/flow.md', '---\ntitle: Flow\ndate: 2026-01-03\n---\nThe water comes.\n')
    expect(feedwire(dir, 'run').out).not.toContain('Mail')
    expect(filesBelow(join(dir, 'outbox'))).toEqual([])
  })
})
