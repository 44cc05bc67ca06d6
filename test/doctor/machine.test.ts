import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { OLDEST_NODE, clockFinding, nodeFinding, spaceFinding } from '../../src/doctor/machine.ts'
import { told } from './asking.ts'

for (const [version, expected] of [
  ['20.19.0', 'ok: Node.js 20.19.0'],
  ['20.18.3', 'fault: Node.js 20.18.3 is too old'],
  ['22.0.0', 'ok: Node.js 22.0.0'],
  ['18.20.0', 'fault: Node.js 18.20.0 is too old'],
] as const)
  test(`nodeFinding() judges ${version}`, () => expect(told([nodeFinding(version)])).toEqual([expected]))

test('the oldest Node.js is that of the package', () => {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8')
  const { engines } = z.object({ engines: z.object({ node: z.string() }) }).parse(JSON.parse(text))
  expect(engines.node).toBe(`>=${OLDEST_NODE}`)
})

const NOON = Date.UTC(2026, 1, 10, 12)
for (const [says, change, expected] of [
  ['tells the time of the site', {}, 'ok: 2026-02-10 20:00 in Asia/Shanghai (this machine is in UTC)'],
  [
    'says nothing of a machine in the same zone',
    { systemZone: 'Asia/Shanghai' },
    'ok: 2026-02-10 20:00 in Asia/Shanghai',
  ],
  ['knows the past', { latest: NOON - 1 }, 'ok: 2026-02-10 20:00 in Asia/Shanghai (this machine is in UTC)'],
  [
    'forgives what was written a moment ago',
    { latest: NOON + 59_000 },
    'ok: 2026-02-10 20:00 in Asia/Shanghai (this machine is in UTC)',
  ],
  [
    'finds a clock behind the store',
    { latest: NOON + 3_600_000 },
    'fault: The clock (2026-02-10 20:00 in Asia/Shanghai) is behind what the store remembers (2026-02-10 21:00)',
  ],
  ['finds a clock that never was set', { now: 0 }, 'fault: The clock is wrong: 1970-01-01 08:00 in Asia/Shanghai'],
] as const)
  test(`clockFinding() ${says}`, () => {
    const reading = { now: NOON, latest: null, zone: 'Asia/Shanghai', systemZone: 'UTC', ...change }
    expect(told([clockFinding(reading)])).toEqual([expected])
  })

for (const [says, bytes, files, expected] of [
  ['has room', 2e9, 1e6, 'ok: 2000 MB free on the disk of /site'],
  ['counts no files where the disk does not', 2e9, null, 'ok: 2000 MB free on the disk of /site'],
  ['tells of little room', 4e8, 1e6, 'note: 400 MB free on the disk of /site'],
  ['finds too little room', 99e6, 1e6, 'fault: 99 MB free on the disk of /site'],
  ['finds no room for files', 2e9, 3, 'fault: Room for only 3 files on the disk of /site'],
] as const)
  test(`spaceFinding() ${says}`, () => expect(told([spaceFinding('/site', { bytes, files })])).toEqual([expected]))
