import { noticeLetter, wishOf } from './deliver/notice-letter.ts'
import { type SentNotices, deliverNotices } from './deliver/notices.ts'
import { renderNotice } from './digest/notice-letter.ts'
import type { Instant } from './entry.ts'
import type { Letter } from './deliver/mailer.ts'
import { forgetUnconfirmed } from './remember/consents.ts'
import { type Notice, nextNotice } from './remember/notices.ts'
import { takeRequests } from './remember/requests.ts'
import { forgetThrottles } from './remember/throttle.ts'
import type { World } from './world.ts'

/** What comes from outside. */
export interface NoticeClock {
  clock: () => Instant
  random: () => number
  signal: AbortSignal
}

/** Looks at who asked for the digest, and sends the letters that ask them to confirm it. It needs no lock. */
export async function sendNotices(world: World, outside: NoticeClock): Promise<SentNotices> {
  const { store } = world
  await forgetUnconfirmed(store, outside.clock())
  await forgetThrottles(store, outside.clock())
  await takeRequests(store, outside.clock())
  if ((await nextNotice(store)) === null) return { sent: 0, problems: [] }
  // A slip in a template ends it here, rather than each letter for good.
  await world.templates.compiled()
  const { rates } = world.config.mail
  return deliverNotices(store, world.mailer, { ...outside, rates, letterFor: noticeMaker(world) })
}

function noticeMaker({ config, templates, sender }: World): (notice: Notice) => Promise<Letter> {
  const { site, publish } = config
  return async (notice) => {
    const { notice: noticeTemplates, texts } = await templates.compiled()
    const input = {
      ...{ site, publishUrl: publish.url, texts: texts(notice.language ?? site.language) },
      ...{ address: notice.address, wish: wishOf(notice, sender) },
    }
    return noticeLetter(notice, renderNotice(noticeTemplates, input), sender)
  }
}

/** Sends notices in the background, one pass at a time. */
export interface NoticeSender {
  /** There may be something to send. */
  wake: () => void
  /** Resolves once the pass under way, if any, is over; none begins after it. */
  close: () => Promise<void>
}

/** How soon a pass follows that failed, and the longest rest between two passes, in milliseconds. */
const AGAIN = 60_000

/** @param tell takes how a pass ended; null: with an error that is a bug of ours or of the disk */
export function noticeSender(
  world: World,
  outside: NoticeClock,
  tell: (end: SentNotices | { error: unknown }) => void,
): NoticeSender {
  let isOpen = true
  let isWanted = false
  let atWork: Promise<void> | null = null
  let timer: NodeJS.Timeout | null = null
  const pass = async (): Promise<void> => {
    let next: Instant | null = null
    while (isWanted && isOpen) {
      isWanted = false
      try {
        tell(await sendNotices(world, outside))
        next = await nextNotice(world.store)
      } catch (error) {
        tell({ error })
        next = Infinity
      }
    }
    if (isOpen && next !== null) timer = setTimeout(wake, Math.min(Math.max(next - outside.clock(), 1000), AGAIN))
  }
  const wake = (): void => {
    isWanted = true
    if (timer !== null) clearTimeout(timer)
    timer = null
    atWork ??= pass().finally(() => {
      atWork = null
      if (isWanted && isOpen) wake()
    })
  }
  return {
    wake,
    close: async () => {
      isOpen = false
      if (timer !== null) clearTimeout(timer)
      await atWork
    },
  }
}
