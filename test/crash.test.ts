import { expect, test } from 'vitest'
import { surviveKills } from './support/crash.ts'

// The long form is test/slow/crash.test.ts.
const KILLS = 12

for (const mail of ['smtp', 'outbox'] as const)
  test(`killed at any point, a site with ${mail} loses nothing and doubles no more than the letters in flight`, async () => {
    const report = await surviveKills({ mail, kills: KILLS, seed: 1 })
    expect(report).toMatch(/^seed 1: /)
  }, 180_000)
