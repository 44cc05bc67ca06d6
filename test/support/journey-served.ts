import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { execPath } from 'node:process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url))
const LINE = z.object({ level: z.string(), event: z.string(), at: z.string().optional() })

/** The built `feedwire serve` at work in a process of its own. */
export interface Served {
  /** Where it listens. */
  url: string
  /** What it logged as an error, and whatever it wrote beside its log. */
  complaints: string[]
  /** Its memory in MB (resident set size). */
  memory: () => number
  /** Tells it to end, and gives the exit code. */
  stop: () => Promise<number | null>
}

/** Starts it in a folder, and waits until it listens. */
export async function startServe(dir: string): Promise<Served> {
  const child = spawn(execPath, [MAIN, 'serve'], { cwd: dir, stdio: ['ignore', 'pipe', 'pipe'] })
  const complaints: string[] = []
  createInterface(child.stderr).on('line', (line) => complaints.push(line))
  const url = await new Promise<string>((resolve, reject) => {
    createInterface(child.stdout).on('line', (line) => {
      const { level, event, at } = LINE.parse(JSON.parse(line))
      if (level === 'error') complaints.push(line)
      if (event === 'serving') resolve(at ?? '')
    })
    child.once('exit', () => {
      reject(new Error(`it ended before it listened: ${complaints.join('\n')}`))
    })
  })
  return { url, complaints, memory: () => memoryOf(child), stop: () => stop(child) }
}

function memoryOf({ pid }: ChildProcess): number {
  return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) / 1024
}

async function stop(child: ChildProcess): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) {
    child.kill('SIGTERM')
    await once(child, 'exit')
  }
  return child.exitCode
}
