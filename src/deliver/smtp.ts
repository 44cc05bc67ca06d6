import type { Compose, Connection, Letter, Mailer, Outcome } from './mailer.ts'
import { composeMime } from './mime.ts'
import { letterOutcome, oneLine, sessionProblem, smtpError } from './smtp-failure.ts'
import type { SmtpError } from './smtp-failure.ts'
import { SmtpSession, closed, serverOf } from './smtp-session.ts'
import type { SmtpServer } from './smtp-session.ts'

/**
 * Sends letters by SMTP. `url` is `smtp://user:password@host:587` (STARTTLS when offered, required to give the
 * password) or `smtps://…:465`; user and password are percent-encoded.
 * @throws Problem `smtp-url-malformed`
 */
export function smtpMailer(url: URL, options: { connections: number; compose?: Compose }): Mailer {
  const { connections, compose = composeMime } = options
  const server = serverOf(url)
  const opened = new Set<Connection>()
  return {
    connections,
    idempotent: false,
    open() {
      const connection = new SmtpConnection(server, compose)
      opened.add(connection)
      return connection
    },
    async close() {
      await Promise.all([...opened].map((connection) => connection.close()))
    },
  }
}

/** Keeps one session open from letter to letter, and opens another when it is lost. */
class SmtpConnection implements Connection {
  readonly #server: SmtpServer
  readonly #compose: Compose
  #session: SmtpSession | null = null
  #isClosed = false

  constructor(server: SmtpServer, compose: Compose) {
    this.#server = server
    this.#compose = compose
  }

  async send(letter: Letter): Promise<Outcome> {
    const mime = await this.#compose(letter)
    const kept = this.#session?.isOpen === true ? this.#session : null
    const outcome = await this.#attempt(letter, mime)
    // A server ends sessions that were idle or sent many letters; that says nothing of this letter.
    const keptOneEnded = kept !== null && !kept.isOpen && !kept.bodyWritten
    const mayGoAgain = keptOneEnded && !this.#isClosed && ['deferred', 'stopped'].includes(outcome.kind)
    return mayGoAgain ? await this.#attempt(letter, mime) : outcome
  }

  async close(): Promise<void> {
    this.#isClosed = true
    await this.#session?.quit()
  }

  async #attempt(letter: Letter, mime: Buffer): Promise<Outcome> {
    let session: SmtpSession
    try {
      session = await this.#openSession()
    } catch (error) {
      return { kind: 'stopped', problem: sessionProblem(smtpError(error), this.#server) }
    }
    if (!session.takesUtf8 && /[^\0-\x7f]/.test(letter.to)) {
      return { kind: 'refused', reason: 'the mail server takes no address with non-ASCII letters before the "@"' }
    }
    try {
      return { kind: 'sent', reply: oneLine(await session.send(letter, mime), this.#server) }
    } catch (error) {
      const outcome = letterOutcome(smtpError(error), session.bodyWritten, this.#server)
      await this.#recover(session, smtpError(error))
      return outcome
    }
  }

  async #openSession(): Promise<SmtpSession> {
    if (this.#session?.isOpen === true) return this.#session
    if (this.#isClosed) throw closed()
    const session = new SmtpSession(this.#server)
    // So that it can be dropped while it is being opened.
    this.#session = session
    try {
      await session.start(this.#server.login)
      return session
    } catch (error) {
      session.drop()
      this.#session = null
      throw error
    }
  }

  /** Keeps a session in which the server has answered; one that failed otherwise, or amid a letter, is of no more use. */
  async #recover(session: SmtpSession, error: SmtpError): Promise<void> {
    const isAmidLetter = error.code === 'EMESSAGE' && error.command === 'DATA' && !session.bodyWritten
    try {
      if (error.responseCode === undefined || isAmidLetter) session.drop()
      else await session.reset()
    } catch (second) {
      smtpError(second)
      session.drop()
    }
  }
}
