import { closeSync, fsync, mkdirSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { syncFolder, temporaryOf } from '../files.ts'

const synced = promisify(fsync)

/** A file to be written. */
export interface File {
  /** Relative to the publish directory, with `/`. */
  path: string
  bytes: Uint8Array
}

/** A file that has no name yet but its temporary one. */
interface Begun {
  temporary: string
  target: string
}

/**
 * Writes files below a folder, each of which is whole, old or new, after any crash. What is written lasts once all
 * folders are synced.
 */
export class Folders {
  readonly #dir: string
  readonly #made = new Set<string>()
  readonly #unsynced = new Set<string>()

  constructor(dir: string) {
    this.#dir = dir
  }

  /** Gives files their names in this order once the disk has all of them. */
  async write(files: readonly File[]): Promise<void> {
    const begun: Begun[] = []
    try {
      const waiting = files.map(({ path, bytes }) => {
        const one = this.#placeOf(path)
        begun.push(one)
        return writeSynced(one.temporary, bytes)
      })
      await Promise.all(waiting)
      for (const { temporary, target } of begun) {
        renameSync(temporary, target)
        this.#unsynced.add(dirname(target))
      }
    } catch (error) {
      for (const { temporary } of begun) rmSync(temporary, { force: true })
      throw error
    }
  }

  /** Waits until all names last. */
  sync(): void {
    for (const folder of this.#unsynced) syncFolder(folder)
    this.#unsynced.clear()
  }

  #placeOf(path: string): Begun {
    const target = join(this.#dir, path)
    const folder = dirname(target)
    this.#make(folder)
    return { target, temporary: temporaryOf(target) }
  }

  #make(folder: string): void {
    if (this.#made.has(folder)) return
    const first = mkdirSync(folder, { recursive: true })
    this.#made.add(folder)
    if (first === undefined) return
    // A new folder is an entry of the one above it.
    for (let above = folder; above.length >= first.length; above = dirname(above)) this.#unsynced.add(dirname(above))
  }
}

/** Written at once, synced beside other work. */
async function writeSynced(path: string, bytes: Uint8Array): Promise<void> {
  const file = openSync(path, 'w')
  try {
    writeFileSync(file, bytes)
    await synced(file)
  } finally {
    closeSync(file)
  }
}
