import { expect, test } from 'vitest'
import { surviveDelivery } from '../support/crash-delivery.ts'
import { surviveKills } from '../support/crash.ts'

test('killed at any point, a site on a server loses nothing and doubles no more than the letters in flight', async () => {
  const report = await surviveKills({ mail: 'smtp', kills: 6, seed: 1 })
  console.log(report)
  expect(report).toMatch(/^seed 1: /)
})

for (const [says, plan] of [
  ['loses nothing, and doubles only what was in flight', { recipients: 120, kills: 4, unknown: 'send' }],
  ['loses and doubles nothing when what is unknown is held', { recipients: 80, kills: 3, unknown: 'hold' }],
] as const)
  test(`killed while a faulty mail server takes its letters, a digest on a server ${says}`, async () => {
    const report = await surviveDelivery({ ...plan, seed: 1 })
    console.log(report)
    expect(report).toContain('lost: 0')
  })
