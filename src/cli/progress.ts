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
const WIDTH = 24
const BACK = '\r\u001b[K'

/**
 * @param whole how much there is to do; null when nobody knows
 * @param unit what is done, in the plural
 */
export function progressOn(terminal: Terminal, whole: number | null, unit: string, clock: () => number): Progress {
  if (terminal.isTTY !== true) return { show: () => undefined, clear: () => undefined }
  const began = clock()
  let shown = began
  return {
    show: (done, items) => {
      const now = clock()
      if (now - shown < EVERY) return
      shown = now
      terminal.write(`${BACK}${progressText({ done, whole, items, unit, elapsed: now - began })}`)
    },
    clear: () => terminal.write(BACK),
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
