import { expect, test } from 'vitest'
import { surviveDelivery } from '../support/crash-delivery.ts'
import { surviveKills } from '../support/crash.ts'

const KILLS = 60
const DELIVERY = { recipients: 3000, kills: 110 }
const SEED = Number(process.env['CRASH_SEED'] ?? Date.now() % 1_000_000)

for (const mail of ['smtp', 'outbox'] as const)
  test(`killed ${KILLS} times, a site with ${mail} loses nothing and doubles no more than the letters in flight (CRASH_SEED=${SEED})`, async () => {
    const report = await surviveKills({ mail, kills: KILLS, seed: SEED })
    console.log(`${mail}, ${report}`)
    expect(report).toContain('killed')
  })

for (const unknown of ['send', 'hold'] as const)
  test(`killed ${DELIVERY.kills} times while a faulty server takes ${DELIVERY.recipients} letters, a digest with unknown: ${unknown} loses none (CRASH_SEED=${SEED})`, async () => {
    const report = await surviveDelivery({ ...DELIVERY, seed: SEED, unknown })
    console.log(report)
    expect(report).toContain('lost: 0')
  })
