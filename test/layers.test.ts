import { readFileSync } from 'node:fs'
import { globSync } from 'tinyglobby'
import { describe, expect, test } from 'vitest'
import { violations } from './support/layers.ts'

const root = new URL('../', import.meta.url)

test('the sources keep the layers of the design', () => {
  const paths = globSync('src/**/*', { cwd: root, dot: true }).sort()
  expect(paths).toContain('src/problem.ts')
  expect(violations(paths.map((path) => ({ path, text: readFileSync(new URL(path, root), 'utf8') })))).toEqual([])
})

describe('violations() finds', () => {
  for (const [says, path, text, fault] of [
    ['a file in no layer', 'src/helpers.ts', '', 'src/helpers.ts is in no layer'],
    ['a folder in no layer', 'src/common/text.ts', '', 'src/common/text.ts is in no layer'],
    ['a folder with the name of a file', 'src/entry/text.ts', '', 'src/entry/text.ts is in no layer'],
    ['a file outside src', 'lib/entry.ts', '', 'lib/entry.ts is in no layer'],
    [
      'an import from no layer',
      'src/job.ts',
      `import '../package.json'`,
      'src/job.ts imports package.json, which is in no layer',
    ],
    [
      'words that import shaping',
      'src/entry.ts',
      `import { x } from './schedule.ts'`,
      'src/entry.ts (words) imports src/schedule.ts (shaping)',
    ],
    [
      'shaping that imports an edge',
      'src/feeds/rss.ts',
      `import { x } from '../remember/open.ts'`,
      'src/feeds/rss.ts (shaping) imports src/remember/open.ts (edges)',
    ],
    [
      'an import of a type alone',
      'src/feeds/rss.ts',
      `import type { C } from '../config.ts'`,
      'src/feeds/rss.ts (shaping) imports src/config.ts (edges)',
    ],
    [
      'an import inside a type',
      'src/feeds/rss.ts',
      `let x: import('../config.ts').C`,
      'src/feeds/rss.ts (shaping) imports src/config.ts (edges)',
    ],
    [
      'an import while running',
      'src/feeds/rss.ts',
      `f(async () => await import('../log.ts'))`,
      'src/feeds/rss.ts (shaping) imports src/log.ts (edges)',
    ],
    [
      'an export from above',
      'src/site.ts',
      `export * from './job.ts'`,
      'src/site.ts (words) imports src/job.ts (line)',
    ],
    [
      'an edge that imports the line',
      'src/web/health.ts',
      `import { x } from '../job.ts'`,
      'src/web/health.ts (edges) imports src/job.ts (line)',
    ],
    [
      'the line that imports a door',
      'src/job.ts',
      `import { x } from './cli/run.ts'`,
      'src/job.ts (line) imports src/cli/run.ts (doors)',
    ],
    [
      'an edge that imports another',
      'src/gather/folder.ts',
      `import { x } from '../publish/write.ts'`,
      'src/gather/folder.ts (edges) imports src/publish/write.ts (edges)',
    ],
    [
      'publish asking the store',
      'src/publish/write.ts',
      `import { x } from '../remember/open.ts'`,
      'src/publish/write.ts (edges) imports src/remember/open.ts (edges)',
    ],
    [
      'an edge that logs',
      'src/deliver/send.ts',
      `import { x } from '../log.ts'`,
      'src/deliver/send.ts (edges) imports src/log.ts (edges)',
    ],
    [
      'the disk in shaping',
      'src/pages/index.ts',
      `import { x } from 'node:fs/promises'`,
      'src/pages/index.ts imports node:fs/promises',
    ],
    ['the disk by its short name', 'src/template.ts', `import { x } from 'fs'`, 'src/template.ts imports fs'],
    ['the network in words', 'src/site.ts', `import { x } from 'node:https'`, 'src/site.ts imports node:https'],
    [
      'a child process',
      'src/digest/due.ts',
      `import { x } from 'node:child_process'`,
      'src/digest/due.ts imports node:child_process',
    ],
    [
      'timers',
      'src/schedule.ts',
      `import { x } from 'node:timers/promises'`,
      'src/schedule.ts imports node:timers/promises',
    ],
    ['the clock', 'src/schedule.ts', `const x = Date.now()`, 'src/schedule.ts uses Date.now'],
    ['a date of now', 'src/schedule.ts', `const x = new Date()`, 'src/schedule.ts uses new Date()'],
    ['a date of now without brackets', 'src/schedule.ts', `const x = new Date`, 'src/schedule.ts uses new Date()'],
    ['a text of now', 'src/schedule.ts', `const x = Date()`, 'src/schedule.ts uses Date()'],
    ['chance', 'src/digest/due.ts', `const x = [1].map(Math.random)`, 'src/digest/due.ts uses Math.random'],
    ['a timer', 'src/digest/due.ts', `setTimeout(f, 1)`, 'src/digest/due.ts uses setTimeout'],
    ['a request', 'src/digest/due.ts', `await fetch(url)`, 'src/digest/due.ts uses fetch'],
    ['the process in shaping', 'src/digest/due.ts', `const x = process.cwd()`, 'src/digest/due.ts uses process.cwd'],
    ['a request handed on', 'src/digest/due.ts', `const x = { fetch }`, 'src/digest/due.ts uses fetch'],
    ['an exit outside main', 'src/cli/run.ts', `process.exit(1)`, 'src/cli/run.ts uses process.exit'],
    [
      'an exit that was imported',
      'src/cli/run.ts',
      `import { exit as e } from 'node:process'`,
      'src/cli/run.ts uses process.exit',
    ],
    [
      'shaping that writes files',
      'src/feeds/rss.ts',
      `import { x } from '../files.ts'`,
      'src/feeds/rss.ts (shaping) imports src/files.ts (disk)',
    ],
    [
      'the environment outside config',
      'src/world.ts',
      `const x = process.env['HOME']`,
      'src/world.ts uses process.env',
    ],
  ] as const)
    test(says, () => expect(violations([{ path, text }])[0]).toBe(fault))
})

describe('violations() allows', () => {
  for (const [says, path, text] of [
    [
      'a door to import everything below',
      'src/cli/run.ts',
      `import '../job.ts'; import '../config.ts'; import '../site.ts'`,
    ],
    ['doors to import doors', 'src/main.ts', `import './cli/run.ts'`],
    ['the line to import the line', 'src/daemon.ts', `import './job.ts'`],
    ['an edge to import its own folder', 'src/gather/folder.ts', `import './snippet.ts'`],
    ['gather to ask the store', 'src/gather/folder.ts', `import '../remember/open.ts'`],
    ['deliver to ask the store', 'src/deliver/send.ts', `import '../remember/open.ts'`],
    ['web to ask the store', 'src/web/health.ts', `import '../remember/open.ts'`],
    ['an edge to write files', 'src/publish/publish.ts', `import '../files.ts'`],
    ['shaping to import shaping', 'src/digest/due.ts', `import '../schedule.ts'`],
    ['words to import words', 'src/entry.ts', `import './problem.ts'`],
    ['shaping to hash', 'src/feeds/rss.ts', `import { createHash } from 'node:crypto'`],
    ['a date of an instant', 'src/schedule.ts', `const x = new Date(at)`],
    ['an edge the disk and the clock', 'src/publish/write.ts', `import 'node:fs'; const x = Date.now()`],
    ['main to exit and to read the environment', 'src/main.ts', `process.exit(process.env.X ? 0 : 1)`],
    ['config to read the environment', 'src/config.ts', `const x = process.env`],
    ['forbidden words in comments and texts', 'src/site.ts', `/** Never Date.now(). */ const x = 'process.exit()'`],
    ['names that only label', 'src/site.ts', `interface X { fetch: 1 } const y = { process: x.fetch }`],
  ] as const)
    test(says, () => expect(violations([{ path, text }])).toEqual([]))
})
