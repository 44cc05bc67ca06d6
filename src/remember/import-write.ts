import { type Insertable } from 'kysely'
import type { Instant } from '../entry.ts'
import { ManyInserts } from './bulk.ts'
import { closeConsents } from './consents.ts'
import { LIST, chunks } from './files.ts'
import type { Standing } from './import-decision.ts'
import type { ListedReader } from './listed.ts'
import type { Consents } from './member-tables.ts'
import { dropLetters } from './drop-letters.ts'
import type { Store } from './open.ts'
import type { Subscribers, Suppressions } from './tables.ts'
import { columnsOf } from './wishes.ts'
import { highestNumber } from './write.ts'

/** What an import does to one address. */
export interface Change {
  /** Of `addressKey()`. */
  key: string
  /** The first record that brings the change. */
  reader: ListedReader
  /** Null: it was unknown. */
  before: Standing | null
  after: Standing
  suppression: ListedReader['suppression']
  leftAt: Instant | null
}

/** Writes the changes of a batch, within its transaction. */
export async function writeChanges(
  tx: Store,
  changes: readonly Change[],
  hash: (key: string) => string,
  now: Instant,
): Promise<void> {
  const had = await highestNumber(tx)
  await addReaders(
    tx,
    changes.filter(({ before }) => before === null),
    had,
    now,
  )
  await confirmReaders(tx, changes, had, now)
  await takeOff(tx, changes, now)
  await pause(tx, changes, now)
  await suppressAll(tx, changes, hash, now)
}

const insertSubscribers = new ManyInserts((store, rows: Insertable<Subscribers>[]) =>
  store.insertInto('subscribers').values(rows).returning(['id', 'address_key']),
)

const insertConsents = new ManyInserts((store, rows: Insertable<Consents>[]) =>
  store.insertInto('consents').values(rows),
)

/** Rows of one statement: SQLite before 3.32 took 999 values. */
const ROWS = 50

async function addReaders(tx: Store, changes: readonly Change[], had: number, now: Instant): Promise<void> {
  for (const some of chunks(changes, ROWS)) {
    const ids = await insertSubscribers.insert(
      tx,
      some.map((change) => subscriberRow(change, had, now)),
    )
    const idOf = new Map(ids.map(({ id, address_key: key }) => [key, id]))
    const consents = some.flatMap(({ key, reader }) => consentRow(idOf.get(key) ?? 0, reader, now))
    await insertConsents.insert(tx, consents)
  }
}

function subscriberRow({ key, reader, after, leftAt }: Change, had: number, now: Instant): Insertable<Subscribers> {
  const { address, joinedAt, wishes } = reader
  const { state, suppressed } = after
  const domain = address.slice(address.lastIndexOf('@') + 1)
  return {
    ...{ address, domain, address_key: key, state, suppressed, had },
    ...{ added_at: joinedAt ?? now, left_at: state === 'unsubscribed' ? (leftAt ?? now) : null },
    ...columnsOf(wishes),
  }
}

function consentRow(id: number, { consent, wishes }: ListedReader, now: Instant): Insertable<Consents>[] {
  if (consent === null) return []
  const { source, place, client, text, askedAt, confirmedAt } = consent
  const at = { subscriber_id: id, asked_at: askedAt ?? now, confirmed_at: confirmedAt ?? now }
  return [{ ...at, source, place, client, text, ...columnsOf(wishes) }]
}

/** Readers who had asked, and had not confirmed it yet: the list says that they agreed elsewhere. */
async function confirmReaders(tx: Store, changes: readonly Change[], had: number, now: Instant): Promise<void> {
  for (const { before, after, reader } of changes) {
    const { id, state } = after
    if (id === null || before?.state !== 'pending' || (state !== 'active' && state !== 'paused')) continue
    await tx
      .updateTable('subscribers')
      .set({ state, had, ...columnsOf(reader.wishes) })
      .where('id', '=', id)
      .execute()
    await closeConsents(tx, id)
    await insertConsents.insert(tx, consentRow(id, reader, now))
  }
}

async function takeOff(tx: Store, changes: readonly Change[], now: Instant): Promise<void> {
  const leaving = changes.filter(
    ({ before, after }) => before !== null && before.state !== 'unsubscribed' && after.state === 'unsubscribed',
  )
  for (const ids of chunks(leaving.flatMap(idOf), LIST)) {
    await tx.updateTable('subscribers').set({ state: 'unsubscribed', left_at: now }).where('id', 'in', ids).execute()
    await dropLetters(tx, ids, 'the reader has left', now)
    const consents = tx.selectFrom('consents').select('subscriber_id').where('subscriber_id', 'in', ids)
    const open = consents.where('confirmed_at', 'is', null).where('open_until', '>', 0).distinct()
    for (const { subscriber_id: id } of await open.execute()) await closeConsents(tx, id)
  }
}

async function pause(tx: Store, changes: readonly Change[], now: Instant): Promise<void> {
  const pausing = changes.filter(({ before, after }) => before?.state === 'active' && after.state === 'paused')
  for (const ids of chunks(pausing.flatMap(idOf), LIST)) {
    await tx.updateTable('subscribers').set({ state: 'paused' }).where('id', 'in', ids).execute()
    await dropLetters(tx, ids, 'the reader has paused', now)
  }
}

const insertSuppressions = new ManyInserts((store, rows: Insertable<Suppressions>[]) =>
  store
    .insertInto('suppressions')
    .values(rows)
    .onConflict((c) => c.column('key').doNothing()),
)

async function suppressAll(
  tx: Store,
  changes: readonly Change[],
  hash: (key: string) => string,
  now: Instant,
): Promise<void> {
  const suppressed = changes.filter(({ before, after }) => after.suppressed !== (before?.suppressed ?? ''))
  const rows = suppressed.flatMap(({ key, suppression }) => {
    if (suppression === null) return []
    const { reason, detail, since } = suppression
    return [{ key: hash(key), reason, detail, since: since ?? now }]
  })
  for (const some of chunks(rows, ROWS)) await insertSuppressions.insert(tx, some)
  for (const reason of ['bounced', 'complained', 'deleted'] as const) {
    const known = suppressed.filter(({ after }) => after.suppressed === reason)
    for (const ids of chunks(known.flatMap(idOf), LIST)) {
      await tx.updateTable('subscribers').set({ suppressed: reason }).where('id', 'in', ids).execute()
      await dropLetters(tx, ids, `the address is suppressed: ${reason}`, now)
    }
  }
}

function idOf({ after: { id } }: Change): number[] {
  return id === null ? [] : [id]
}
