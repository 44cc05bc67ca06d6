import { generateKeyPairSync } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { readdirSync, rmSync } from 'node:fs'
import { dkimVerify } from 'mailauth/lib/dkim/verify.js'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { feedwireAt } from './support/command.ts'
import { putFile, tempFolder } from './support/folder.ts'
import { gaugeSettings, writeGauge } from './support/gauges.ts'
import { stateOf } from './support/site-state.ts'
import { type SmtpSink, startSink } from './support/smtp-sink.ts'

const BEFORE = '2026-01-31T12:00:00Z'
const NOW = '2026-01-31T12:15:00Z'
const RSA = generateKeyPairSync('rsa', { modulusLength: 2048 })
const ED25519 = generateKeyPairSync('ed25519')
const DER = { type: 'spki', format: 'der' } as const
/** RFC 8463, section 4: of an Ed25519 key, the 32 octets alone stand in DNS. */
const RECORDS: Record<string, string> = {
  'old._domainkey.example.org': `v=DKIM1; k=rsa; p=${RSA.publicKey.export(DER).toString('base64')}`,
  'new._domainkey.example.org': `v=DKIM1; k=ed25519; p=${ED25519.publicKey.export(DER).subarray(-32).toString('base64')}`,
}
const BOTH = [
  { selector: 'old', key: 'rsa.pem' },
  { selector: 'new', key: pem(ED25519.privateKey) },
]

let dir = ''
let sink: SmtpSink
beforeEach(async () => {
  dir = tempFolder({ 'rsa.pem': pem(RSA.privateKey) })
  sink = await startSink()
  writeGauge(dir, 'old')
})
afterEach(async () => {
  await sink.close()
  rmSync(dir, { recursive: true })
})

function pem(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString()
}

function settings(dkim: unknown): void {
  gaugeSettings(dir, {
    mail: { from: 'Ada <digest@example.org>', reply_to: 'ada@example.org', smtp: sink.url.href, dkim },
    web: { url: 'https://news.example.org/' },
    subscribers: ['ann@example.net', { address: 'dan@example.net', language: 'zh' }],
  })
}

/** Whether each signature of a letter holds, by its selector. */
async function verdicts(letter: Buffer): Promise<Record<string, string>> {
  const resolver = (name: string): Promise<string[][]> => Promise.resolve([[RECORDS[name] ?? '']])
  const { results } = await dkimVerify(letter, { resolver })
  return Object.fromEntries(results.map(({ selector, status }) => [String(selector), String(status.result)]))
}

describe('with mail.dkim', () => {
  beforeEach(async () => {
    settings(BOTH)
    await feedwireAt(dir, BEFORE, 'run')
    writeGauge(dir, '潮位')
  })

  test('each letter of a run reaches the mail server with signatures that hold, one of each key', async () => {
    expect((await feedwireAt(dir, NOW, 'run')).code).toBe(0)
    expect(sink.received.map(({ to }) => to.join()).sort()).toEqual(['ann@example.net', 'dan@example.net'])
    for (const { raw } of sink.received) expect(await verdicts(raw)).toEqual({ old: 'pass', new: 'pass' })
  })

  test('a letter of send-test is signed too', async () => {
    await feedwireAt(dir, NOW, 'send-test', 'me@example.com')
    expect(await Promise.all(sink.received.map(({ raw }) => verdicts(raw)))).toEqual([{ old: 'pass', new: 'pass' }])
  })

  test('a letter that was changed on its way, or got another way to leave, is found out', async () => {
    await feedwireAt(dir, NOW, 'run')
    const letter = sink.received[0]?.raw.toString('latin1') ?? ''
    const forged = letter.replace('List-Unsubscribe-Post:', 'List-Unsubscribe-Post: x\r\n$&')
    for (const other of [letter.replace('Subject: ', 'Subject: Re: '), `${letter}x`, forged]) {
      expect(other).not.toBe(letter)
      expect(Object.values(await verdicts(Buffer.from(other, 'latin1')))).not.toContain('pass')
    }
  })

  test('the domain of a key may be another than that of the sender', async () => {
    settings({ selector: 'old', domain: 'Mail.Example.org', key: 'rsa.pem' })
    await feedwireAt(dir, NOW, 'run')
    expect(sink.received[0]?.raw.toString()).toMatch(/^DKIM-Signature:[^]*? d=mail\.example\.org;[^]*? s=old;/)
  })
})

const ENCRYPTED = { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'tides' } as const
const WRONG: readonly (readonly [says: string, key: string, err: RegExp])[] = [
  ['a file that is not there', 'lost.pem', /its file cannot be read \(ENOENT\) - check the path/],
  ['a public key', RSA.publicKey.export({ type: 'spki', format: 'pem' }).toString(), /holds no private key/],
  ['an encrypted key', RSA.privateKey.export(ENCRYPTED).toString(), /it is encrypted - store it without a passphrase/],
  [
    'a key of another kind',
    pem(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey),
    /it is of type ec - make/,
  ],
  ['a file that holds no key', 'feedwire.config.yaml', /holds no private key/],
]

describe('a run ends with 2, sends nothing, publishes nothing and leaves the store, for', () => {
  for (const [says, key, err] of WRONG)
    for (const words of [['run'], ['run', '--dry-run'], ['preview'], ['send-test', 'me@example.com'], ['start']])
      test(`${says}: ${words.join(' ')}`, async () => {
        settings(null)
        await feedwireAt(dir, BEFORE, 'run')
        writeGauge(dir, 'north')
        settings([...BOTH, { selector: 'third', key }])
        const before = await stateOf(dir)
        const said = await feedwireAt(dir, NOW, ...words)
        expect(said).toMatchObject({ code: 2, out: '', err: expect.stringMatching(err) })
        expect(said.err).toContain('third._domainkey.example.org')
        expect(said.err).not.toContain('PRIVATE KEY')
        expect(await stateOf(dir)).toEqual(before)
        expect(sink.sessions).toBe(0)
      })
})

test('the first run of a site ends with 2 for a wrong key, and makes neither a store nor a page', async () => {
  settings({ selector: 'old', key: 'lost.pem' })
  expect((await feedwireAt(dir, NOW, 'run')).code).toBe(2)
  expect(readdirSync(dir).filter((name) => name.startsWith('feedwire.db'))).toEqual([])
  expect(readdirSync(dir)).not.toContain('public')
})

test('a run after the key was mended sends what the run with the wrong key did not', async () => {
  settings(null)
  await feedwireAt(dir, BEFORE, 'run')
  writeGauge(dir, 'north')
  settings({ selector: 'old', key: 'other.pem' })
  expect((await feedwireAt(dir, NOW, 'run')).code).toBe(2)
  putFile(dir, 'other.pem', pem(RSA.privateKey))
  expect((await feedwireAt(dir, NOW, 'run')).code).toBe(0)
  expect(await Promise.all(sink.received.map(({ raw }) => verdicts(raw)))).toEqual([{ old: 'pass' }, { old: 'pass' }])
})
