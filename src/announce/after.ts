import { type ChildProcess, type ChildProcessByStdio, spawn } from 'node:child_process'
import { kill, platform } from 'node:process'
import type { Readable } from 'node:stream'
import { setTimeout } from 'node:timers/promises'
import { Problem } from '../problem.ts'
import { withDeadline } from './deadline.ts'
import { OutputTail } from './output.ts'
import { AFTER_SETTING } from './state.ts'

/** Where and how a command runs. */
export interface AfterRun {
  /** The folder in which it runs. */
  dir: string
  /** What it finds in FEEDWIRE_PUBLISH_DIR. */
  publishDir: string
  /** Once it is aborted, the command is stopped. */
  signal: AbortSignal
  times?: AfterTimes
}

/** Milliseconds: that a command may take, and that it has to end once it is told to. */
export interface AfterTimes {
  limit: number
  grace: number
}

const TIMES: AfterTimes = { limit: 10 * 60_000, grace: 5_000 }
/** How long what a command left behind may still print, in milliseconds: an ssh master keeps the pipes open for hours. */
const LINGER = 1_000

type Shell = ChildProcessByStdio<null, Readable, Readable>

/** How a command ended; `stopped` by us. */
type Ending =
  | { kind: 'exited'; code: number | null; signal: string | null }
  | { kind: 'unstarted'; cause: Error }
  | { kind: 'stopped' }

/**
 * Runs the owner's command by the shell, with the environment that Feedwire itself has and without input.
 * It is stopped with its children when its time is over.
 * @returns what went wrong, or null: `after-failed`, `after-killed`
 */
export async function runAfter(command: string, run: AfterRun): Promise<Problem | null> {
  const times = run.times ?? TIMES
  return withDeadline(run.signal, times.limit, async (stop) => {
    const child = startShell(command, run)
    const output = new OutputTail([child.stdout, child.stderr])
    const ending = await endOf(child, stop, times.grace)
    child.stdout.destroy()
    child.stderr.destroy()
    return problemOf(
      ending,
      output.text(),
      run.signal.aborted ? 'since Feedwire was told to stop' : inWords(times.limit),
    )
  })
}

function startShell(command: string, { dir, publishDir }: AfterRun): Shell {
  const stdio: ['ignore', 'pipe', 'pipe'] = ['ignore', 'pipe', 'pipe']
  // The shell sets the variable, so that the rest of the environment is handed down without a look at it.
  if (platform === 'win32') {
    const line = `set "FEEDWIRE_PUBLISH_DIR=${publishDir}"& ${command}`
    return spawn(line, { cwd: dir, stdio, shell: true, windowsHide: true })
  }
  const script = 'export FEEDWIRE_PUBLISH_DIR="$1"; exec /bin/sh -c "$2"'
  // A process group of its own can be ended as a whole.
  return spawn('/bin/sh', ['-c', script, 'sh', publishDir, command], { cwd: dir, stdio, detached: true })
}

async function endOf(child: Shell, stop: AbortSignal, grace: number): Promise<Ending> {
  const closed = new Promise<void>((resolve) => {
    child.once('close', () => {
      resolve()
    })
  })
  const ended = new Promise<Ending>((resolve) => {
    child.once('error', (cause) => {
      resolve({ kind: 'unstarted', cause })
    })
    child.once('exit', (code, signal) => {
      const ending: Ending = { kind: 'exited', code, signal }
      void Promise.race([closed, pause(LINGER)]).then(() => {
        resolve(ending)
      })
    })
  })
  const ending = await Promise.race([ended, aborted(stop)])
  if (ending.kind === 'stopped') {
    end(child, 'SIGTERM')
    await Promise.race([closed, pause(grace)])
    end(child, 'SIGKILL')
  }
  return ending
}

function aborted(stop: AbortSignal): Promise<Ending> {
  return new Promise((resolve) => {
    const tell = (): void => {
      resolve({ kind: 'stopped' })
    }
    stop.addEventListener('abort', tell)
    if (stop.aborted) tell()
  })
}

/** Does not keep the process alive by itself. */
function pause(ms: number): Promise<void> {
  return setTimeout(ms, undefined, { ref: false })
}

/** Ends a command with all that it started. */
function end({ pid }: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): void {
  if (pid === undefined) return
  if (platform === 'win32') {
    spawn('taskkill', ['/pid', String(pid), '/t', '/f'], { stdio: 'ignore', windowsHide: true }).on('error', () => {
      // There is nothing else to end it with.
    })
    return
  }
  try {
    kill(-pid, signal)
  } catch (error) {
    // Nobody of the group is left (kill(2)); macOS says EPERM of those who are ending.
    if (!(error instanceof Error && 'code' in error && (error.code === 'ESRCH' || error.code === 'EPERM'))) throw error
  }
}

function problemOf(ending: Ending, output: string, whyStopped: string): Problem | null {
  const said = output === '' ? '' : `: ${output}`
  switch (ending.kind) {
    case 'stopped': {
      const mend = 'it is run again at the next run; see that it does not wait for input and ends in time'
      return new Problem('after-killed', `The command was stopped ${whyStopped}${said}`, { where: AFTER_SETTING, mend })
    }
    case 'unstarted': {
      const { cause } = ending
      return failed(`The command cannot be started (${'code' in cause ? String(cause.code) : cause.message})`, cause)
    }
    case 'exited': {
      const { code, signal } = ending
      if (code === 0) return null
      return failed(`The command ended with ${code === null ? String(signal) : `exit code ${code}`}${said}`)
    }
  }
}

function failed(message: string, cause?: Error): Problem {
  const mend = 'mend the command or what it needs; it is run again at the next run, and the hub is told after that'
  return new Problem('after-failed', message, { where: AFTER_SETTING, mend, cause })
}

function inWords(ms: number): string {
  return `after ${ms / 60_000} minutes`
}
