import { sql } from 'kysely'
import type { Instant } from '../entry.ts'
import type { Store } from './open.ts'
import { type Outcomes, addOutcomes, readOutcomes } from './outcomes.ts'
import { readSetting, writeSetting } from './settings.ts'

/** How many rows were forgotten. */
export interface Forgotten {
  letters: number
  notices: number
}

/** So many rows of each kind are forgotten in one run, so that none takes long for it. */
const MOST_AT_ONCE = 5000
/** Asking again within a month looks at the letters before; see `mayNotice()`. */
const NOTICES_NEEDED = 31 * 24 * 60 * 60 * 1000

/**
 * Forgets what became of each letter of digests that are done for longer than `keep` milliseconds: counts take the
 * place of the rows, and the letter itself goes with the last of them. With nothing to forget it looks into two
 * indexes.
 */
export async function forgetOld(store: Store, keep: number, now: Instant): Promise<Forgotten> {
  return {
    letters: await forgetLetters(store, now - keep),
    notices: await forgetNotices(store, now - Math.max(keep, NOTICES_NEEDED)),
  }
}

/** Forgets all that may be forgotten, however long it takes. */
export async function forgetAllOld(store: Store, keep: number, now: Instant): Promise<Forgotten> {
  const sum = { letters: 0, notices: 0 }
  for (;;) {
    const { letters, notices } = await forgetOld(store, keep, now)
    sum.letters += letters
    sum.notices += notices
    if (letters === 0 && notices === 0) return sum
  }
}

async function forgetLetters(store: Store, before: Instant): Promise<number> {
  let rest = MOST_AT_ONCE
  while (rest > 0) {
    const digest = await firstWithLetters(store, before)
    if (digest === null) break
    rest -= await store.transaction().execute((tx) => sumUp(tx, digest, rest))
  }
  return MOST_AT_ONCE - rest
}

interface DoneDigest {
  id: string
  done_at: number
}

/** Digests that were done before this moment have no rows any more. */
const SUMMED_UP_TO = 'letters_summed_up_to'

/** The digest that is done for longest and still has rows. */
async function firstWithLetters(store: Store, before: Instant): Promise<DoneDigest | null> {
  const from = Number((await readSetting(store, SUMMED_UP_TO)) ?? 0)
  const { rows } = await sql<DoneDigest>`
    select id, done_at from digests
    where done_at >= ${from} and done_at < ${before}
      and exists (select 1 from ledger where digest_id = digests.id)
    order by done_at limit 1`.execute(store)
  return rows[0] ?? null
}

/** Counts rows of a digest in its own row, and drops them; none when its letters are to be sent again by now. */
async function sumUp(tx: Store, { id, done_at: doneAt }: DoneDigest, most: number): Promise<number> {
  const find = tx.selectFrom('digests').select('outcomes').where('id', '=', id).where('done_at', '=', doneAt)
  const digest = await find.executeTakeFirst()
  if (digest === undefined) return 0
  const { rows } = await sql<{ state: keyof Outcomes }>`
    delete from ledger where id in (select id from ledger where digest_id = ${id} limit ${most})
    returning state`.execute(tx)
  let gone: Outcomes = {}
  for (const { state } of rows) gone = { ...gone, [state]: (gone[state] ?? 0) + 1 }
  const sum = JSON.stringify(addOutcomes(readOutcomes(digest.outcomes), gone))
  await tx.updateTable('digests').set({ outcomes: sum }).where('id', '=', id).execute()
  const left = await tx.selectFrom('ledger').select('id').where('digest_id', '=', id).limit(1).execute()
  if (left.length === 0) await sql`update digests set html = '', text = '' where id = ${id}`.execute(tx)
  await writeSetting(tx, SUMMED_UP_TO, String(doneAt))
  return rows.length
}

/** Letters that are no digests; their ids go up with time. */
async function forgetNotices(store: Store, before: Instant): Promise<number> {
  const oldest = store.selectFrom('notices').select('created_at').orderBy('id').limit(1)
  const first = await oldest.executeTakeFirst()
  if (first === undefined || first.created_at >= before) return 0
  const { numDeletedRows } = await store
    .deleteFrom('notices')
    .where('id', 'in', (notices) =>
      notices
        .selectFrom('notices')
        .select('id')
        .where('created_at', '<', before)
        .where('state', '<>', 'due')
        .orderBy('id')
        .limit(MOST_AT_ONCE),
    )
    .executeTakeFirst()
  return Number(numDeletedRows)
}
