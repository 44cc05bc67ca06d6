import { expect, test } from 'vitest'
import { surviveCluster } from '../support/cluster.ts'

// The long form is test/slow/cluster.test.ts.
test('daemons on one server lose no letter, be they killed, cut off or the server started anew', async () => {
  const end = await surviveCluster({ machines: 3, recipients: 900, faults: 10, seed: 7, letter: 40, web: true })
  console.log(JSON.stringify(end))
  expect(end).toMatchObject({ kills: 5, cuts: 4, restarts: 1 })
  expect(end.left).toBeGreaterThan(0)
})
