import { clearTimeout, setTimeout } from 'node:timers'

/**
 * Does something with a signal of its own, which is aborted once `signal` is or when `ms` milliseconds are over.
 * `AbortSignal.any` with `AbortSignal.timeout` would do the same, were it not collected as garbage on Node 20.
 */
export async function withDeadline<T>(
  signal: AbortSignal,
  ms: number,
  act: (deadline: AbortSignal) => Promise<T>,
): Promise<T> {
  const deadline = new AbortController()
  const end = (): void => {
    deadline.abort()
  }
  const timer = setTimeout(end, ms)
  signal.addEventListener('abort', end)
  if (signal.aborted) end()
  try {
    return await act(deadline.signal)
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', end)
  }
}
