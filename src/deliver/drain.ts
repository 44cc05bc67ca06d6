import { clearTimeout, setTimeout } from 'node:timers'
import type { Mailer } from './mailer.ts'

/**
 * How long letters in flight may take once all is to stop, in milliseconds. Whoever stops us kills what is still there
 * after a while, Docker after ten seconds.
 */
const GRACE = 6_000

/** Watches over letters in flight when all is to stop. */
export interface Drain {
  /** True once connections were cut, so that what failed since is nobody's fault. */
  isCut: () => boolean
  /** Ends the watch. */
  end: () => void
}

/** Some time after the signal is aborted it closes what a mailer has open: letters in flight then come to an end. */
export function drainOf(mailer: Mailer, signal: AbortSignal, grace = GRACE): Drain {
  let isCut = false
  let timer: NodeJS.Timeout | null = null
  const begin = (): void => {
    timer ??= setTimeout(() => {
      isCut = true
      void mailer.close()
    }, grace)
  }
  signal.addEventListener('abort', begin)
  if (signal.aborted) begin()
  return {
    isCut: () => isCut,
    end: () => {
      if (timer !== null) clearTimeout(timer)
      signal.removeEventListener('abort', begin)
    },
  }
}
