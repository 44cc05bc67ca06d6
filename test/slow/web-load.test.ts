import { expect, test } from 'vitest'
import { sendCrowd } from '../support/journey-crowd.ts'
import { loadLine } from '../support/journey-load.ts'

const JOIN = Number(process.env['JOIN'] ?? 20_000)
const LEAVE = 2000
/** In MB: the heap may take so much more between two of its collections. */
const FLAT = 40

test(`${JOIN} people (JOIN) who join and ${LEAVE} who leave are answered without a fault, in memory that stays flat`, async () => {
  const report = await sendCrowd({ join: JOIN, leave: LEAVE, compare: 200 })
  const { subscribe, leave, asked, growth, letters } = report
  console.log(
    [
      loadLine('POST subscribe', subscribe),
      loadLine('one click', leave),
      `letters meanwhile: ${letters}`,
      `median answer for a reader ${asked.known.toFixed(2)} ms, for a stranger ${asked.unknown.toFixed(2)} ms`,
    ].join('\n'),
  )
  expect(subscribe.answers).toEqual({ 200: JOIN })
  expect(leave.answers).toEqual({ 200: LEAVE })
  const { kept, unsubscribed, complaints, exitCode } = report
  expect({ kept, unsubscribed, complaints, exitCode }).toEqual({
    ...{ kept: JOIN, unsubscribed: LEAVE, complaints: [], exitCode: 0 },
  })
  expect(growth.subscribe).toBeLessThan(FLAT)
  expect(growth.leave).toBeLessThan(FLAT)
})
