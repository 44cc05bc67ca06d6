import { expect, test } from 'vitest'
import { surviveKills } from '../support/crash.ts'

const KILLS = 60
const SEED = Number(process.env['CRASH_SEED'] ?? Date.now() % 1_000_000)

for (const mail of ['smtp', 'outbox'] as const)
  test(`killed ${KILLS} times, a site with ${mail} loses nothing and doubles no more than the letters in flight (CRASH_SEED=${SEED})`, async () => {
    const report = await surviveKills({ mail, kills: KILLS, seed: SEED })
    console.log(`${mail}, ${report}`)
    expect(report).toContain('killed')
  })
