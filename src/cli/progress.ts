import type { RunProgress } from '../job.ts'

/** The part of a terminal that a line of progress needs. */
export interface Terminal {
  isTTY?: boolean
  write: (text: string) => unknown
}

/** A line that tells how far long work is; it stands on a terminal only. */
export interface Progress {
  /**
   * @param done how much of the whole, in whatever the whole is counted
   * @param items how many things that took
   */
  show: (done: number, items: number) => void
  /** Takes the line away, for other words or for good. */
  clear: () => void
}

/** The line is written anew after so many milliseconds. */
const EVERY = 100
/** A run that is done sooner, in milliseconds, shows none. */
const PATIENCE = 1_000
const WIDTH = 24
const BACK = '\r\u001b[K'

/**
 * @param whole how much there is to do; null when nobody knows
 * @param unit what is done, in the plural
 * @param patience milliseconds before the line is there
 */
export function progressOn(
  terminal: Terminal,
  whole: number | null,
  unit: string,
  clock: () => number,
  patience = EVERY,
): Progress {
  if (terminal.isTTY !== true) return { show: () => undefined, clear: () => undefined }
  const began = clock()
  let next = began + patience
  let isThere = false
  return {
    show: (done, items) => {
      const now = clock()
      if (now < next) return
      next = now + EVERY
      isThere = true
      terminal.write(`${BACK}${progressText({ done, whole, items, unit, elapsed: now - began })}`)
    },
    clear: () => {
      if (isThere) terminal.write(BACK)
      isThere = false
    },
  }
}

/** The lines of a run, one after the other: what it does is told to `take`. */
export function runProgressOn(
  terminal: Terminal,
  clock: () => number,
): { take: RunProgress | null; clear: () => void } {
  if (terminal.isTTY !== true) return { take: null, clear: () => undefined }
  let line: Progress | null = null
  let current = ''
  const clear = (): void => line?.clear()
  return {
    take: (work, done, whole) => {
      if (work !== current || line === null) {
        clear()
        line = progressOn(terminal, whole, work, clock, PATIENCE)
        current = work
      }
      line.show(done, done)
    },
    clear,
  }
}

/** `[######..................] 25%  250,000 rows, 50,000 a second, 15 s left`; times are in milliseconds. */
export function progressText(at: {
  done: number
  whole: number | null
  items: number
  unit: string
  elapsed: number
}): string {
  const { done, whole, items, unit, elapsed } = at
  const pace = Math.round((items * 1000) / Math.max(elapsed, 1))
  const work = `${items.toLocaleString('en')} ${unit}, ${pace.toLocaleString('en')} a second`
  if (whole === null || whole === 0) return work
  const share = Math.min(done / whole, 1)
  const filled = Math.floor(share * WIDTH)
  const bar = `[${'#'.repeat(filled)}${'.'.repeat(WIDTH - filled)}] ${Math.floor(share * 100)}%`
  const left = share === 0 ? '' : `, ${Math.ceil((elapsed / share - elapsed) / 1000)} s left`
  return `${bar}  ${work}${left}`
}
