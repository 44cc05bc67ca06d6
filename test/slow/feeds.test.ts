import { expect, test } from 'vitest'
import { fuzzFeeds } from '../support/fuzz-feeds.ts'

const SEED = Number(process.env['FUZZ_SEED'] ?? Date.now() % 1_000_000)

test(`10,000 feed documents of arbitrary texts are without a fault (FUZZ_SEED=${SEED})`, () => {
  const { documents, faults } = fuzzFeeds(10_000, SEED)
  console.log(`feeds, seed ${SEED}: ${documents} documents, ${faults.length} faults`)
  expect(documents).toBeGreaterThanOrEqual(10_000)
  expect(faults).toEqual([])
})
