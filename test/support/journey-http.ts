import { type Agent, type IncomingMessage, request } from 'node:http'
import { text } from 'node:stream/consumers'

/** A request as programs make it. */
export interface Asking {
  method: 'GET' | 'POST'
  url: string
  headers?: Readonly<Record<string, string>>
  /** Fields of a form. */
  fields?: Readonly<Record<string, string>>
  /** Left out: a connection of its own. */
  agent?: Agent
}

/** What came back, whole. */
export interface Answered {
  status: number
  /** Names and values in turn, as they stand. */
  rawHeaders: string[]
  body: string
}

/** Asks, and reads the answer to its end; rejects when the connection breaks. */
export async function askRaw({ method, url, headers = {}, fields = {}, agent }: Asking): Promise<Answered> {
  const body = method === 'POST' ? new URLSearchParams(fields).toString() : ''
  const type = method === 'POST' ? { 'content-type': 'application/x-www-form-urlencoded' } : {}
  const length = { 'content-length': String(Buffer.byteLength(body)) }
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    const asked = request(url, { method, headers: { ...type, ...length, ...headers }, agent: agent ?? false }, resolve)
    asked.once('error', reject)
    asked.end(body)
  })
  return { status: answer.statusCode ?? 0, rawHeaders: answer.rawHeaders, body: await text(answer) }
}
