import { generateKeyPairSync } from 'node:crypto'
import { expect, test } from 'vitest'
import { dkimFindings, recordFinding } from '../../src/doctor/dkim.ts'
import type { MailConfig } from '../../src/config-types.ts'
import { readDkimKey } from '../../src/deliver/dkim-key.ts'
import { parseEmailAddress } from '../../src/subscriber.ts'
import { networkWith, told } from './asking.ts'

const RSA = generateKeyPairSync('rsa', { modulusLength: 2048 })
const ED = generateKeyPairSync('ed25519')
const SPKI = RSA.publicKey.export({ type: 'spki', format: 'der' }).toString('base64')
const PKCS1 = RSA.publicKey.export({ type: 'pkcs1', format: 'der' }).toString('base64')
const RAW = ED.publicKey.export({ type: 'spki', format: 'der' }).subarray(-32).toString('base64')
const OTHER = generateKeyPairSync('rsa', { modulusLength: 2048 })
const OTHER_SPKI = OTHER.publicKey.export({ type: 'spki', format: 'der' }).toString('base64')

function setting(privateKey: typeof RSA.privateKey, selector = 'news') {
  return { domain: 'example.org', selector, key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() }
}

const RSA_KEY = readDkimKey(setting(RSA.privateKey))
const ED_KEY = readDkimKey(setting(ED.privateKey))
const NAME = 'news._domainkey.example.org'

for (const [says, key, records, expected] of [
  [
    'takes an RSA key',
    RSA_KEY,
    [`v=DKIM1; k=rsa; p=${SPKI}`],
    `ok: ${NAME}: the DNS has the key that signs (rsa-sha256)`,
  ],
  ['takes one without v= and k=', RSA_KEY, [`p=${SPKI}`], `ok: ${NAME}: the DNS has the key that signs (rsa-sha256)`],
  ['takes the bare RSA form', RSA_KEY, [`p=${PKCS1}`], `ok: ${NAME}: the DNS has the key that signs (rsa-sha256)`],
  ['takes white space in the key', RSA_KEY, [`p=${SPKI.replace(/.{60}/g, '$& ')}`], `ok: ${NAME}: the DNS has`],
  [
    'takes an Ed25519 key',
    ED_KEY,
    [`v=DKIM1; k=ed25519; p=${RAW}`],
    `ok: ${NAME}: the DNS has the key that signs (ed25519`,
  ],
  ['takes what is for mail', RSA_KEY, [`v=DKIM1; s=tlsrpt:email; h=sha1:sha256; p=${SPKI}`], 'ok: '],
  ['minds no other text', RSA_KEY, ['hello', `p=${SPKI}`], 'ok: '],
  ['finds another key', RSA_KEY, [`v=DKIM1; p=${OTHER_SPKI}`], `fault: ${NAME}: the record holds another key`],
  ['finds a revoked key', RSA_KEY, ['v=DKIM1; p='], `fault: ${NAME}: the key was revoked`],
  [
    'finds a record for another kind of key',
    ED_KEY,
    [`p=${RAW}`],
    `fault: ${NAME}: the record is for rsa, the key is ed25519`,
  ],
  ['finds two keys', RSA_KEY, [`p=${SPKI}`, `p=${OTHER_SPKI}`], `fault: ${NAME}: there are 2 keys`],
  ['finds no key', RSA_KEY, ['hello'], `fault: ${NAME}: the TXT record holds no key`],
  ['finds a version of later', RSA_KEY, [`v=DKIM2; p=${SPKI}`], `fault: ${NAME}: the record is of version DKIM2`],
  ['finds a record without sha256', RSA_KEY, [`h=sha1; p=${SPKI}`], `fault: ${NAME}: the record does not allow sha256`],
  [
    'finds a record that is not for mail',
    RSA_KEY,
    [`s=tlsrpt; p=${SPKI}`],
    `fault: ${NAME}: the record is not for mail`,
  ],
  ['tells of a test', RSA_KEY, [`t=s:y; p=${SPKI}`], `note: ${NAME}: the record says that it is only a test`],
  ['shows no control character', RSA_KEY, [`k=\u001b[31m; p=${SPKI}`], `fault: ${NAME}: the record is for \\x1b[31m,`],
] as const)
  test(`recordFinding() ${says}`, () => {
    const [line = ''] = told([recordFinding(key, records)])
    expect(line.slice(0, expected.length)).toBe(expected)
  })

test('the mend of a fault is the record to publish, and holds no private key', () => {
  expect(recordFinding(ED_KEY, ['hello'])).toMatchObject({
    mend: `publish TXT ${NAME} as "v=DKIM1; k=ed25519; p=${RAW}"`,
  })
  expect(recordFinding(RSA_KEY, [])).toMatchObject({ mend: `publish TXT ${NAME} as "v=DKIM1; k=rsa; p=${SPKI}"` })
})

function mailWith(dkim: MailConfig['dkim'], kind: 'smtp' | 'outbox' = 'smtp'): MailConfig {
  const from = { name: '', address: parseEmailAddress('digest@example.org') }
  const rest = { from, replyTo: null, dkim, rates: { all: null, domains: new Map() }, unknown: 'send' } as const
  const way = kind === 'smtp' ? { kind, url: new URL('smtp://127.0.0.1'), connections: 1 } : { kind, dir: '/outbox' }
  return { ...rest, returnTo: null, contact: null, ...way }
}

test('a key of several strings is found by asking the DNS', async () => {
  const network = await networkWith({ [`TXT ${NAME}`]: [`v=DKIM1; p=${SPKI.slice(0, 200)}|${SPKI.slice(200)}`] })
  expect(told(await dkimFindings(mailWith([setting(RSA.privateKey)]), network))).toEqual([
    `ok: ${NAME}: the DNS has the key that signs (rsa-sha256)`,
  ])
})

test('a key that is not in the DNS is a fault, one that nobody answers for is a note', async () => {
  const network = await networkWith({ 'TXT later._domainkey.example.org': 'broken' })
  const keys = [setting(ED.privateKey, 'never'), setting(ED.privateKey, 'later')]
  expect(told(await dkimFindings(mailWith(keys), network))).toEqual([
    'fault: never._domainkey.example.org: there is no TXT record, so no letter can be verified',
    'note: The DNS does not answer for later._domainkey.example.org (ESERVFAIL)',
  ])
})

test('without the network each key is tried', async () => {
  const keys = [setting(ED.privateKey), { ...setting(ED.privateKey), key: '/nowhere/key.pem' }]
  expect(told(await dkimFindings(mailWith(keys), null))).toEqual([
    `ok: ${NAME}: the key signs (ed25519-sha256); the DNS was not asked`,
    `fault: Cannot sign with the DKIM key of ${NAME}: its file cannot be read (ENOENT)`,
  ])
})

test('letters without a signature are a note where they are sent, and nothing where they become files', async () => {
  expect(told(await dkimFindings(mailWith([]), null))).toEqual([
    'note: Feedwire signs no letters (mail.dkim is not set)',
  ])
  expect(told(await dkimFindings(mailWith([], 'outbox'), null))).toEqual([
    'skipped: Feedwire signs no letters (mail.dkim is not set)',
  ])
})
