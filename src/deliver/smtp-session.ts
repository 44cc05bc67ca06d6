import { setTimeout } from 'node:timers'
import SMTPConnection from 'nodemailer/lib/smtp-connection'
import type { Letter } from './mailer.ts'

/** A mail server as `mail.smtp` names it. */
export interface SmtpServer {
  host: string
  port: number
  /** TLS from the first byte; otherwise STARTTLS when the server offers it. */
  implicitTls: boolean
  login: { user: string; pass: string } | null
}

/** Milliseconds: to connect and to be greeted, to wait for any answer (RFC 5321, section 4.5.3.2), to say goodbye. */
const CONNECT_TIMEOUT = 30_000
const GREETING_TIMEOUT = 30_000
const SOCKET_TIMEOUT = 300_000
const QUIT_TIMEOUT = 5_000

type Done<T> = (error: SMTPConnection.SMTPError | null | undefined, value: T) => void

/** One conversation with a mail server, for letters one after another. Failures are thrown as nodemailer's errors. */
export class SmtpSession {
  readonly #smtp: SMTPConnection
  #isOpen = true
  #isBusy = false
  #bodyWritten = false
  #takesUtf8 = false

  constructor(server: SmtpServer) {
    const note = this.#note.bind(this)
    this.#smtp = new SMTPConnection({
      host: server.host,
      port: server.port,
      secure: server.implicitTls,
      ...tlsRules(server),
      connectionTimeout: CONNECT_TIMEOUT,
      greetingTimeout: GREETING_TIMEOUT,
      socketTimeout: SOCKET_TIMEOUT,
      transactionLog: true,
      logger: { debug: note, info: note },
    })
    this.#smtp.on('error', () => {
      // The step in progress takes the error; without one it only ends the session.
    })
    this.#smtp.once('end', () => {
      this.#isOpen = false
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
    return this.#takesUtf8
  }

  async start(login: SmtpServer['login']): Promise<void> {
    await this.#step<unknown>((done) => {
      this.#smtp.connect((error) => {
        done(error, undefined)
      })
    })
    if (login === null) return
    if (!this.#smtp.allowsAuth) throw Object.assign(new Error('it offers no login'), { code: 'EAUTH' })
    await this.#step<unknown>((done) => {
      this.#smtp.login(login, done)
    })
  }

  /** @returns the server's reply */
  async send(letter: Letter, mime: Buffer): Promise<string> {
    this.#bodyWritten = false
    const envelope = { from: letter.envelopeFrom, to: [letter.to], size: mime.length }
    const info = await this.#step<SMTPConnection.SentMessageInfo>((done) => {
      this.#smtp.send(envelope, mime, done)
    })
    return info.response
  }

  /** Makes the session fit for the next letter after a failed one. */
  async reset(): Promise<void> {
    await this.#step<unknown>((done) => {
      this.#smtp.reset(done)
    })
  }

  /** Ends the session at once. */
  drop(): void {
    this.#smtp.close()
  }

  /** Takes leave when nothing is in progress, and ends the session. */
  async quit(): Promise<void> {
    if (!this.#isOpen) return
    if (this.#isBusy) {
      this.drop()
      return
    }
    const ended = new Promise((resolve) => this.#smtp.once('end', resolve))
    const timer = setTimeout(() => {
      this.drop()
    }, QUIT_TIMEOUT)
    this.#smtp.quit()
    await ended
    clearTimeout(timer)
  }

  /** Starts a step and waits until it is done or the session ends. */
  async #step<T>(start: (done: Done<T>) => void): Promise<T> {
    this.#isBusy = true
    let lost: (error: Error) => void = () => undefined
    const ended = (): void => {
      // nodemailer tells of the end before it tells the step why.
      setImmediate(() => {
        lost(Object.assign(new Error('the connection was closed'), { code: 'ECONNECTION' }))
      })
    }
    try {
      return await new Promise<T>((resolve, reject) => {
        lost = reject
        this.#smtp.once('error', lost).once('end', ended)
        start((error, value) => {
          if (error) reject(error)
          else resolve(value)
        })
      })
    } finally {
      this.#smtp.off('error', lost).off('end', ended)
      this.#isBusy = false
    }
  }

  /** Learns from nodemailer's log what it tells nowhere else. */
  #note(record: { tnx?: string }, text: string): void {
    if (record.tnx === 'message') this.#bodyWritten = true
    if (record.tnx === 'client' && text.startsWith('EHLO ')) this.#takesUtf8 = false
    if (record.tnx === 'server' && /^250[ -]SMTPUTF8\b/im.test(text)) this.#takesUtf8 = true
  }
}

/**
 * A password is given only over TLS with a good certificate, save to this machine itself. Where STARTTLS is only taken
 * when offered, whoever could show a bad certificate could as well hide the offer, so there any certificate will do.
 */
function tlsRules({ host, implicitTls, login }: SmtpServer): {
  requireTLS: boolean
  tls: { rejectUnauthorized: boolean }
} {
  const isHere = /^(?:localhost|127\.\d+\.\d+\.\d+|::1)$/.test(host)
  const mustBeSafe = !isHere && (implicitTls || login !== null)
  return { requireTLS: mustBeSafe && !implicitTls, tls: { rejectUnauthorized: mustBeSafe } }
}
