import { Problem } from '../problem.ts'
import { type LetterRecord, lettersTo } from '../remember/letters.ts'
import { type SubscriberRecord, findSubscriber } from '../remember/subscribers.ts'
import { suppressionOf } from '../remember/suppressions.ts'
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
    if (reader === null) {
      const mend = '"feedwire subscribers list" names every reader'
      throw new Problem('argument-subscriber', `${address} was never on the list`, { mend })
    }
    const [suppression, letters] = [
      await suppressionOf(store, address),
      await lettersTo(store, reader.id, MOST_LETTERS),
    ]
    if (options.json === true) {
      const isoLetters = letters.map((letter) => ({
        ...{ ...letter, date: iso(letter.date), settledAt: iso(letter.settledAt) },
      }))
      const since = { addedAt: iso(reader.addedAt), leftAt: iso(reader.leftAt) }
      context.print(JSON.stringify({ ...reader, ...since, suppression, letters: isoLetters }, null, 2))
      return 0
    }
    for (const line of readerLines(reader, site.timezone)) context.print(line)
    if (suppression !== null) {
      const { reason, detail, since } = suppression
      context.print(`Suppressed ${minute(site.timezone, since)}: ${reason}, ${detail}`)
    }
    for (const letter of letters) context.print(letterLine(letter, site.timezone))
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
