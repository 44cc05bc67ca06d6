import { expect, test } from 'vitest'
import { sendCrowd } from './support/journey-crowd.ts'

test('a small crowd that joins and leaves at once is answered, kept and taken off without a fault', async () => {
  const { subscribe, leave, complaints, exitCode, kept, unsubscribed } = await sendCrowd({
    ...{ join: 300, leave: 100, compare: 5 },
  })
  expect({ subscribe: subscribe.answers, leave: leave.answers }).toEqual({
    subscribe: { 200: 300 },
    leave: { 200: 100 },
  })
  expect({ kept, unsubscribed, complaints, exitCode }).toEqual({
    kept: 300,
    unsubscribed: 100,
    complaints: [],
    exitCode: 0,
  })
}, 300_000)
