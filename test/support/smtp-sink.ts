import { once } from 'node:events'
import type { Socket } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { SMTPServer } from 'smtp-server'
import type { SMTPServerDataStream, SMTPServerOptions, SMTPServerSession } from 'smtp-server'

/** Where a script may speak: `body` is asked when a letter begins, `dot` when it has ended. */
export type Stage = 'connect' | 'auth' | 'mail' | 'rcpt' | 'body' | 'dot'

/** A reply such as `451 4.3.0 later`, or what becomes of the connection; `take and drop` answers nothing at the dot. */
export type Answer = 'accept' | 'drop' | 'take and drop' | `${number} ${string}`

/** What the server answers; `about` is the address, the user or the client's host. A promise holds the answer back. */
export type Script = (stage: Stage, about: string) => Answer | Promise<Answer>

export interface Received {
  from: string
  to: string[]
  /** With angle brackets, as it stands in the letter. */
  messageId: string
  raw: Buffer
  secure: boolean
  user: string | null
}

/** A mail server in this process that keeps what it takes. */
export interface SmtpSink {
  url: URL
  received: Received[]
  /** How many connections were opened. */
  sessions: number
  /** May be changed at any time. */
  script: Script
  close(): Promise<void>
}

/** Starts a server on a free port of this machine; without `login` it takes letters from anybody. */
export async function startSink(
  options: SMTPServerOptions & { login?: { user: string; pass: string } } = {},
): Promise<SmtpSink> {
  const { login, ...serverOptions } = options
  const sockets = new Map<number, Socket>()
  const sink: SmtpSink = {
    url: new URL('smtp://127.0.0.1'),
    received: [],
    sessions: 0,
    script: () => 'accept',
    close: async () => {
      await new Promise<void>((resolve) => {
        server.close(resolve)
      })
    },
  }

  async function ask(stage: Stage, about: string, session: SMTPServerSession): Promise<Error | null> {
    return obey(await sink.script(stage, about), session)
  }

  /** The error that smtp-server is to answer with, or null to accept; a dropped connection gets no answer ever. */
  function obey(answer: Answer, session: SMTPServerSession): Promise<Error | null> {
    if (answer === 'accept') return Promise.resolve(null)
    if (!answer.endsWith('drop')) return Promise.resolve(replyError(answer))
    sockets.get(session.remotePort)?.destroy()
    return new Promise(() => undefined)
  }

  async function take(stream: SMTPServerDataStream, session: SMTPServerSession): Promise<Error | null> {
    const to = session.envelope.rcptTo.map(({ address }) => address)
    await once(stream, 'readable')
    const refusal = await ask('body', to.join(), session)
    if (refusal !== null) {
      stream.resume()
      return refusal
    }
    const raw = await buffer(stream)
    const answer = await sink.script('dot', to.join())
    if (answer === 'accept' || answer === 'take and drop') sink.received.push(receivedOf(raw, to, session))
    return obey(answer, session)
  }

  const server = new SMTPServer({
    authMethods: ['PLAIN'],
    hideSTARTTLS: true,
    allowInsecureAuth: true,
    disableReverseLookup: true,
    closeTimeout: 1,
    disabledCommands: login === undefined ? ['AUTH'] : [],
    ...serverOptions,
    onConnect(session, done) {
      sink.sessions += 1
      void ask('connect', session.remoteAddress, session).then(done)
    },
    onAuth({ username = '', password }, session, done) {
      const isRight = username === login?.user && password === login.pass
      void ask('auth', username, session).then((error) => {
        const refusal = error ?? (isRight ? null : replyError('535 5.7.8 wrong user or password'))
        done(refusal, { user: username })
      })
    },
    onSecure(socket, session, done) {
      // Node crashes when a socket is destroyed below its TLS.
      sockets.set(session.remotePort, socket)
      done()
    },
    onMailFrom({ address }, session, done) {
      void ask('mail', address, session).then(done)
    },
    onRcptTo({ address }, session, done) {
      void ask('rcpt', address, session).then(done)
    },
    onData(stream, session, done) {
      take(stream, session).then(done, () => {
        // The client has gone amid the letter.
      })
    },
  })
  server.on('error', () => {
    // A connection that was cut; what matters is how the client takes it.
  })
  const listening = server.listen(0, '127.0.0.1')
  listening.on('connection', (socket: Socket) => {
    const { remotePort = 0 } = socket
    sockets.set(remotePort, socket)
    socket.once('close', () => sockets.delete(remotePort))
  })
  await once(listening, 'listening')
  const address = listening.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  sink.url.port = String(address.port)
  return sink
}

function receivedOf(raw: Buffer, to: string[], session: SMTPServerSession): Received {
  const { mailFrom } = session.envelope
  const user: unknown = session.user
  return {
    from: mailFrom === false ? '' : mailFrom.address,
    to,
    messageId: /^Message-ID:\s*(\S+)/im.exec(raw.toString('latin1'))?.[1] ?? '',
    raw,
    secure: session.secure,
    user: typeof user === 'string' ? user : null,
  }
}

function replyError(reply: string): Error {
  return Object.assign(new Error(reply.slice(4)), { responseCode: Number(reply.slice(0, 3)) })
}
