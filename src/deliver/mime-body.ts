import { encode as toBase64, wrap as intoLines } from 'nodemailer/lib/base64'
import { encode as toQuotedPrintable, wrap as intoSoftLines } from 'nodemailer/lib/qp'

/** A body whose shared pieces are encoded once (RFC 2045, section 6). */
export interface EncodedBody {
  transferEncoding: 'quoted-printable' | 'base64'
  /**
   * The body with a reader's own words in its gaps, as runs of whole lines; what is shared comes as the same buffer each
   * time. The last line end belongs to the boundary that follows (RFC 2046, section 5.1.1).
   */
  filled(own: readonly string[]): Buffer[]
}

/** Characters of a line, without CRLF. */
const LINE = 76

/** @param shared what stands around the gaps: one piece more than there are gaps */
export function encodeBody(shared: readonly string[]): EncodedBody {
  return isShorterInBase64(shared.join('')) ? inBase64(shared) : inQuotedPrintable(shared)
}

/** A soft line break before and behind each gap lets every piece be encoded by itself. */
function inQuotedPrintable(shared: readonly string[]): EncodedBody {
  const last = shared.length - 1
  const encoded = shared.map((piece, index) => (index === last ? lastLines(piece) : softLines(piece)))
  return {
    transferEncoding: 'quoted-printable',
    filled: (own) => encoded.flatMap((piece, index) => [piece, softLines(own[index] ?? '')]).filter(isThere),
  }
}

/** Lines after which the text goes on. */
function softLines(text: string): Buffer {
  const lines = intoSoftLines(toQuotedPrintable(withCrlf(text)), LINE - 1)
  return Buffer.from(lines === '' || lines.endsWith('\r\n') ? lines : `${lines}=\r\n`, 'latin1')
}

function lastLines(text: string): Buffer {
  return Buffer.from(`${intoSoftLines(toQuotedPrintable(withCrlf(text)), LINE)}\r\n`, 'latin1')
}

function isThere({ length }: Buffer): boolean {
  return length > 0
}

/** Four characters stand for three octets: those of a piece that complete three with what precedes go with that. */
function inBase64(shared: readonly string[]): EncodedBody {
  const pieces = shared.map((text) => new Base64Piece(text))
  return {
    transferEncoding: 'base64',
    filled(own) {
      const lines: Buffer[] = []
      let pending: Buffer = Buffer.alloc(0)
      for (const [index, piece] of pieces.entries()) {
        const missing = (3 - (pending.length % 3)) % 3
        pending = Buffer.concat([pending, piece.octets.subarray(0, missing)])
        if (piece.octets.length >= missing) {
          lines.push(base64Lines(pending), piece.threesFrom(missing))
          pending = piece.restFrom(missing)
        }
        pending = Buffer.concat([pending, Buffer.from(withCrlf(own[index] ?? ''))])
      }
      return [...lines, base64Lines(pending)].filter(isThere)
    },
  }
}

/** A shared piece; it is encoded at most once for each place at which its first three octets may begin. */
class Base64Piece {
  readonly octets: Buffer
  readonly #lines: (Buffer | undefined)[] = []

  constructor(text: string) {
    this.octets = Buffer.from(withCrlf(text))
  }

  /** All threes of octets behind the first `start`. */
  threesFrom(start: number): Buffer {
    return (this.#lines[start] ??= base64Lines(this.octets.subarray(start, this.#endFrom(start))))
  }

  restFrom(start: number): Buffer {
    return this.octets.subarray(this.#endFrom(start))
  }

  #endFrom(start: number): number {
    return this.octets.length - ((this.octets.length - start) % 3)
  }
}

function base64Lines(octets: Buffer): Buffer {
  return octets.length === 0 ? octets : Buffer.from(`${intoLines(toBase64(octets), LINE)}\r\n`, 'latin1')
}

function withCrlf(text: string): string {
  return text.replace(/\r\n?|\n/g, '\r\n')
}

/** Quoted-printable makes three octets of one that is not ASCII, base64 four of any three. */
export function isShorterInBase64(text: string): boolean {
  const ascii = text.replace(/[^\0-\x7f]/g, '').length
  const all = Buffer.byteLength(text)
  return (all - ascii) * 6 > all
}
