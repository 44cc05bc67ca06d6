import { expect, test } from 'vitest'
import { surviveCluster } from '../support/cluster.ts'

test(
  'daemons on one server lose no letter, be they killed or the server started anew',
  { timeout: 400_000 },
  async () => {
    const end = await surviveCluster({ machines: 3, recipients: 800, faults: 10, seed: 7 })
    console.log(JSON.stringify(end))
    expect(end.kills + end.restarts).toBe(10)
  },
)
