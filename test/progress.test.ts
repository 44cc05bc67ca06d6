import { rmSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Context } from '../src/cli/context.ts'
import { runProgressOn } from '../src/cli/progress.ts'
import { type RunCommandOptions, runCommand } from '../src/cli/run.ts'
import { putFile, tempFolder } from './support/folder.ts'
import { type SmtpSink, startSink } from './support/smtp-sink.ts'

const BACK = '\r\u001b[K'

/** A terminal that keeps what is written, and a clock that goes on by `step` milliseconds each time it is read. */
function terminalOf(isTTY: boolean, step: number) {
  const lines: string[] = []
  let now = Date.UTC(2026, 1, 1)
  return { lines, isTTY, write: (text: string) => lines.push(text), clock: () => (now += step) }
}

describe('the line of a run', () => {
  test('is there only once it takes longer than a second', () => {
    const terminal = terminalOf(true, 400)
    const { take, clear } = runProgressOn(terminal, terminal.clock)
    take?.('files', 1, null)
    take?.('files', 2, null)
    expect(terminal.lines).toEqual([])
    take?.('files', 3, null)
    expect(terminal.lines).toEqual([`${BACK}3 files, 3 a second`])
    clear()
    expect(terminal.lines.at(-1)).toBe(BACK)
  })

  test('tells how much is left where that is known, and goes when other work begins', () => {
    const terminal = terminalOf(true, 1000)
    const { take } = runProgressOn(terminal, terminal.clock)
    take?.('files', 10, null)
    take?.('letters', 5, 20)
    expect(terminal.lines[1]).toBe(BACK)
    expect(terminal.lines[2]).toMatch(/^\r.*\[######\.+\] 25% {2}5 letters, 5 a second, 3 s left$/)
  })

  test('writes nothing when nothing was shown', () => {
    const terminal = terminalOf(true, 1)
    const { take, clear } = runProgressOn(terminal, terminal.clock)
    take?.('files', 1, null)
    clear()
    expect(terminal.lines).toEqual([])
  })
})

describe('"run" shows how far it is', () => {
  let dir = ''
  let sink: SmtpSink
  beforeEach(async () => {
    sink = await startSink()
    dir = tempFolder()
    for (let n = 0; n < 5; n++) putFile(dir, `articles/note-${n}.md`, `---\ntitle: Note ${n}\n---\nText ${n}.\n`)
    const text = `
site: { title: Tide Notes, url: "https://tides.example.org/" }
digest: { first_run: 5 }
subscribers: [ann@example.net, bob@example.net]
mail: { from: ada@example.org, smtp: "${sink.url.href}" }
`
    putFile(dir, 'feedwire.config.yaml', text)
  })
  afterEach(async () => {
    await sink.close()
    rmSync(dir, { recursive: true })
  })

  /** What stands on the terminal, when each look at the clock takes a second. */
  async function shown(options: RunCommandOptions, isTTY = true): Promise<string> {
    const { lines, clock, ...terminal } = terminalOf(isTTY, 1000)
    const context: Context = {
      ...{ cwd: dir, environment: {}, clock, random: () => 0.5, signal: new AbortController().signal },
      ...{ print: () => undefined, complain: () => undefined },
    }
    expect(await runCommand(context, options, terminal)).toBe(0)
    expect(sink.received).toHaveLength(2)
    return lines.join('')
  }

  test('on a terminal: files and letters, and nothing is left of it', async () => {
    const text = await shown({})
    expect(text).toMatch(/5 files, \d+ a second/)
    expect(text).toMatch(/\[#{24}\] 100% {2}2 letters/)
    expect(text.endsWith(BACK)).toBe(true)
  })

  for (const [says, options, isTTY] of [
    ['in a pipe', {}, false],
    ['for programs', { json: true }, true],
    ['for cron', { quiet: true }, true],
  ] as const)
    test(`nowhere ${says}`, async () => expect(await shown(options, isTTY)).toBe(''))
})
