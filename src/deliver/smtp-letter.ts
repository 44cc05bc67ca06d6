import type SMTPConnection from 'nodemailer/lib/smtp-connection'
import type { Letter } from './mailer.ts'
import type { Offers, SmtpTalk } from './smtp-talk.ts'

/** Octets that are sent without waiting until they have left this process. */
const AT_ONCE = 64 * 1024
const LINE_AND_DOT = Buffer.from('\r\n.')

/** The commands before a letter, as failures name them. */
const STEPS = ['MAIL FROM', 'RCPT TO', 'DATA'] as const

/** How a letter is handed over. */
export interface Handing {
  offers: Offers
  /** Called when the letter is about to have been written to its end: from then on the server may have it. */
  onWritten: () => void
}

/**
 * Hands a letter to a server (RFC 5321, section 3.3).
 * @param mime with CRLF after each line
 * @returns the server's reply
 * @throws an error as nodemailer's, with the reply and the command it is about
 */
export async function handLetter(talk: SmtpTalk, letter: Letter, mime: Buffer, handing: Handing): Promise<string> {
  const { largest } = handing.offers
  if (largest > 0 && mime.length > largest) {
    throw Object.assign(new Error(`Message size larger than allowed ${largest}`), { code: 'EMESSAGE' })
  }
  await openLetter(talk, envelopeOf(letter, mime.length, handing.offers), handing.offers)
  const [reply = ''] = await writeLetter(talk, mime, handing.onWritten)
  if (!reply.startsWith('2')) throw failed('EMESSAGE', 'DATA', reply)
  return reply
}

function envelopeOf({ envelopeFrom, to }: Letter, octets: number, offers: Offers): string[] {
  const utf8 = offers.utf8 && /[^\0-\x7f]/.test(envelopeFrom + to) ? ' SMTPUTF8' : ''
  const size = offers.size ? ` SIZE=${octets}` : ''
  return [`MAIL FROM:<${envelopeFrom}>${utf8}${size}`, `RCPT TO:<${to}>`, 'DATA']
}

/** Until the server waits for the letter. */
async function openLetter(talk: SmtpTalk, commands: readonly string[], { pipelining }: Offers): Promise<void> {
  const replies = pipelining ? await talk.ask(...commands) : await askInTurn(talk, commands)
  const refused = replies.findIndex((reply, index) => !isGood(reply, index))
  const step = STEPS[refused]
  if (step === undefined) return
  const waits = step !== 'DATA' && replies[2]?.startsWith('3') === true
  // RFC 2920, section 3.1: a server may take DATA though it took no recipient; the letter that it gets then is empty.
  if (waits && step === 'RCPT TO') await talk.ask('.')
  // It might mail that to the recipient.
  if (waits && step === 'MAIL FROM') talk.drop()
  throw failed('EENVELOPE', step, replies[refused] ?? '')
}

async function askInTurn(talk: SmtpTalk, commands: readonly string[]): Promise<string[]> {
  const replies: string[] = []
  for (const [index, command] of commands.entries()) {
    const [reply = ''] = await talk.ask(command)
    replies.push(reply)
    if (!isGood(reply, index)) break
  }
  return replies
}

/** Some servers answer DATA with 250. */
function isGood(reply: string, step: number): boolean {
  return reply.startsWith('2') || (reply.startsWith('3') && step === 2)
}

async function writeLetter(talk: SmtpTalk, mime: Buffer, onWritten: () => void): Promise<string[]> {
  const answered = talk.replies(1)
  const pieces = dotted(mime)
  if (mime.length > AT_ONCE) {
    const isCutShort = await Promise.race([answered.then(() => true), talk.drained(pieces.splice(0)).then(() => false)])
    if (isCutShort) return answered
  }
  onWritten()
  talk.write([...pieces, '.\r\n'])
  return answered
}

/** The letter cut before each line that begins with a dot, with another dot there (RFC 5321, section 4.5.2). */
function dotted(mime: Buffer): (Buffer | string)[] {
  const pieces: (Buffer | string)[] = []
  let start = 0
  for (let at = mime.indexOf(LINE_AND_DOT); at >= 0; at = mime.indexOf(LINE_AND_DOT, start)) {
    pieces.push(mime.subarray(start, at + 2), '.')
    start = at + 2
  }
  return [...pieces, mime.subarray(start)]
}

function failed(code: string, command: string, response: string): SMTPConnection.SMTPError {
  const responseCode = Number(response.slice(0, 3)) || undefined
  return Object.assign(new Error(response), { code, command, response, ...(responseCode && { responseCode }) })
}
