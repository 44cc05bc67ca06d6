import { z } from 'zod'
import type { Context, ExitCode } from '../../src/cli/context.ts'
import { program } from '../../src/cli/program.ts'

/** How a command ended, and what it said and showed. */
export interface Said {
  code: ExitCode
  out: string
  err: string
  /** Files that it opened on the screen. */
  opened: string[]
}

/** Runs a command in this process, in a folder, at a moment such as `2026-01-31T08:00:00Z`. */
export function feedwireAt(dir: string, moment: string, ...words: string[]): Promise<Said> {
  return feedwireIn({}, dir, moment, ...words)
}

/** The same with variables of the environment. */
export async function feedwireIn(
  environment: NodeJS.ProcessEnv,
  dir: string,
  moment: string,
  ...words: string[]
): Promise<Said> {
  const now = Date.parse(moment)
  const opened: string[] = []
  const said = { out: '', err: '', opened }
  const context: Context = {
    ...{ cwd: dir, environment, clock: () => now, random: () => 0.5, signal: new AbortController().signal },
    print: (line) => void (said.out += `${line}\n`),
    complain: (line) => void (said.err += `${line}\n`),
    open: (path) => void opened.push(path),
  }
  const code = await program(words, context)
  return { code, ...said }
}

const FIELDS = z.record(z.string(), z.unknown())

/** A command that stays, at work in this process. */
export interface Staying {
  /** Resolves with the first line of such an event, past or to come; rejects when the command ends before. */
  event(name: string): Promise<Record<string, unknown>>
  /** Names of the events so far. */
  events(): string[]
  /** Tells it to end, and gives what it ended with. */
  stop(): Promise<ExitCode>
}

/** Starts `feedwire start` or `feedwire serve` in a folder, by the clock of this machine. */
export function stayIn(dir: string, command: 'start' | 'serve'): Staying {
  const end = new AbortController()
  const lines: Record<string, unknown>[] = []
  const waiting = new Set<() => void>()
  const print = (line: string): void => {
    lines.push(FIELDS.parse(JSON.parse(line)))
    for (const look of waiting) look()
  }
  const tools = { clock: Date.now, random: Math.random, signal: end.signal, print, complain: print }
  const code = program([command], { cwd: dir, environment: {}, ...tools })
  return {
    event: (name) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const found = lines.find(({ event }) => event === name)
          if (found !== undefined) resolve(found)
        }
        waiting.add(look)
        look()
        code.then(() => reject(new Error(`${command} ended without "${name}"`)), reject)
      }),
    events: () => lines.map(({ event }) => String(event)),
    stop: () => {
      end.abort()
      return code
    },
  }
}
