import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { program } from '../src/cli/program.ts'
import { putFile, tempFolder } from './support/folder.ts'
import { runAt } from './support/run-at.ts'

const SETTINGS = 'site: { title: Tide Notes, url: "https://tides.example.org/" }\n'

let dir = ''
beforeEach(() => {
  dir = tempFolder({ 'feedwire.config.yaml': SETTINGS })
})
afterEach(() => rmSync(dir, { recursive: true }))

async function check(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const [out, err]: [string[], string[]] = [[], []]
  const code = await program(['check', ...args], {
    ...{ cwd: dir, environment: {}, clock: () => Date.UTC(2026, 5, 1), random: () => 0 },
    print: (line) => out.push(line),
    complain: (line) => err.push(line),
    signal: new AbortController().signal,
  })
  return { code, out: out.join('\n'), err: err.join('\n') }
}

test('feedwire check finds no fault in what a run publishes: feeds, those of tags, archives, the list of feeds', async () => {
  for (let n = 1; n <= 120; n++) {
    const body = `Gauge ${n} & pole <b>were</b> read at noon. ![pole](pole.png)\n\n<p>a<div>b</div>\n\n<video src="v.mp4" controls></video>`
    putFile(
      dir,
      `articles/g${n}.md`,
      `---\ntitle: Gauge ${n}\ntags: [潮汐, R&D]\nupdated: 2026-03-0${(n % 9) + 1}\n---\n${body}\n`,
    )
  }
  await runAt(dir, '2026-05-01T00:00:00Z')
  // 3 of the site, of an archive, of two tags and a source, and the list.
  expect(await check()).toEqual({ code: 0, out: '16 documents checked: no fault', err: '' })
})

test('feedwire check names document, line, fault and mend, and ends with 3', async () => {
  putFile(dir, 'articles/a.md', '# Ebb\n\nWater leaves.\n')
  await runAt(dir, '2026-05-01T00:00:00Z')
  const path = join(dir, 'public/feed.xml')
  writeFileSync(
    path,
    readFileSync(path, 'utf8').replace('<language>en', '<language>e_n').replace('feed.xml', 'rss.xml'),
  )
  const { code, out, err } = await check()
  expect(code).toBe(3)
  expect(err.split('\n')).toEqual([
    'public/feed.xml:10:18: error: "e_n" is no language tag; write en or zh-CN',
    expect.stringMatching(
      /^public\/feed\.xml:\d+:\d+: warning: The feed says that it is served at .*rss\.xml", but it is at/,
    ),
  ])
  expect(out).toMatch(/documents checked: 1 error, 1 warning$/)
})

test('feedwire check FILE needs no settings', async () => {
  rmSync(join(dir, 'feedwire.config.yaml'))
  putFile(dir, 'old.xml', '<rss version="0.91"><channel/></rss>')
  const { code, err } = await check('old.xml')
  expect(code).toBe(3)
  expect(err).toContain('old.xml:1:20: error: RSS "0.91" is not RSS 2.0; write <rss version="2.0">')
})

test('feedwire check --json prints an array', async () => {
  putFile(dir, 'list.opml', '<opml version="2.0"><head/><body/></opml>')
  const { code, out } = await check('--json', 'list.opml')
  expect(code).toBe(3)
  expect(JSON.parse(out)).toMatchObject([
    { document: 'list.opml', findings: [{ code: 'opml-body', severity: 'error' }] },
  ])
})

test('feedwire check of a URL is told to save it first', async () => {
  const { code, err } = await check('https://tides.example.org/feed.xml')
  expect(code).toBe(2)
  expect(err).toContain('curl -o feed.xml https://tides.example.org/feed.xml')
})

test('feedwire check of a file that is not there fails', async () => {
  const { code, err } = await check('none.xml')
  expect(code).toBe(1)
  expect(err).toContain('none.xml')
})
