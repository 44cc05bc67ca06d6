import { parseAccept } from 'hono/utils/accept'

/** How a copy is compressed (RFC 9110, section 8.4.1). */
export type Coding = (typeof CODINGS)[number]

/** The smaller one first. */
const CODINGS = ['br', 'gzip'] as const

/**
 * Which copies a client would rather have than the file itself, the best first.
 * @param accepted `Accept-Encoding` (RFC 9110, section 12.5.3); null: it says nothing and gets the file
 */
export function codingsFor(accepted: string | null): Coding[] {
  const weights = new Map(parseAccept(accepted ?? '').map(({ type, q }) => [type.toLowerCase(), q]))
  const weigh = (coding: Coding): number => weights.get(coding) ?? weights.get('*') ?? 0
  const plain = weights.get('identity') ?? 0
  return CODINGS.filter((coding) => weigh(coding) > 0 && weigh(coding) >= plain).sort((a, b) => weigh(b) - weigh(a))
}
