import { once } from 'node:events'
import { type Socket, createSocket } from 'node:dgram'
import { Resolver } from 'node:dns/promises'

/** Records by type and name, such as `TXT example.org`; a text in pieces has a `|` between them. `silent` gets no answer. */
export type Zone = Record<string, readonly string[] | 'silent' | 'broken'>

/** A name server in this process, asked over UDP. */
export interface NameServer {
  /** Asks this server alone. */
  dns: Resolver
  /** Every question so far, as `TXT example.org`. */
  asked: string[]
  close(): Promise<void>
}

const TYPES: Record<number, string> = { 1: 'A', 15: 'MX', 16: 'TXT', 28: 'AAAA' }
/** RFC 1035, section 4.1.1: an answer of an authority; the codes are "no error", "server failure" and "no such name". */
const ANSWER = 0x8400
const CODES = { found: 0, broken: 2, unknown: 3 }

/** Starts a name server that knows this zone and nothing else. */
export async function startNameServer(zone: Zone): Promise<NameServer> {
  const socket = createSocket('udp4')
  const asked: string[] = []
  socket.on('message', (message, { port, address }) => {
    const { name, type, question } = questionOf(message)
    const words = `${type} ${name.toLowerCase()}`
    asked.push(words)
    const records = zone[words]
    if (records === 'silent') return
    const isKnown = Object.keys(zone).some((key) => key.endsWith(` ${name.toLowerCase()}`))
    const answers = records === 'broken' || records === undefined ? [] : records.map((text) => record(type, text))
    const code = records === 'broken' ? CODES.broken : isKnown ? CODES.found : CODES.unknown
    socket.send(Buffer.concat([header(message, code, answers.length), question, ...answers]), port, address)
  })
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  const dns = new Resolver({ timeout: 20_000, tries: 1 })
  dns.setServers([`127.0.0.1:${socket.address().port}`])
  return { dns, asked, close: () => closed(socket, dns) }
}

async function closed(socket: Socket, dns: Resolver): Promise<void> {
  dns.cancel()
  socket.close()
  await once(socket, 'close')
}

function header(message: Buffer, code: number, answers: number): Buffer {
  const bytes = Buffer.alloc(12)
  message.copy(bytes, 0, 0, 2)
  bytes.writeUInt16BE(ANSWER | code, 2)
  bytes.writeUInt16BE(1, 4)
  bytes.writeUInt16BE(answers, 6)
  return bytes
}

function questionOf(message: Buffer): { name: string; type: string; question: Buffer } {
  const labels: string[] = []
  let at = 12
  for (let length = message.readUInt8(at); length > 0; length = message.readUInt8(at)) {
    labels.push(message.toString('latin1', at + 1, at + 1 + length))
    at += 1 + length
  }
  const type = message.readUInt16BE(at + 1)
  return { name: labels.join('.'), type: TYPES[type] ?? String(type), question: message.subarray(12, at + 5) }
}

function record(type: string, text: string): Buffer {
  const data = dataOf(type, text)
  const head = Buffer.alloc(12)
  // The name is that of the question (RFC 1035, section 4.1.4); then type, class, time to live and length.
  head.writeUInt16BE(0xc00c, 0)
  head.writeUInt16BE(Number(Object.keys(TYPES).find((number) => TYPES[Number(number)] === type)), 2)
  head.writeUInt16BE(1, 4)
  head.writeUInt16BE(data.length, 10)
  return Buffer.concat([head, data])
}

function dataOf(type: string, text: string): Buffer {
  if (type === 'A') return Buffer.from(text.split('.').map(Number))
  if (type === 'TXT')
    return Buffer.concat(text.split('|').map((piece) => Buffer.from([piece.length, ...Buffer.from(piece, 'latin1')])))
  const [preference = '', host = ''] = text.split(' ')
  const labels = host.split('.').filter((label) => label !== '')
  return Buffer.concat([
    Buffer.from([0, Number(preference)]),
    ...labels.map((label) => Buffer.from([label.length, ...Buffer.from(label)])),
    Buffer.from([0]),
  ])
}
