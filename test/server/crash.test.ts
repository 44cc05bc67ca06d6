import { expect, test } from 'vitest'
import { surviveDelivery } from '../support/crash-delivery.ts'
import { surviveKills } from '../support/crash.ts'

test('killed at any point, a site on a server loses nothing and doubles no more than the letters in flight', async () => {
  const report = await surviveKills({ mail: 'smtp', kills: 4, seed: 1 })
  console.log(report)
  expect(report).toMatch(/^seed 1: /)
})

test('killed while a faulty mail server takes its letters, a digest on a server loses and doubles nothing', async () => {
  const report = await surviveDelivery({ recipients: 80, kills: 3, seed: 1, unknown: 'hold' })
  console.log(report)
  expect(report).toContain('lost: 0')
})
