import { setImmediate } from 'node:timers/promises'
import type { FileChange, Reading } from '../remember/reading.ts'

/** Reading takes the thread to itself; so often, in milliseconds, it lets signals and the like in. */
const BREATH = 50

/**
 * The same reading, each of whose files is told to `onFile`. Once the signal is aborted it ends with the reason of that,
 * between two files.
 */
export function watched(reading: Reading, signal: AbortSignal, onFile: () => void): Reading {
  if (reading.files === null) return reading
  const { changes, gone } = reading.files
  return { ...reading, files: { changes: (lookups) => watchedChanges(changes(lookups), signal, onFile), gone } }
}

async function* watchedChanges(
  changes: AsyncIterable<FileChange>,
  signal: AbortSignal,
  onFile: () => void,
): AsyncGenerator<FileChange> {
  let breathed = performance.now()
  for await (const change of changes) {
    if (performance.now() - breathed > BREATH) {
      await setImmediate()
      breathed = performance.now()
    }
    signal.throwIfAborted()
    onFile()
    yield change
  }
}
