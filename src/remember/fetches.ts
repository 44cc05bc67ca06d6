import type { Instant } from '../entry.ts'
import type { Store } from './open.ts'

/** What is known of asking for a page or feed. */
export interface FetchState {
  /** As the settings have it. */
  url: string
  /** Where it moved for good; null: nowhere. */
  movedTo: string | null
  /** What tells a server which state of the document is remembered (RFC 9110, section 8.8); `url` said it. */
  validators: { url: string; etag: string | null; lastModified: string | null } | null
  /** Before this it is not asked for. */
  askAfter: Instant
}

/** What is known of a source's document; null when it was never asked for. */
export async function knownFetch(store: Store, sourceName: string): Promise<FetchState | null> {
  const row = await store
    .selectFrom('fetches')
    .selectAll()
    .where('source_id', '=', (source) => source.selectFrom('sources').select('id').where('name', '=', sourceName))
    .executeTakeFirst()
  if (row === undefined) return null
  const { url, moved_to: movedTo, said_by: saidBy, etag, last_modified: lastModified, ask_after: askAfter } = row
  return { url, movedTo, validators: saidBy === '' ? null : { url: saidBy, etag, lastModified }, askAfter }
}

/** Must be in one transaction with what was read: else a crash between could take old for new, or new for old. */
export async function rememberFetch(store: Store, sourceId: number, state: FetchState): Promise<void> {
  const row = {
    url: state.url,
    moved_to: state.movedTo,
    said_by: state.validators?.url ?? '',
    etag: state.validators?.etag ?? null,
    last_modified: state.validators?.lastModified ?? null,
    ask_after: state.askAfter,
  }
  await store
    .insertInto('fetches')
    .values({ source_id: sourceId, ...row })
    .onConflict((c) => c.column('source_id').doUpdateSet(row))
    .execute()
}

/** A host that is left alone for a while. */
export interface HostRecord {
  host: string
  until: Instant
  failures: number
}

export async function knownHosts(store: Store): Promise<HostRecord[]> {
  return store.selectFrom('hosts').selectAll().orderBy('host').execute()
}

/** Keeps how the hosts stand now; nothing is written when all is as it was. */
export async function rememberHosts(
  store: Store,
  before: readonly HostRecord[],
  now: readonly HostRecord[],
): Promise<void> {
  const known = new Map(before.map((host) => [host.host, host]))
  for (const { host, until, failures } of now) {
    const was = known.get(host)
    known.delete(host)
    if (was?.until === until && was.failures === failures) continue
    await store
      .insertInto('hosts')
      .values({ host, until, failures })
      .onConflict((c) => c.column('host').doUpdateSet({ until, failures }))
      .execute()
  }
  for (const host of known.keys()) await store.deleteFrom('hosts').where('host', '=', host).execute()
}
