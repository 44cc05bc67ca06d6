import { expect, test } from 'vitest'
import { fuzzFeeds } from '../support/fuzz-feeds.ts'

// The long form is test/slow/feeds.test.ts.
test('feed documents of arbitrary texts are without a fault, as we and others read them', () => {
  const { documents, faults } = fuzzFeeds(300, 1)
  expect(documents).toBe(300)
  expect(faults).toEqual([])
})
