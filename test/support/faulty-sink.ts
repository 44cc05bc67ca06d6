import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { type Socket, createServer } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import { type Fault, type Step, faultName, faultOf } from './faulty-sink-faults.ts'

/** A letter that the server took. */
export interface Taken {
  to: string
  /** With angle brackets, as it stands in the letter. */
  messageId: string
  /** SHA-256 of the letter. */
  hash: string
  /** The `run` of the sink when it was taken. */
  run: number
  /** False when a fault kept the server from saying so. */
  isAnswered: boolean
}

/** A mail server in this process that fails as a seed decides, and outlives its clients. */
export interface FaultySink {
  url: URL
  taken: Taken[]
  /** How often each fault befell a letter. */
  faults: Map<string, number>
  /** How many letters were begun, by address. */
  attempts: Map<string, number>
  /** While true, every client is turned away with 421. */
  isShut: boolean
  /** Number of the client at work. */
  run: number
  /** Told of each step of a letter, before its fault. */
  onStep: (step: Step) => void
  /** Resolves when no connection is open. */
  idle(): Promise<void>
  close(): Promise<void>
}

/** Milliseconds: how long a server stalls. Clients wait for minutes, so it is the kills that end some stalls. */
const STALL = 120

/** Starts a server on a free port of this machine. */
export async function startFaultySink(seed: number): Promise<FaultySink> {
  const sessions = new Set<Promise<void>>()
  const server = createServer((socket) => {
    const session = converse(socket, sink, seed)
    sessions.add(session)
    void session.then(() => sessions.delete(session))
  })
  const idle = async (): Promise<void> => {
    while (sessions.size > 0) await Promise.all(sessions)
  }
  const sink: FaultySink = {
    ...{ url: new URL('smtp://127.0.0.1'), taken: [], faults: new Map(), attempts: new Map() },
    ...{ isShut: false, run: 0, onStep: () => undefined, idle },
    close: async () => {
      server.close()
      await idle()
    },
  }
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  sink.url.port = String(address.port)
  return sink
}

/** Talks with one client until either has gone. */
async function converse(socket: Socket, sink: FaultySink, seed: number): Promise<void> {
  socket.on('error', () => {
    // The client was killed; what it had sent is still read.
  })
  const input = new Input(socket)
  const say = (reply: string): void => void socket.write(`${reply}\r\n`)
  if (sink.isShut) {
    socket.end('421 4.3.2 closed\r\n')
    return
  }
  say('220 faulty.example.org ESMTP')
  let letter: Letter | null = null
  for (let line = await input.until('\r\n'); line !== null; line = await input.until('\r\n')) {
    const [verb = ''] = line.toUpperCase().split(' ')
    if (verb === 'QUIT') break
    if (verb === 'RCPT') {
      letter = beginLetter(sink, seed, line)
      if (await goesOn('rcpt', letter, socket, sink)) say('250 2.1.5 ok')
    } else if (verb === 'DATA' && letter !== null) {
      say('354 go on')
      if (await takeLetter(letter, input, socket, sink)) say('250 2.0.0 taken')
      letter = null
    } else {
      say('250 ok')
    }
  }
  if (!socket.destroyed) socket.end('221 2.0.0 bye\r\n')
}

interface Letter {
  to: string
  fault: Fault | null
}

function beginLetter(sink: FaultySink, seed: number, line: string): Letter {
  const to = /<([^>]*)>/.exec(line)?.[1] ?? ''
  const attempt = (sink.attempts.get(to) ?? 0) + 1
  sink.attempts.set(to, attempt)
  return { to, fault: faultOf(seed, to, attempt) }
}

/** Reads a letter and keeps it; false when the client was told otherwise, or has gone. */
async function takeLetter(letter: Letter, input: Input, socket: Socket, sink: FaultySink): Promise<boolean> {
  await input.more()
  if (!(await goesOn('body', letter, socket, sink))) return false
  const raw = await input.until('\r\n.\r\n')
  if (raw === null || !(await goesOn('dot', letter, socket, sink))) return false
  sink.taken.push({
    to: letter.to,
    messageId: /^Message-ID:\s*(\S+)/im.exec(raw)?.[1] ?? '',
    hash: createHash('sha256').update(raw, 'latin1').digest('hex'),
    run: sink.run,
    isAnswered: letter.fault?.at !== 'taken' || letter.fault.does === 'stall',
  })
  return goesOn('taken', letter, socket, sink)
}

/** Lets the fault of a letter befall it, if it is to happen at this step. */
async function goesOn(step: Step, { fault }: Letter, socket: Socket, sink: FaultySink): Promise<boolean> {
  sink.onStep(step)
  if (fault?.at !== step) return true
  sink.faults.set(faultName(fault), (sink.faults.get(faultName(fault)) ?? 0) + 1)
  switch (fault.does) {
    case 'stall':
      await setTimeout(STALL)
      return true
    case 'drop':
      socket.destroy()
      return false
    case 'reset':
      socket.resetAndDestroy()
      return false
    case 'reply':
      socket.write(`${fault.reply}\r\n`)
      // RFC 5321, section 3.8: it closes the connection.
      if (fault.reply.startsWith('421')) socket.end()
      return false
  }
}

/** What a client sends, in pieces that end with some text. */
class Input {
  readonly #chunks: AsyncIterator<string>
  #left = ''

  constructor(socket: Socket) {
    this.#chunks = socket.setEncoding('latin1').iterator()
  }

  /** The text before the next `end`; null when the client has gone without one. */
  async until(end: string): Promise<string | null> {
    for (;;) {
      const at = this.#left.indexOf(end)
      if (at >= 0) {
        const text = this.#left.slice(0, at)
        this.#left = this.#left.slice(at + end.length)
        return text
      }
      if (!(await this.more())) return null
    }
  }

  /** Waits for what the client sends next; false when it has gone. */
  async more(): Promise<boolean> {
    try {
      const { done, value } = await this.#chunks.next()
      if (done === true) return false
      this.#left += value
      return true
    } catch {
      // The connection was cut.
      return false
    }
  }
}
