import { setFlagsFromString } from 'node:v8'

/**
 * Keeps the young half of V8's heap at its first megabyte. By itself it doubles with the first modules that are loaded,
 * and a run that finds nothing new would pay with a sixth of its memory for room that it never uses.
 */
export function keepHeapSmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1')
}

/** Lets it grow again, as it does by itself; to be called where work begins, which would be slow without room. */
export function letHeapGrow(): void {
  setFlagsFromString('--semi-space-growth-factor=2')
  setFlagsFromString('--no-optimize-for-size')
}

/**
 * Takes garbage away early, for long work that keeps nothing: slower by a little, and with less memory. The bench of
 * mail shows how much.
 */
export function takeGarbageEarly(): void {
  keepHeapSmall()
  setFlagsFromString('--optimize-for-size')
}
