import { Agent } from 'node:http'
import { performance } from 'node:perf_hooks'
import { type Asking, askRaw } from './journey-http.ts'

/** How many requests are under way at once, each on a connection that is kept. */
const CONNECTIONS = 50
/** How often the memory of the server is looked at. */
const LOOKS = 12

/** What a load of requests met. */
export interface LoadReport {
  requests: number
  perSecond: number
  /** Milliseconds. */
  median: number
  p99: number
  /** How often each status, or each fault of a connection, came. */
  answers: Record<string, number>
  /** MB of the server, looked at in even steps. */
  memory: number[]
}

/** Makes so many requests as fast as they are answered; `ask` gives the one of a number. */
export async function load(
  requests: number,
  memory: () => number,
  ask: (number: number) => Omit<Asking, 'agent'>,
): Promise<LoadReport> {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS })
  const times: number[] = []
  const answers: Record<string, number> = {}
  const looks: number[] = []
  let next = 0
  const client = async (): Promise<void> => {
    while (next < requests) {
      const number = next++
      if (number % Math.ceil(requests / LOOKS) === 0) looks.push(memory())
      const start = performance.now()
      const end = await askRaw({ ...ask(number), agent }).then(
        ({ status }) => String(status),
        (error: unknown) => String(error),
      )
      times.push(performance.now() - start)
      answers[end] = (answers[end] ?? 0) + 1
    }
  }
  const begin = performance.now()
  await Promise.all(Array.from({ length: CONNECTIONS }, client))
  const seconds = (performance.now() - begin) / 1000
  looks.push(memory())
  agent.destroy()
  const [median, p99] = [shareOf(times, 0.5), shareOf(times, 0.99)]
  return { requests, perSecond: requests / seconds, median, p99, answers, memory: looks }
}

/** The time within which such a share of the requests was answered. */
export function shareOf(times: readonly number[], share: number): number {
  return times.toSorted((a, b) => a - b)[Math.floor(times.length * share)] ?? 0
}

/** MB by which the median of the last third of the looks is above that of the third before. */
export function growthOf(memory: readonly number[]): number {
  const third = Math.floor(memory.length / 3)
  return shareOf(memory.slice(-third), 0.5) - shareOf(memory.slice(-2 * third, -third), 0.5)
}

/** A report on one line. */
export function loadLine(name: string, { requests, perSecond, median, p99, answers, memory }: LoadReport): string {
  const [begin = 0, middle = 0, end = 0] = [memory[0], memory[Math.floor(memory.length / 2)], memory.at(-1)]
  const speed = `${requests} requests, ${perSecond.toFixed(0)}/s, median ${median.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms`
  const sizes = [begin, middle, end].map((one) => one.toFixed(0)).join(', ')
  return `${name}: ${speed}, answers ${JSON.stringify(answers)}; MB at start, middle, end: ${sizes}`
}
