import { clearInterval, setInterval } from 'node:timers'

/** A session that does nothing for so long belongs to a process that hangs, in milliseconds. */
const HANG = 5 * 60_000
/** So many signs of life are given in that time. */
const BEATS = 5

/** A statement that says that a process is alive. */
export const SIGN_OF_LIFE = 'select 1'

/** Ends the signs of life of a session; resolves once none is under way. */
export type Quiet = () => Promise<void>

/**
 * Lets the server end a session, and free what it locks, some minutes after its process hangs. Until it is told to be
 * quiet, a sign of life is given now and then.
 * @param query runs a statement on the session
 * @param beat gives a sign of life, such as SIGN_OF_LIFE
 * @param hang milliseconds after which a process that gives none counts as one that hangs
 */
export async function watchSession(
  query: (sql: string) => Promise<unknown>,
  beat: () => Promise<unknown>,
  hang = HANG,
): Promise<Quiet> {
  await query(`set idle_session_timeout = ${hang}`)
  let underWay: Promise<unknown> = Promise.resolve()
  const timer = setInterval(() => {
    // Whoever uses the session next is told what befell it.
    underWay = beat().catch(() => undefined)
  }, hang / BEATS)
  timer.unref()
  return async () => {
    clearInterval(timer)
    await underWay
  }
}
