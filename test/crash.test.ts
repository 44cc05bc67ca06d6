import { expect, test } from 'vitest'
import { surviveDelivery } from './support/crash-delivery.ts'
import { surviveKills } from './support/crash.ts'

// The long form is test/slow/crash.test.ts.
for (const [mail, kills] of [
  ['smtp', 6],
  ['outbox', 4],
] as const)
  test(`killed at any point, a site with ${mail} loses nothing and doubles no more than the letters in flight`, async () => {
    const report = await surviveKills({ mail, kills, seed: 1 })
    expect(report).toMatch(/^seed 1: /)
  }, 180_000)

for (const [says, plan] of [
  ['loses nothing, and doubles only what was in flight', { recipients: 120, kills: 4, unknown: 'send' }],
  ['loses and doubles nothing when what is unknown is held', { recipients: 80, kills: 3, unknown: 'hold' }],
] as const)
  test(`killed while a faulty server takes its letters, a digest ${says}`, async () => {
    const report = await surviveDelivery({ ...plan, seed: 1 })
    console.log(report)
    expect(report).toContain('lost: 0')
  }, 180_000)
