import type { Selectable } from 'kysely'
import type { Instant } from '../entry.ts'
import { Statement } from './engine.ts'
import type { Store } from './open.ts'
import type { Subscribers } from './tables.ts'

/** A letter that was claimed, and what became of its reader. */
export interface ClaimedRow extends Pick<Selectable<Subscribers>, 'address' | 'domain' | 'suppressed'> {
  id: string
  digest_id: string
  subscriber_id: number
  attempts: number
  maybe_twice: number
  reader_state: Selectable<Subscribers>['state']
}

/** Claims letters that may be tried now, those that wait longest first; none of which somebody else is at work. */
export function claimRows(
  tx: Store,
  runId: number,
  limit: number,
  now: Instant,
  blocked: readonly string[],
): Promise<ClaimedRow[]> {
  if (blocked.length === 0) return CLAIM.run(tx, [runId, now, limit])
  return CLAIM_OF_OTHERS.run(tx, [runId, now, JSON.stringify(blocked), limit])
}

/** Somebody else may be about to publish the page to which a letter links. */
const UNPUBLISHED = `
  and not exists (select 1 from settings where key = 'unpublished' and digest_id = any(string_to_array(value, ' ')))`

const CLAIM = new Statement<ClaimedRow>({ sqlite: fileText(''), postgres: serverText(UNPUBLISHED) })
const CLAIM_OF_OTHERS = new Statement<ClaimedRow>({
  sqlite: fileText(othersText('select value from json_each(?)')),
  postgres: serverText(UNPUBLISHED + othersText('select jsonb_array_elements_text(cast(? as jsonb))')),
})

function othersText(domains: string): string {
  return `and subscriber_id not in (select id from subscribers where domain in (${domains}))`
}

/** The words of the partial index, so that it is used. */
function waitingText(others: string): string {
  return `
    from ledger
    where state in ('due', 'deferred', 'claimed') and state <> 'claimed' and until <= ?
      and digest_id not in (select id from digests where paused = 1) ${others}
    order by until, id limit ?`
}

/** What became of the readers is asked in the same statement. */
function fileText(others: string): string {
  const reader = (column: string): string => `(select ${column} from subscribers where id = subscriber_id)`
  return `
    update ledger set state = 'claimed', run_id = ? where id in (select id ${waitingText(others)})
    returning id, digest_id, subscriber_id, attempts, maybe_twice, ${reader('address')} as address,
      ${reader('domain')} as domain, ${reader('state')} as reader_state, ${reader('suppressed')} as suppressed`
}

/** Several may claim at once: each leaves alone what another has in hand. */
function serverText(others: string): string {
  return `
    with run (id) as (values (cast(? as bigint))),
    waiting as materialized (select id, until ${waitingText(others)} for update skip locked),
    claimed as (
      update ledger set state = 'claimed', run_id = run.id from waiting, run where ledger.id = waiting.id
      returning ledger.id, digest_id, subscriber_id, attempts, maybe_twice, waiting.until)
    select claimed.id, digest_id, subscriber_id, attempts, maybe_twice, address, domain,
      subscribers.state as reader_state, suppressed
    from claimed join subscribers on subscribers.id = subscriber_id order by claimed.until, claimed.id`
}
