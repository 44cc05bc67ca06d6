import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { execPath } from 'node:process'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url))

/** How a program ended. */
export interface Ended {
  code: number | null
  signal: NodeJS.Signals | null
  stdout: string
  stderr: string
}

/** The built program at work in a folder. */
export interface Running {
  /** Sends a signal. */
  kill(signal: NodeJS.Signals): void
  ended: Promise<Ended>
}

/** Starts the built program in a folder. */
export function startProgram(dir: string, ...args: string[]): Running {
  const child = spawnProgram(dir, args)
  const ended = Promise.all([once(child, 'exit'), text(child.stdout), text(child.stderr)])
  return {
    kill: (signal) => child.kill(signal),
    ended: ended.then(([, stdout, stderr]) => ({ code: child.exitCode, signal: child.signalCode, stdout, stderr })),
  }
}

/** Runs the built program in a folder until it ends. */
export function runProgram(dir: string, ...args: string[]): Promise<Ended> {
  return startProgram(dir, ...args).ended
}

/** The daemon at work, and what it has logged. */
export interface Daemon {
  lines: string[]
  /** Resolves with the first line of such an event, past or to come; rejects when the daemon ends before. */
  event(name: string): Promise<Record<string, unknown>>
  stop(): void
  /** Kills it at once. */
  kill(): void
  ended: Promise<{ code: number | null; stderr: string }>
}

/** Starts the built program as a daemon. */
export function startDaemon(dir: string): Daemon {
  const child = spawnProgram(dir, ['start'])
  const stderr = text(child.stderr)
  const lines: string[] = []
  const seen = new Map<string, Record<string, unknown>>()
  const waiting = new Map<string, (fields: Record<string, unknown>) => void>()
  const reader = createInterface(child.stdout)
  reader.on('line', (line) => {
    lines.push(line)
    const fields = JSON.parse(line) as Record<string, unknown>
    const name = String(fields['event'])
    if (!seen.has(name)) seen.set(name, fields)
    waiting.get(name)?.(fields)
  })
  const ended = Promise.all([once(child, 'exit'), once(reader, 'close'), stderr])
  return {
    lines,
    event: (name) =>
      new Promise((resolve, reject) => {
        const fields = seen.get(name)
        if (fields !== undefined) resolve(fields)
        waiting.set(name, resolve)
        void ended.then(([, , said]) => {
          reject(new Error(`the daemon ended without "${name}": ${said}`))
        })
      }),
    stop: () => child.kill('SIGTERM'),
    kill: () => child.kill('SIGKILL'),
    ended: ended.then(([, , said]) => ({ code: child.exitCode, stderr: said })),
  }
}

function spawnProgram(
  dir: string,
  args: string[],
): ChildProcess & { stdout: NodeJS.ReadableStream; stderr: NodeJS.ReadableStream } {
  return spawn(execPath, [MAIN, ...args], { cwd: dir, stdio: ['ignore', 'pipe', 'pipe'] })
}
