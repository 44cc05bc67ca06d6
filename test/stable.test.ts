import { cpSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { filesBelow, putFile, tempFolder } from './support/folder.ts'
import { runAt } from './support/run-at.ts'

const PROGRAM = fileURLToPath(new URL('../dist/main.js', import.meta.url))
const FIXTURE = fileURLToPath(new URL('fixtures/site', import.meta.url))

function published(dir: string): Record<string, string> {
  const paths = filesBelow(join(dir, 'public')).filter((path) => !path.endsWith('manifest.json'))
  return Object.fromEntries(paths.map((path) => [path, readFileSync(join(dir, 'public', path), 'base64')]))
}

test('the same store gives the same bytes under another clock, time zone and locale, copies included', async () => {
  const dir = tempFolder()
  cpSync(FIXTURE, dir, { recursive: true })
  const settings = readFileSync(join(dir, 'feedwire.config.yaml'), 'utf8')
  putFile(dir, 'feedwire.config.yaml', settings.replace(', compress: false', ''))
  await runAt(dir, '2026-10-06T09:00:00Z')
  const before = published(dir)
  expect(Object.keys(before).length).toBeGreaterThan(100)
  rmSync(join(dir, 'public'), { recursive: true })
  const env = { ...process.env, TZ: 'Pacific/Kiritimati', LC_ALL: 'tr_TR.UTF-8', LANG: 'tr_TR.UTF-8' }
  const { status, stderr } = spawnSync(process.execPath, [PROGRAM, 'run'], { cwd: dir, env, encoding: 'utf8' })
  expect({ status, stderr }).toMatchObject({ status: 0 })
  expect(published(dir)).toEqual(before)
  rmSync(dir, { recursive: true })
})

test('one edited entry changes only the files that hold it', async () => {
  const dir = tempFolder({ 'feedwire.config.yaml': 'site: { title: Tide Notes, url: "https://t.example/" }\n' })
  const write = (n: number, more = ''): void => {
    const head = `title: Gauge ${n}\ndate: 2025-01-${String((n % 28) + 1).padStart(2, '0')}\ntags: [gauge-${n % 3}]`
    const body = `Gauge number ${n} was read by the keeper of the harbour book at noon, and it was noted.${more}`
    putFile(dir, `articles/gauge-${String(n).padStart(3, '0')}.md`, `---\n${head}\n---\n${body}\n`)
  }
  for (let n = 1; n <= 60; n++) write(n)
  await runAt(dir, '2026-01-01T00:00:00Z')
  write(4, ' It was noted twice.')
  const { published: report } = await runAt(dir, '2026-01-02T00:00:00Z')
  const of = (folder: string): string[] =>
    ['index.html', 'feed.xml', 'atom.xml', 'feed.json'].map((file) => folder + file)
  const page = report.written.filter((path) => path.startsWith('page/'))
  expect(page).toHaveLength(1)
  expect(report.written.filter((path) => !path.startsWith('page/')).sort()).toEqual(
    [...of('tags/gauge-1/'), ...of('sources/articles/'), ...of('')].sort(),
  )
  rmSync(dir, { recursive: true })
})
