import { expect, test } from 'vitest'
import { bounceFindings } from '../../src/doctor/bounces.ts'
import { dmarcFindings } from '../../src/doctor/dmarc.ts'
import { spfFindings } from '../../src/doctor/spf.ts'
import type { Zone } from '../support/name-server.ts'
import { networkWith, told } from './asking.ts'

/** A record that includes `count` others. */
function including(count: number): Zone {
  const names = Array.from({ length: count }, (_, n) => `s${n}.example.net`)
  const records = Object.fromEntries(names.map((name) => [`TXT ${name}`, ['v=spf1 ip4:192.0.2.1 -all']]))
  return { ...records, 'TXT example.org': [`v=spf1 ${names.map((name) => `include:${name}`).join('| ')} -all`] }
}

const TOO_MANY = 'fault: The SPF record of example.org needs more than 10 lookups, so it does not count'

for (const [says, zone, expected] of [
  ['takes one record', { 'TXT example.org': ['hello', 'v=spf1 mx -all'] }, 'ok: example.org: v=spf1 mx -all'],
  ['joins the strings of a record', { 'TXT example.org': ['v=spf1 m|x ~all'] }, 'ok: example.org: v=spf1 mx ~all'],
  [
    'finds no record where there are others',
    { 'TXT example.org': ['hello', 'v=spf10 mx -all'] },
    'fault: example.org has no SPF record, so many servers take its letters for spam',
  ],
  [
    'finds no record where there is no name',
    {},
    'fault: example.org has no SPF record, so many servers take its letters for spam',
  ],
  [
    'finds two records',
    { 'TXT example.org': ['v=spf1 mx -all', 'v=spf1 a -all'] },
    'fault: example.org has 2 SPF records, and none of them counts',
  ],
  [
    'finds +all',
    { 'TXT example.org': ['v=spf1 mx +all'] },
    'fault: The SPF record of example.org lets everybody send for it',
  ],
  [
    'finds all',
    { 'TXT example.org': ['v=spf1 ALL'] },
    'fault: The SPF record of example.org lets everybody send for it',
  ],
  [
    'tells of ?all',
    { 'TXT example.org': ['v=spf1 mx ?all'] },
    'note: The SPF record of example.org says nothing of other servers',
  ],
  [
    'tells of no all',
    { 'TXT example.org': ['v=spf1 mx'] },
    'note: The SPF record of example.org says nothing of other servers',
  ],
  [
    'follows a redirect',
    { 'TXT example.org': ['v=spf1 redirect=_spf.example.net'], 'TXT _spf.example.net': ['v=spf1 mx -all'] },
    'ok: example.org: v=spf1 redirect=_spf.example.net',
  ],
  [
    'finds an include of nothing',
    { 'TXT example.org': ['v=spf1 include:gone.example.net -all'] },
    'fault: The SPF record of example.org includes gone.example.net, which has none',
  ],
  ['takes ten lookups', including(10), expect.stringMatching(/^ok: /)],
  ['finds eleven lookups', including(11), TOO_MANY],
  ['ends with a record that includes itself', { 'TXT example.org': ['v=spf1 include:example.org -all'] }, TOO_MANY],
  [
    'passes over a name with a macro',
    { 'TXT example.org': ['v=spf1 include:%{d}.example.net -all'] },
    expect.stringMatching(/^ok: /),
  ],
  [
    'shows no control character',
    { 'TXT example.org': ['v=spf1 mx -all \u001b]0;x\u0007'] },
    'ok: example.org: v=spf1 mx -all \\x1b]0;x\\x07',
  ],
  [
    'makes a note of no answer',
    { 'TXT example.org': 'broken' },
    'note: The DNS does not answer for example.org (ESERVFAIL)',
  ],
] satisfies [string, Zone, unknown][])
  test(`spfFindings() ${says}`, async () => {
    expect(told(await spfFindings('example.org', await networkWith(zone)))).toEqual([expected])
  })

const NEWS = { from: 'news.example.org', returnTo: 'news.example.org', signing: [] }
const ELSEWHERE = { from: 'example.org', returnTo: 'example.net', signing: [] }
const NO_WAY = "Neither mail.return (example.net) nor a key of mail.dkim goes with the sender's example.org"

for (const [says, domains, zone, expected] of [
  [
    'takes the record of the domain',
    { ...NEWS, signing: ['news.example.org'] },
    { 'TXT _dmarc.news.example.org': ['v=DMARC1; p=reject'], 'TXT _dmarc.example.org': ['v=DMARC1; p=none'] },
    'ok: _dmarc.news.example.org: reject; the return address and the signature go with news.example.org',
  ],
  [
    'takes the record of the domain above',
    NEWS,
    { 'TXT _dmarc.example.org': ['v=DMARC1; p=reject; sp=quarantine'] },
    'ok: _dmarc.example.org: quarantine; the return address goes with news.example.org',
  ],
  [
    'does not go up to the top',
    NEWS,
    { 'TXT _dmarc.org': ['v=DMARC1; p=none'] },
    expect.stringMatching(/^note: .* has no DMARC/),
  ],
  [
    'takes a domain beside it',
    { ...ELSEWHERE, returnTo: 'bounces.example.org' },
    { 'TXT _dmarc.example.org': ['v=DMARC1; p=reject'] },
    'ok: _dmarc.example.org: reject; the return address goes with example.org',
  ],
  [
    'takes a domain above it, where that has a record as well',
    { ...NEWS, returnTo: 'example.org', signing: ['mail.example.org'] },
    { 'TXT _dmarc.news.example.org': ['v=DMARC1; p=reject'], 'TXT _dmarc.example.org': ['v=DMARC1; p=none'] },
    'ok: _dmarc.news.example.org: reject; the return address and the signature go with news.example.org',
  ],
  [
    'takes the policy of the uppermost record where its own domain has none',
    { ...NEWS, from: 'a.news.example.org' },
    { 'TXT _dmarc.news.example.org': ['v=DMARC1; p=reject'], 'TXT _dmarc.example.org': ['v=DMARC1; p=none'] },
    'ok: _dmarc.example.org: none; the return address goes with a.news.example.org',
  ],
  [
    'takes no domain beside it where the same is asked for',
    { ...ELSEWHERE, returnTo: 'bounces.example.org', signing: ['example.org'] },
    { 'TXT _dmarc.example.org': ['v=DMARC1; p=reject; aspf=s'] },
    'ok: _dmarc.example.org: reject; the signature goes with example.org',
  ],
  [
    'finds that nothing goes with the sender',
    { ...ELSEWHERE, signing: ['example.net'] },
    { 'TXT _dmarc.example.org': ['v=DMARC1; p=reject'] },
    `fault: ${NO_WAY}, so that DMARC tells servers to reject the letters`,
  ],
  [
    'is content with a note where the policy is none',
    { ...ELSEWHERE, signing: ['example.net'] },
    { 'TXT _dmarc.example.org': ['v=DMARC1; p=none'] },
    `note: ${NO_WAY} (DMARC: none)`,
  ],
  [
    'is content with a note where the mail server may sign',
    ELSEWHERE,
    { 'TXT _dmarc.example.org': ['v=DMARC1; p=reject'] },
    `note: ${NO_WAY} (DMARC: reject)`,
  ],
  [
    'does not take a name that only ends the same',
    { ...ELSEWHERE, returnTo: 'badexample.org', signing: ['badexample.org'] },
    { 'TXT _dmarc.example.org': ['v=DMARC1; p=reject'] },
    expect.stringMatching(/^fault: Neither/),
  ],
  [
    'finds two records',
    NEWS,
    { 'TXT _dmarc.example.org': ['v=DMARC1; p=none', 'v=DMARC1; p=reject'] },
    'fault: _dmarc.example.org has 2 DMARC records, and none counts',
  ],
  [
    'finds a policy that is none',
    NEWS,
    { 'TXT _dmarc.example.org': ['v=DMARC1; p=discard'] },
    'fault: _dmarc.example.org has no policy that counts',
  ],
  [
    'makes a note of no answer',
    NEWS,
    { 'TXT _dmarc.news.example.org': 'broken' },
    'note: The DNS does not answer for _dmarc.news.example.org (ESERVFAIL)',
  ],
] satisfies [string, Parameters<typeof dmarcFindings>[0], Zone, unknown][])
  test(`dmarcFindings() ${says}`, async () => {
    expect(told(await dmarcFindings(domains, await networkWith(zone)))).toEqual([expected])
  })

for (const [says, zone, expected] of [
  [
    'names the host that is preferred',
    { 'MX example.org': ['20 mx2.example.net', '10 mx1.example.net'] },
    'ok: mx1.example.net takes mail for example.org',
  ],
  [
    'takes a host without MX',
    { 'A example.org': ['192.0.2.1'] },
    'ok: example.org takes mail itself, as it has no MX record',
  ],
  [
    'finds a domain without a host',
    { 'TXT example.org': ['x'] },
    'fault: example.org takes no mail, so nobody learns of dead addresses',
  ],
  [
    'finds a domain that takes no mail',
    { 'MX example.org': ['0 .'] },
    'fault: example.org says that it takes no mail (RFC 7505)',
  ],
  [
    'makes a note of no answer',
    { 'MX example.org': 'broken' },
    'note: The DNS does not answer for example.org (ESERVFAIL)',
  ],
] satisfies [string, Zone, string][])
  test(`bounceFindings() ${says}`, async () => {
    expect(told(await bounceFindings('example.org', await networkWith(zone)))).toEqual([expected])
  })

test('a name server that says nothing is waited for no longer than patience has it', async () => {
  const network = await networkWith({ 'MX example.org': 'silent', 'TXT example.org': 'silent' }, 20)
  const silent = ['note: The DNS does not answer for example.org (no answer in time)']
  expect(told(await bounceFindings('example.org', network))).toEqual(silent)
  expect(told(await spfFindings('example.org', network))).toEqual(silent)
})
