import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { execPath } from 'node:process'
import { globSync } from 'tinyglobby'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { putFile, tempFolder } from './support/folder.ts'
import { gaugeSettings, writeGauge } from './support/gauges.ts'
import { ROOT } from './support/sample-site.ts'

/** Commands that are shown and run elsewhere, or that are no matter of this program. */
const ELSEWHERE: readonly [RegExp, string][] = [
  [/^npm ci && npm start$|^npm test$/, 'run by .ci/run'],
  [/^npm ci && npm run build && npm link$/, 'what it links is run by every test here'],
  [/^npm run bench\b/, 'takes minutes'],
  [/^feedwire migrate\b/, 'needs a server: test/server/migrate.test.ts'],
  [/^(?:npm i|npm install|npx)\b/, 'run from the tarball by test/package.test.ts'],
  [/^(?:docker|useradd|cp|systemctl|install|crontab)\b/, 'of the machine: test/deploy.test.ts looks at the files'],
]

/** What stands in the place of a word in capitals, or behind a command that is only named. */
const PLACEHOLDERS: readonly [RegExp, string][] = [
  [
    /\bsubscribers lift(?: ADDRESS…?)?$/g,
    'subscribers import bounced.csv --state bounced && feedwire subscribers lift dee@example.net',
  ],
  [/\bsubscribers set(?: ADDRESS…?)?$/g, 'subscribers set ada@example.net --frequency weekly'],
  [/\b(subscribers add|send-test)$/g, '$1 ADDRESS'],
  [/\bentries hide$/g, 'entries hide ENTRY'],
  [/\b(digests retry)$|\b(digests show) 2026\d+\b/g, '$1$2 DIGEST'],
  [/\bDIGEST\b/g, '"$(feedwire digests list --json | grep -o \'"id": "[^"]*"\' | head -1 | cut -d\\" -f4)"'],
  [/\bADDRESS…?/g, 'ada@example.net'],
  [/\bENTRY…?/g, '1'],
  [/\bexplain URL\b/g, 'explain old-feed.xml'],
  [/\bimport FILE\.opml\b/g, 'import blogroll.opml'],
  [/\bexplain FILE\b/g, 'explain articles/ebb.md'],
  [/\bcheck FILE\b/g, 'check old-feed.xml'],
  [/\bimport FILE\b/g, 'import members.csv'],
  [/\bbackup FILE\b/g, 'backup --force kept.db'],
  [/\brestore FILE\b/g, 'restore --force kept.db'],
  [/\bhtml FILE\b/g, 'html status.html'],
  // Nobody is there to be asked, and nothing answers at the addresses of examples.
  [/\binit$/g, 'init another'],
  [/\binit (site|another)$/g, 'init $1 --title Tides --url https://tides.example.org/'],
  [/\bdoctor\b/g, 'doctor --offline'],
  [/\bFEED\b/g, 'old-feed.xml'],
]

const MAIL =
  'From: ada@example.net\nTo: digest@example.org\nSubject: unsubscribe\nMessage-ID: <1@example.net>\n\nunsubscribe\n'

/** A command of a text; `isNamed`: it stands in a sentence. */
interface Shown {
  command: string
  isNamed: boolean
}

/** Commands of a text, in the order in which a reader meets them: lines of its blocks, and what stands in backticks. */
function commandsIn(markdown: string): Shown[] {
  const found = [...markdown.matchAll(/```sh\n([\s\S]*?)```|`(feedwire [^`]+)`/g)]
  const lines = found.flatMap(([, block, inline = '']) => {
    const isNamed = block === undefined
    return (block?.split('\n') ?? [inline]).map((line) => ({ command: line.replace(/ +# .*$/, '').trim(), isNamed }))
  })
  const first = new Map(lines.toReversed().map((line) => [line.command, line]))
  return lines.filter((line) => line.command !== '' && first.get(line.command) === line)
}

const DOCS = ['README.md', ...globSync(['docs/**/*.md'], { cwd: ROOT }).sort()]

/** What several documents name in passing is run for the first of them; the lines of a block need one another. */
const known = new Set<string>()

/** A site as it stands before the first command of each document, and the surroundings of its commands. */
let made = ''
beforeAll(() => {
  made = tempFolder()
  const env = surroundings(made)
  putFile(made, 'bin/feedwire', `#!/bin/sh\nexec "${execPath}" "${join(ROOT, 'dist/main.js')}" "$@"\n`)
  execFileSync('chmod', ['755', join(made, 'bin/feedwire')])
  gaugeSettings(made, {
    digest: { first_run: 1 },
    subscribers: ['ada@example.net'],
    web: { url: 'http://localhost:8080/', port: 18_080 },
  })
  for (const name of ['ebb', 'flood']) writeGauge(made, name, ['tags: [tides, wind]'])
  putFile(made, 'members.csv', 'email,status\nbo@example.net,active\n')
  putFile(made, 'blogroll.opml', '<opml><body><outline text="Pier" xmlUrl="https://pier.example.org/f"/></body></opml>')
  putFile(made, 'left.csv', 'email\ncy@example.net\n')
  putFile(made, 'bounced.csv', 'email\ndee@example.net\n')
  for (const words of [['run'], ['backup', 'kept.db']]) {
    const { status, stderr } = spawnSync('feedwire', words, { cwd: made, env, encoding: 'utf8' })
    expect([words, status, stderr]).toEqual([words, 0, ''])
  }
  execFileSync('cp', ['public/feed.xml', 'old-feed.xml'], { cwd: made })
})
afterAll(() => {
  rmSync(made, { recursive: true, force: true })
})

function surroundings(dir: string): NodeJS.ProcessEnv {
  return { PATH: `${join(dir, 'bin')}:${process.env['PATH'] ?? ''}`, HOME: dir }
}

for (const path of DOCS) {
  const shown = commandsIn(readFileSync(join(ROOT, path), 'utf8'))
  const commands = shown.filter(({ command, isNamed }) => {
    if (ELSEWHERE.some(([pattern]) => pattern.test(command))) return false
    const isKnown = isNamed && known.has(command)
    known.add(command)
    return !isKnown
  })
  describe.skipIf(commands.length === 0)(path, () => {
    let dir = ''
    let env: NodeJS.ProcessEnv = {}
    beforeAll(() => {
      dir = tempFolder()
      execFileSync('cp', ['-a', `${made}/.`, dir])
      env = surroundings(dir)
    })
    afterAll(() => {
      rmSync(dir, { recursive: true, force: true })
    })

    for (const { command } of commands)
      test(`shows the command "${command}", which works`, () => {
        const real = PLACEHOLDERS.reduce((text, [from, to]) => text.replace(from, to), command)
        const { status, stdout, stderr } = spawnSync('bash', ['-c', staying(real)], {
          cwd: dir,
          env,
          encoding: 'utf8',
          input: MAIL,
        })
        expect([status, `${stdout}${stderr}`]).toEqual([0, expect.not.stringMatching(/^feedwire: |error: /m)])
      })
  })
}

/** What stays until it is told to end is told so after a moment; once, as a second signal may meet it at its end. */
function staying(command: string): string {
  return /^feedwire (?:start|serve)\b/.test(command) ? `timeout --foreground --preserve-status 3 ${command}` : command
}
