import { once } from 'node:events'
import { resolve } from 'node:path'
import type { Writable } from 'node:stream'
import { takeGarbageEarly } from '../heap.ts'
import { Problem } from '../problem.ts'
import { type ExportedReader, exportReaders } from '../remember/export.ts'
import type { Store } from '../remember/open.ts'
import type { SubscriberState } from '../remember/tables.ts'
import { EXPORT_COLUMNS, csvLines, exportCells, newPrivateFile } from '../subscriber-list/write.ts'
import { withStore } from './configured.ts'
import type { CommonOptions, Context, ExitCode } from './context.ts'

const STATES: readonly SubscriberState[] = ['active', 'paused', 'unsubscribed', 'pending']

export interface ExportOptions extends CommonOptions {
  state?: SubscriberState
}

/**
 * `feedwire subscribers export`: writes every reader as CSV, which `subscribers import` takes back. Those who never
 * confirmed are left out unless they are asked for.
 * @param file path of the file; left out: standard output
 */
export async function exportCommand(
  context: Context,
  file: string | undefined,
  options: ExportOptions,
): Promise<ExitCode> {
  if (file === undefined && options.json === true) {
    const mend = 'name a file, or use "feedwire subscribers list --json"'
    throw new Problem('argument-json', 'An export is CSV, not JSON', { mend })
  }
  const states = options.state === undefined ? STATES.filter((state) => state !== 'pending') : [options.state]
  takeGarbageEarly()
  return withStore(context, options, async (store) => {
    if (file === undefined) return toOutput(context, store, states)
    const count = await toFile(resolve(context.cwd, file), store, states, context.signal)
    if (count === null) return 1
    if (options.json === true) context.print(JSON.stringify({ file, readers: count }))
    else context.print(`${count.toLocaleString('en')} ${count === 1 ? 'reader is' : 'readers are'} written to ${file}`)
    return 0
  })
}

const HEADER = csvLines([EXPORT_COLUMNS])

function lines(page: readonly ExportedReader[]): string {
  return csvLines(page.map(exportCells))
}

async function toOutput(
  { print, signal }: Context,
  store: Store,
  states: readonly SubscriberState[],
): Promise<ExitCode> {
  print(HEADER.trimEnd())
  for await (const page of exportReaders(store, states)) {
    if (page.length > 0) print(lines(page).trimEnd())
    if (!(await isTaking(process.stdout))) break
    if (signal.aborted) return 1
  }
  return 0
}

/** Waits until a pipe has taken what it was given, which would fill the memory else. False: its reader is gone. */
async function isTaking(output: Writable): Promise<boolean> {
  try {
    if (output.writableNeedDrain) await once(output, 'drain')
    return !output.destroyed
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EPIPE') return false
    throw error
  }
}

/** Null: the command is to end, and what was there stays. */
async function toFile(
  path: string,
  store: Store,
  states: readonly SubscriberState[],
  signal: AbortSignal,
): Promise<number | null> {
  const file = newPrivateFile(path)
  let count = 0
  try {
    file.write(HEADER)
    for await (const page of exportReaders(store, states)) {
      if (signal.aborted) {
        file.drop()
        return null
      }
      file.write(lines(page))
      count += page.length
    }
    file.finish()
    return count
  } catch (error) {
    file.drop()
    throw error
  }
}
