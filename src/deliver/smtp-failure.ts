import type SMTPConnection from 'nodemailer/lib/smtp-connection'
import type { Problem } from '../problem.ts'
import type { Outcome } from './mailer.ts'
import { busy, loginRefused, notSafe, refuses, tooBig, unreachable } from './smtp-problem.ts'
import type { SmtpServer } from './smtp-session.ts'

export type SmtpError = SMTPConnection.SMTPError

/** Characters of a reply that are kept. */
const REPLY_LENGTH = 300

/** We must log in, or our login is not good (RFC 4954, section 6). */
const LOGIN_CODES = /^53[0458]/
/** The server is going away or has too many connections (RFC 5321, section 3.8); Amazon SES throttles with 454. */
const BUSY_CODES = /^(?:421|454)/
/** RFC 3463: bad sender, message too big for the system, congestion (Gmail's daily limit is 550 5.4.5). */
const OUR_FAULT = /^[45]\d\d [45]\.(?:1\.[78]|3\.4|4\.5)\b/
const TOO_BIG = /^\d{3} [45]\.3\.4\b/
/** Postfix says only after RCPT what it has against the client or the sender (`smtpd_delay_reject`). */
const OUR_FAULT_IN_WORDS =
  /\b(?:sender address|client host|helo command) rejected\b|\btoo many (?:\w+ )?connections\b|\bthrottl|\bsending (?:rate|limit|quota)/i
/** Relaying is denied to whoever has not logged in; no standard code says so. */
const NO_RELAY = /\brelay/i

/** What it means for a letter that it could not be sent in an open session. */
export function letterOutcome(error: SmtpError, bodyWritten: boolean, server: SmtpServer): Outcome {
  const reply = replyOf(error, server)
  if (reply === null && error.code === 'EMESSAGE') {
    return { kind: 'stopped', problem: tooBig(reasonOf(error, server), placeOf(server)) }
  }
  if (reply === null) return { kind: 'deferred', reason: reasonOf(error, server), unknown: bodyWritten }
  if (isAboutUs(error.command, reply)) return { kind: 'stopped', problem: problemOf(reply, server) }
  return isFinal(error.command, reply)
    ? { kind: 'refused', reason: reply }
    : { kind: 'deferred', reason: reply, unknown: false }
}

/** Why no session could be opened. */
export function sessionProblem(error: SmtpError, server: SmtpServer): Problem {
  const reply = replyOf(error, server)
  const reason = reasonOf(error, server)
  if (error.code === 'EAUTH' && !reply?.startsWith('4')) return loginRefused(reason, placeOf(server))
  if (error.code === 'ETLS' || /CERT|TLS|SSL|EPROTO/.test(error.originalCode ?? '')) {
    return notSafe(reason, placeOf(server))
  }
  return reply === null ? unreachable(reason, placeOf(server)) : problemOf(reply, server)
}

/** A failure of the mail server or of the way to it; everything else is a bug and rises. */
export function smtpError(error: unknown): SmtpError {
  if (isSmtpError(error)) return error
  throw error
}

function isSmtpError(error: unknown): error is SmtpError {
  return error instanceof Error && 'code' in error && typeof error.code === 'string'
}

/** A reply as it may be shown and stored: one line, cut, and without the password if the server echoes it. */
export function oneLine(reply: string, { login }: SmtpServer): string {
  const lines = reply.split(/[\r\n]+/)
  const [first = '', ...more] = lines.map((line) => line.replace(/^(\d{3})-/, '$1 '))
  const text = [first, ...more.map((line) => line.replace(/^\d{3} (?:\d\.\d+\.\d+ )?/, ''))].join(' ')
  const clean = secretsOf(login).reduce((rest, secret) => rest.replaceAll(secret, '***'), text)
  return Array.from(clean.replace(/[\s\p{Cc}]+/gu, ' ').trim())
    .slice(0, REPLY_LENGTH)
    .join('')
}

function secretsOf(login: SmtpServer['login']): string[] {
  if (login === null || login.pass === '') return []
  return [base64(`\0${login.user}\0${login.pass}`), base64(login.pass), login.pass]
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64')
}

function replyOf(error: SmtpError, server: SmtpServer): string | null {
  return error.responseCode === undefined || error.response === undefined ? null : oneLine(error.response, server)
}

function reasonOf(error: SmtpError, server: SmtpServer): string {
  return replyOf(error, server) ?? oneLine(error.message || String(error.originalCode ?? error.code), server)
}

function placeOf({ host, port }: SmtpServer): string {
  return `${host}:${String(port)}`
}

/** Replies to RCPT and to the letter speak of this letter, unless they are known to speak of us. */
function isAboutUs(command: string | undefined, reply: string): boolean {
  if (command === 'MAIL FROM' || LOGIN_CODES.test(reply) || BUSY_CODES.test(reply)) return true
  if (command === 'RCPT TO' && NO_RELAY.test(reply)) return true
  return OUR_FAULT.test(reply) || OUR_FAULT_IN_WORDS.test(reply)
}

/** 503 says that the session got confused, and other commands than these that the connection broke. */
function isFinal(command: string | undefined, reply: string): boolean {
  return reply.startsWith('5') && !reply.startsWith('503') && (command === 'RCPT TO' || command === 'DATA')
}

function problemOf(reply: string, server: SmtpServer): Problem {
  if (LOGIN_CODES.test(reply)) return loginRefused(reply, placeOf(server))
  if (TOO_BIG.test(reply)) return tooBig(reply, placeOf(server))
  return reply.startsWith('4') ? busy(reply, placeOf(server)) : refuses(reply, placeOf(server))
}
