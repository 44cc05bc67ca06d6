import { describe, expect, test } from 'vitest'
import { isAutoReply, isChallenge } from '../../src/receive/auto-reply.ts'
import { asksToLeave } from '../../src/receive/leaving.ts'
import { isFromSystem } from '../../src/receive/origin.ts'
import { plainText } from '../../src/receive/plain-text.ts'

function withSubject(subject: string) {
  return { fields: [{ name: 'subject', value: subject }], text: '', parts: [] }
}

function withField(name: string, value: string) {
  return { fields: [{ name, value }], text: '', parts: [] }
}

describe('asksToLeave()', () => {
  for (const subject of [
    'unsubscribe',
    'Unsubscribe me please',
    'RE: Unsubscribe',
    'Re: Re: unsubscribe.',
    '"unsubscribe"',
    '[Tides] unsubscribe',
    '退订',
    'Re：退订',
    '取消订阅',
    'Abmelden',
    'AW: Abmeldung',
    'désabonnement',
    'darse de baja',
    'Отписаться',
    '配信停止',
  ]) {
    test(`takes "${subject}" for a wish to leave`, () => expect(asksToLeave(subject)).toBe(true))
  }

  for (const subject of [
    '',
    'How do I unsubscribe?',
    'Please do not unsubscribe me',
    'unsubscribed',
    'Re: Tides digest-1',
    '退订这件事',
  ]) {
    test(`leaves "${subject}" to a person`, () => expect(asksToLeave(subject)).toBe(false))
  }
})

describe('isAutoReply()', () => {
  for (const subject of [
    'Out of Office: Tides',
    'Out of the office Re: Tides',
    'Automatic reply: Tides',
    'AUTO: Ada is out of the office (returning 02/02/2026)',
    'Auto-Reply: Tides',
    'Re: Out of office',
    '[Autoreply] Tides',
    'Automatische Antwort: Gezeiten',
    'Abwesend: Gezeiten',
    'Réponse automatique : marées',
    'Respuesta automática: mareas',
    'Risposta automatica: maree',
    'Resposta automática: marés',
    'Automatisch antwoord: getijden',
    'Autosvar: tidvatten',
    'Automaattinen vastaus: vuorovesi',
    'Automatyczna odpowiedź: pływy',
    'Автоответ: приливы',
    'Otomatik yanıt: gelgit',
    '自动回复：潮汐',
    '自動返信: 潮汐',
    '자동 회신: 조수',
    'תגובה אוטומטית: גאות',
  ]) {
    test(`knows the subject "${subject}"`, () => expect(isAutoReply(withSubject(subject))).toBe(true))
  }

  for (const [name, value, is] of [
    ['auto-submitted', 'auto-replied (vacation)', true],
    ['auto-submitted', 'auto-generated', false],
    ['auto-submitted', 'no', false],
    ['x-autoreply', 'yes', true],
    ['x-autoreply', 'no', false],
    ['x-autorespond', 'away', true],
    ['precedence', 'auto_reply', true],
    ['precedence', 'bulk', false],
    ['x-auto-response-suppress', 'All', false],
    ['subject', 'Re: automatic gates', false],
    ['subject', 'Autonomous boats', false],
  ] as const) {
    test(`takes ${name}: ${value} for ${is ? 'one' : 'none'}`, () =>
      expect(isAutoReply(withField(name, value))).toBe(is))
  }
})

describe('isChallenge()', () => {
  for (const [text, is] of [
    ['Click here to prove you are human.', true],
    ['Please confirm your message by a reply.', true],
    ['I like to confirm that tides are real.', false],
  ] as const) {
    test(`takes "${text}" for ${is ? 'one' : 'none'}`, () =>
      expect(isChallenge({ fields: [], text, parts: [] })).toBe(is))
  }
})

describe('plainText()', () => {
  for (const [says, html, text] of [
    ['drops tags and breaks lines at blocks', '<p>User <b>unknown</b></p><p>Bye</p>', '\nUser unknown\n\nBye\n'],
    ['leaves out styles and scripts', '<style>p { color: red }</style>Bye<script>if (a < b) c()</script>', ' Bye '],
    ['decodes references', '&lt;ada&#64;example.net&#x3e; &amp;&nbsp;&unknown;', '<ada@example.net> & &unknown;'],
    ['keeps a reference to no character', '&#9999999;', '&#9999999;'],
  ] as const)
    test(says, () => expect(plainText(html)).toBe(text))
})

describe('isFromSystem()', () => {
  const failure = { name: 'subject', value: 'Undeliverable: Tides' }
  const program = { name: 'from', value: 'Gate <gate@example.net>' }
  for (const [says, fields, is] of [
    ['knows the daemon by its address', [{ name: 'from', value: 'MAILER-DAEMON@example.net' }], true],
    ['knows a daemon without a domain', [{ name: 'from', value: 'MAILER-DAEMON (Mail Delivery System)' }], true],
    ['knows a mail system by its name', [{ name: 'from', value: 'Mail Delivery System <root@example.net>' }], true],
    ['knows a report by its type', [program, { name: 'content-type', value: 'multipart/report; boundary=b' }], true],
    ['knows a failure from nobody', [failure, program, { name: 'return-path', value: '<>' }], true],
    ['knows nobody as Postfix names it', [failure, program, { name: 'return-path', value: '<MAILER-DAEMON>' }], true],
    [
      'knows a failure that a program tells',
      [failure, program, { name: 'auto-submitted', value: 'auto-replied' }],
      true,
    ],
    [
      'leaves a failure that a person tells',
      [failure, program, { name: 'return-path', value: '<gate@example.net>' }],
      false,
    ],
    [
      'leaves what a person answers to a failure',
      [
        { ...failure, value: 'Re: Undeliverable' },
        { name: 'return-path', value: '<>' },
      ],
      false,
    ],
    ['leaves a person', [{ name: 'from', value: 'Postma <p.master@example.net>' }], false],
  ] as const)
    test(says, () => expect(isFromSystem({ fields, text: '', parts: [] })).toBe(is))
})
