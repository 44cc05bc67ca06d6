import { setTimeout } from 'node:timers'
import { TLSSocket } from 'node:tls'
import SMTPConnection from 'nodemailer/lib/smtp-connection'
import { Problem } from '../problem.ts'
import type { EmailAddress } from '../subscriber.ts'
import type { Letter } from './mailer.ts'
import { handLetter } from './smtp-letter.ts'
import { SmtpTalk, offersOf } from './smtp-talk.ts'

/** A mail server as `mail.smtp` names it. */
export interface SmtpServer {
  host: string
  port: number
  /** TLS from the first byte; otherwise STARTTLS when the server offers it. */
  implicitTls: boolean
  login: { user: string; pass: string } | null
}

/**
 * The server that `smtp://user:password@host:587` or `smtps://…:465` names; user and password are percent-encoded.
 * @throws {Problem} `smtp-url-malformed`
 */
export function serverOf(url: URL): SmtpServer {
  const implicitTls = url.protocol === 'smtps:'
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1')
  const port = url.port === '' ? (implicitTls ? 465 : 587) : Number(url.port)
  return { host, port, implicitTls: implicitTls || port === 465, login: loginOf(url) }
}

function loginOf(url: URL): SmtpServer['login'] {
  if (url.username === '') return null
  try {
    return { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) }
  } catch {
    throw new Problem('smtp-url-malformed', 'The user or the password in mail.smtp has a stray "%"', {
      mend: 'write "%" as %25',
    })
  }
}

/** True for a server on this very machine: on the way to it nobody listens. */
export function isHere({ host }: SmtpServer): boolean {
  return /^(?:localhost|127\.\d+\.\d+\.\d+|::1)$/.test(host)
}

/** Milliseconds: to connect, to be greeted, and to wait for any answer. */
export interface SmtpPatience {
  connect: number
  greeting: number
  answer: number
}

/** As RFC 5321, section 4.5.3.2, asks of whoever has letters. */
const PATIENCE: SmtpPatience = { connect: 30_000, greeting: 30_000, answer: 300_000 }
/** Milliseconds: to say goodbye, and for the server to hang up after we did. */
const QUIT_TIMEOUT = 5_000
const CLOSE_TIMEOUT = 1_000

type SmtpError = SMTPConnection.SMTPError

/** One conversation with a mail server, for letters one after another. Failures are thrown as nodemailer's errors. */
export class SmtpSession {
  /** It connects, greets, logs in, and sees to the end of the connection. */
  readonly #smtp: SMTPConnection
  #talk: SmtpTalk | null = null
  #isOpen = true
  #isBusy = false
  #bodyWritten = false
  /** The last command was EHLO. */
  #isGreeting = false
  #offers = offersOf('')
  /** Fails the step in progress. */
  #fail: (error: SmtpError) => void = () => undefined

  constructor(server: SmtpServer, patience: SmtpPatience = PATIENCE) {
    const note = this.#note.bind(this)
    this.#smtp = new SMTPConnection({
      host: server.host,
      port: server.port,
      secure: server.implicitTls,
      ...tlsRules(server),
      connectionTimeout: patience.connect,
      greetingTimeout: patience.greeting,
      socketTimeout: patience.answer,
      socketCloseTimeout: CLOSE_TIMEOUT,
      transactionLog: true,
      logger: { debug: note, info: note },
    })
    // Without a step in progress an error only ends the session.
    this.#smtp.on('error', (error: SmtpError) => {
      this.#fail(error)
    })
    this.#smtp.once('end', () => {
      this.#isOpen = false
      // nodemailer tells of the end before it tells the step why.
      setImmediate(() => {
        this.#fail(closed())
      })
    })
  }

  get isOpen(): boolean {
    return this.#isOpen
  }

  /** True when the last letter was written to its end, so that the server may have taken it. */
  get bodyWritten(): boolean {
    return this.#bodyWritten
  }

  /** True when the server takes non-ASCII local parts (RFC 6531). */
  get takesUtf8(): boolean {
    return this.#offers.utf8
  }

  /** The connection when it is encrypted, with the certificate of the server; else null. */
  get secured(): TLSSocket | null {
    const { _socket: socket } = this.#smtp
    return socket instanceof TLSSocket ? socket : null
  }

  async start(login: SmtpServer['login']): Promise<void> {
    const smtp = this.#smtp
    await this.#step(() => called((done) => smtp.connect(done)))
    if (login !== null && !smtp.allowsAuth) throw Object.assign(new Error('it offers no login'), { code: 'EAUTH' })
    if (login !== null) await this.#step(() => called((done) => smtp.login(login, done)))
    if (!smtp._socket || !this.#isOpen) throw closed()
    this.#talk = new SmtpTalk(smtp._socket, () => smtp.close())
  }

  /** @returns the server's reply */
  send(letter: Letter, mime: Buffer): Promise<string> {
    this.#bodyWritten = false
    const onWritten = (): void => {
      this.#bodyWritten = true
    }
    return this.#talking((talk) => handLetter(talk, letter, mime, { offers: this.#offers, onWritten }))
  }

  /** Offers a letter of this sender, and takes the offer back. @returns the server's reply to the offer */
  async offer(sender: EmailAddress): Promise<string> {
    const [reply = ''] = await this.#talking((talk) => talk.ask(`MAIL FROM:<${sender}>`))
    if (reply.startsWith('2')) await this.reset()
    return reply
  }

  /** Makes the session fit for the next letter after a failed one. */
  async reset(): Promise<void> {
    const [reply = ''] = await this.#talking((talk) => talk.ask('RSET'))
    if (!reply.startsWith('2')) this.drop()
  }

  /** Ends the session at once. */
  drop(): void {
    this.#smtp.close()
  }

  /** Takes leave when nothing is in progress, and ends the session. */
  async quit(): Promise<void> {
    if (!this.#isOpen) return
    if (this.#isBusy || this.#talk === null) {
      this.drop()
      return
    }
    const timer = setTimeout(() => {
      this.drop()
    }, QUIT_TIMEOUT)
    try {
      await this.#talking((talk) => talk.ask('QUIT'))
    } catch {
      // The server may hang up without a word.
    }
    clearTimeout(timer)
    this.drop()
  }

  async #talking<T>(work: (talk: SmtpTalk) => Promise<T>): Promise<T> {
    const talk = this.#talk
    if (talk === null || !this.#isOpen) throw closed()
    return this.#step(() => work(talk))
  }

  /** Starts a step and waits until it is done or the session ends. */
  async #step<T>(work: () => Promise<T>): Promise<T> {
    this.#isBusy = true
    try {
      return await new Promise<T>((resolve, reject) => {
        this.#fail = reject
        work().then(resolve, reject)
      })
    } finally {
      this.#fail = () => undefined
      this.#isBusy = false
    }
  }

  /** Learns from nodemailer's log what it tells nowhere else: the reply to the last EHLO. */
  #note(record: { tnx?: string }, text: string): void {
    if (record.tnx === 'client') this.#isGreeting = text.startsWith('EHLO ')
    else if (record.tnx === 'server' && this.#isGreeting) this.#offers = offersOf(text)
  }
}

/** What takes a callback, as a promise. */
function called(start: (done: (error?: Error | null) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    start((error) => {
      if (error) reject(error)
      else resolve()
    })
  })
}

/** What a step fails with when the connection has gone. */
export function closed(): SmtpError {
  return Object.assign(new Error('the connection was closed'), { code: 'ECONNECTION' })
}

/**
 * A password is given only over TLS with a good certificate, save to this machine itself. Where STARTTLS is only taken
 * when offered, whoever could show a bad certificate could as well hide the offer, so there any certificate will do.
 */
function tlsRules(server: SmtpServer): {
  requireTLS: boolean
  tls: { rejectUnauthorized: boolean }
} {
  const { implicitTls, login } = server
  const mustBeSafe = !isHere(server) && (implicitTls || login !== null)
  return { requireTLS: mustBeSafe && !implicitTls, tls: { rejectUnauthorized: mustBeSafe } }
}
