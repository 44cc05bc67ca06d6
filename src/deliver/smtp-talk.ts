import type { Socket } from 'node:net'

/** What a server offers, as its reply to EHLO tells (RFC 5321, section 4.1.1.1). */
export interface Offers {
  /** Non-ASCII local parts (RFC 6531). */
  utf8: boolean
  /** Commands that do not wait for the replies to those before (RFC 2920). */
  pipelining: boolean
  /** The octets of a letter may be told (RFC 1870). */
  size: boolean
  /** Octets of the largest letter; 0: nobody says. */
  largest: number
}

/** @param ehlo the reply to EHLO, or empty */
export function offersOf(ehlo: string): Offers {
  const size = /^250[ -]SIZE(?:[ \t]+(\d+))?/im.exec(ehlo)
  return {
    utf8: /^250[ -]SMTPUTF8\b/im.test(ehlo),
    pipelining: /^250[ -]PIPELINING\b/im.test(ehlo),
    size: size !== null,
    largest: Number(size?.[1] ?? 0),
  }
}

/** Characters of a reply that does not end: no mail server says so much. */
const LONGEST_REPLY = 1024 * 1024
/** RFC 5321, section 4.2.1: a line of a reply that has more. */
const GOES_ON = /^\d+-/
/** RFC 5321, section 3.8: the server closes the connection after it. */
const CLOSING = /^421/

/** Commands and replies on a connection that is open and greeted. Its end is for others to see. */
export class SmtpTalk {
  readonly #socket: Socket
  /** Ends the connection. */
  readonly drop: () => void
  /** Of a reply: the lines that are there, and the one that has not come to its end. */
  #lines = ''
  #line = ''
  #replies: string[] = []
  #wanted = 0
  #resolve: (replies: string[]) => void = () => undefined

  /** @param drop also called when the server says what nobody asked for, or too much */
  constructor(socket: Socket, drop: () => void) {
    this.#socket = socket
    this.drop = drop
    socket.removeAllListeners('data')
    socket.on('data', (octets: Buffer) => {
      this.#read(octets)
    })
  }

  /** Sends commands in one go; the replies to all of them, or up to the one with which the server closes. */
  ask(...commands: string[]): Promise<string[]> {
    if (this.#replies.length > 0) this.drop()
    else this.#socket.write(`${commands.join('\r\n')}\r\n`)
    return this.replies(commands.length)
  }

  /** The next replies, which may be there already. */
  replies(count: number): Promise<string[]> {
    return new Promise((resolve) => {
      this.#wanted = count
      this.#resolve = resolve
      this.#giveOut()
    })
  }

  /** Sends octets in one go; `onGone` is told when they have left this process, or why they did not. */
  write(pieces: readonly (Buffer | string)[], onGone?: (error?: Error | null) => void): void {
    const last = pieces.length - 1
    this.#socket.cork()
    for (const [index, piece] of pieces.entries()) this.#socket.write(piece, index === last ? onGone : undefined)
    this.#socket.uncork()
  }

  /** Sends octets and waits until they have left this process; when they cannot, then for ever. */
  drained(pieces: readonly (Buffer | string)[]): Promise<void> {
    return new Promise((resolve) => {
      this.write(pieces, (error) => {
        if (!error) resolve()
      })
    })
  }

  #read(octets: Buffer): void {
    const lines = octets.toString('latin1').split('\n')
    const unended = lines.pop() ?? ''
    for (const line of lines) {
      const whole = this.#line + line
      this.#line = ''
      this.#lines += `${whole}\n`
      if (GOES_ON.test(whole)) continue
      const reply = this.#lines.trimEnd()
      this.#lines = ''
      if (reply !== '') this.#take(decoded(reply))
    }
    this.#line += unended
    if (this.#lines.length + this.#line.length > LONGEST_REPLY) this.drop()
  }

  #take(reply: string): void {
    this.#replies.push(reply)
    if (this.#wanted > 0) {
      this.#giveOut()
      return
    }
    // A reply to a letter may come along with that to DATA: the step under way is about to ask for it.
    setImmediate(() => {
      if (this.#replies.length > 0) this.drop()
    })
  }

  #giveOut(): void {
    const isClosing = CLOSING.test(this.#replies.at(-1) ?? '')
    if (this.#replies.length < this.#wanted && !isClosing) return
    this.#resolve(this.#replies.splice(0, this.#wanted))
    this.#wanted = 0
    if (isClosing) this.drop()
  }
}

/** UTF-8, or an older character set for what is none. */
function decoded(latin1: string): string {
  if (!/[^\0-\x7f]/.test(latin1)) return latin1
  const text = Buffer.from(latin1, 'latin1').toString()
  return text.includes('\ufffd') ? latin1 : text
}
