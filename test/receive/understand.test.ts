import { describe, expect, test } from 'vitest'
import { SAMPLES, inWords, sample, understood } from './samples.ts'

const EXPECTED: Record<string, string> = {
  // Reports for programs, as servers write them.
  'postfix-user-unknown': 'bounce hard 5.1.1',
  'postfix-no-domain': 'bounce hard 5.4.4',
  'postfix-mailbox-full': 'bounce soft 5.2.2',
  'postfix-delayed': 'delayed',
  'postfix-expired': 'bounce soft 4.4.1',
  'postfix-4xx-unknown-expired': 'bounce soft 4.1.1',
  'postfix-relay-denied': 'bounce policy 5.7.1',
  'sendmail-user-unknown': 'bounce hard 5.1.1',
  'sendmail-warning': 'delayed',
  'exchange-2003': 'bounce hard 5.1.1',
  'exchange-expired': 'bounce soft 4.4.7',
  'office365-not-found': 'bounce hard 5.1.10',
  'office365-blocked': 'bounce policy 5.7.1',
  'office365-access-denied': 'bounce soft 5.4.1',
  'gmail-no-such-user': 'bounce hard 5.1.1',
  'gmail-over-quota': 'bounce soft 5.2.2',
  'gmail-disabled': 'bounce hard 5.2.1',
  'gmail-too-fast': 'bounce soft 5.2.1',
  'gmail-dmarc': 'bounce policy 5.7.26',
  'gmail-delay': 'delayed',
  'ses-unknown': 'bounce hard 5.1.1',
  'domino-not-listed': 'bounce hard 5.0.0',
  'courier-over-quota': 'bounce soft 5.0.0',
  // Reports for people.
  'qmail-no-mailbox': 'bounce hard 5.1.1',
  'qmail-quota': 'bounce soft',
  'qmail-two-recipients': 'bounce soft',
  'exim-unknown-user': 'bounce hard 5.1.1',
  'exim-unrouteable': 'bounce soft',
  'exim-retry-timeout': 'bounce soft',
  'exim-spam-filter': 'bounce policy',
  'exim-warning': 'delayed',
  'yahoo-no-account': 'bounce hard',
  'yahoo-rejected-spam': 'bounce policy 5.7.9',
  'qq-not-found': 'bounce hard',
  'netease-full-8bit-gbk': 'bounce soft',
  'netease-spam': 'bounce policy',
  'zoho-user-unknown': 'bounce hard 5.1.1',
  'coremail-guess': 'bounce soft',
  'sendmail-5-expired': 'bounce soft',
  'text-user-unknown': 'bounce hard',
  'text-mailbox-unavailable': 'bounce hard',
  'text-may-be-unknown': 'bounce soft',
  'text-japanese': 'bounce hard',
  // Reports that are put together in other ways.
  'no-blank-lines': 'bounce soft 5.2.2',
  'blank-line-between-fields': 'bounce hard 5.1.1',
  'two-recipients': 'bounce soft 4.2.2',
  'one-delivered-one-failed': 'bounce hard 5.1.1',
  delivered: 'receipt',
  'wrong-part-type': 'bounce hard 5.1.1',
  'status-in-base64': 'bounce hard 5.1.1',
  'utf8-report': 'bounce hard 5.1.1',
  'report-without-boundary': 'bounce hard 5.1.1',
  'status-as-text': 'bounce hard 5.1.1',
  'no-words-no-code': 'bounce soft 5.0.0',
  'status-against-words': 'bounce policy 5.1.1',
  'code-against-transcript': 'bounce soft 5.1.1',
  'code-without-words': 'bounce hard 5.1.1',
  'full-said-as-unknown': 'bounce soft 5.1.1',
  'from-line-of-a-pipe': 'bounce hard 5.1.1',
  // Programs that answer for people.
  'away-rfc3834': 'auto-reply',
  'away-outlook': 'auto-reply',
  'away-vacation-null-sender': 'auto-reply',
  'away-german': 'auto-reply',
  'away-chinese': 'auto-reply',
  'away-precedence': 'auto-reply',
  'away-x-autoreply': 'auto-reply',
  'receipt-read': 'receipt',
  challenge: 'unknown',
  // Complaints.
  'arf-abuse': 'complaint',
  'arf-headers-only': 'complaint',
  'arf-opt-out': 'complaint',
  'arf-not-spam': 'unknown',
  'arf-auth-failure': 'unknown',
  'arf-microsoft': 'complaint',
  // People.
  'leave-subject': 'unsubscribe',
  'leave-re-chinese': 'unsubscribe',
  'human-reply': 'unknown',
  'human-forwards-a-bounce': 'unknown',
  'stray-spam': 'unknown',
}

describe('understand()', () => {
  test('is told what each sample is', () => expect(Object.keys(EXPECTED).sort()).toEqual([...SAMPLES].sort()))

  for (const [name, expected] of Object.entries(EXPECTED)) {
    test(`takes ${name} for: ${expected}`, async () => expect(inWords(await understood(sample(name)))).toBe(expected))
  }

  test('reads lines that end in CR LF the same way', async () => {
    for (const [name, expected] of Object.entries(EXPECTED)) {
      const bytes = Buffer.from(sample(name).toString('latin1').replace(/\n/g, '\r\n'), 'latin1')
      expect([name, inWords(await understood(bytes))]).toEqual([name, expected])
    }
  })
})

describe('understand() finds in a bounce', () => {
  for (const [says, name, expected] of [
    [
      'the recipient and the letter',
      'postfix-user-unknown',
      { recipients: ['reader-1@example.net'], messageIds: ['digest-1.1@example.org'] },
    ],
    ['the letter of which only the header came back', 'postfix-no-domain', { messageIds: ['digest-1.1@example.org'] }],
    [
      'the letter that qmail quotes',
      'qmail-no-mailbox',
      { recipients: ['reader-1@example.net'], messageIds: ['digest-1.1@example.org'] },
    ],
    [
      'the letter that Exim quotes',
      'exim-unknown-user',
      { recipients: ['reader-1@example.net'], messageIds: ['digest-1.1@example.org'] },
    ],
    [
      'the letter whose fields have no space',
      'zoho-user-unknown',
      { recipients: ['reader-1@example.net'], messageIds: ['digest-1.1@example.org'] },
    ],
    ['the recipient in Chinese without spaces', 'qq-not-found', { recipients: ['reader-1@example.net'] }],
    [
      'what the server said, on one line',
      'gmail-disabled',
      { reason: '550 5.2.1 The email account that you tried to reach is disabled.' },
    ],
    ['the line that says why', 'qmail-no-mailbox', { reason: 'Sorry, no mailbox here by that name. (#5.1.1)' }],
    ['the reason in GBK without a charset', 'netease-full-8bit-gbk', { reason: '收件人邮箱空间已满，邮件无法投递。' }],
    ['all recipients that failed', 'two-recipients', { recipients: ['archive@example.com', 'reader-1@example.net'] }],
    ['only those that failed', 'one-delivered-one-failed', { recipients: ['reader-1@example.net'] }],
  ] as const)
    test(says, async () => expect(await understood(sample(name))).toMatchObject(expected))

  test('what became of each recipient', async () => {
    for (const name of ['two-recipients', 'no-blank-lines', 'qmail-two-recipients']) {
      const mail = await understood(sample(name))
      const failures = mail.kind === 'bounce' ? mail.failures : []
      expect(failures.map((one) => `${one.recipients.join()} ${one.class}`).sort()).toEqual([
        'archive@example.com soft',
        'reader-1@example.net hard',
      ])
    }
  })

  test('a reason of 300 characters at most', async () => {
    const bytes = sample('postfix-user-unknown').toString().replaceAll('User unknown', 'tide '.repeat(500))
    expect(await understood(Buffer.from(bytes))).toMatchObject({ reason: expect.stringMatching(/^550 .{296}$/) })
  })
})

describe('understand() finds in a complaint', () => {
  for (const [says, name, expected] of [
    [
      'reader and letter',
      'arf-abuse',
      { isLeaving: false, recipients: ['reader-1@example.net'], messageIds: ['digest-1.1@example.org'] },
    ],
    ['the letter of which only the header came back', 'arf-headers-only', { messageIds: ['digest-1.1@example.org'] }],
    ['the wish to leave', 'arf-opt-out', { isLeaving: true }],
    ['the reader whom Microsoft names', 'arf-microsoft', { recipients: ['reader-1@example.net'] }],
  ] as const)
    test(says, async () => expect(await understood(sample(name))).toMatchObject(expected))
})
