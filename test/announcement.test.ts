import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { execPath } from 'node:process'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Announced, announce } from '../src/announcement.ts'
import { publishSite } from '../src/publication.ts'
import { MANIFEST, noteOf, writeManifest } from '../src/publish/manifest.ts'
import { readSetting } from '../src/remember/settings.ts'
import { readTemplates } from '../src/templates.ts'
import { type World, openWorld } from '../src/world.ts'
import { TestHub, answering, taken } from './announce/test-hub.ts'
import { putFile, tempFolder } from './support/folder.ts'
import { configOf, runAt } from './support/run-at.ts'
import { scriptOf } from './support/script.ts'

const SITE = 'https://tides.example.org/'
const NOW = Date.UTC(2026, 0, 1)
const COMMAND = 'echo out >> log.txt'
const FEEDS = ['feed.xml', 'atom.xml', 'feed.json', 'tags/ebb/feed.xml']

let dir = ''
let hub: TestHub
beforeEach(async () => {
  dir = tempFolder()
  hub = await TestHub.start()
  settings()
})
afterEach(async () => {
  await hub.stop()
  rmSync(dir, { recursive: true })
})

function settings({ after = COMMAND, hubUrl = hub.url }: { after?: string | null; hubUrl?: string | null } = {}): void {
  const text = { site: { title: 'Tide Notes', url: SITE }, publish: { after }, feeds: { hub: hubUrl } }
  putFile(dir, 'feedwire.config.yaml', JSON.stringify(text))
}

/** Publishes files by what they hold, as `src/publish` leaves them. */
function published(files: Record<string, string>): void {
  for (const [path, text] of Object.entries(files)) putFile(dir, `public/${path}`, text)
  writeManifest(
    join(dir, 'public'),
    new Map(Object.entries(files).map(([path, text]) => [path, noteOf(Buffer.from(text))])),
  )
}

/** The feeds of a site, all with the same content. */
function feeds(text: string): Record<string, string> {
  return Object.fromEntries(FEEDS.map((path) => [path, text]))
}

async function inWorld<T>(act: (world: World) => Promise<T>): Promise<T> {
  const config = configOf(dir)
  const world = await openWorld(config, readTemplates(config), NOW)
  try {
    return await act(world)
  } finally {
    await world.close()
  }
}

function announced(signal = new AbortController().signal): Promise<Announced> {
  return inWorld((world) => announce(world, { signal }))
}

/** What was remembered of it. */
function remembered(): Promise<string | null> {
  return inWorld(({ store }) => readSetting(store, 'announced'))
}

/** How often the command has run. */
function runs(): number {
  return existsSync(join(dir, 'log.txt')) ? readFileSync(join(dir, 'log.txt'), 'utf8').split('\n').length - 1 : 0
}

/** Announces in another process, which somebody kills. */
async function announcedUntilKilled(started: (kill: () => void) => void = () => undefined): Promise<void> {
  const child = spawn(execPath, [await scriptOf('../announce/announce-once.ts'), dir], { stdio: 'ignore' })
  started(() => child.kill('SIGKILL'))
  await once(child, 'exit')
  expect(child.signalCode).toBe('SIGKILL')
}

const NOTHING_WRONG = { problems: [], fresh: [] }
const UNCHANGED: Announced = { command: 'unchanged', told: [], ...NOTHING_WRONG }

test('the command runs once what is published is new, and then the hub is told of each feed, the first ones first', async () => {
  published({ ...feeds('one'), 'index.html': 'page', 'archive/1/feed.xml': 'old', 'feed.xml.html': 'page' })
  let runsBefore = 0
  hub.answer = (response) => {
    runsBefore = runs()
    taken(response)
  }
  const told = ['atom.xml', 'feed.json', 'feed.xml', 'tags/ebb/feed.xml']
  expect(await announced()).toEqual({ command: 'done', told, ...NOTHING_WRONG })
  expect(hub.topics()).toEqual(told.map((path) => SITE + path))
  expect(runsBefore).toBe(1)
  expect(hub.pings).toEqual([])
})

test('nothing is done, and nothing is written, when nothing changed', async () => {
  published(feeds('one'))
  await announced()
  hub.topics()
  const before = await remembered()
  expect(await announced()).toEqual(UNCHANGED)
  expect({ runs: runs(), topics: hub.topics(), remembered: await remembered() }).toEqual({
    ...{ runs: 1, topics: [], remembered: before },
  })
})

test('where nothing changed, the list of what is published is not even read', async () => {
  published(feeds('one'))
  const path = join(dir, 'public', MANIFEST)
  utimesSync(path, 1_700_000_000, 1_700_000_000)
  await announced()
  const { size } = statSync(path)
  writeFileSync(path, '?'.repeat(size))
  utimesSync(path, 1_700_000_000, 1_700_000_000)
  expect(await announced()).toEqual(UNCHANGED)
  // With another time stamp it is.
  utimesSync(path, 1_700_000_001, 1_700_000_001)
  await expect(announced()).rejects.toMatchObject({ code: 'manifest-unreadable' })
})

test('a site with neither a command nor a hub remembers nothing', async () => {
  settings({ after: null, hubUrl: null })
  published(feeds('one'))
  expect(await announced()).toEqual({ command: 'none', told: [], ...NOTHING_WRONG })
  expect(await remembered()).toBeNull()
})

test('the hub is told of the feeds whose bytes changed, and of no other', async () => {
  published(feeds('one'))
  await announced()
  published({ ...feeds('one'), 'tags/ebb/feed.xml': 'two' })
  expect(await announced()).toEqual({ command: 'done', told: ['tags/ebb/feed.xml'], ...NOTHING_WRONG })
})

test('a page that changed is a matter of the command alone', async () => {
  published({ ...feeds('one'), 'index.html': 'page' })
  await announced()
  published({ ...feeds('one'), 'index.html': 'another page' })
  expect(await announced()).toEqual({ command: 'done', told: [], ...NOTHING_WRONG })
})

test('a list of what is published that is written anew, and says the same, makes no work', async () => {
  published(feeds('one'))
  await announced()
  hub.topics()
  published(feeds('one'))
  expect(await announced()).toEqual(UNCHANGED)
  expect([runs(), hub.topics()]).toEqual([1, []])
})

test('without a command the hub is told at once', async () => {
  settings({ after: null })
  published({ 'feed.xml': 'one' })
  expect(await announced()).toEqual({ command: 'none', told: ['feed.xml'], ...NOTHING_WRONG })
  expect((await announced()).told).toEqual([])
})

test('without a hub the command runs alone', async () => {
  settings({ hubUrl: null })
  published(feeds('one'))
  expect(await announced()).toEqual({ command: 'done', told: [], ...NOTHING_WRONG })
  expect(await announced()).toEqual(UNCHANGED)
  expect(hub.topics()).toEqual([])
})

for (const [says, change] of [
  ['another command', () => settings({ after: `${COMMAND} # another` })],
  ['another publish directory', () => putFile(dir, 'feedwire.config.yaml', OTHER_FOLDER)],
] as const) {
  test(`with ${says}, the command runs again`, async () => {
    settings({ hubUrl: null })
    published({ 'feed.xml': 'one' })
    await announced()
    change()
    expect((await announced()).command).toBe('done')
    expect(runs()).toBe(2)
  })
}
const OTHER_FOLDER = JSON.stringify({
  site: { title: 'Tide Notes', url: SITE },
  publish: { after: COMMAND, dir: 'other' },
})

test('another hub is told of everything once', async () => {
  published(feeds('one'))
  await announced()
  const other = await TestHub.start()
  try {
    settings({ hubUrl: other.url })
    expect((await announced()).told.toSorted()).toEqual(FEEDS.toSorted())
    expect(other.topics()).toHaveLength(FEEDS.length)
    expect((await announced()).told).toEqual([])
  } finally {
    await other.stop()
  }
})

test('a feed that was gone is told of when it is back, though its bytes are the same', async () => {
  published(feeds('one'))
  await announced()
  published({ 'feed.xml': 'one' })
  expect((await announced()).told).toEqual([])
  published(feeds('one'))
  expect((await announced()).told.toSorted()).toEqual(FEEDS.filter((path) => path !== 'feed.xml').toSorted())
})

test('a command that fails is tried again at each run, is told of once, and keeps the hub waiting', async () => {
  settings({ after: 'echo "try $$"; test -e mended && echo out >> log.txt' })
  published({ 'feed.xml': 'one' })
  const problem = { code: 'after-failed', severity: 'error', where: 'publish.after' }
  const first = await announced()
  expect(first).toMatchObject({ command: 'failed', told: [], problems: [problem], fresh: [problem] })
  expect(first.problems[0]?.message).toMatch(/^The command ended with exit code 1: try \d+$/)
  expect(await announced()).toMatchObject({ command: 'failed', told: [], problems: [problem], fresh: [] })
  expect(hub.topics()).toEqual([])
  putFile(dir, 'mended', '')
  expect(await announced()).toEqual({ command: 'done', told: ['feed.xml'], ...NOTHING_WRONG })
  expect(await announced()).toEqual(UNCHANGED)
})

test('a command that fails otherwise than before is told of again', async () => {
  settings({ after: 'cat reason; false' })
  published({ 'feed.xml': 'one' })
  putFile(dir, 'reason', 'no quay')
  await announced()
  putFile(dir, 'reason', 'no tide')
  expect((await announced()).fresh).toMatchObject([{ message: 'The command ended with exit code 1: no tide' }])
})

test('after a failure the command runs even for what it once succeeded for, as half of another may stand there', async () => {
  settings({ after: 'echo out >> log.txt; test ! -e broken' })
  published({ 'feed.xml': 'one' })
  await announced()
  putFile(dir, 'broken', '')
  published({ 'feed.xml': 'two' })
  await announced()
  rmSync(join(dir, 'broken'))
  published({ 'feed.xml': 'one' })
  expect((await announced()).command).toBe('done')
  expect(runs()).toBe(3)
})

test('a hub that is away is tried again, without the command, and is told of what changed meanwhile', async () => {
  published({ 'feed.xml': 'one', 'atom.xml': 'one' })
  hub.answer = (response) => response.destroy()
  const problem = { code: 'hub-unreachable', severity: 'error', where: 'feeds.hub' }
  expect(await announced()).toMatchObject({ command: 'done', told: [], problems: [problem], fresh: [problem] })
  expect(await announced()).toMatchObject({ command: 'unchanged', told: [], problems: [problem], fresh: [] })
  published({ 'feed.xml': 'two', 'atom.xml': 'one' })
  hub.answer = taken
  expect(await announced()).toEqual({ command: 'done', told: ['atom.xml', 'feed.xml'], ...NOTHING_WRONG })
})

test('a feed that the hub refused is told of again, the others are not', async () => {
  published({ 'feed.xml': 'one', 'atom.xml': 'one' })
  hub.answer = (response, topic) => (topic.endsWith('atom.xml') ? answering(400, 'no') : taken)(response, topic)
  expect(await announced()).toMatchObject({ told: ['feed.xml'], problems: [{ code: 'hub-refused' }] })
  hub.topics()
  hub.answer = taken
  expect(await announced()).toEqual({ command: 'unchanged', told: ['atom.xml'], ...NOTHING_WRONG })
  expect(hub.topics()).toEqual([`${SITE}atom.xml`])
})

test('what is wrong with the hub stands while a command that fails keeps it waiting', async () => {
  published({ 'feed.xml': 'one' })
  hub.answer = answering(503)
  await announced()
  settings({ after: 'false' })
  const { problems, fresh } = await announced()
  expect(problems.map(({ code }) => code)).toEqual(['after-failed', 'hub-refused'])
  expect(fresh.map(({ code }) => code)).toEqual(['after-failed'])
})

test('a setting that is taken away takes its problem with it', async () => {
  published({ 'feed.xml': 'one' })
  hub.answer = answering(503)
  await announced()
  settings({ hubUrl: null })
  expect(await announced()).toEqual(UNCHANGED)
  settings({ after: null, hubUrl: null })
  expect(await announced()).toEqual({ ...UNCHANGED, command: 'none' })
})

test('of very many feeds each run tells some, until all are told', async () => {
  settings({ after: null })
  const authors = Array.from({ length: 250 }, (_, n): [string, string] => [`authors/keeper-${n}/feed.xml`, 'one'])
  published(Object.fromEntries([...authors, ['feed.xml', 'one']]))
  const told = [(await announced()).told, (await announced()).told, (await announced()).told]
  expect(told.map(({ length }) => length)).toEqual([200, 51, 0])
  expect(told[0]?.[0]).toBe('feed.xml')
  expect(new Set(told.flat()).size).toBe(251)
})

test('a run that was told to stop announces nothing, and the next one does', async () => {
  published({ 'feed.xml': 'one' })
  expect(await announced(AbortSignal.abort())).toEqual({ command: 'none', told: [], ...NOTHING_WRONG })
  expect(runs()).toBe(0)
  expect(await announced()).toEqual({ command: 'done', told: ['feed.xml'], ...NOTHING_WRONG })
})

test('a run that is told to stop while the hub is asked leaves the rest to the next one', async () => {
  published({ 'feed.xml': 'one', 'atom.xml': 'one' })
  const stop = new AbortController()
  hub.answer = (response, topic) => (topic.endsWith('atom.xml') ? taken(response) : stop.abort())
  expect(await announced(stop.signal)).toEqual({ command: 'done', told: ['atom.xml'], ...NOTHING_WRONG })
  hub.answer = taken
  expect(await announced()).toEqual({ command: 'unchanged', told: ['feed.xml'], ...NOTHING_WRONG })
})

test('after a kill in the middle of the command, the next run does all of it', async () => {
  settings({ after: 'echo out >> log.txt; test -e calm || kill -9 $PPID' })
  published({ 'feed.xml': 'one' })
  await announcedUntilKilled()
  putFile(dir, 'calm', '')
  expect([runs(), hub.topics()]).toEqual([1, []])
  expect(await announced()).toEqual({ command: 'done', told: ['feed.xml'], ...NOTHING_WRONG })
  expect(runs()).toBe(2)
})

test('after a kill in the middle of the command, it runs even for what it once succeeded for', async () => {
  settings({ after: 'echo out >> log.txt; test -e calm || kill -9 $PPID' })
  putFile(dir, 'calm', '')
  published({ 'feed.xml': 'one' })
  await announced()
  rmSync(join(dir, 'calm'))
  published({ 'feed.xml': 'two' })
  await announcedUntilKilled()
  putFile(dir, 'calm', '')
  published({ 'feed.xml': 'one' })
  expect((await announced()).command).toBe('done')
  expect(runs()).toBe(3)
})

test('after a kill while the hub is told, the next run tells it, without the command', async () => {
  published({ 'feed.xml': 'one' })
  await announcedUntilKilled((kill) => {
    hub.answer = kill
  })
  hub.answer = taken
  expect(await announced()).toEqual({ command: 'unchanged', told: ['feed.xml'], ...NOTHING_WRONG })
  expect(runs()).toBe(1)
})

test('a topic is what the feed calls itself', async () => {
  settings({ after: null, hubUrl: null })
  putFile(dir, 'articles/gauge.md', '---\ntitle: The gauge\ntags: [潮, Spring tide]\n---\nIt is read at noon.\n')
  await runAt(dir, '2026-01-01T00:00:00Z')
  settings({ after: null })
  await inWorld((world) => publishSite(world, NOW))
  const { told } = await announced()
  expect(told).toContain('tags/潮/feed.xml')
  for (const topic of hub.topics()) {
    const text = readFileSync(join(dir, 'public', decodeURI(topic.slice(SITE.length))), 'utf8')
    expect(text).toMatch(
      topic.endsWith('.json')
        ? `"feed_url": "${topic}"`
        : new RegExp(`href="${topic}"[^>]* rel="self"|rel="self"[^>]* href="${topic}"`),
    )
  }
})
