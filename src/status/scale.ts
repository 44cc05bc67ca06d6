/** A scale from zero, with the values at which it has lines. */
export interface Scale {
  top: number
  ticks: readonly number[]
}

const STEPS = [1, 2, 5, 10]
const MOST_STEPS = 5

/**
 * A scale with a few round ticks, the last at `most` or above; one of nothing goes to 1.
 * @param least of a step: 1 for what is counted
 */
export function scaleTo(most: number, least: number): Scale {
  const wanted = Math.max(most, least) / MOST_STEPS
  const power = 10 ** Math.floor(Math.log10(wanted))
  const round = STEPS.map((step) => step * power).find((step) => step >= wanted) ?? wanted
  const step = Math.max(round, least)
  const steps = Math.max(1, Math.ceil(most / step - 1e-9))
  const ticks = Array.from({ length: steps + 1 }, (_, index) => Number((index * step).toPrecision(12)))
  return { top: steps * step, ticks }
}
