import { expect, test } from 'vitest'
import { surviveCluster } from '../support/cluster.ts'

const PLAN = { machines: 3, recipients: 5000, faults: 56 }
const SEED = Number(process.env['CRASH_SEED'] ?? Date.now() % 1_000_000)

for (const [says, more] of [
  ['', { letter: 80 }],
  [' at a pace', { letter: 10, rate: 100 }],
  [' while readers leave', { letter: 80, web: true }],
] as const)
  test(`three daemons on one server lose no letter${says} in ${PLAN.faults} faults (CRASH_SEED=${SEED})`, async () => {
    const end = await surviveCluster({ ...PLAN, ...more, seed: SEED })
    console.log(JSON.stringify(end))
    expect(end).toMatchObject({ kills: 24, cuts: 24, restarts: 8 })
  })
