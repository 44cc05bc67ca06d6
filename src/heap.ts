import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8'

/** Flags count for a whole process, so they are left alone in one that is not the program's own. */
let isOurProcess = false

/**
 * Keeps the young half of V8's heap at its first megabyte, and makes the process ours. By itself it doubles with the
 * first modules that are loaded, and a run that finds nothing new would pay with a sixth of its memory for room that it
 * never uses.
 */
export function keepHeapSmall(): void {
  isOurProcess = true
  setFlagsFromString('--semi-space-growth-factor=1')
}

/**
 * Leaves V8's optimising compiler out until work begins. It would have a fifth of the memory of a run that finds nothing
 * new, which is over before what it makes is of use.
 */
export function optimiseLater(): void {
  if (isOurProcess) setFlagsFromString('--no-opt')
}

/** Lets the optimising compiler work; to be called where work begins that takes more than a moment. */
export function optimise(): void {
  if (isOurProcess) setFlagsFromString('--opt')
}

/** How much the old half may grow before it is looked through, in percent of what was in use. */
const GROWTH = 40

/** The young half has room enough with so many bytes, of which it uses one half at a time. */
const ENOUGH = 16 * 1024 * 1024

/**
 * Lets the young half grow again, up to half of what it has by itself; to be called where work begins, which would be
 * slow without room, and now and then amid work. The old half grows by less than it does by itself, since most of what
 * it would hold then is garbage.
 */
export function letHeapGrow(): void {
  if (!isOurProcess) return
  optimise()
  const young = getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space')
  const hasRoom = young !== undefined && young.space_size >= ENOUGH
  setFlagsFromString(`--semi-space-growth-factor=${hasRoom ? 1 : 2}`)
  setFlagsFromString('--no-optimize-for-size')
  setFlagsFromString(`--heap-growing-percent=${GROWTH}`)
}

/**
 * Takes garbage away early, for long work that keeps nothing: slower by a little, and with less memory. The bench of
 * mail shows how much.
 */
export function takeGarbageEarly(): void {
  if (!isOurProcess) return
  optimise()
  setFlagsFromString('--semi-space-growth-factor=1')
  setFlagsFromString('--optimize-for-size')
}
