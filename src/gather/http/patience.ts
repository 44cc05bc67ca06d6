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
  const after = (failing: string, ms: number): NodeJS.Timeout =>
    setTimeout(() => end.abort(timeout(`${host} ${failing}`)), ms)
  const stop = (): void => end.abort(outer.reason)
  const whole = after('takes too long', ms)
  let current: NodeJS.Timeout | undefined
  outer.addEventListener('abort', stop)
  try {
    const acting = act({
      signal: end.signal,
      step: (failing, ms) => {
        clearTimeout(current)
        current = after(`${failing} within ${ms / 1000} seconds`, ms)
      },
      lastStep: () => clearTimeout(current),
    })
    return await unlessAborted(end.signal, acting)
  } finally {
    clearTimeout(whole)
    clearTimeout(current)
    outer.removeEventListener('abort', stop)
  }
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
