import { Problem, oneLine } from '../problem.ts'
import { type ConsentRecord, consentsOf } from '../remember/consents.ts'
import { type LetterRecord, lettersTo } from '../remember/letters.ts'
import { type NoticeRecord, noticesTo } from '../remember/notices.ts'
import { type SubscriberRecord, findSubscriber } from '../remember/subscribers.ts'
import { type Suppression, suppressionOf } from '../remember/suppressions.ts'
import { minuteOf } from '../schedule.ts'
import { parseEmailAddress } from '../subscriber.ts'
import { withStore } from './configured.ts'
import type { CommonOptions, Context, ExitCode } from './context.ts'
import { preferencesText } from './preferences.ts'

/** Letters that are told of. */
const MOST_LETTERS = 100

/** `feedwire subscribers show`: one reader, what they get, and what was sent when, with which answer. */
export function showSubscriberCommand(context: Context, text: string, options: CommonOptions): Promise<ExitCode> {
  const address = parseEmailAddress(text)
  return withStore(context, options, async (store, { site }) => {
    const reader = await findSubscriber(store, address)
    const suppression = await suppressionOf(store, address)
    if (reader === null && suppression === null) {
      const mend = '"feedwire subscribers list" names every reader'
      throw new Problem('argument-subscriber', `${address} was never on the list`, { mend })
    }
    if (reader === null) return showSuppressed(context, { address, suppression }, options, site.timezone)
    const [letters, consents, notices] = [
      await lettersTo(store, reader.id, MOST_LETTERS),
      await consentsOf(store, reader.id),
      await noticesTo(store, reader.id, MOST_LETTERS),
    ]
    if (options.json === true) {
      const isoLetters = letters.map((letter) => ({
        ...{ ...letter, date: iso(letter.date), settledAt: iso(letter.settledAt) },
      }))
      const since = { addedAt: iso(reader.addedAt), leftAt: iso(reader.leftAt) }
      const agreed = consents.map((one) => ({
        ...{ ...one, askedAt: iso(one.askedAt), confirmedAt: iso(one.confirmedAt) },
      }))
      const asked = notices.map((one) => ({ ...one, date: iso(one.date), settledAt: iso(one.settledAt) }))
      const history = { suppression, consents: agreed, notices: asked, letters: isoLetters }
      context.print(JSON.stringify({ ...reader, ...since, ...history }, null, 2))
      return 0
    }
    // Pages, subjects and servers may have said anything.
    const print = (line: string): void => {
      context.print(oneLine(line))
    }
    for (const line of readerLines(reader, site.timezone)) print(line)
    if (suppression !== null) print(suppressionLine(suppression, site.timezone))
    for (const consent of consents) print(consentLine(consent, site.timezone))
    for (const notice of notices) print(noticeLine(notice, site.timezone))
    for (const letter of letters) print(letterLine(letter, site.timezone))
    return 0
  })
}

function readerLines({ address, state, addedAt, leftAt, preferences }: SubscriberRecord, zone: string): string[] {
  const left = leftAt === null ? '' : `, left ${minute(zone, leftAt)}`
  return [
    `Reader     ${address}, ${state}`,
    `Since      ${minute(zone, addedAt)}${left}`,
    `Gets       ${preferencesText(preferences)}`,
  ]
}

/** An address that was never on the list, or whose reader had everything erased. */
function showSuppressed(
  { print }: Context,
  { address, suppression }: { address: string; suppression: Suppression | null },
  options: CommonOptions,
  zone: string,
): ExitCode {
  if (options.json === true) print(JSON.stringify({ address, state: null, suppression }, null, 2))
  else {
    print(`Reader     ${address} is not on the list`)
    if (suppression !== null) print(oneLine(suppressionLine(suppression, zone)))
  }
  return 0
}

function suppressionLine({ reason, detail, since }: Suppression, zone: string): string {
  return `Suppressed ${minute(zone, since)}: ${reason}, ${detail}`
}

function consentLine({ askedAt, confirmedAt, source, place, client, text }: ConsentRecord, zone: string): string {
  const when = confirmedAt === null ? `asked ${minute(zone, askedAt)}, not confirmed` : minute(zone, confirmedAt)
  const from = [`by ${source}`, place, client].filter((part) => part !== '').join(', ')
  return `Consent    ${when} ${from}${text === '' ? '' : `: ${text}`}`
}

function noticeLine({ kind, date, state, settledAt, reply }: NoticeRecord, zone: string): string {
  const answer = reply === null || reply === '' ? '' : `: ${reply}`
  const what = kind === 'confirm' ? 'asks to confirm' : 'tells that they are on the list'
  return `Mail       ${what}  ${minute(zone, settledAt ?? date)}  ${state}${answer}`
}

function letterLine({ digestId, date, state, settledAt, reply }: LetterRecord, zone: string): string {
  const answer = reply === null || reply === '' ? '' : `: ${reply}`
  return `Letter     ${digestId}  ${minute(zone, settledAt ?? date)}  ${state}${answer}`
}

function minute(zone: string, at: number): string {
  return minuteOf(zone, at).replace('T', ' ')
}

function iso(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString()
}
