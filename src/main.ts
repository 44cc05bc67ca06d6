#!/usr/bin/env node
import { openFile } from './cli/open-file.ts'
import { program } from './cli/program.ts'
import { keepHeapSmall } from './heap.ts'

keepHeapSmall()

const stop = new AbortController()
for (const name of ['SIGTERM', 'SIGINT'] as const) {
  // The second signal finds no handler and ends the process at once; nothing is lost by that.
  process.once(name, () => {
    stop.abort()
  })
}

for (const stream of [process.stdout, process.stderr]) {
  // A reader such as `head` may go away early; the work goes on without it.
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
  })
}

process.exitCode = await program(process.argv.slice(2), {
  cwd: process.cwd(),
  environment: process.env,
  print: (line) => {
    process.stdout.write(`${line}\n`)
  },
  complain: (line) => {
    process.stderr.write(`${line}\n`)
  },
  ...(process.stdout.isTTY && { open: openFile }),
  clock: Date.now,
  random: Math.random,
  signal: stop.signal,
})
