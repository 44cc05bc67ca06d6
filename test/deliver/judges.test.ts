import { generateKeyPairSync } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { cpSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { simpleParser } from 'mailparser'
import { describe, expect, test } from 'vitest'
import { filesBelow, putFile, tempFolder } from '../support/folder.ts'
import { isMissing, judgedBySpamAssassin } from '../support/judges.ts'
import { shownByMutt } from '../support/mutt.ts'
import { pythonMissing, readLetter } from '../support/read-letter.ts'
import { runAt } from '../support/run-at.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

type Change = readonly [old: string, changed: string]
const IN_CHINESE: Change = ['language: en', 'language: zh-CN']
const WITH_WEB: Change = ['subscribers:', 'web: { url: "https://news.example.org/" }\n\nsubscribers:']
const WITH_DKIM: Change = [
  '\nmail:\n',
  '\nmail:\n  dkim: [{ selector: old, key: rsa.pem }, { selector: new, key: ed25519.pem }]\n',
]

/** Letters of real runs, with what each must hold. */
const LETTERS = [
  { says: 'the sample digest', letter: await sampleLetter(), holds: 'Unsubscribe: mailto:' },
  { says: 'the sample digest in Chinese', letter: await sampleLetter(IN_CHINESE), holds: '退订: mailto:' },
  {
    says: 'the sample digest with a page to leave by',
    letter: await sampleLetter(WITH_WEB),
    holds: 'Unsubscribe: https://news.example.org/u/',
  },
  { says: 'the sample digest signed twice', letter: await sampleLetter(WITH_DKIM), holds: 'Unsubscribe: mailto:' },
  {
    says: 'the sample digest in Chinese, signed twice, with a page to leave by',
    letter: await sampleLetter(IN_CHINESE, WITH_WEB, WITH_DKIM),
    holds: 'https://news.example.org/u/',
  },
  { says: 'the digest of a Chinese site', letter: await harbourLetter('reader@example.net'), holds: '闸门' },
  {
    says: 'the digest of a Chinese site for an English reader',
    letter: await harbourLetter('tides@example.net'),
    holds: 'Unsubscribe: https://news.harbour.example.org/u/',
  },
] as const
const [{ letter: SAMPLE }] = LETTERS

test('the letters are signed where the settings say so, and offer one click where there is a page', () => {
  const count = (name: string): number[] =>
    LETTERS.map(({ letter }) => `\r\n${letter.toString('latin1')}`.split(`\r\n${name}:`).length - 1)
  expect(count('DKIM-Signature')).toEqual([0, 0, 0, 2, 2, 0, 0])
  expect(count('List-Unsubscribe-Post')).toEqual([0, 0, 1, 0, 1, 1, 1])
})

// A letter that never travelled also hits NO_RECEIVED and NO_RELAYS, which weigh nothing.
describe.skipIf(isMissing('spamassassin'))('SpamAssassin', () => {
  for (const { says, letter } of LETTERS) {
    test(`takes ${says} for no spam, and misses nothing in it`, () => expect(faultsOf(letter)).toEqual([]))
  }

  for (const [says, relay] of [
    ['through a relay on its own machine', 'localhost (localhost [127.0.0.1])'],
    ['from another machine', 'mail.example.org (mail.example.org [93.184.215.14])'],
  ] as const)
    test(`takes the sample digest for no spam when it came ${says}`, () =>
      expect(faultsOf(receivedFrom(relay, SAMPLE))).toEqual([]))

  for (const [says, spoiled, rule] of [
    ['a letter without Message-ID', without('Message-ID', SAMPLE), 'MISSING_MID'],
    ['a letter without Date', without('Date', SAMPLE), 'MISSING_DATE'],
    ['a text that says something else', withText('Lamps! Ropes! Bread!', SAMPLE), 'MPART_ALT_DIFF'],
  ] as const)
    test(`finds ${says}`, () => expect(judgedBySpamAssassin(spoiled).rules).toContain(rule))
})

describe.skipIf(isMissing('mutt') || isMissing('script'))('mutt shows', () => {
  for (const { says, letter, holds } of LETTERS)
    test(says, async () => {
      const { subject = '', text = '' } = await simpleParser(letter)
      const shown = await shownByMutt(letter)
      expect(shown).toContain(`\nSubject: ${subject}\n`)
      expect(shown).toContain(`\n\n${text}`)
      expect(text).toContain(holds)
      expect(shown).not.toMatch(/\ufffd|=\?utf-8\?/i)
    })
})

describe.skipIf(pythonMissing())("Python's email and mailparser read the same, whole and without a defect:", () => {
  for (const { says, letter, holds } of LETTERS)
    test(says, async () => {
      const { defects, headers, parts } = readLetter(letter)
      const { subject, text, html, attachments } = await simpleParser(letter)
      expect(defects).toEqual([])
      expect(attachments).toEqual([])
      expect(new Map(headers).get('subject')).toBe(subject)
      expect(parts).toEqual([
        ['text/plain', text],
        ['text/html', html],
      ])
      expect(html).toMatch(/^<!doctype html>\n[^]*\n<\/html>\n$/)
      expect(text).toMatch(/^\S[^]*\n$/)
      expect(text).toContain(holds)
    })
})

// A URL cannot be folded.
test('every letter is ASCII in short lines that end in CRLF, but for its URLs (RFC 5322, section 2.1.1)', () => {
  for (const { letter } of LETTERS) {
    const mime = letter.toString('latin1')
    expect(mime).not.toMatch(/[^\r]\n|\r[^\n]|[^\t\r\n\x20-\x7e]/)
    const foldable = mime.split('\r\n').filter((line) => !/^(?:List-[A-Za-z]+:|Archived-At:)? <\S+>,?$/.test(line))
    expect(foldable.filter((line) => line.length > 78)).toEqual([])
  }
})

/** Why SpamAssassin may keep a letter from its reader, with all rules that hit; empty when nothing speaks against it. */
function faultsOf(letter: Buffer): string[] {
  const { score, rules } = judgedBySpamAssassin(letter)
  const isMissed = rules.some((rule) => /^(?:MPART_ALT_DIFF|MISSING_)/.test(rule))
  return score > 0 || isMissed ? [`${score} points: ${rules.join(', ')}`] : []
}

/** The letter of the repository's own articles and settings, in which a text was changed. */
async function sampleLetter(...changes: readonly Change[]): Promise<Buffer> {
  const dir = tempFolder({
    'rsa.pem': pemOf(generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey),
    'ed25519.pem': pemOf(generateKeyPairSync('ed25519').privateKey),
  })
  for (const path of ['articles', 'templates']) cpSync(join(ROOT, path), join(dir, path), { recursive: true })
  let settings = readFileSync(join(ROOT, 'feedwire.config.yaml'), 'utf8')
  for (const [old, changed] of changes) {
    expect(settings).toContain(old)
    settings = settings.replace(old, changed)
  }
  putFile(dir, 'feedwire.config.yaml', settings)
  await runAt(dir, '2026-11-20T08:00:00Z')
  return letterTo('reader@example.net', dir)
}

/** A letter of the golden site, whose readers have preferences. */
async function harbourLetter(to: string): Promise<Buffer> {
  const dir = tempFolder()
  cpSync(join(ROOT, 'test/fixtures/site'), dir, { recursive: true })
  await runAt(dir, '2026-10-06T09:00:00Z')
  return letterTo(to, dir)
}

function letterTo(to: string, dir: string): Buffer {
  const letters = filesBelow(join(dir, 'outbox')).map((path) => readFileSync(join(dir, 'outbox', path)))
  const [letter] = letters.filter((bytes) => bytes.includes(`\r\nTo: ${to}\r\n`))
  if (letter === undefined) throw new Error(`there is no letter to ${to}`)
  return letter
}

/** The letter as a server has it that got it a second after it was written. */
function receivedFrom(relay: string, letter: Buffer): Buffer {
  const written = /^Date: (.*)\r$/m.exec(letter.toString('latin1'))?.[1] ?? ''
  const at = new Date(Date.parse(written) + 1000).toUTCString().replace('GMT', '+0000 (UTC)')
  const by = `by mx.example.net (Postfix) with ESMTP id 4TdXyZ1abc\r\n\tfor <reader@example.net>; ${at}`
  return Buffer.concat([Buffer.from(`Received: from ${relay}\r\n\t${by}\r\n`), letter])
}

function without(name: string, letter: Buffer): Buffer {
  return Buffer.from(letter.toString('latin1').replace(new RegExp(`^${name}: .*\r\n`, 'm'), ''), 'latin1')
}

/** The letter with other words in its text part. */
function withText(text: string, letter: Buffer): Buffer {
  const part = /(?<=\r\nContent-Type: text\/plain; charset=utf-8\r\n)[^]*?(?=\r\n--)/
  return Buffer.from(letter.toString('latin1').replace(part, `\r\n${text}`), 'latin1')
}

function pemOf(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString()
}
