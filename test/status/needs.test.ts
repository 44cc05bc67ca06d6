import { describe, expect, test } from 'vitest'
import type { Facts } from '../../src/status/facts.ts'
import { needsOf } from '../../src/status/needs.ts'
import { NOW, digest, facts, run, source } from './sample.ts'

const HOUR = 3_600_000
const did = run(0).did
const OPEN = { endedAt: null, exitCode: null }
const missing = {
  ...{ code: 'folder-missing', severity: 'error' as const, where: 'articles' },
  ...{ message: 'There is no such folder', mend: 'make it' },
}

/** A need as `code: message`. */
const told = (change: Partial<Facts>): string[] => needsOf(facts(change)).map((need) => `${need.code}: ${need.message}`)

describe('nothing needs a person', () => {
  for (const [says, change] of [
    ['when all is well', {}],
    ['while the first run is at work', { runs: [run(0, OPEN)], atWork: [100] }],
    [
      'while a run sends letters and others begin and end',
      { runs: [run(0, OPEN), run(1), run(2, OPEN)], atWork: [100, 98] },
    ],
    ['when letters wait no longer than they may', { digests: [digest(5, { open: 3 })] }],
    ['when the owner holds a digest back', { digests: [digest(99, { open: 3, isPaused: true })] }],
    ['when a run refused letters to dead addresses', { runs: [run(1, { exitCode: 3, did: { ...did, refused: 2 } })] }],
    ['when a run was stopped early', { runs: [run(1, { did: { ...did, stopped: true } })] }],
  ] satisfies [string, Partial<Facts>][]) {
    test(says, () => expect(told(change)).toEqual([]))
  }
})

describe('a person is told', () => {
  for (const [says, change, ...needs] of [
    ['that there was no run', { runs: [] }, 'run-none: There was no run yet'],
    [
      'that the last run failed, and why',
      { runs: [run(1, { exitCode: 1, did: { ...did, problem: 'The disk is full' } }), run(2)] },
      'run-failed: The last run failed: The disk is full',
    ],
    [
      'that the last run failed, while another is at work',
      { runs: [run(0, OPEN), run(1, { exitCode: 1 })], atWork: [100] },
      'run-failed: The last run failed',
    ],
    ['that the last run was killed', { runs: [run(1, OPEN)] }, 'run-killed: The last run was ended before it was done'],
    [
      'that the last run was killed, while an earlier one is at work',
      { runs: [run(1, OPEN), run(2, OPEN)], atWork: [98] },
      'run-killed: The last run was ended before it was done',
    ],
    [
      'that runs have stopped to come',
      { runs: [50, 51, 52, 53].map((hours) => run(hours)) },
      'run-late: The last run began 2 days ago; before, 60 minutes was the longest wait',
    ],
    [
      'of something that nothing remembers',
      { runs: [run(1, { exitCode: 3 })] },
      'run-aside: The last run set something aside',
    ],
    [
      'of a source that cannot be read, since when and why',
      { sources: [source({ failing: { runs: 3, since: NOW - HOUR }, problems: [missing] })] },
      'folder-missing: The source "articles" could not be read by 3 runs in a row, since 2026-01-31 15:00: articles: There is no such folder',
    ],
    [
      'of a source that cannot be read, though nobody knows why',
      { sources: [source({ failing: { runs: 1, since: NOW - HOUR } })] },
      'source-failing: The source "articles" could not be read by the last run, since 2026-01-31 15:00',
    ],
    [
      'of files that are set aside, and how many more there are',
      { sources: [source({ problems: [{ ...missing, where: 'articles/a.md:3', message: 'No' }], moreProblems: 2 })] },
      'folder-missing: articles/a.md:3: No',
      'files-aside: 2 more files of the source "articles" are set aside',
    ],
    [
      'of letters that wait for too long, by the oldest',
      { digests: [digest(7, { open: 1 }), digest(8, { open: 3 }), digest(9, { open: 8, isPaused: true })] },
      'digest-stuck: 4 letters of 2 digests have waited for 8 hours',
    ],
    [
      'of letters that may have gone or not',
      { digests: [digest(1, { held: 2 })] },
      'letters-held: 2 letters of the digest 20260131-00000001 may have gone or not',
    ],
    [
      'of letters that did not arrive',
      { digests: [digest(1, { failed: 1 })] },
      'letters-failed: 1 letter of the digest 20260131-00000001 did not arrive, and their readers are still on the list',
    ],
    [
      'of mails that are kept for them',
      { unread: { mails: 2, folder: '/site/unread' } },
      'mails-unread: 2 mails could not be understood and were kept for you',
    ],
    [
      'of alerts that stand',
      { alerts: [{ key: 'bounces', since: NOW, toldAt: NOW, detail: '9 of 20 letters came back' }] },
      'alert-bounces: 9 of 20 letters came back (since 2026-01-31 16:00)',
    ],
  ] satisfies [string, Partial<Facts>, ...string[]][]) {
    test(says, () => expect(told(change)).toEqual(needs))
  }
})

test('an alert of what the store tells by itself is not told twice', () => {
  const alerts = ['source:articles', 'stuck', 'run'].map((key) => ({ key, since: NOW, toldAt: null, detail: key }))
  expect(told({ alerts, runs: [run(1, { exitCode: 1 })] })).toEqual(['run-failed: The last run failed'])
})

test('a run that failed before it was written down is told by its alert', () => {
  const alerts = [{ key: 'run', since: NOW, toldAt: null, detail: 'A run failed: no template' }]
  expect(told({ alerts })).toEqual(['alert-run: A run failed: no template (since 2026-01-31 16:00)'])
})

test('each need has a mend', () => {
  const alerts = ['bounces', 'heartbeat', 'other'].map((key) => ({ key, since: NOW, toldAt: null, detail: '' }))
  const needs = needsOf(facts({ runs: [], alerts, digests: [digest(9, { open: 1, held: 1, failed: 1 })] }))
  expect(needs.map(({ code }) => code)).toEqual([
    ...['run-none', 'digest-stuck', 'letters-held', 'letters-failed'],
    ...['alert-bounces', 'alert-heartbeat', 'alert-other'],
  ])
  expect(needs.every(({ mend }) => /feedwire|check/.test(mend))).toBe(true)
})

test('the digest of a mend is the newest of those it is about', () => {
  const [need] = needsOf(facts({ digests: [digest(1), digest(2, { held: 1 }), digest(3, { held: 1 })] }))
  expect(need?.mend).toBe(
    '"feedwire digests retry 20260131-00000002" sends them again; so with each of them, listed below',
  )
})
