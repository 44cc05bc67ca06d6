import { chanceOf } from './crash-chance.ts'

/** Where a server may fail: at the recipient, amid the letter, at its dot, and once the letter is taken. */
export type Step = 'rcpt' | 'body' | 'dot' | 'taken'

/** What a server does instead of going on; after `stall` it does go on, unless the client has gone. */
export type Fault = { at: Step } & ({ does: 'drop' | 'reset' | 'stall' } | { does: 'reply'; reply: string })

const GREYLISTED = '450 4.2.0 greylisted, try again later'
const UNKNOWN = '550 5.1.1 no such user'
const UNWANTED = '550 5.7.1 not wanted here'
const BUSY = '421 4.3.2 come back later'
const LATER = '451 4.3.0 not now'
const FULL = '452 4.3.1 the disk is full'

/** Shares of addresses that meet the same at every try, or at the first one. */
const FATES = { gone: 0.02, unwanted: 0.01, greylisted: 0.1 }

/** Shares of tries; what is left goes well. */
const FAULTS: readonly [share: number, fault: Fault][] = [
  [0.004, { at: 'rcpt', does: 'reply', reply: BUSY }],
  [0.02, { at: 'rcpt', does: 'reply', reply: LATER }],
  [0.01, { at: 'rcpt', does: 'drop' }],
  [0.01, { at: 'body', does: 'drop' }],
  [0.01, { at: 'body', does: 'reset' }],
  [0.01, { at: 'body', does: 'stall' }],
  [0.003, { at: 'dot', does: 'reply', reply: BUSY }],
  [0.02, { at: 'dot', does: 'reply', reply: LATER }],
  [0.02, { at: 'dot', does: 'reply', reply: FULL }],
  [0.01, { at: 'dot', does: 'drop' }],
  [0.01, { at: 'dot', does: 'reset' }],
  [0.01, { at: 'dot', does: 'stall' }],
  [0.015, { at: 'taken', does: 'drop' }],
  [0.015, { at: 'taken', does: 'reset' }],
  [0.02, { at: 'taken', does: 'stall' }],
]

/** True for an address that the server refuses for good. */
export function isRefused(seed: number, address: string): boolean {
  return chanceOf(seed, address) < FATES.gone + FATES.unwanted
}

/** What befalls the n-th try of a letter to an address, counted from 1; null: nothing. */
export function faultOf(seed: number, address: string, attempt: number): Fault | null {
  const fate = chanceOf(seed, address)
  if (fate < FATES.gone) return { at: 'rcpt', does: 'reply', reply: UNKNOWN }
  if (isRefused(seed, address)) return { at: 'dot', does: 'reply', reply: UNWANTED }
  const isGreylisted = fate < FATES.gone + FATES.unwanted + FATES.greylisted
  if (isGreylisted && attempt === 1) return { at: 'rcpt', does: 'reply', reply: GREYLISTED }
  let rest = chanceOf(seed, `${address} ${attempt}`)
  for (const [share, fault] of FAULTS) {
    if (rest < share) return fault
    rest -= share
  }
  return null
}

/** `451`, `drop before the dot`, `reset after the dot`: how a count of it is named. */
export function faultName(fault: Fault): string {
  if (fault.does !== 'reply') return `${fault.does} ${fault.at === 'taken' ? 'after' : 'before'} the dot`
  return fault.reply === GREYLISTED ? 'greylisted' : fault.reply.slice(0, 3)
}
