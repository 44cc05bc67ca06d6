import type { TLSSocket } from 'node:tls'
import type { EmailAddress } from '../subscriber.ts'
import { oneLine, sessionProblem, smtpError } from './smtp-failure.ts'
import { type SmtpServer, SmtpSession, isHere } from './smtp-session.ts'

/** A certificate as a mail server shows it. */
export interface ShownCertificate {
  /** Milliseconds since 1970. */
  goodUntil: number
  /** Why it should not be trusted, such as `CERT_HAS_EXPIRED`; null when it is good. */
  distrusted: string | null
}

/** How far one gets with a mail server without a letter. */
export interface ProbedServer {
  /** `host:port`. */
  place: string
  /** True for one on this machine: on the way to it nobody listens. */
  isHere: boolean
  /** Null when nothing is encrypted. */
  certificate: ShownCertificate | null
  /** The user that is logged in. */
  user: string | null
  /** The reply to the sender, on one line: `250 2.1.0 Ok`. */
  reply: string
}

/** How long a server is waited for. */
export interface ProbePatience {
  /** Milliseconds to connect, to be greeted, and for any answer. */
  step: number
  /** Once it is aborted, the connection is closed. */
  signal: AbortSignal
}

/**
 * Connects as for a letter, with TLS and login, and asks whether a sender would be taken; sends none.
 * @throws {Problem} `smtp-unreachable`, `smtp-tls`, `smtp-auth`, `smtp-busy`, `smtp-refuses`
 */
export async function probeSmtp(
  server: SmtpServer,
  sender: EmailAddress,
  { step, signal }: ProbePatience,
): Promise<ProbedServer> {
  // The greeting is an answer too, and is to be told apart.
  const session = new SmtpSession(server, { connect: step, greeting: step, answer: 1.2 * step })
  const drop = (): void => {
    session.drop()
  }
  signal.addEventListener('abort', drop)
  if (signal.aborted) drop()
  try {
    await session.start(server.login)
    const certificate = session.secured === null ? null : certificateOf(session.secured)
    const reply = oneLine(await session.offer(sender), server)
    await session.quit()
    const place = `${server.host}:${server.port}`
    return { place, isHere: isHere(server), certificate, user: server.login?.user ?? null, reply }
  } catch (error) {
    throw sessionProblem(smtpError(error), server)
  } finally {
    signal.removeEventListener('abort', drop)
    drop()
  }
}

function certificateOf(socket: TLSSocket): ShownCertificate {
  const { valid_to: goodUntil } = socket.getPeerCertificate()
  // Typed as an Error, and text in fact.
  const error: unknown = socket.authorizationError
  return {
    goodUntil: Date.parse(goodUntil),
    distrusted: socket.authorized ? null : error instanceof Error ? error.message : String(error),
  }
}
