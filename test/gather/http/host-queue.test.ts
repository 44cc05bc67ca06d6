import { expect, test } from 'vitest'
import { HostQueue } from '../../../src/gather/http/host-queue.ts'

/** What happens in a queue: `+a` when an act with the host a begins, `-a` when it ends. */
class Watched {
  readonly log: string[] = []
  readonly #ends = new Map<string, () => void>()
  readonly #queue: HostQueue

  constructor(atOnce?: number) {
    this.#queue = new HostQueue(atOnce)
  }

  add(...names: string[]): void {
    for (const name of names) void this.#queue.turn(name.replace(/\d/, ''), () => this.#act(name))
  }

  #act(name: string): Promise<void> {
    this.log.push(`+${name}`)
    return new Promise((resolve) => this.#ends.set(name, resolve))
  }

  async end(name: string): Promise<void> {
    this.log.push(`-${name}`)
    this.#ends.get(name)?.()
    await settled()
  }
}

/** All that follows without the network or a timer has happened. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

test('a host is asked by one request at a time, in order', async () => {
  const queue = new Watched()
  queue.add('a1', 'a2', 'a3')
  await settled()
  await queue.end('a1')
  await queue.end('a2')
  expect(queue.log).toEqual(['+a1', '-a1', '+a2', '-a2', '+a3'])
})

test('four hosts are asked at a time, and the next in order when one is done', async () => {
  const queue = new Watched()
  queue.add('a', 'b', 'c', 'd', 'e', 'f')
  await settled()
  expect(queue.log).toEqual(['+a', '+b', '+c', '+d'])
  await queue.end('c')
  await queue.end('a')
  expect(queue.log.slice(4)).toEqual(['-c', '+e', '-a', '+f'])
})

test('who waits for a busy host holds nobody up', async () => {
  const queue = new Watched(2)
  queue.add('a1', 'a2', 'b')
  await settled()
  await queue.end('a1')
  expect(queue.log).toEqual(['+a1', '+b', '-a1', '+a2'])
})

test('what comes of an act comes back, and a failure ends its turn', async () => {
  const queue = new HostQueue()
  const failing = queue.turn('a', () => Promise.reject(new Error('broken')))
  const next = queue.turn('a', () => Promise.resolve(7))
  await expect(failing).rejects.toThrow('broken')
  expect(await next).toBe(7)
})
