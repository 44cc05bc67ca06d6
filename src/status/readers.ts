import type { Instant } from '../entry.ts'
import type { Moments } from './facts.ts'

const DAY = 24 * 60 * 60_000
/** A list that is younger is shown from before it was there. */
const SHORTEST = 30 * DAY

/** How many readers there were at moments of equal distance, the last of them now; none when there was never one. */
export function readersOver(
  { joined, left, now }: { joined: Moments; left: Moments; now: Instant },
  samples: number,
): { at: Instant; readers: number }[] {
  if (joined.length === 0) return []
  const first = Math.min(now - SHORTEST, ...joined.map(({ at }) => at))
  const moments = Array.from({ length: samples }, (_, index) => first + ((now - first) * index) / (samples - 1))
  const steps = [...joined, ...left.map(({ at, count }) => ({ at, count: -count }))].sort((a, b) => a.at - b.at)
  let [step, readers] = [0, 0]
  return moments.map((at) => {
    for (let next = steps[step]; next !== undefined && next.at <= at; next = steps[++step]) readers += next.count
    return { at, readers: Math.max(0, readers) }
  })
}
