import type { Instant } from '../entry.ts'
import type { Preferences } from '../preferences.ts'
import type { EmailAddress } from '../subscriber.ts'
import type { ConsentOrigin } from './consents.ts'
import type { SuppressionReason } from './tables.ts'

/** What a list from elsewhere, or an export of ours, tells of one reader; null is what it does not tell. */
export interface ListedReader {
  address: EmailAddress
  state: 'active' | 'paused' | 'unsubscribed'
  suppression: { reason: SuppressionReason; detail: string; since: Instant | null } | null
  joinedAt: Instant | null
  leftAt: Instant | null
  wishes: Preferences
  /** How the reader came to be mailed. Null only for one who is not. */
  consent: (ConsentOrigin & { askedAt: Instant | null; confirmedAt: Instant | null }) | null
}
