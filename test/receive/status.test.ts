import { describe, expect, test } from 'vitest'
import { classOf, replyIn, statusIn } from '../../src/receive/status.ts'

describe('classOf() takes for hard', () => {
  for (const [says, status, words] of [
    ['an unknown mailbox by its code', '5.1.1', ''],
    ['an unknown domain by its code', '5.1.2', ''],
    ['a domain that takes no mail (RFC 7505)', '5.1.10', 'smtp; 556 5.1.10 Recipient address has null MX'],
    ['a disabled mailbox', '5.2.1', '550 5.2.1 mailbox disabled'],
    ['an unknown user where the code says nothing', '5.0.0', '550 No such user here'],
    ['an unknown user without a code', null, 'unknown user'],
    ['an unknown user under a code of the system', '5.3.0', '553 5.3.0 Address does not exist'],
    [
      'an unknown user of a host whose name speaks of spam',
      '5.1.1',
      'host spam.blocked.example.net said: 550 5.1.1 User unknown',
    ],
    ['a mailbox that is unavailable for good', '5.5.0', '550 5.5.0 Requested action not taken: mailbox unavailable'],
    ['the code in the words where the report has none', null, '550 5.1.1 <ada@example.net>: rejected'],
    ['a domain that is not there', '5.4.4', 'Host or domain name not found. Name service error: Host not found'],
    ['a Chinese sentence', null, '收件人邮件地址不存在'],
    ['a German sentence', null, 'Empfänger unbekannt'],
    ['a French sentence', null, "Cette adresse n'existe pas"],
    ['a Russian sentence', null, 'Пользователь не найден'],
  ] as const)
    test(says, () => expect(classOf(status, words)).toBe('hard'))
})

describe('classOf() takes for soft', () => {
  for (const [says, status, words] of [
    ['a full mailbox', '5.2.2', '552 5.2.2 mailbox full'],
    ['a full mailbox under the code of an unknown one', '5.1.1', '550 5.1.1 User is over quota'],
    ['a full mailbox under the code of a policy', '5.7.0', 'The mailbox is full'],
    ['a full mailbox in Chinese', '5.0.0', '邮箱已满'],
    ['a code that passes, whatever the words', '4.1.1', '450 4.1.1 User unknown'],
    ['a reply that passes, whatever the words', null, '450 unknown user'],
    ['a code of the system', '5.3.0', '554 5.3.0 mail system error'],
    ['a code of the network', '5.4.1', 'no answer'],
    ['a code of the protocol', '5.5.2', 'syntax error'],
    ['a letter that is too large', '5.2.3', 'message too large'],
    ['a user who gets too much at once', '5.2.1', '550 5.2.1 The user is receiving mail at a rate that is too high'],
    ['words that contradict themselves', '5.1.1', '550 5.1.1 user unknown, or temporarily unavailable'],
    ['a mailbox that is unavailable, without a reply', null, 'mailbox unavailable'],
    ['a reply without words', null, '550 no'],
    ['nothing at all', null, ''],
    ['a name that is not found for now', '5.4.4', 'Host not found, try again'],
  ] as const)
    test(says, () => expect(classOf(status, words)).toBe('soft'))
})

describe('classOf() takes for policy', () => {
  for (const [says, status, words] of [
    ['a code of security', '5.7.1', ''],
    ['a code of security, whatever the words', '5.7.1', '550 5.7.1 No such user'],
    ['a code of security that passes', '4.7.0', '421 4.7.0 try later'],
    ['spam under the code of an unknown user', '5.1.1', '550 5.1.1 Message is spam'],
    ['a block list without a code', null, '554 Client host blocked using a blocklist'],
    ['a refused sender', '5.1.8', '553 5.1.8 domain of sender'],
    ['a sender that could not be verified', '5.1.1', '550 5.1.1 Sender verify failed: no such user'],
    ['relaying denied', '5.0.0', '550 relaying denied'],
    ['DMARC', '5.0.0', '550 rejected by DMARC of the domain'],
    ['Chinese words for spam', null, '554 垃圾邮件'],
  ] as const)
    test(says, () => expect(classOf(status, words)).toBe('policy'))
})

describe('statusIn() and replyIn()', () => {
  for (const [says, text, status, reply] of [
    ['read both', 'said: 550 5.1.1 User unknown', '5.1.1', '550'],
    ['read the code behind the reply first', '(4.0.0) 550-5.1.1 no', '5.1.1', '550'],
    ['read the code of qmail', 'no mailbox here by that name. (#5.1.1)', '5.1.1', null],
    ['take no part of an address', 'host 5.1.1.25 and 10.5.1.1', null, null],
    ['take no version', 'Exim 4.96.1', null, null],
    ['take no number of another kind', 'message 1550 of 5500 in 5.10', null, null],
    ['find nothing in nothing', '', null, null],
  ] as const)
    test(says, () => expect([statusIn(text), replyIn(text)]).toEqual([status, reply]))
})
