import type { ListedReader } from './listed.ts'
import type { SubscriberState, SuppressionReason } from './tables.ts'

/** How an address stands, as far as an import asks. */
export interface Standing {
  /** Null: it is not in the store yet. */
  id: number | null
  state: SubscriberState
  /** Empty: it is not suppressed. */
  suppressed: SuppressionReason | ''
}

/** How many readers of a list came to what; together they are all that it has. */
export interface ImportCounts {
  /** New readers, who are mailed from now on. */
  added: number
  /** New ones who had paused. */
  paused: number
  /** New ones who are remembered so that they are never mailed: they had left. */
  left: number
  /** Addresses, new or known, that are suppressed from now on. */
  suppressed: number
  /** Known readers who were mailed, and are not any more, as the list says that they left. */
  takenOff: number
  /** Known readers who were mailed, and are paused from now on, as the list says that they paused. */
  nowPaused: number
  thereAlready: number
  /** Those that the list would have mailed, had they not left, withdrawn or been suppressed here. */
  staysOff: number
  /** Further records of an address. */
  repeated: number
}

export const NO_IMPORT: ImportCounts = {
  ...{ added: 0, paused: 0, left: 0, suppressed: 0, takenOff: 0, nowPaused: 0 },
  ...{ thereAlready: 0, staysOff: 0, repeated: 0 },
}

export type Outcome = keyof ImportCounts

/**
 * What keeps an address from being mailed besides how it stands: a suppression, even if it is unknown or forgotten; or
 * its pending reader `withdrew`, who said no to all that they were asked to confirm.
 */
export type Bar = SuppressionReason | 'withdrew'

/**
 * What becomes of an address. Whatever makes that less is mailed wins, be it said here or in the list.
 * @param before how it stands; null: it is unknown
 * @param isRepeated true when this import has brought it already
 * @returns `after` is null when nothing changes
 */
export function decide(
  { state, suppression }: Pick<ListedReader, 'state' | 'suppression'>,
  before: Standing | null,
  barred: Bar | null,
  isRepeated: boolean,
): { outcome: Outcome; after: Standing | null } {
  if (before === null) {
    // Whoever was forgotten stays forgotten.
    if (barred !== null) return { outcome: 'staysOff', after: null }
    return {
      outcome: newOutcome(state, suppression),
      after: { id: null, state, suppressed: suppression?.reason ?? '' },
    }
  }
  const leaves = state === 'unsubscribed' && before.state !== 'unsubscribed'
  const isNewlySuppressed = suppression !== null && before.suppressed === ''
  const pauses = state === 'paused' && before.state === 'active' && before.suppressed === ''
  if (leaves || pauses || isNewlySuppressed) {
    const suppressed = before.suppressed === '' ? (suppression?.reason ?? '') : before.suppressed
    const outcome = isNewlySuppressed ? 'suppressed' : leaves ? 'takenOff' : 'nowPaused'
    return { outcome, after: { ...before, state: leaves || pauses ? state : before.state, suppressed } }
  }
  if (isRepeated) return { outcome: 'repeated', after: null }
  if (state === 'unsubscribed' || suppression !== null) return { outcome: 'thereAlready', after: null }
  if (before.state === 'unsubscribed' || before.suppressed !== '' || barred === 'withdrew') {
    return { outcome: 'staysOff', after: null }
  }
  if (before.state !== 'pending') return { outcome: 'thereAlready', after: null }
  return { outcome: newOutcome(state, null), after: { ...before, state } }
}

function newOutcome(state: ListedReader['state'], suppression: ListedReader['suppression']): Outcome {
  if (suppression !== null) return 'suppressed'
  return state === 'active' ? 'added' : state === 'paused' ? 'paused' : 'left'
}
