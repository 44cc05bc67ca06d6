import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { execPath } from 'node:process'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type AfterTimes, runAfter } from '../../src/announce/after.ts'
import type { Problem } from '../../src/problem.ts'
import { putFile, tempFolder } from '../support/folder.ts'

let dir = ''
beforeEach(() => {
  dir = tempFolder()
})
afterEach(() => {
  rmSync(dir, { recursive: true })
})

function run(command: string, times?: AfterTimes, signal = new AbortController().signal): Promise<Problem | null> {
  const place = { dir, publishDir: join(dir, 'public'), signal }
  return runAfter(command, times === undefined ? place : { ...place, times })
}

/** A command line that runs this script. */
function script(text: string): string {
  putFile(dir, 'script.mjs', text)
  return `"${execPath}" script.mjs`
}

function read(path: string): string {
  return readFileSync(join(dir, path), 'utf8')
}

/** True while a process is there. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

/** Waits until a script has written its process number, and gives it. */
function pidIn(path: string): Promise<number> {
  return vi.waitFor(() => {
    const pid = Number(read(path))
    if (pid === 0) throw new Error('not written yet')
    return pid
  }, 30_000)
}

test('the command runs in the folder of the settings', async () => {
  expect(await run('echo done > seen.txt')).toBeNull()
  expect(read('seen.txt')).toBe('done\n')
})

for (const name of ['public', 'my site', `it's "odd" $HOME`, '潮']) {
  test(`the command finds the publish directory "${name}"`, async () => {
    const publishDir = join(dir, name)
    const command = 'printf %s "$FEEDWIRE_PUBLISH_DIR" > seen.txt'
    expect(await runAfter(command, { dir, publishDir, signal: new AbortController().signal })).toBeNull()
    expect(read('seen.txt')).toBe(publishDir)
  })
}

test('the command has the environment of Feedwire, and no more than that', async () => {
  expect(
    await run(script(`import { writeFileSync } from 'node:fs'\nwriteFileSync('env', JSON.stringify(process.env))`)),
  ).toBeNull()
  const environment: unknown = JSON.parse(read('env'))
  expect(environment).toMatchObject({ ...process.env, PWD: dir, FEEDWIRE_PUBLISH_DIR: join(dir, 'public') })
  const known = new Set([...Object.keys(process.env), 'FEEDWIRE_PUBLISH_DIR', 'PWD', 'OLDPWD', 'SHLVL', '_'])
  expect(Object.keys(environment ?? {}).filter((name) => !known.has(name))).toEqual([])
})

test('a command that reads input finds none', async () => {
  expect(await run('cat > seen.txt')).toBeNull()
  expect(read('seen.txt')).toBe('')
})

for (const [says, command, message] of [
  ['the exit code', 'exit 3', 'ended with exit code 3'],
  ['what it printed', 'echo the quay is closed; exit 1', 'ended with exit code 1: the quay is closed'],
  ['what it complained of', 'echo no such quay >&2; exit 1', 'ended with exit code 1: no such quay'],
  ['several lines as one', 'printf "one\\n\\ntwo\\n"; exit 1', 'ended with exit code 1: one | two'],
  ['lines that end as on Windows', 'printf "one\\r\\ntwo\\r\\n"; exit 1', 'ended with exit code 1: one | two'],
  ['the end of a progress bar', 'printf "10%%\\r99%%\\rfull\\n"; exit 1', 'ended with exit code 1: full'],
  ['no colours', 'printf "\\033[31mred\\033[0m ebb\\n"; exit 1', 'ended with exit code 1: red ebb'],
  ['controls written out', 'printf "a\\007b\\342\\200\\256c"; exit 1', 'ended with exit code 1: a\\x07b\\u202ec'],
  [
    'no password of a remote',
    'echo "cannot reach https://ann:tide@git.example.org/quay.git" >&2; exit 128',
    'ended with exit code 128: cannot reach https://***@git.example.org/quay.git',
  ],
  ['a signal', 'kill -9 $$', 'ended with SIGKILL'],
] as const) {
  test(`of a command that fails is told: ${says}`, async () => {
    const problem = await run(command)
    expect(problem).toMatchObject({ code: 'after-failed', severity: 'error', where: 'publish.after' })
    expect(problem?.message).toBe(`The command ${message}`)
  })
}

test('of much that a command prints, the last whole lines are kept', async () => {
  const lines = `const lines = Array.from({ length: 200_000 }, (_, n) => 'gauge ' + n)`
  const problem = await run(script(`${lines}\nprocess.stdout.write(lines.join('\\n'), () => process.exit(1))`))
  expect(problem?.message).toMatch(/^The command ended with exit code 1: gauge \d{6} \| .* \| gauge 199999$/)
  expect(problem?.message.length).toBeLessThan(3_000)
})

test('of one endless line, the end is kept', async () => {
  const problem = await run(script(`process.stdout.write('~'.repeat(1_000_000) + 'ebb', () => process.exit(1))`))
  expect(problem?.message).toMatch(/^The command ended with exit code 1: ~{2045}ebb$/)
})

test('a command that cannot be started is a problem', async () => {
  const publishDir = join(dir, 'public')
  const gone = join(dir, 'gone')
  const problem = await runAfter('true', { dir: gone, publishDir, signal: new AbortController().signal })
  expect(problem).toMatchObject({ code: 'after-failed', message: 'The command cannot be started (ENOENT)' })
})

test('what a command leaves behind in the background is not waited for, and goes on', async () => {
  expect(await run('sleep 1000 & echo $! > pid')).toBeNull()
  const pid = Number(read('pid'))
  expect(isAlive(pid)).toBe(true)
  process.kill(pid)
})

test('a command that takes too long is stopped', async () => {
  expect(await run('sleep 1000', { limit: 50, grace: 60_000 })).toMatchObject({
    ...{ code: 'after-killed', severity: 'error', where: 'publish.after' },
    message: expect.stringMatching(/^The command was stopped after .* minutes$/),
  })
})

test('a command is stopped when Feedwire is told to stop, and may clean up', async () => {
  const stop = new AbortController()
  const cleaning = `
    import { writeFileSync } from 'node:fs'
    process.once('SIGTERM', () => process.stdout.write('cleaned', () => process.exit(0)))
    setInterval(() => undefined, 1000)
    writeFileSync('pid', String(process.pid))`
  // It is not the only one of its line, so that the shell stays.
  const ended = run(`${script(cleaning)}; true`, { limit: 60_000, grace: 60_000 }, stop.signal)
  await pidIn('pid')
  stop.abort()
  const message = 'The command was stopped since Feedwire was told to stop: cleaned'
  expect(await ended).toMatchObject({ code: 'after-killed', message })
})

test('children that do not want to stop are killed', async () => {
  const stop = new AbortController()
  const stubborn = `
    import { writeFileSync } from 'node:fs'
    process.on('SIGTERM', () => undefined)
    setInterval(() => undefined, 1000)
    writeFileSync('pid', String(process.pid))`
  const ended = run(`${script(stubborn)}; true`, { limit: 60_000, grace: 50 }, stop.signal)
  const pid = await pidIn('pid')
  stop.abort()
  expect(await ended).toMatchObject({ code: 'after-killed' })
  await vi.waitFor(() => expect(isAlive(pid)).toBe(false), 30_000)
})

test('a command is stopped at once when Feedwire was told to stop before', async () => {
  const problem = await run('sleep 1000; echo late > seen.txt', undefined, AbortSignal.abort())
  expect(problem).toMatchObject({ code: 'after-killed' })
  expect(existsSync(join(dir, 'seen.txt'))).toBe(false)
})
