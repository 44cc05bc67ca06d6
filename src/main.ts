#!/usr/bin/env node
import type { Ask } from './cli/ask.ts'
import { openFile } from './cli/open-file.ts'
import { program } from './cli/program.ts'
import { keepHeapSmall } from './heap.ts'

keepHeapSmall()

/** For so long what was told to stop may finish what it has in hand, in milliseconds; Docker kills after ten seconds. */
const DEADLINE = 8_000
/** npm and timeout pass on a signal that we got ourselves: the same one again so soon is not a second, in milliseconds. */
const ECHO = 500
const SIGNALS = ['SIGTERM', 'SIGINT'] as const

const words = process.argv.slice(2)
const stop = new AbortController()
let stoppedAt = Infinity
function onSignal(name: NodeJS.Signals): void {
  if (!stop.signal.aborted) {
    stoppedAt = performance.now()
    stop.abort()
    // Nothing is lost by that: what is half done stands in the store.
    if (['run', 'start', 'serve'].includes(words[0] ?? '')) setTimeout(() => process.exit(), DEADLINE).unref()
    return
  }
  if (performance.now() - stoppedAt < ECHO) return
  // Without a handler it ends the process at once; nor is anything lost by this.
  for (const one of SIGNALS) process.off(one, onSignal)
  process.kill(process.pid, name)
}
for (const name of SIGNALS) process.on(name, onSignal)

for (const stream of [process.stdout, process.stderr]) {
  // A reader such as `head` may go away early; the work goes on without it.
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
  })
}

let asker: Ask | null = null
/** Few commands ask anything; the others load nothing for it. */
const ask: Ask = async (question, fallback) => {
  const { conversation } = await import('./cli/ask.ts')
  asker ??= conversation(process.stdin, process.stdout, stop.signal)
  return asker(question, fallback)
}

process.exitCode = await program(words, {
  cwd: process.cwd(),
  environment: process.env,
  print: (line) => {
    process.stdout.write(`${line}\n`)
  },
  complain: (line) => {
    process.stderr.write(`${line}\n`)
  },
  ...(process.stdout.isTTY && { open: openFile }),
  ...(process.stdin.isTTY && process.stdout.isTTY && { ask }),
  clock: Date.now,
  random: Math.random,
  signal: stop.signal,
})
