import { execFileSync } from 'node:child_process'
import { readFileSync, readdirSync, rmSync, utimesSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { putFile, tempFolder } from './support/folder.ts'
import { article } from './support/site.ts'

const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url))
const coverage = z.object({ result: z.array(z.object({ url: z.string() })) })

let dir = ''

beforeAll(() => {
  dir = tempFolder()
  putFile(dir, 'feedwire.config.yaml', 'site: { title: Tides, url: https://blog.example.org/ }\n')
  putFile(dir, 'articles/ebb.md', article('Ebb', 'The water goes out twice a day.'))
  // A file that was just written is read once more.
  utimesSync(join(dir, 'articles/ebb.md'), 1_767_225_600, 1_767_225_600)
  filesOf('run')
})

afterAll(() => {
  rmSync(dir, { recursive: true })
})

/** The files of the program that a command loads. */
function filesOf(command: string): string[] {
  const told = join(dir, 'coverage')
  rmSync(told, { recursive: true, force: true })
  execFileSync(process.execPath, [MAIN, command], { cwd: dir, env: { ...process.env, NODE_V8_COVERAGE: told } })
  const [report = ''] = readdirSync(told)
  const { result } = coverage.parse(JSON.parse(readFileSync(join(told, report), 'utf8')))
  return result.flatMap(({ url }) => (url.includes('/dist/') && !url.includes('/node_modules/') ? [basename(url)] : []))
}

test('a run that finds nothing new loads what every run needs, which is in two files', () => {
  const named = filesOf('run').map((name) => name.replace(/-[\w-]{8}\.js$/, ''))
  expect([...new Set(named)].sort()).toEqual(['main.js', 'rolldown-runtime', 'run', 'start'])
})
