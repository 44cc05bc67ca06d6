import { clearTimeout, setTimeout } from 'node:timers'
import { Problem } from '../../problem.ts'

/** How long a host is waited for. */
export interface Patience {
  /** Aborted with `fetch-timeout` when it is at its end, or as the signal from outside is. */
  signal: AbortSignal
  /** Begins the next step: the time of the one before no longer counts. */
  step: (failing: string, ms: number) => void
  /** Begins the last step, for which there is all the time that is left. */
  lastStep: () => void
}

/**
 * Asks something of a host that is given up after `ms` milliseconds, or when `outer` is aborted; it is not yet.
 * `AbortSignal.any` with `AbortSignal.timeout` would do the same, were it not collected as garbage on Node 20.
 */
export async function withPatience<T>(
  host: string,
  ms: number,
  outer: AbortSignal,
  act: (patience: Patience) => Promise<T>,
): Promise<T> {
  const end = new AbortController()
  const after = (failing: string, ms: number): Alarm => alarm(() => end.abort(timeout(`${host} ${failing}`)), ms)
  const stop = (): void => end.abort(outer.reason)
  const whole = after('takes too long', ms)
  let current: Alarm | undefined
  outer.addEventListener('abort', stop)
  try {
    const acting = act({
      signal: end.signal,
      step: (failing, ms) => {
        current?.stop()
        current = after(`${failing} within ${ms / 1000} seconds`, ms)
      },
      lastStep: () => current?.stop(),
    })
    return await unlessAborted(end.signal, acting)
  } finally {
    whole.stop()
    current?.stop()
    outer.removeEventListener('abort', stop)
  }
}

interface Alarm {
  stop: () => void
}

/** A timer that is later than this had to wait for the thread, and no answer could be heard meanwhile either. */
const BUSY = 250

/** Acts after so many milliseconds in which the thread was free to listen. */
function alarm(act: () => void, ms: number): Alarm {
  let timer: NodeJS.Timeout
  const wait = (left: number): void => {
    const due = performance.now() + left
    timer = setTimeout(() => {
      const late = performance.now() - due
      if (late < BUSY) act()
      else wait(Math.min(late, ms))
    }, left)
  }
  wait(ms)
  return { stop: () => clearTimeout(timer) }
}

function timeout(message: string): Problem {
  return new Problem('fetch-timeout', message, { mend: 'its host is left alone for a while, then asked again' })
}

/** Not all that is under way can be told to stop: a name server cannot. Then it is no longer waited for. */
function unlessAborted<T>(signal: AbortSignal, coming: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const leave = (): void => {
      const reason: unknown = signal.reason
      reject(reason instanceof Error ? reason : new Error('nobody waits any more', { cause: reason }))
    }
    signal.addEventListener('abort', leave)
    coming.then(resolve, reject)
  })
}
