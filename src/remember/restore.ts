import { existsSync, readdirSync, realpathSync, rmSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { Instant } from '../entry.ts'
import { temporaryOf } from '../files.ts'
import { Problem } from '../problem.ts'
import { type Contents, STORE_ENDINGS, countContents, damaged, refuseStoreItself } from './backup.ts'
import { inspectStore, refuseServer } from './inspect.ts'
import { takeLock } from './lock.ts'
import { type Store, giveAs, openStore, unreadable } from './open.ts'
import { migrations } from './migrations.ts'
import { type Carried, carryOver } from './restore-carry.ts'
import { countAsTold, holdOpenLetters, skipIds, unknownLetters } from './restore-marks.ts'
import { type Standing, foldLog, holdStanding, putInPlace } from './restore-place.ts'
import { refuseNewer, stepsOf } from './upgrade.ts'
import { copyPrivately, syncFile } from './write-copy.ts'

/** What a store is after a backup was put in its place. */
export interface Restored extends Changes, Contents {
  /** Where the store that was there is kept; null: there was none. */
  keptAs: string | null
}

/** How it differs from the backup. */
interface Changes {
  /** Digests that went out since the backup, as far as anything tells. */
  digestsSince: number
  /** Letters that may have gone since, and wait for the owner. */
  held: number
  /** True when the store that was there could be asked; what follows is from there. */
  isInformed: boolean
  /** Readers who left, paused, or must not be mailed to any more. */
  left: number
  /** Readers who joined since, and whom it does not have. */
  joined: number
}

/** What is known of the time since the backup. */
export interface Since {
  /** Ids of the digests that have a page on the site. */
  published: readonly string[]
  /** True when a store that is there may be set aside. */
  force: boolean
  now: Instant
}

/**
 * Puts a backup in the place of a store. A crash leaves the one or the other, whole; what was there is kept beside.
 * What the store that was there knows better is taken over: what became of letters, and who left.
 * @throws {Problem} `backup-unusable`, `store-newer`, `store-damaged`, `store-busy`, `store-exists`, `store-in-use`,
 *   `copy-full`
 */
export async function restoreStore(backup: string, path: string, since: Since): Promise<Restored> {
  refuseServer(path)
  refuseStoreItself(path, backup)
  await refuseUnusable(backup)
  const lock = await takeLock(path)
  if (lock === null) {
    throw new Problem('store-busy', 'A run is at work on this store', { mend: 'try again when it has ended' })
  }
  const real = existsSync(path) ? realpathSync(path) : path
  try {
    const standing = await standingAt(real, since)
    try {
      return await prepareAndPut(backup, real, standing, since)
    } finally {
      await standing?.release()
    }
  } finally {
    await lock.release()
  }
}

async function refuseUnusable(backup: string): Promise<void> {
  if (!existsSync(backup)) throw unusable(backup, 'There is no such file')
  const { schema, check } = await inspectStore(backup).catch((cause: unknown) => {
    throw cause instanceof Problem ? unusable(backup, cause.message, cause) : cause
  })
  if (schema.length === 0) throw unusable(backup, 'The file is empty')
  refuseNewer(schema)
  if (check !== 'ok') throw damaged(backup, check)
}

function unusable(where: string, message: string, cause?: Problem): Problem {
  return new Problem('backup-unusable', message, { where, mend: 'name a file that "feedwire backup" made', cause })
}

/** @throws {Problem} `store-exists`, `store-in-use` */
async function standingAt(real: string, { force, now }: Since): Promise<Standing | null> {
  const found = statSync(real, { throwIfNoEntry: false })
  const log = statSync(`${real}-wal`, { throwIfNoEntry: false })
  // An empty file is what an opening leaves that was killed.
  if (found === undefined || found.size + (log?.size ?? 0) === 0) return null
  if (force) return holdStanding(real, now)
  const mend = 'add --force: the backup takes its place, and it is kept beside'
  throw new Problem('store-exists', 'There is a store already', { where: real, mend })
}

async function prepareAndPut(backup: string, real: string, standing: Standing | null, since: Since): Promise<Restored> {
  const temporary = temporaryOf(real)
  try {
    sweepUnfinished(real)
    const made = await make(backup, temporary, standing, since)
    giveAs(standing === null ? dirname(real) : real, temporary)
    syncFile(temporary)
    return { ...made, keptAs: putInPlace(temporary, real, standing) }
  } catch (cause) {
    throw cause instanceof Error && 'syscall' in cause ? unreadable(dirname(real), cause) : cause
  } finally {
    for (const ending of ['', ...STORE_ENDINGS]) rmSync(temporary + ending, { force: true })
  }
}

/** Takes away what restores left that were killed. */
function sweepUnfinished(real: string): void {
  const start = `.${basename(real)}.`
  for (const name of readdirSync(dirname(real))) {
    const isUnfinished = name.startsWith(start) && /^\d+\.tmp(?:-\w+)?$/.test(name.slice(start.length))
    if (isUnfinished) rmSync(join(dirname(real), name), { force: true })
  }
}

/** Makes the store that is to stand there, up to date and knowing what happened since, before anybody can open it. */
async function make(
  backup: string,
  temporary: string,
  standing: Standing | null,
  since: Since,
): Promise<Contents & Changes> {
  await copyPrivately(backup, temporary)
  const store = await openStore(temporary, { keeps: false })
  try {
    const changes = await change(store, standing, since)
    const contents = await countContents(store)
    // All of it must stand in the one file before that is renamed.
    await foldLog(store)
    return { ...contents, ...changes }
  } finally {
    await store.destroy()
  }
}

async function change(store: Store, standing: Standing | null, { published, now }: Since): Promise<Changes> {
  await holdOpenLetters(store, now)
  await skipIds(store)
  const isInformed = standing !== null && (await canTell(standing))
  const { digests, left, joined } = isInformed ? await carryOver(standing.store, store, now) : NOTHING_CARRIED
  const digestsSince = await countAsTold(store, [...published, ...digests])
  const held = await unknownLetters(store).select('id').execute()
  return { digestsSince, held: held.length, isInformed, left, joined }
}

const NOTHING_CARRIED: Carried = { digests: [], left: 0, joined: 0 }

/** True for a store that can be read, by the schema of this program. */
async function canTell({ store, isWhole }: Standing): Promise<boolean> {
  if (!isWhole) return false
  try {
    return (await stepsOf(store)).join() === Object.keys(migrations).join()
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    return false
  }
}
