import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseMail } from '../../src/receive/parse.ts'
import { SAMPLES, inWords, sample, understood } from './samples.ts'

const HEAD = 'Return-Path: <>\nFrom: MAILER-DAEMON@example.net\nSubject: failure notice\n'
const REPORT = `${HEAD}MIME-Version: 1.0\nContent-Type: multipart/report; boundary=b\n\n--b\n`

describe('understand() never takes for hard', () => {
  test('any bytes', () =>
    fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 2000 }), async (bytes) => {
        expect(inWords(await understood(bytes))).not.toMatch(/hard/)
      }),
    ))

  test('any bytes behind the header of a bounce', () =>
    fc.assert(
      fc.asyncProperty(fc.constantFrom(HEAD, REPORT), fc.uint8Array({ maxLength: 2000 }), async (head, bytes) => {
        expect(inWords(await understood(Buffer.concat([Buffer.from(`${head}\n`), bytes])))).not.toMatch(/hard/)
      }),
    ))

  test('the beginning of a sample that is no bounce', async () => {
    for (const name of SAMPLES) {
      const bytes = sample(name)
      if (inWords(await understood(bytes)).startsWith('bounce')) continue
      for (let end = 0; end < bytes.length; end += 61) {
        expect(`${name} ${end} ${inWords(await understood(bytes.subarray(0, end)))}`).not.toMatch(/hard/)
      }
    }
  })
})

describe('parseMail() reads without end or error', () => {
  for (const [says, bytes] of [
    ['nothing', Buffer.alloc(0)],
    ['zeros', Buffer.alloc(10_000)],
    ['line ends alone', Buffer.alloc(6_000_000, '\n')],
    ['a header without end', Buffer.from('x'.repeat(3_000_000))],
    ['a thousand parts within each other', Buffer.from(nested(1000))],
    ['ten thousand parts beside each other', Buffer.from(`${REPORT}${'Content-Type: x/y\n\nz\n--b\n'.repeat(10_000)}`)],
    ['styles without end', Buffer.from(`${HEAD}Content-Type: text/html\n\n${'<style>'.repeat(100_000)}`)],
    ['a charset that is none', Buffer.from(`${HEAD}Content-Type: text/plain; charset="../../x"\n\nok`)],
  ] as const)
    test(says, async () => expect(await parseMail(bytes)).toMatchObject({ text: expect.any(String) }))

  test('no more than five megabytes', async () => {
    const { text } = await parseMail(Buffer.from(`${HEAD}\n${`${'x'.repeat(997)}\n`.repeat(8000)}`))
    expect(text.length).toBeLessThan(300_000)
  })
})

describe('understand() comes to an end with', () => {
  for (const unit of [
    'Action: failed\n',
    'Final-Recipient: rfc822; a@b.c\nAction: failed\n',
    '<a@b.c> (',
    'user ',
    'if ',
  ]) {
    test(`${JSON.stringify(unit)} again and again`, async () => {
      const mail = await understood(Buffer.from(`${HEAD}\n${unit.repeat(Math.floor(400_000 / unit.length))}`))
      expect(inWords(mail)).not.toMatch(/hard/)
    })
  }
})

function nested(depth: number): string {
  const parts = Array.from({ length: depth }, (_, n) => `Content-Type: multipart/mixed; boundary=b${n}\n\n--b${n}\n`)
  return HEAD + parts.join('')
}
