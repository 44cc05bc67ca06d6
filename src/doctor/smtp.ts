import type { MailConfig } from '../config-types.ts'
import type { ProbedServer, ShownCertificate } from '../deliver/smtp-probe.ts'
import type { EmailAddress } from '../subscriber.ts'
import { type Finding, fault, foreign, note, ok } from './finding.ts'
import type { Network } from './network.ts'

type SmtpConfig = Extract<MailConfig, { kind: 'smtp' }>

const DAY = 86_400_000
/** A certificate that ends sooner should have been renewed. */
const SOON = 14 * DAY

/**
 * Whether the mail server would take letters now.
 * @throws {Problem} what `probeSmtp()` throws, and `smtp-url-malformed`
 */
export async function smtpFindings(mail: SmtpConfig, network: Network, now: number): Promise<Finding[]> {
  const [{ probeSmtp }, { serverOf }] = await Promise.all([
    import('../deliver/smtp-probe.ts'),
    import('../deliver/smtp-session.ts'),
  ])
  const { signal, patience } = network
  const sender = mail.returnTo ?? mail.from.address
  const server = await probeSmtp(serverOf(mail.url), sender, { signal, step: patience })
  return probedFindings(server, sender, now)
}

/** What is said of a server that answered. */
export function probedFindings(server: ProbedServer, sender: EmailAddress, now: number): Finding[] {
  const { place, certificate, user, reply } = server
  const trust = server.isHere ? [] : trustNotes(place, certificate, now)
  if (!reply.startsWith('2')) {
    const message = `${place} does not take ${sender} as a sender: ${foreign(reply)}`
    const refusal = reply.startsWith('4')
      ? note(message, 'letters wait until it does; try again later')
      : fault(message, 'check mail.from and mail.return, or ask whoever runs the server')
    return [refusal, ...trust]
  }
  const safe = certificate === null ? 'not encrypted' : `encrypted, certificate until ${dayOf(certificate.goodUntil)}`
  const who = user === null ? 'without login' : `logged in as ${foreign(user)}`
  return [ok(`${place} takes letters of ${sender}: ${safe}, ${who}`), ...trust]
}

function trustNotes(place: string, certificate: ShownCertificate | null, now: number): Finding[] {
  if (certificate === null) {
    const message = `${place} does not encrypt, so that letters and addresses can be read on the way`
    return [note(message, 'use a server with TLS')]
  }
  const { goodUntil, distrusted } = certificate
  if (distrusted !== null) {
    const message = `The certificate of ${place} is not to be trusted: ${foreign(distrusted)}`
    return [note(message, 'give it a good one; letters go all the same')]
  }
  if (goodUntil - now >= SOON) return []
  return [note(`The certificate of ${place} ends on ${dayOf(goodUntil)}`, 'see that it is renewed in time')]
}

function dayOf(instant: number): string {
  return Number.isNaN(instant) ? 'nobody knows when' : new Date(instant).toISOString().slice(0, 10)
}
