import { test } from 'vitest'
import { testChanges } from '../support/preferences-changes.ts'
import { testThreeDays } from '../support/preferences-days.ts'
import { expectEachOnce } from '../support/preferences-steps.ts'

const RUNS = Number(process.env['RUNS'] ?? 60)

testThreeDays([0, 15, 30, 45])
testChanges(1)

test(`each reader gets each article of their topics once, in ${RUNS} histories (RUNS)`, () => expectEachOnce(RUNS))
