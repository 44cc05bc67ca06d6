import { once } from 'node:events'
import { type Socket, createServer } from 'node:net'
import { describe, expect, test } from 'vitest'
import type { MailConfig } from '../../src/config-types.ts'
import { probeSmtp } from '../../src/deliver/smtp-probe.ts'
import { serverOf } from '../../src/deliver/smtp-session.ts'
import { probedFindings, smtpFindings } from '../../src/doctor/smtp.ts'
import { Problem } from '../../src/problem.ts'
import { parseEmailAddress } from '../../src/subscriber.ts'
import { type SmtpSink, startSink } from '../support/smtp-sink.ts'
import { closeLater, networkWith, told } from './asking.ts'
import { EXPIRED } from './expired.ts'

const NOW = Date.UTC(2026, 1, 10)
const DAY = 86_400_000
const LOGIN = { user: 'ada', pass: 'geheim/7' }
const SENDER = parseEmailAddress('bounces@example.org')
/** 0.0.0.0 is this machine, which the mailer does not know; not so on Windows. */
const DISTANT = '0.0.0.0'

function mailTo(url: string): Extract<MailConfig, { kind: 'smtp' }> {
  const from = { name: '', address: parseEmailAddress('digest@example.org') }
  const rates = { all: null, domains: new Map() }
  const sender = { from, replyTo: null, returnTo: SENDER, contact: null, dkim: [] }
  return { ...sender, rates, unknown: 'send', kind: 'smtp', url: new URL(url), connections: 1 }
}

/** What is found, or the problem, in a line each. */
async function found(url: string, patience = 20_000): Promise<string[]> {
  try {
    return told(await smtpFindings(mailTo(url), await networkWith({}, patience), NOW))
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    return [`${error.code}: ${error.message}`]
  }
}

async function newSink(options: Parameters<typeof startSink>[0] = {}): Promise<SmtpSink> {
  return closeLater(await startSink(options))
}

function urlOf({ url }: SmtpSink, { scheme = 'smtp', host = '127.0.0.1', login = '' } = {}): string {
  return `${scheme}://${login}${host}:${url.port}`
}

const KNOWN = `ada:${encodeURIComponent(LOGIN.pass)}@`
const isWindows = process.platform === 'win32'

test('a server that takes letters is well, and gets none', async () => {
  const sink = await newSink({ login: LOGIN })
  expect(await found(urlOf(sink, { login: KNOWN }))).toEqual([
    `ok: 127.0.0.1:${sink.url.port} takes letters of bounces@example.org: not encrypted, logged in as ada`,
  ])
  expect(sink.received).toEqual([])
})

test('STARTTLS is used when it is offered', async () => {
  const sink = await newSink({ hideSTARTTLS: false })
  const [line] = await found(urlOf(sink))
  expect(line).toMatch(/^ok: .*: encrypted, certificate until \d{4}-\d\d-\d\d, without login$/)
})

test('the sender is that of the envelope', async () => {
  const sink = await newSink()
  const asked: string[] = []
  sink.script = (stage, about) => {
    if (stage === 'mail') asked.push(about)
    return 'accept'
  }
  await found(urlOf(sink))
  expect(asked).toEqual(['bounces@example.org'])
})

describe('a fault is', () => {
  test('a password that is not good, which is not shown', async () => {
    const sink = await newSink({ login: LOGIN })
    sink.script = (stage) => (stage === 'auth' ? `535 5.7.8 ${LOGIN.pass} is wrong` : 'accept')
    expect(await found(urlOf(sink, { login: KNOWN }))).toEqual([
      'smtp-auth: Cannot log in to the mail server: 535 5.7.8 *** is wrong',
    ])
  })

  test('a sender that is not taken', async () => {
    const sink = await newSink()
    sink.script = (stage) => (stage === 'mail' ? '553 5.7.1 not \u001b[31myours' : 'accept')
    expect(await found(urlOf(sink))).toEqual([
      expect.stringMatching(
        /^fault: .* does not take bounces@example\.org as a sender: 553 5\.7\.1 not .{0,4}\[31myours$/,
      ),
    ])
  })

  test('nobody there', async () => {
    const sink = await startSink()
    await sink.close()
    expect(await found(urlOf(sink))).toEqual([expect.stringMatching(/^smtp-unreachable: .*ECONNREFUSED/)])
  })

  for (const [says, scheme, login, options] of [
    ['a certificate of nobody known, with smtps', 'smtps', '', { secure: true }],
    ['a certificate of nobody known, before the password', 'smtp', KNOWN, { hideSTARTTLS: false, login: LOGIN }],
    ['a certificate that has expired', 'smtps', '', { secure: true, ...EXPIRED }],
    ['no TLS before the password', 'smtp', KNOWN, { login: LOGIN }],
  ] as const)
    test.skipIf(isWindows)(says, async () => {
      const sink = await newSink(options)
      expect(await found(urlOf(sink, { scheme, login, host: DISTANT }))).toEqual([expect.stringMatching(/^smtp-tls: /)])
    })

  for (const [says, greeting, reason] of [
    ['a server that does not greet', '', /^smtp-unreachable: .*Greeting never received/],
    ['a server that says no more after its greeting', '220 here\r\n', /^smtp-unreachable: /],
  ] as const)
    test(says, async () => {
      const sockets = new Set<Socket>()
      const server = createServer((socket) => {
        sockets.add(socket)
        socket.on('error', () => undefined)
        if (greeting !== '') socket.write(greeting)
      })
      server.listen(0, '127.0.0.1')
      await once(server, 'listening')
      closeLater({
        close: async () => {
          for (const socket of sockets) socket.destroy()
          server.close()
          await once(server, 'close')
        },
      })
      const address = server.address()
      if (address === null || typeof address === 'string') throw new Error('the server has no port')
      expect(await found(`smtp://127.0.0.1:${address.port}`, 100)).toEqual([expect.stringMatching(reason)])
    })
})

test('a server that is busy is a problem for now', async () => {
  const sink = await newSink()
  sink.script = (stage) => (stage === 'connect' ? '421 4.3.2 later' : 'accept')
  expect(await found(urlOf(sink))).toEqual([expect.stringMatching(/^smtp-busy: /)])
})

test.skipIf(isWindows)('a distant server without TLS is told of, and one with a doubtful certificate', async () => {
  const plain = await newSink()
  expect((await found(urlOf(plain, { host: DISTANT })))[1]).toMatch(/^note: 0\.0\.0\.0:\d+ does not encrypt/)
  const doubtful = await newSink({ hideSTARTTLS: false })
  expect((await found(urlOf(doubtful, { host: DISTANT })))[1]).toMatch(
    /^note: The certificate .* is not to be trusted: /,
  )
})

test('what is under way ends when it is given up', async () => {
  const sink = await newSink()
  const end = new AbortController()
  sink.script = (stage) => {
    if (stage === 'mail') end.abort()
    return stage === 'mail' ? new Promise(() => undefined) : 'accept'
  }
  const probe = probeSmtp(serverOf(sink.url), SENDER, { step: 60_000, signal: end.signal })
  await expect(probe).rejects.toMatchObject({ code: 'smtp-unreachable' })
})

const GOOD = { goodUntil: NOW + 90 * DAY, distrusted: null }
const SERVER = { place: 'mail.example.org:587', isHere: false, certificate: GOOD, user: null, reply: '250 Ok' }
const TAKES = 'mail.example.org:587 takes letters of bounces@example.org'

for (const [says, change, expected] of [
  ['is content with a good certificate', {}, [`ok: ${TAKES}: encrypted, certificate until 2026-05-11, without login`]],
  [
    'tells of a certificate that ends soon',
    { certificate: { ...GOOD, goodUntil: NOW + 13 * DAY } },
    [
      `ok: ${TAKES}: encrypted, certificate until 2026-02-23, without login`,
      'note: The certificate of mail.example.org:587 ends on 2026-02-23',
    ],
  ],
  [
    'says nothing of a bare connection on this machine',
    { isHere: true, certificate: null },
    [`ok: ${TAKES}: not encrypted, without login`],
  ],
  [
    'makes a note of a sender that is not taken now',
    { reply: '451 4.3.0 later' },
    ['note: mail.example.org:587 does not take bounces@example.org as a sender: 451 4.3.0 later'],
  ],
] as const)
  test(`probedFindings() ${says}`, () =>
    expect(told(probedFindings({ ...SERVER, ...change }, SENDER, NOW))).toEqual(expected))
