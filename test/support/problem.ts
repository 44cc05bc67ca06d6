import { Problem } from '../../src/problem.ts'

/** The Problem that some work throws; anything else, or nothing, fails the test. */
export function problemOf(work: () => unknown): Problem {
  try {
    work()
  } catch (error) {
    if (error instanceof Problem) return error
    throw error
  }
  throw new Error('no Problem was thrown')
}
