import { setImmediate } from 'node:timers/promises'
import { Problem } from '../problem.ts'
import type { Store } from './open.ts'
import { refuseNewerStore } from './upgrade.ts'

/** Work that is done within a transaction of several, and how whoever asked for it hears of its end. */
interface Task {
  /** Resolves once the work is done; gives what tells of its end after the commit. */
  begin: (tx: Store) => Promise<() => void>
  fail: (error: unknown) => void
}

/** Does work within a transaction. */
export type Commit = <T>(work: (tx: Store) => Promise<T>) => Promise<T>

/** Each work in a transaction of its own. */
export function ownCommit(store: Store): Commit {
  return (work) => store.transaction().execute(work)
}

/** Another process may hold the store for longer than one try waits, such as when a great digest is frozen. */
const MOST_TRIES = 4

/** So many share a commit at most, so that others of the store wait for no longer than some of them take. */
const AT_ONCE = 100

/**
 * Lets the work of several requests share a commit, which waits for the disk; each hears of its end after the commit.
 * Work that comes while a commit is under way goes into the next one, so that of all connections to a server one alone
 * waits when the store is held by others.
 */
export class SharedCommit {
  readonly #store: Store
  #waiting: Task[] = []
  #isBusy = false

  constructor(store: Store) {
    this.#store = store
  }

  /**
   * Does work within a transaction; it must not wait for anything but the store.
   * @throws {Problem} `store-newer`, and what the store throws
   */
  readonly run: Commit = <T>(work: (tx: Store) => Promise<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      const begin: Task['begin'] = async (tx) => {
        const value = await work(tx)
        return () => {
          resolve(value)
        }
      }
      this.#waiting.push({ begin, fail: reject })
      if (!this.#isBusy) void this.#serve()
    })

  async #serve(): Promise<void> {
    this.#isBusy = true
    while (this.#waiting.length > 0) {
      // What has arrived at the sockets meanwhile comes along.
      await setImmediate()
      await this.#commit(this.#waiting.splice(0, AT_ONCE))
    }
    this.#isBusy = false
  }

  /** When one of them fails, not the store, each is done again by itself, so that no other pays for it. */
  async #commit(tasks: readonly Task[], tries = 1): Promise<void> {
    try {
      const ends = await this.#store.transaction().execute(async (tx) => {
        await refuseNewerStore(tx)
        const all: (() => void)[] = []
        for (const { begin } of tasks) all.push(await begin(tx))
        return all
      })
      for (const end of ends) end()
    } catch (error) {
      const fault = error instanceof Problem && error.code.startsWith('store-') ? error.code : null
      if (fault === 'store-busy' && tries < MOST_TRIES) {
        await this.#commit(tasks, tries + 1)
        return
      }
      const [task, ...others] = tasks
      if (fault !== null) for (const { fail } of tasks) fail(error)
      else if (others.length === 0) task?.fail(error)
      else for (const one of tasks) await this.#commit([one])
    }
  }
}
