import { setTimeout } from 'node:timers/promises'
import { mintToken } from '../../src/token.ts'
import { type Machine, SECRET } from './cluster-machine.ts'

const ONE_CLICK = {
  method: 'POST',
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
  body: 'List-Unsubscribe=One-Click',
}

/** Readers who leave one after the other, each by whichever machine answers. */
export class Leavers {
  readonly #machines: readonly Machine[]
  /** Ids of those who were told that they are off the list. */
  readonly #left = new Set<number>()
  #isOver = false
  #leaving: Promise<void> = Promise.resolve()

  constructor(machines: readonly Machine[]) {
    this.#machines = machines
  }

  begin(): void {
    this.#leaving = this.#leave()
  }

  /** Nobody else leaves. @returns the ids of those who did */
  async end(): Promise<ReadonlySet<number>> {
    this.#isOver = true
    await this.#leaving
    return this.#left
  }

  async #leave(): Promise<void> {
    for (let tries = 0, id = 1; !this.#isOver; tries++) {
      const machine = this.#machines[tries % this.#machines.length]
      if (machine !== undefined && (await isTakenOff(machine, id))) this.#left.add(id++)
      await setTimeout(50)
    }
  }
}

async function isTakenOff({ url }: Machine, id: number): Promise<boolean> {
  try {
    const answer = await fetch(`${url}u/${mintToken(SECRET, 'unsubscribe', id)}`, {
      ...ONE_CLICK,
      signal: AbortSignal.timeout(20_000),
    })
    return answer.status === 200
  } catch {
    // It was killed, or has not started yet.
    return false
  }
}
