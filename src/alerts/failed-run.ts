import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import type { Config } from '../config.ts'
import type { Instant } from '../entry.ts'
import { Problem } from '../problem.ts'
import { type StorePlace, fileBeside } from '../store-place.ts'
import { openMailer, signingKeys } from '../world.ts'
import { failedRun } from './alert.ts'
import { Messenger } from './messenger.ts'
import { waysOf } from './ways.ts'

/** Why what is no Problem went wrong is for us to find out. */
const BUG_MEND = 'run it by hand; when it fails again, report what it prints'

/**
 * Tells the owner that a run failed, once until one succeeds. It needs no store, since that may be what failed: a small
 * file notes that it was told. Where none can be written, only the URL is told, each time.
 */
export async function tellFailedRun(
  config: Config,
  error: unknown,
  { clock, signal }: { clock: () => Instant; signal: AbortSignal },
): Promise<void> {
  const mailer = async () => openMailer(config.mail, await signingKeys(config.mail))
  const messenger = new Messenger(waysOf(config, { mailer, clock, signal }))
  try {
    const { names } = messenger
    const known = readMark(config, names)
    const code = error instanceof Problem ? error.code : ''
    const mark = known ?? { since: clock(), toldBy: [], message: '', code }
    const isNoted = known !== null || writeMark(config, mark)
    const left = (isNoted ? names : ['url']).filter((name) => !mark.toldBy.includes(name))
    const message = error instanceof Error ? error.message : String(error)
    const alert = failedRun({ message, mend: error instanceof Problem ? error.mend : BUG_MEND }, mark.since)
    const took = await messenger.tell({ ...alert, isOver: false }, left)
    if (took.length > 0) writeMark(config, { ...mark, toldBy: [...mark.toldBy, ...took], message: alert.message })
  } finally {
    await messenger.close()
  }
}

/** A run succeeded: whoever was told that one failed is told that it is over. */
export async function mendFailedRun(config: StorePlace, messenger: Messenger): Promise<void> {
  const mark = readMark(config, messenger.names)
  if (mark === null) return
  const { since, message } = mark
  const before = mark.toldBy.filter((name) => messenger.names.includes(name))
  const took = await messenger.tell({ ...failedRun({ message: '', mend: '' }, since), message, isOver: true }, before)
  const left = before.filter((name) => !took.includes(name))
  if (left.length > 0) writeMark(config, { ...mark, toldBy: left })
  else if (!removeMark(config)) writeMark(config, { ...mark, toldBy: [] })
}

/** What is over as soon as the server of the store answers. */
const LOST = ['store-unreachable', 'run-cut-off']

/**
 * The server of the store is there again: whoever was told that it was away is told so, also by a machine whose runs
 * are done by others.
 */
export async function mendLostStore(
  config: Config,
  { clock, signal }: { clock: () => Instant; signal: AbortSignal },
): Promise<void> {
  if (!LOST.includes(readMark(config, [])?.code ?? '')) return
  const mailer = async () => openMailer(config.mail, await signingKeys(config.mail))
  const messenger = new Messenger(waysOf(config, { mailer, clock, signal }))
  try {
    await mendFailedRun(config, messenger)
  } finally {
    await messenger.close()
  }
}

interface Mark {
  since: Instant
  toldBy: readonly string[]
  message: string
  /** Of the problem that was first; empty when it was none, or nobody knows. */
  code: string
}

function markPath(config: StorePlace): string {
  return fileBeside(config, '.failing')
}

/**
 * A disk that is full takes an empty file, and a mark of nothing else means that all were told. One that may not be read,
 * such as what root left, is none.
 */
function readMark(config: StorePlace, names: readonly string[]): Mark | null {
  return unlessRefused(null, () => {
    const path = markPath(config)
    const stat = statSync(path, { throwIfNoEntry: false })
    if (stat?.isFile() !== true) return null
    const [since = '', toldBy = '', message = '', code = ''] = readFileSync(path, 'utf8').split('\n')
    const at = Date.parse(since)
    if (Number.isNaN(at)) return { since: stat.mtimeMs, toldBy: names, message: 'A run failed', code: '' }
    return { since: at, toldBy: toldBy.split(' ').filter(Boolean), message, code }
  })
}

/** What the system refuses to do with the mark must not fail a run. */
function unlessRefused<T>(refused: T, work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof Error && 'syscall' in error && 'code' in error)) throw error
    return refused
  }
}

function removeMark(config: StorePlace): boolean {
  return unlessRefused(false, () => {
    rmSync(markPath(config), { force: true })
    return true
  })
}

/** False when it stands nowhere. */
function writeMark(config: StorePlace, { since, toldBy, message, code }: Mark): boolean {
  const text = [new Date(since).toISOString(), toldBy.join(' '), message.replace(/\s+/g, ' '), code, ''].join('\n')
  try {
    writeFileSync(markPath(config), text, { mode: 0o600 })
    return true
  } catch (error) {
    if (!(error instanceof Error && 'syscall' in error && 'code' in error)) throw error
    return error.code === 'ENOSPC' && existsSync(markPath(config))
  }
}
