import { once } from 'node:events'
import { createServer } from 'node:net'
import type { Socket } from 'node:net'
import { promisify } from 'node:util'
import { afterEach, describe, expect, test } from 'vitest'
import type { Letter, Outcome } from '../../src/deliver/mailer.ts'
import { smtpMailer } from '../../src/deliver/smtp.ts'
import { parseEmailAddress } from '../../src/subscriber.ts'
import { startSink } from '../support/smtp-sink.ts'
import type { Answer, SmtpSink, Stage } from '../support/smtp-sink.ts'
import { letterWith } from './samples.ts'

const LOGIN = { user: 'ada@example.org', pass: 'süß: 100% secret/7' }
const ENCODED_LOGIN = `${encodeURIComponent(LOGIN.user)}:${encodeURIComponent(LOGIN.pass)}@`

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

/** A server that answers `answer` at `stage`, and accepts everything else. */
async function sinkThat(
  stage: Stage,
  answer: Answer,
  options: Parameters<typeof startSink>[0] = {},
): Promise<SmtpSink> {
  const sink = await newSink(options)
  sink.script = (asked) => (asked === stage ? answer : 'accept')
  return sink
}

async function newSink(options: Parameters<typeof startSink>[0] = {}): Promise<SmtpSink> {
  const sink = await startSink(options)
  closing.push(() => sink.close())
  return sink
}

/** Sends the letters one after another through one connection. */
async function send(url: URL | string, ...letters: Letter[]): Promise<Outcome[]> {
  const mailer = smtpMailer(new URL(url), { connections: 1 })
  closing.push(() => mailer.close())
  const connection = mailer.open()
  const outcomes: Outcome[] = []
  for (const letter of letters) outcomes.push(await connection.send(letter))
  return outcomes
}

/** A bare TCP server, for what no mail server does. */
async function listen(onSocket: (socket: Socket) => void): Promise<string> {
  const server = createServer(onSocket)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  closing.push(promisify(server.close.bind(server)))
  const address = server.address()
  return `smtp://127.0.0.1:${typeof address === 'object' && address !== null ? String(address.port) : ''}`
}

/** A server that answers each command by `reply`, and understands no more of SMTP. */
function answering(reply: (command: string) => string | null): (socket: Socket) => void {
  return (socket) => {
    socket.write('220 here\r\n')
    socket.on('data', (data) => {
      const given = reply(data.toString())
      if (given !== null) socket.write(`${given}\r\n`)
    })
  }
}

function withLogin(url: URL): string {
  return url.href.replace('//', `//${ENCODED_LOGIN}`)
}

/** An outcome in one line. */
function told(outcome: Outcome | undefined): string {
  switch (outcome?.kind) {
    case undefined:
      return 'none'
    case 'sent':
      return `sent: ${outcome.reply}`
    case 'refused':
      return `refused: ${outcome.reason}`
    case 'deferred':
      return `deferred${outcome.unknown ? ', unknown' : ''}: ${outcome.reason}`
    case 'stopped':
      return `stopped, ${outcome.problem.code}: ${outcome.problem.message}`
  }
}

test('a letter reaches exactly its one recipient, from the return address, with its Message-ID', async () => {
  const sink = await newSink()
  const [outcome] = await send(sink.url, letterWith())
  expect(told(outcome)).toBe('sent: 250 OK: message queued')
  expect(sink.received).toMatchObject([
    { from: 'bounces@example.org', to: ['reader@example.net'], messageId: '<7.42@example.org>' },
  ])
})

test('letters share a session', async () => {
  const sink = await newSink()
  await send(sink.url, letterWith({ id: '7.1@example.org' }), letterWith({ id: '7.2@example.org' }))
  expect(sink.received.map(({ messageId }) => messageId)).toEqual(['<7.1@example.org>', '<7.2@example.org>'])
  expect(sink.sessions).toBe(1)
})

describe('of one letter the server answers', () => {
  for (const [stage, answer, outcome] of [
    ['rcpt', '451 4.3.0 try later', 'deferred: 451 4.3.0 try later'],
    ['rcpt', '452 4.2.2 mailbox full', 'deferred: 452 4.2.2 mailbox full'],
    ['rcpt', '450 4.2.0 greylisted', 'deferred: 450 4.2.0 greylisted'],
    ['rcpt', '503 5.5.1 bad sequence', 'deferred: 503 5.5.1 bad sequence'],
    ['rcpt', '550 5.1.1 no such user', 'refused: 550 5.1.1 no such user'],
    ['rcpt', '554 5.7.1 not wanted', 'refused: 554 5.7.1 not wanted'],
    ['rcpt', '552 5.2.2 over quota', 'refused: 552 5.2.2 over quota'],
    ['body', '451 4.3.0 try later', 'deferred: 451 4.3.0 try later'],
    ['dot', '451 4.3.0 try later', 'deferred: 451 4.3.0 try later'],
    ['dot', '452 4.3.1 no space', 'deferred: 452 4.3.1 no space'],
    ['dot', '550 5.7.1 looks like spam', 'refused: 550 5.7.1 looks like spam'],
    ['dot', '554 5.6.0 bad content', 'refused: 554 5.6.0 bad content'],
  ] as const)
    test(`${answer} at ${stage}, and takes the next letter in the same session`, async () => {
      const sink = await newSink()
      sink.script = (asked, about) => (asked === stage && about.startsWith('first') ? answer : 'accept')
      const first = letterWith({ to: parseEmailAddress('first@example.net') })
      const outcomes = await send(sink.url, first, letterWith())
      expect(outcomes.map(told)).toEqual([outcome, 'sent: 250 OK: message queued'])
      expect(sink.sessions).toBe(1)
      expect(sink.received).toHaveLength(1)
    })
})

describe('everything stops when the server answers', () => {
  for (const [stage, answer, code] of [
    ['connect', '421 4.3.2 too many connections', 'smtp-busy'],
    ['connect', '554 5.7.1 you are on a list', 'smtp-refuses'],
    ['mail', '421 4.3.2 going down', 'smtp-busy'],
    ['mail', '451 4.3.0 try later', 'smtp-busy'],
    ['mail', '550 5.1.0 sender not known', 'smtp-refuses'],
    ['mail', '530 5.7.0 Authentication required', 'smtp-auth'],
    ['mail', '552 5.3.4 message too big', 'smtp-too-big'],
    ['rcpt', '421 4.7.0 slow down', 'smtp-busy'],
    ['rcpt', '454 4.7.0 too many connections', 'smtp-busy'],
    ['rcpt', '450 4.7.25 Client host rejected: cannot find your hostname', 'smtp-busy'],
    ['rcpt', '530 5.7.0 log in first', 'smtp-auth'],
    ['rcpt', '554 5.7.1 <reader@example.net>: Relay access denied', 'smtp-refuses'],
    ['rcpt', '553 5.7.1 <bounces@example.org>: Sender address rejected: not owned by user', 'smtp-refuses'],
    ['rcpt', '550 5.4.5 daily limit reached', 'smtp-refuses'],
    ['dot', '421 4.3.2 going down', 'smtp-busy'],
    ['dot', '454 Throttling failure: maximum rate exceeded', 'smtp-busy'],
    ['dot', '550 5.4.5 daily limit reached', 'smtp-refuses'],
    ['dot', '552 5.3.4 message too big', 'smtp-too-big'],
  ] as const)
    test(`${answer} at ${stage}`, async () => {
      const sink = await sinkThat(stage, answer)
      const [outcome] = await send(sink.url, letterWith())
      expect(told(outcome)).toMatch(new RegExp(`^stopped, ${code}: `))
      expect(told(outcome)).toContain(answer)
      expect(outcome).toMatchObject({ problem: { where: sink.url.host } })
      expect(sink.received).toEqual([])
    })
})

describe('when the connection is cut', () => {
  for (const [stage, answer, outcome, taken] of [
    ['connect', 'drop', 'stopped, smtp-unreachable', 0],
    ['mail', 'drop', 'deferred:', 0],
    ['rcpt', 'drop', 'deferred:', 0],
    ['dot', 'drop', 'deferred, unknown:', 0],
    ['dot', 'take and drop', 'deferred, unknown:', 1],
  ] as const)
    test(`at ${stage} (${answer}), the letter is ${outcome.replace(':', '')}`, async () => {
      const sink = await sinkThat(stage, answer)
      const [result] = await send(sink.url, letterWith())
      expect(told(result)).toMatch(new RegExp(`^${outcome}`))
      expect(sink.received).toHaveLength(taken)
    })

  test('before the letter was written to its end, the letter surely has not gone', async () => {
    const sink = await sinkThat('body', 'drop')
    const [outcome] = await send(sink.url, letterWith({ text: '潮'.repeat(3_000_000) }))
    expect(outcome).toMatchObject({ kind: 'deferred', unknown: false })
  })

  test('by a reply amid the letter, the next letter goes through a new session', async () => {
    let sessions = 0
    const url = await listen((socket) => {
      sessions += 1
      const isFirst = sessions === 1
      let isBody = false
      answering((command) => {
        if (isBody) return command.endsWith('RSET\r\n') || !isFirst ? '250 ok' : null
        isBody = command.startsWith('DATA')
        if (!isBody) return '250 ok'
        return isFirst ? '354 go on\r\n552 5.2.2 no more' : '354 go on'
      })(socket)
    })
    const outcomes = await send(url, letterWith({ text: '潮'.repeat(3_000_000) }), letterWith())
    expect(outcomes.map(({ kind }) => kind)).toEqual(['refused', 'sent'])
    expect(sessions).toBe(2)
  })

  test('the next letter goes through a new session', async () => {
    const sink = await newSink()
    sink.script = (stage, about) => (stage === 'dot' && about.startsWith('first') ? 'drop' : 'accept')
    const first = letterWith({ to: parseEmailAddress('first@example.net') })
    const outcomes = await send(sink.url, first, letterWith())
    expect(outcomes.map(({ kind }) => kind)).toEqual(['deferred', 'sent'])
    expect(sink.sessions).toBe(2)
  })

  for (const [says, stage, answer] of [
    ['by a 421 to the sender', 'mail', '421 4.4.2 enough for one session'],
    ['by a 421 to the recipient', 'rcpt', '421 4.4.2 enough for one session'],
    ['without a word', 'mail', 'drop'],
  ] as const)
    test(`after other letters, ${says}, the letter goes through a new session at once`, async () => {
      const sink = await newSink()
      let asked = 0
      sink.script = (at) => (at === stage && ++asked === 2 ? answer : 'accept')
      const outcomes = await send(sink.url, letterWith(), letterWith())
      expect(outcomes.map(told)).toEqual(['sent: 250 OK: message queued', 'sent: 250 OK: message queued'])
      expect(sink.sessions).toBe(2)
    })

  test('after the letter was written, it is not sent again', async () => {
    const sink = await newSink()
    let asked = 0
    sink.script = (stage) => (stage === 'dot' && ++asked === 2 ? 'take and drop' : 'accept')
    const outcomes = await send(sink.url, letterWith(), letterWith())
    expect(outcomes.map(({ kind }) => kind)).toEqual(['sent', 'deferred'])
    expect(sink.received).toHaveLength(2)
  })

  test('by the mailer itself, a letter in flight is deferred', async () => {
    const sink = await newSink()
    const mailer = smtpMailer(sink.url, { connections: 1 })
    sink.script = async (stage): Promise<Answer> => {
      if (stage === 'rcpt') await mailer.close()
      return 'accept'
    }
    expect(await mailer.open().send(letterWith())).toMatchObject({ kind: 'deferred', unknown: false })
    expect(sink.received).toEqual([])
  })
})

test('nobody listens', async () => {
  const sink = await newSink()
  await sink.close()
  const [outcome] = await send(sink.url, letterWith())
  expect(told(outcome)).toMatch(/^stopped, smtp-unreachable: Cannot reach the mail server: .*ECONNREFUSED/)
})

test('something else than a mail server listens', async () => {
  const [outcome] = await send(await listen((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')), letterWith())
  expect(told(outcome)).toMatch(/^stopped, smtp-unreachable: /)
})

describe('logging in', () => {
  test('the user and the password may hold any character', async () => {
    const sink = await newSink({ login: LOGIN })
    await send(withLogin(sink.url), letterWith())
    expect(sink.received).toMatchObject([{ user: LOGIN.user }])
  })

  for (const [says, answer, code] of [
    ['with a wrong password', 'accept', 'smtp-auth'],
    ['at a bad moment', '454 4.7.0 temporary failure', 'smtp-busy'],
    ['while the server goes down', '421 4.3.2 going down', 'smtp-busy'],
    ['while the connection is cut', 'drop', 'smtp-unreachable'],
  ] as const)
    test(`${says} stops everything`, async () => {
      const sink = await sinkThat('auth', answer, { login: { user: LOGIN.user, pass: 'another' } })
      const [outcome] = await send(withLogin(sink.url), letterWith())
      expect(told(outcome)).toMatch(new RegExp(`^stopped, ${code}: `))
      expect(sink.received).toEqual([])
    })

  test('at a server that has no login stops everything', async () => {
    const sink = await newSink()
    const [outcome] = await send(withLogin(sink.url), letterWith())
    expect(told(outcome)).toBe('stopped, smtp-auth: Cannot log in to the mail server: it offers no login')
  })

  test('never shows the password, even when the server echoes it', async () => {
    const plain = Buffer.from(`\0${LOGIN.user}\0${LOGIN.pass}`).toString('base64')
    const sink = await sinkThat('auth', `535 5.7.8 bad: AUTH PLAIN ${plain} ${LOGIN.pass}`, { login: LOGIN })
    const [outcome] = await send(withLogin(sink.url), letterWith())
    expect(told(outcome)).toBe(
      'stopped, smtp-auth: Cannot log in to the mail server: 535 5.7.8 bad: AUTH PLAIN *** ***',
    )
    expect(JSON.stringify(outcome)).not.toContain(LOGIN.pass)
  })

  // 0.0.0.0 is this machine, which the mailer does not know; not so on Windows.
  test.skipIf(process.platform === 'win32')('gives no password to a distant server without TLS', async () => {
    const sink = await newSink({ login: LOGIN })
    const [outcome] = await send(withLogin(sink.url).replace('127.0.0.1', '0.0.0.0'), letterWith())
    expect(told(outcome)).toMatch(/^stopped, smtp-tls: /)
    expect(sink.received).toEqual([])
  })

  test('a stray % in the address of the server is a problem', () => {
    expect(() => smtpMailer(new URL('smtp://ada:100%25%@mail.example.org'), { connections: 1 })).toThrow('stray "%"')
  })
})

describe('TLS', () => {
  test('is used when the server offers STARTTLS', async () => {
    const sink = await newSink({ hideSTARTTLS: false })
    await send(sink.url, letterWith())
    expect(sink.received).toMatchObject([{ secure: true }])
  })

  test('is used from the first byte with smtps', async () => {
    const sink = await newSink({ secure: true })
    await send(sink.url.href.replace('smtp:', 'smtps:'), letterWith())
    expect(sink.received).toMatchObject([{ secure: true }])
  })

  for (const [says, scheme, options] of [
    ['a certificate of nobody known, with smtps', 'smtps://', { secure: true }],
    [
      'a certificate of nobody known, before the password',
      `smtp://${ENCODED_LOGIN}`,
      { hideSTARTTLS: false, login: LOGIN },
    ],
  ] as const)
    test.skipIf(process.platform === 'win32')(`of a distant server with ${says}, stops everything`, async () => {
      const sink = await newSink(options)
      const [outcome] = await send(`${scheme}0.0.0.0:${sink.url.port}`, letterWith())
      expect(told(outcome)).toMatch(/^stopped, smtp-tls: .*certificate/)
      expect(sink.received).toEqual([])
    })

  test('at a server that has none stops everything', async () => {
    const sink = await newSink()
    const [outcome] = await send(sink.url.href.replace('smtp:', 'smtps:'), letterWith())
    expect(told(outcome)).toMatch(/^stopped, smtp-tls: /)
  })
})

describe('a local part with non-ASCII letters', () => {
  const letter = letterWith({ to: parseEmailAddress('läsare@exämple.net') })

  test('is sent to a server that takes it', async () => {
    const sink = await newSink()
    const [outcome] = await send(sink.url, letter)
    expect(outcome?.kind).toBe('sent')
    expect(sink.received[0]?.to).toEqual(['läsare@exämple.net'])
  })

  test('is refused when the server does not take it, and the next letter goes', async () => {
    const sink = await newSink({ hideSMTPUTF8: true })
    const outcomes = await send(sink.url, letter, letterWith())
    expect(outcomes.map(told)).toEqual([
      'refused: the mail server takes no address with non-ASCII letters before the "@"',
      'sent: 250 OK: message queued',
    ])
    expect(sink.received.map(({ to }) => to)).toEqual([['reader@example.net']])
  })
})

test('a letter larger than the server takes stops everything before it is sent', async () => {
  const sink = await newSink({ size: 1000 })
  const [outcome] = await send(sink.url, letterWith())
  expect(told(outcome)).toMatch(/^stopped, smtp-too-big: .*1000/)
})

test('a mailer that is closed takes leave of the server', async () => {
  const commands: string[] = []
  const url = await listen(
    answering((command) => {
      commands.push(command)
      return command.startsWith('DATA') ? '354 go on' : '250 ok'
    }),
  )
  const mailer = smtpMailer(new URL(url), { connections: 1 })
  await mailer.open().send(letterWith())
  await mailer.close()
  expect(commands.at(-1)).toBe('QUIT\r\n')
})

test('a reply is kept as one line of 300 characters', async () => {
  const refusal = `550-5.1.1 no\tuser \u001b[31m\r\n550-5.1.1 here\r\n550 5.1.1 ${'😀'.repeat(400)}`
  const url = await listen(answering((command) => (command.startsWith('RCPT') ? refusal : '250 ok')))
  const [outcome] = await send(url, letterWith())
  expect(told(outcome)).toBe(
    `refused: 550 5.1.1 no user [31m here ${'😀'.repeat(300 - '550 5.1.1 no user [31m here '.length)}`,
  )
})

test('no text of a letter adds a recipient or a header', async () => {
  const sink = await newSink()
  const attack = 'x\r\nBcc: eve@example.com\r\n\r\n.\r\nMAIL FROM:<eve@example.com>\r\n'
  const from = { name: attack, address: parseEmailAddress('digest@example.org') }
  const letter = letterWith({ from, subject: attack, text: attack, html: attack, id: `7.42${attack}@example.org` })
  const [outcome] = await send(sink.url, letter)
  expect(outcome?.kind).toBe('sent')
  expect(sink.received.map(({ to }) => to)).toEqual([['reader@example.net']])
  expect(sink.received[0]?.raw.toString().split('\r\n\r\n')[0]).not.toMatch(/^Bcc/im)
})
