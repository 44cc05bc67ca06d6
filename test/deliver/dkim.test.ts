import { execFileSync, spawnSync } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { inspect } from 'node:util'
import fc from 'fast-check'
import { dkimVerify } from 'mailauth/lib/dkim/verify.js'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { readDkimKey } from '../../src/deliver/dkim-key.ts'
import type { DkimKey } from '../../src/deliver/dkim-key.ts'
import { signatureFields } from '../../src/deliver/dkim.ts'
import type { Instant } from '../../src/entry.ts'
import { type Mime, composeMime, mimeBytes, mimeOf } from '../../src/deliver/mime.ts'
import { tempFolder } from '../support/folder.ts'
import { problemOf } from '../support/problem.ts'
import { letterWith } from './samples.ts'

/** Debian's Python, which has Debian's dkimpy. */
const PYTHON = '/usr/bin/python3'
/** On CI dkimpy is never missing, so that its lack fails there. */
const dkimpyMissing = process.env['CI'] === undefined && spawnSync(PYTHON, ['-c', 'import dkim, nacl']).status !== 0
const SCRIPT = fileURLToPath(new URL('../support/verify-dkim.py', import.meta.url))

const rsa = rsaOf(2048)
const ed25519 = generateKeyPairSync('ed25519')
const RSA_KEY = keyOf('old', pkcs8(rsa.privateKey))
const ED25519_KEY = keyOf('new.2026', pkcs8(ed25519.privateKey))
const DER = { type: 'spki', format: 'der' } as const
const BOTH = [RSA_KEY, ED25519_KEY]
/** RFC 8463, section 4: of an Ed25519 key, the 32 octets alone stand in DNS. */
const RECORDS: Record<string, string> = {
  'old._domainkey.example.org': `v=DKIM1; k=rsa; p=${rsa.publicKey.export(DER).toString('base64')}`,
  'new.2026._domainkey.example.org': `v=DKIM1; k=ed25519; p=${ed25519.publicKey.export(DER).subarray(-32).toString('base64')}`,
}
const AT = Date.UTC(2026, 0, 31, 8, 0, 5, 999)

/** Each tells of every signature of a letter whether it holds, the first one first. */
const VERIFIERS = [
  ['mailauth', false, passesMailauth],
  ['dkimpy', dkimpyMissing, passesDkimpy],
] as const

const FIELDS: readonly (readonly [name: string, value: string])[] = [
  ['From', 'Ada <ada@example.org>'],
  ['Sender', 'digest@example.org'],
  ['Reply-To', 'desk@example.org'],
  ['Subject', 'Spring tides'],
  ['Date', 'Sat, 31 Jan 2026 08:00:05 +0000'],
  ['Message-ID', '<7.42@example.org>'],
  ['To', 'reader@example.net'],
  ['Cc', 'editor@example.net'],
  ['MIME-Version', '1.0'],
  ['Content-Type', 'text/plain; charset=utf-8'],
  ['Content-Transfer-Encoding', '8bit'],
  ['List-Id', '<digest.example.org>'],
  ['List-Help', '<https://example.org/help>'],
  ['List-Subscribe', '<https://example.org/subscribe>'],
  ['List-Unsubscribe', '<https://example.org/u/42>, <mailto:bounces+u42@example.org>'],
  ['List-Unsubscribe-Post', 'List-Unsubscribe=One-Click'],
  ['List-Archive', '<https://example.org/digests/7.html>'],
  ['Archived-At', '<https://example.org/digests/7.html#42>'],
  ['Auto-Submitted', 'auto-generated'],
  ['Precedence', 'bulk'],
]
const OVERSIGNED = ['From', 'Reply-To', 'Subject', 'Date', 'To', 'List-Unsubscribe', 'List-Unsubscribe-Post']
const LETTER = rawLetter(FIELDS, 'The tide  comes in.\r\n\r\nThe tide goes out.\r\n')

const READABLE: readonly (readonly [says: string, mime: Buffer])[] = [
  ['a letter with every field', LETTER],
  ['a composed letter', await composeMime(letterWith({ hasOneClick: true }))],
  ['an empty subject', withSubject('')],
  ['a long Chinese subject', await composeMime(letterWith({ subject: '潮汐随月亮而来，'.repeat(60) }))],
  [
    'a subject that looks encoded',
    await composeMime(letterWith({ subject: '=?UTF-8?Q?=0D=0ABcc:_eve@example.com?=' })),
  ],
  ['a subject that holds a signature', withSubject('x; b=AAAA; bh=; h=From\r\n\tDKIM-Signature: v=1; b=')],
  ['white space in and around a value', withSubject('\t \r\n \t Spring \t\r\n  tides \t ')],
  ['a subject of Latin and Chinese in UTF-8', withSubject('Zoë: 潮汐')],
  ['two recipients in two fields', rawLetter([...FIELDS, ['To', 'second@example.net']], 'Two.\r\n')],
  ['blank lines at the end', rawLetter(FIELDS, 'The end.\r\n\r\n\r\n\r\n')],
  ['blank lines of spaces at the end', rawLetter(FIELDS, 'The end. \r\n \r\n\t\r\n  \r\n')],
  ['white space at line ends and within', rawLetter(FIELDS, ' a\t b \t \r\n\r\n\tc  d\t\r\n')],
  ['a body of blank lines alone', rawLetter(FIELDS, '\r\n\r\n \r\n')],
  ['no body', rawLetter(FIELDS, '')],
]

for (const [name, missing, verify] of VERIFIERS) {
  describe.skipIf(missing)(`signatureFields() writes what ${name} verifies:`, () => {
    for (const [says, mime] of READABLE)
      test(says, async () => expect(await verify(await signMessage(mime, BOTH, AT))).toEqual([true, true]))

    test('one signature after the other is gone', async () => {
      const signed = (await signMessage(LETTER, BOTH, AT)).toString('latin1')
      const second = signed.indexOf('DKIM-Signature:', 1)
      expect(await verify(Buffer.from(signed.slice(second), 'latin1'))).toEqual([true])
      const first = signed.slice(0, second) + LETTER.toString('latin1')
      expect(await verify(Buffer.from(first, 'latin1'))).toEqual([true])
    })

    test('a letter that was folded anew and received on its way', async () => {
      const changed = (await tampered('Subject: Spring tides', 'SUBJECT:\r\n Spring\r\n\ttides ')).toString('latin1')
      expect(await verify(Buffer.from(`Received: from a by b\r\n${changed}\r\n\r\n`, 'latin1'))).toEqual([true, true])
    })
  })

  test.skipIf(missing)(`${name} verifies a body whose last line end is added by SMTP`, async () => {
    const signed = await signMessage(rawLetter(FIELDS, 'The end. '), BOTH, AT)
    expect(await verify(Buffer.concat([signed, Buffer.from('\r\n')]))).toEqual([true, true])
  })

  describe.skipIf(missing)(`${name} finds`, () => {
    const post = 'List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n'
    for (const [says, old, changed] of [
      ['another List-Unsubscribe-Post', post, 'List-Unsubscribe-Post: List-Unsubscribe=Two-Click\r\n'],
      ['no List-Unsubscribe-Post', post, ''],
      ['a second List-Unsubscribe-Post above', 'DKIM-Signature:', `${post}DKIM-Signature:`],
      ['a second List-Unsubscribe-Post below', post, `${post}${post}`],
      ['another subject', 'Spring tides', 'Spring  Tides'],
      ['a subject without a space', 'Spring tides', 'Springtides'],
      ['another word in the body', 'goes out', 'goes down'],
      ['a line more in the body', 'goes out.\r\n', 'goes out.\r\nBuy!\r\n'],
      ['a blank line less in the body', 'in.\r\n\r\n', 'in.\r\n'],
      ['another time of signing', 't=1769846405', 't=1769846406'],
    ] as const)
      test(says, async () => expect(await verify(await tampered(old, changed))).toEqual([false, false]))
  })
}

describe('signatureFields() covers', () => {
  for (const [name, value] of FIELDS) {
    const field = `\r\n${name}: ${value}\r\n`
    test(`${name}, so that it can neither change nor go`, async () => {
      expect(await passesMailauth(await tampered(field, `\r\n${name}: x${value}\r\n`))).toEqual([false, false])
      expect(await passesMailauth(await tampered(field, '\r\n'))).toEqual([false, false])
    })
  }
  for (const name of OVERSIGNED)
    test(`a ${name} that the letter has not, so that nobody can add one`, async () => {
      for (const fields of [FIELDS, FIELDS.filter(([other]) => other !== name)]) {
        const signed = await signMessage(rawLetter(fields, 'Tides.\r\n'), BOTH, AT)
        expect(await passesMailauth(signed)).toEqual([true, true])
        const added = Buffer.concat([Buffer.from(`${name}: eve@example.com\r\n`), signed])
        expect(await passesMailauth(added)).toEqual([false, false])
      }
    })
})

test('signatureFields() of letters that share their bodies but for the words of a reader each verify', async () => {
  const shared = ['The tide  comes in \t for ', '  \n\n and \n', '']
  for (const own of [
    ['ada@example.net', ' x  '],
    ['', ''],
    ['bob@example.com', '\n\n'],
  ]) {
    const mime = mimeOf(letterWith({ text: { shared, own }, html: { shared, own } }))
    const signed = mimeBytes(mime, await signatureFields(mime, BOTH, AT))
    expect(await passesMailauth(signed)).toEqual([true, true])
  }
})

test('signatureFields() gives nothing without a key, and the same text again', async () => {
  expect(await signMessage(LETTER, [], AT)).toEqual(LETTER)
  const signed = await signMessage(LETTER, BOTH, AT)
  expect(await signMessage(LETTER, BOTH, AT)).toEqual(signed)
})

test('signatureFields() names what it signs and when', async () => {
  const mime = rawLetter([...FIELDS.slice(0, 4), ['X-Other', 'x'], ['To', 'a@b.net'], ['To', 'c@d.net']], '')
  const head = (await signMessage(mime, [ED25519_KEY], AT)).subarray(0, -mime.length).toString('latin1')
  expect(head.replace(/b=[^;]*$/, 'b=').replace(/\s+/g, '')).toBe(
    'DKIM-Signature:v=1;a=ed25519-sha256;c=relaxed/relaxed;d=example.org;s=new.2026;t=1769846405;' +
      'h=From:From:Sender:Reply-To:Reply-To:Subject:Subject:Date:To:To:To:List-Unsubscribe:List-Unsubscribe-Post;' +
      'bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=;b=',
  )
})

test('signatureFields() keeps its lines below 78 characters', async () => {
  const key = { ...RSA_KEY, domain: `${'long-label.'.repeat(5)}example.org`, selector: 'a-selector-of-many-characters' }
  const head = (await signMessage(LETTER, [key], AT)).subarray(0, -LETTER.length).toString('latin1')
  expect(head).toMatch(/^DKIM-Signature: \S.{0,60}\r\n(?: \S.{0,75}\r\n)+$/)
})

// mailauth takes octet A0 for white space, and needs a blank line to find a signature.
describe.skipIf(dkimpyMissing)('signatureFields() writes what dkimpy alone verifies:', () => {
  for (const [says, mime] of [
    ['a value that ends with octet A0', withSubject('Voilà')],
    ['octet A0 beside white space', withSubject('à \t la mer')],
    ['octet A0 before a fold', withSubject('Voilà\r\n la mer')],
    ['a letter that ends with its fields', rawLetter(FIELDS, '').subarray(0, -2)],
  ] as const)
    test(says, async () => expect(await passesDkimpy(await signMessage(mime, BOTH, AT))).toEqual([true, true]))
})

describe('signatureFields() writes what verifies, whatever the letter holds, for', () => {
  const word = fc.oneof(fc.string(), fc.constantFrom(':', ';', ' b=', '=?', '潮', 'From: x'))
  const space = fc.constantFrom(' ', '\t', '  ', ' \t ')
  const fold = fc.constantFrom('\r\n x', '\r\n\t \ty')
  const value = fc.array(fc.oneof(word, space, fold), { maxLength: 12 }).map((pieces) => pieces.join(''))
  const line = fc.array(fc.oneof(word, space), { maxLength: 8 }).map((pieces) => `${pieces.join('')}\r\n`)
  const body = fc.array(fc.oneof(line, fc.constant('\r\n')), { maxLength: 12 }).map((lines) => lines.join(''))
  const name = fc.constantFrom(...FIELDS.map(([name]) => name), 'X-Other')
  const fields = fc.array(fc.tuple(name, value), { maxLength: 20 })

  for (const [name, missing, verify] of VERIFIERS)
    test.skipIf(missing)(name, async () => {
      await fc.assert(
        fc.asyncProperty(fields, body, async (fields, body) => {
          const mime = rawLetter([['From', 'ada@example.org'], ...fields], body)
          expect(await verify(await signMessage(mime, BOTH, AT))).toEqual([true, true])
        }),
        { numRuns: name === 'dkimpy' ? 30 : 300 },
      )
    })
})

describe('readDkimKey() takes', () => {
  for (const [says, key, algorithm] of [
    ['an RSA key in PKCS #8', pkcs8(rsa.privateKey), 'rsa-sha256'],
    ['an RSA key in PKCS #1', rsa.privateKey.export({ type: 'pkcs1', format: 'pem' }).toString(), 'rsa-sha256'],
    ['an RSA key of 1024 bits', pkcs8(rsaOf(1024).privateKey), 'rsa-sha256'],
    ['an Ed25519 key', pkcs8(ed25519.privateKey), 'ed25519-sha256'],
    ['the path of a file', join(tempFolder({ 'k.pem': pkcs8(ed25519.privateKey) }), 'k.pem'), 'ed25519-sha256'],
  ] as const)
    test(says, () => expect(keyOf('s', key)).toMatchObject({ domain: 'example.org', selector: 's', algorithm }))
})

describe('readDkimKey() refuses', () => {
  const pss = generateKeyPairSync('rsa-pss', { modulusLength: 2048 }).privateKey
  for (const [says, key, fault] of [
    ['a file that is not there', join(tempFolder(), 'dkim.pem'), /cannot be read \(ENOENT\)$/],
    ['a folder', tmpdir(), /cannot be read \(EISDIR\)$/],
    ['a bare key in base64', pkcs8(ed25519.privateKey).split('\n')[1] ?? '', /neither PEM text nor an absolute path$/],
    ['a bare key in base64 that looks like a path', `/${'k'.repeat(43)}=`, /cannot be read \(ENOENT\)$/],
    ['a file without a key', join(tempFolder({ 'dkim.pem': 'tides\n' }), 'dkim.pem'), /holds no private key$/],
    ['a public key', rsa.publicKey.export({ type: 'spki', format: 'pem' }).toString(), /holds no private key$/],
    ['a key that is cut short', pkcs8(rsa.privateKey).slice(0, 800), /holds no private key$/],
    ['an encrypted key in PKCS #8', encrypted('pkcs8'), /is encrypted$/],
    ['an encrypted key in PKCS #1', encrypted('pkcs1'), /is encrypted$/],
    ['a key of 768 bits', pkcs8(rsaOf(768).privateKey), /has 768 bits$/],
    ['an RSA key for PSS alone', pkcs8(pss), /is of type rsa-pss$/],
    ['an elliptic key', pkcs8(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey), /is of type ec$/],
    ['an Ed448 key', pkcs8(generateKeyPairSync('ed448').privateKey), /is of type ed448$/],
    ['a key mixed from two', mixedKey(), /its parts do not belong together$/],
  ] as const)
    test(says, () => {
      const problem = problemOf(() => keyOf('s', key))
      expect(problem.code).toBe('dkim-key-unusable')
      expect(problem.message).toMatch(/^Cannot sign with the DKIM key of s\._domainkey\.example\.org: /)
      expect(problem.message).toMatch(fault)
      const shown = inspect(problem, { depth: null })
      expect(key.split(/\s+/).filter((piece) => piece.length > 20 && shown.includes(piece))).toEqual([])
    })
})

function keyOf(selector: string, key: string): DkimKey {
  return readDkimKey({ domain: 'example.org', selector, key })
}

/** An RSA key with the modulus of another, as PEM text. */
function mixedKey(): string {
  const other = rsaOf(2048).privateKey
  const der = other.export({ type: 'pkcs1', format: 'der' })
  der.set(modulus(rsa.publicKey), der.indexOf(modulus(other)))
  return `-----BEGIN RSA PRIVATE KEY-----\n${der.toString('base64').replace(/.{64}/g, '$&\n')}\n-----END RSA PRIVATE KEY-----`
}

function modulus(key: KeyObject): Buffer {
  return Buffer.from(String(key.export({ format: 'jwk' }).n), 'base64url')
}

function rsaOf(modulusLength: number): { privateKey: KeyObject; publicKey: KeyObject } {
  return generateKeyPairSync('rsa', { modulusLength })
}

function encrypted(type: 'pkcs1' | 'pkcs8'): string {
  return rsa.privateKey.export({ type, format: 'pem', cipher: 'aes-256-cbc', passphrase: 'tides' }).toString()
}

function pkcs8(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString()
}

/** A letter with its signatures before it. */
async function signMessage(mime: Buffer, keys: readonly DkimKey[], at: Instant): Promise<Buffer> {
  return Buffer.concat([Buffer.from(await signatureFields(parted(mime), keys, at), 'latin1'), mime])
}

/** A letter in its parts; each line of its body is a run of its own, so that no run tells of another. */
function parted(mime: Buffer): Mime {
  const text = mime.toString('latin1')
  const end = text.indexOf('\r\n\r\n')
  const [head, body] = end < 0 ? [text, ''] : [text.slice(0, end), text.slice(end + 4)]
  const lines = body.split(/(?<=\r\n)/).filter((line) => line !== '')
  return { fields: head.split(/\r\n(?![ \t])/), body: lines.map((line) => Buffer.from(line, 'latin1')) }
}

function rawLetter(fields: readonly (readonly [name: string, value: string])[], body: string): Buffer {
  return Buffer.from(`${fields.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${body}`)
}

function withSubject(subject: string): Buffer {
  return rawLetter([...FIELDS.filter(([name]) => name !== 'Subject'), ['Subject', subject]], 'Tides.\r\n')
}

/** LETTER, signed with both keys, in which a text was changed wherever it stands. */
async function tampered(old: string, changed: string): Promise<Buffer> {
  const signed = (await signMessage(LETTER, BOTH, AT)).toString('latin1')
  expect(signed).toContain(old)
  return Buffer.from(signed.replaceAll(old, changed), 'latin1')
}

async function passesMailauth(mime: Buffer): Promise<boolean[]> {
  const resolver = (name: string): Promise<string[][]> => Promise.resolve([[RECORDS[name] ?? '']])
  const { results } = await dkimVerify(mime, { resolver })
  return results.map(({ status }) => status.result === 'pass')
}

function passesDkimpy(mime: Buffer): Promise<boolean[]> {
  const records = Object.entries(RECORDS).map(([name, text]) => `${name}=${text}`)
  const printed = execFileSync(PYTHON, [SCRIPT, ...records], { input: mime, encoding: 'utf8' })
  const verdicts = z.array(z.object({ passes: z.boolean() })).parse(JSON.parse(printed))
  return Promise.resolve(verdicts.map(({ passes }) => passes))
}
