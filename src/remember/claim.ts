import type { Selectable } from 'kysely'
import type { Instant } from '../entry.ts'
import { type Engine, Statement } from './engine.ts'
import type { Store } from './open.ts'
import type { Subscribers } from './tables.ts'

/** A letter that was claimed, and what became of its reader. */
export interface ClaimedRow extends Pick<Selectable<Subscribers>, 'address' | 'domain' | 'suppressed'> {
  id: string
  /** Since when it may be tried. */
  until: Instant
  digest_id: string
  subscriber_id: number
  attempts: number
  maybe_twice: number
  reader_state: Selectable<Subscribers>['state']
}

/** Which letters are wanted. */
export interface Wanted {
  runId: number
  limit: number
  now: Instant
  /** Domains whose turn is later. */
  blocked: readonly string[]
}

/** Claims letters that may be tried now, those that wait longest first; none of which somebody else is at work. */
export async function claimRows(tx: Store, trail: Trail, wanted: Wanted): Promise<ClaimedRow[]> {
  const place = trail.placeOf(wanted)
  const rows = await claimAfter(tx, place, wanted)
  trail.follow(wanted, rows)
  // Those that were passed may be many, when some wait for their turn: then they are looked for after a while only.
  if (rows.length === wanted.limit || place === START || wanted.blocked.length > 0) return rows
  trail.forget()
  return [...rows, ...(await claimRows(tx, trail, { ...wanted, limit: wanted.limit - rows.length }))]
}

/** True when a letter may be tried now, be it that one of those was claimed. */
export async function isAnyWaiting(tx: Store, trail: Trail, now: Instant): Promise<boolean> {
  for (const { until, id } of new Set([trail.placeOf({ blocked: [], now }), START]))
    if ((await ANY.run(tx, [now, until, id])).length > 0) return true
  return false
}

/** In the order of the letters that wait. */
interface Place {
  until: Instant
  id: string
}

const START: Place = { until: -1, id: '' }

/** After so long claims begin with the first letter again, as one that was passed may go now; in milliseconds. */
const LENGTH = 30_000

/**
 * How far the claims of a run have come, for each set of domains that wait for their turn. What lies before need not
 * be gone through each time: letters that may not go, and on a server what is left in an index of those that went.
 */
export class Trail {
  readonly #places = new Map<string, { place: Place; since: Instant }>()

  placeOf({ blocked, now }: Pick<Wanted, 'blocked' | 'now'>): Place {
    const known = this.#places.get(nameOf(blocked))
    const isFresh = known !== undefined && now >= known.since && now - known.since < LENGTH
    return isFresh ? known.place : START
  }

  /** Goes on after what was claimed; when that is less than was wanted, nothing that may go now is left behind it. */
  follow(wanted: Wanted, rows: readonly ClaimedRow[]): void {
    const { blocked, limit, now } = wanted
    const name = nameOf(blocked)
    const since = this.placeOf(wanted) === START ? now : (this.#places.get(name)?.since ?? now)
    this.#places.set(name, { since, place: rows.length < limit ? { until: now, id: '' } : last(rows) })
  }

  /** The next claims begin with the first letter. */
  forget(): void {
    this.#places.clear()
  }
}

function nameOf(blocked: readonly string[]): string {
  return blocked.toSorted().join(' ')
}

function last(rows: readonly Place[]): Place {
  return rows.reduce((one, other) => {
    const isLater = other.until > one.until || (other.until === one.until && other.id > one.id)
    return isLater ? other : one
  }, START)
}

function claimAfter(tx: Store, { until, id }: Place, wanted: Wanted): Promise<ClaimedRow[]> {
  const { runId, limit, now, blocked } = wanted
  if (blocked.length === 0) return CLAIM.run(tx, [runId, now, until, id, limit])
  return CLAIM_OF_OTHERS.run(tx, [runId, now, until, id, JSON.stringify(blocked), limit])
}

/** Letters that are not settled, behind a place; with the words of the partial index, so that it is used. */
function openText(moment: string, id: string): string {
  return `from ledger where state in ('due', 'deferred', 'claimed')
    and until <= ${moment} and (until, id) > (${moment}, ${id})`
}

/**
 * A server that knows the values takes hardly any letter to lie behind a place, as nearly all have waited since 0; so
 * few it may as well sort, instead of taking the first in the order of the index.
 */
const OPEN = {
  sqlite: openText('?', '?'),
  postgres: openText('(select cast(? as bigint))', '(select cast(? as text))'),
}

/** One condition: each of its own would make the letters seem still fewer to a server. */
function mayGoText(others: string): string {
  return `case when digest_id in (select id from digests where paused = 1) ${others} then false else true end`
}

/** Somebody else may be about to publish the page to which a letter links. */
const UNPUBLISHED = `
  or digest_id = any (string_to_array((select value from settings where key = 'unpublished'), ' '))`

/** Each reader is looked up by itself: those of a large domain are too many for a list. */
function blockedText(domains: string): string {
  return ` or (select domain from subscribers where id = subscriber_id) in (${domains})`
}

const CLAIM = new Statement<ClaimedRow>({ sqlite: fileText(''), postgres: serverText(UNPUBLISHED) })
const CLAIM_OF_OTHERS = new Statement<ClaimedRow>({
  sqlite: fileText(blockedText('select value from json_each(?)')),
  postgres: serverText(UNPUBLISHED + blockedText('select jsonb_array_elements_text(cast(? as jsonb))')),
})
const ANY = new Statement<unknown>({
  sqlite: `select 1 ${OPEN.sqlite} and ${mayGoText('')} limit 1`,
  postgres: `select 1 ${OPEN.postgres} and ${mayGoText('')} limit 1`,
})

function waitingText(engine: Engine, others: string): string {
  return `${OPEN[engine]} and ${mayGoText(` or state = 'claimed' ${others}`)} order by until, id limit ?`
}

/** What became of the readers is asked in the same statement. */
function fileText(others: string): string {
  const reader = (column: string): string => `(select ${column} from subscribers where id = subscriber_id)`
  return `
    update ledger set state = 'claimed', run_id = ? where id in (select id ${waitingText('sqlite', others)})
    returning id, digest_id, subscriber_id, attempts, maybe_twice, until, ${reader('address')} as address,
      ${reader('domain')} as domain, ${reader('state')} as reader_state, ${reader('suppressed')} as suppressed`
}

/** Several may claim at once: each leaves alone what another has in hand. */
function serverText(others: string): string {
  return `
    with run (id) as (values (cast(? as bigint))),
    waiting as materialized (select id, until ${waitingText('postgres', others)} for update skip locked),
    claimed as (
      update ledger set state = 'claimed', run_id = run.id from waiting, run where ledger.id = waiting.id
      returning ledger.id, digest_id, subscriber_id, attempts, maybe_twice, waiting.until)
    select claimed.id, digest_id, subscriber_id, attempts, maybe_twice, until, address, domain,
      subscribers.state as reader_state, suppressed
    from claimed join subscribers on subscribers.id = subscriber_id order by claimed.until, claimed.id`
}
