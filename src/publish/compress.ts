import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'

const gzipped = promisify(gzip)
const brotlied = promisify(brotliCompress)

/** Endings of the compressed copies that stand beside a file, as servers look for them. */
export const COPIES = ['gz', 'br'] as const
export type Copy = (typeof COPIES)[number]

/** Measured on feeds and pages: 5 is within some percent of the best and costs a fiftieth of it. */
const BROTLI_QUALITY = 5

/** Compressed copies of a file (RFC 1952, RFC 7932): the same bytes for the same bytes, whatever the clock and machine. */
export async function copiesOf(bytes: Buffer): Promise<Record<Copy, Buffer>> {
  const params = { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length }
  const [gz, br] = await Promise.all([gzipped(bytes), brotlied(bytes, { params })])
  // RFC 1952, section 2.3: the time is zero already; the ninth byte names the operating system, 255 is "unknown".
  gz[9] = 255
  return { gz, br }
}
