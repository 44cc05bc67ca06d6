import type { Readable } from 'node:stream'
import { stripVTControlCharacters } from 'node:util'
import { oneLine } from '../problem.ts'

/** How much of what a command prints is kept, in bytes. */
const KEPT = 2048

/** The end of what comes out of streams, in the order in which it comes. */
export class OutputTail {
  #bytes = Buffer.alloc(0)
  #isCut = false

  constructor(streams: readonly Readable[]) {
    for (const stream of streams) stream.on('data', (chunk: Buffer) => this.#add(chunk))
  }

  #add(chunk: Buffer): void {
    const bytes = chunk.length >= KEPT ? chunk : Buffer.concat([this.#bytes, chunk])
    if (bytes.length > KEPT || this.#bytes.length + chunk.length > KEPT) this.#isCut = true
    this.#bytes = Buffer.from(bytes.subarray(-KEPT))
  }

  /** The last lines as one that can be printed; empty when there is nothing. */
  text(): string {
    const lines = stripVTControlCharacters(this.#bytes.toString('utf8')).split('\n').map(finalState)
    // The first line lacks its beginning.
    const whole = this.#isCut && lines.length > 1 ? lines.slice(1) : lines
    return oneLine(withoutPasswords(whole.filter((line) => line !== '').join(' | ')))
  }
}

/** What a terminal would show in the end: a progress bar writes over its line again and again. */
function finalState(line: string): string {
  const text = line.replace(/\r+$/, '')
  return text.slice(text.lastIndexOf('\r') + 1).trim()
}

/** `https://user:password@host` stands in what git says of a remote. */
function withoutPasswords(text: string): string {
  return text.replace(/\/\/[^\s/@]+@/g, '//***@')
}
