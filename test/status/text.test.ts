import { describe, expect, test } from 'vitest'
import type { Facts } from '../../src/status/facts.ts'
import { needsOf } from '../../src/status/needs.ts'
import { tablesOf } from '../../src/status/tables.ts'
import { statusLines } from '../../src/status/text.ts'
import { NOW, digest, facts, run, source } from './sample.ts'

const HOUR = 3_600_000
const did = { ...run(0).did, new: 2, updated: 0, sent: 40 }

const shown = (given = facts()): string[] => statusLines(needsOf(given), tablesOf(given))

test('a site with which all is well is shown like this', () =>
  expect(shown(facts({ runs: [run(1, { did }), run(2, { exitCode: 3 })] })).join('\n')).toBe(`All is well.

Last runs (Asia/Shanghai); the last ended 59 minutes ago
  begun             took   new  updated  letters  ended with
  2026-01-31 15:00  1.5 s    2        0       40  0, well
  2026-01-31 14:00  1.5 s                         3, something set aside

What is next (Asia/Shanghai)
  Gathering  2026-01-31 16:15, by "feedwire start"; else when your cron runs it
  Digest     with each run that finds something new
  Letters    none

Entries
  shown  held back  hidden  removed
      3          0       0        0

Readers
  state   reachable  bounced  complained  deleted
  active          2        1           0        0

Letters
  sent
     4

Sources (Asia/Shanghai)
  name      kind      entries  files  set aside  failing
  articles  markdown        3      3          0`))

test('what needs a person stands first, each with its mend', () => {
  const given = facts({ runs: [], unread: { mails: 1, folder: '/site/unread' } })
  expect(shown(given).slice(0, 6)).toEqual([
    '2 things need you:',
    '- There was no run yet',
    '  run "feedwire run", then let cron do so',
    '- 1 mail could not be understood and was kept for you',
    '  read and delete it: /site/unread',
    '',
  ])
})

describe('a table tells', () => {
  for (const [says, change, line] of [
    ['that a run is at work', { runs: [run(0, { endedAt: null, exitCode: null })], atWork: [100] }, /16:00\s+at work$/],
    ['that a run has no end', { runs: [run(0, { endedAt: null, exitCode: null })] }, /16:00\s+no end$/],
    ['that a run was stopped', { runs: [run(1, { did: { ...did, stopped: true } })] }, /40 {2}0, stopped early$/],
    [
      'when the next digest is due',
      { next: { ...facts().next, digest: '2026-02-01T08:00' } },
      /^ {2}Digest {5}2026-02-01 08:00$/,
    ],
    [
      'that a digest is due',
      { next: { ...facts().next, dueDigests: ['digest x'] } },
      /^ {2}Digest {5}due with the next run$/,
    ],
    ['how many letters would go', { next: { ...facts().next, lettersDue: 7 } }, /^ {2}Letters {4}7 with the next run$/],
    [
      'when letters are tried again',
      { next: { ...facts().next, retryAt: NOW } },
      /^ {2}Put off {4}tried again from 2026-01-31 16:00$/,
    ],
    [
      'when entries are published',
      { next: { ...facts().next, heldUntil: NOW } },
      /^ {2}Held back {2}.* until 2026-01-31 16:00$/,
    ],
    [
      'why letters did not go',
      { reasons: [{ state: 'expired', reply: '', letters: 7 }] },
      /^ {8}7 {2}expired {2}none given$/,
    ],
    [
      'since when a source fails',
      { sources: [source({ failing: { runs: 2, since: NOW - HOUR } })] },
      /2 runs, since 2026-01-31 15:00$/,
    ],
    ['which digest is held back', { digests: [digest(1, { open: 3, isPaused: true })] }, /3 +0 +0 +yes +Tides$/],
    [
      'what alert stands',
      { alerts: [{ key: 'bounces', since: NOW, toldAt: null, detail: 'Many' }] },
      /not yet +bounces +Many$/,
    ],
  ] satisfies [string, Partial<Facts>, RegExp][]) {
    test(says, () => expect(shown(facts(change)).filter((text) => line.test(text))).toHaveLength(1))
  }
})

test('the newest ten digests are shown, and how many there are', () => {
  const digests = Array.from({ length: 12 }, (_, index) => digest(index + 1, { held: 1 }))
  const lines = shown(facts({ digests }))
  expect(lines).toContain('Digests with letters that wait or went wrong, the newest 10 of 12 (Asia/Shanghai)')
  expect(lines.filter((line) => /^ {2}20260131-/.test(line))).toHaveLength(10)
})

test('columns are as wide as a terminal shows their texts', () => {
  const sources = [source({ name: '潮汐' }), source({ name: 'cafe\u0301s' })]
  const lines = shown(facts({ sources })).slice(-2)
  expect(lines).toEqual([
    '  潮汐   markdown        3      3          0',
    '  cafe\u0301s  markdown        3      3          0',
  ])
})

test('no text can steer the terminal or break its line', () => {
  const evil = '\u001b[2J\r\nAll is well.\u202e\u0000'
  const problem = { code: 'x', severity: 'error' as const, where: evil, message: evil, mend: evil }
  const lines = shown(
    facts({
      sources: [source({ name: evil, problems: [problem] })],
      reasons: [{ state: 'refused', reply: evil, letters: 1 }],
      digests: [digest(1, { held: 1, subject: evil })],
      alerts: [{ key: evil, since: NOW, toldAt: null, detail: evil }],
      unread: { mails: 1, folder: evil },
    }),
  )
  expect(lines.join('')).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u)
  expect(lines.filter((line) => line === 'All is well.')).toEqual([])
})
