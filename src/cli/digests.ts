import { fillReader, readerTokens } from '../digest/letter.ts'
import { Problem } from '../problem.ts'
import { type DigestRecord, audiencesOf, findDigest, listDigests } from '../remember/digests.ts'
import { readLetter } from '../remember/letters.ts'
import { type Direction, directDigest, failuresOf } from '../remember/direct.ts'
import type { Store } from '../remember/open.ts'
import { siteIds } from '../remember/settings.ts'
import { minuteOf } from '../schedule.ts'
import { withStore } from './configured.ts'
import type { CommonOptions, Context, ExitCode } from './context.ts'
import { preferencesText } from './preferences.ts'

/** Reasons for which letters did not go that are told. */
const MOST_FAILURES = 20

export interface ListDigestsOptions extends CommonOptions {
  limit: number
}

export interface ShowDigestOptions extends CommonOptions {
  html?: boolean
  text?: boolean
}

/** `feedwire digests list`: the newest digests, and what became of their letters. */
export function listDigestsCommand(context: Context, options: ListDigestsOptions): Promise<ExitCode> {
  return withStore(context, options, async (store, { site }) => {
    const digests = await listDigests(store, options.limit)
    if (options.json === true) context.print(JSON.stringify(digests.map(asJson), null, 2))
    else if (digests.length === 0) context.print('There is no digest yet.')
    else {
      for (const digest of digests) {
        const when = minuteOf(site.timezone, digest.date).replace('T', ' ')
        context.print(`${digest.id}  ${when}  ${lettersText(digest)}  ${digest.subject}`)
      }
    }
    return 0
  })
}

/** `feedwire digests show`: one digest, its readers and its letters; or its letter itself. */
export function showDigestCommand(context: Context, name: string, options: ShowDigestOptions): Promise<ExitCode> {
  return withStore(context, options, async (store, { site, mail }) => {
    const digest = await digestNamed(store, name)
    if (options.html === true || options.text === true) {
      const { html, text } = await readLetter(store, digest.id)
      const link = `mailto:${mail.from.address}`
      const values = { address: 'reader@example.org', unsubscribe_url: link, preferences_url: link }
      const tokens = readerTokens((await siteIds(store, site.url, context.clock())).nonce)
      const isHtml = options.html === true
      context.print(fillReader(isHtml ? html : text, tokens, values, isHtml ? 'html' : 'text'))
    } else if (options.json === true) {
      const [audiences, failures] = [
        await audiencesOf(store, digest.id),
        await failuresOf(store, digest.id, MOST_FAILURES),
      ]
      context.print(JSON.stringify({ ...asJson(digest), audiences, failures }, null, 2))
    } else await print(context, store, digest, site.timezone)
    return 0
  })
}

/** `feedwire digests pause|resume|cancel|retry`: directs the letters of a digest that are under way. */
export function directDigestCommand(
  context: Context,
  direction: Direction,
  name: string,
  options: CommonOptions,
): Promise<ExitCode> {
  return withStore(context, options, async (store) => {
    const digest = await digestNamed(store, name)
    const letters = await directDigest(store, digest.id, direction, context.clock())
    if (options.json === true) context.print(JSON.stringify({ id: digest.id, direction, letters }))
    else context.print(`${digest.id}: ${letters} ${letters === 1 ? 'letter' : 'letters'} ${SAID[direction]}`)
    return 0
  })
}

const SAID: Record<Direction, string> = {
  pause: 'held back until "feedwire digests resume"',
  resume: 'to be sent by the next run',
  cancel: 'given up',
  retry: 'due again; the next run sends them',
}

/** @throws {Problem} `argument-digest` */
async function digestNamed(store: Store, name: string): Promise<DigestRecord> {
  const digest = await findDigest(store, name)
  if (digest !== null) return digest
  const mend = '"feedwire digests list" names them; a beginning will do if no other has it'
  throw new Problem('argument-digest', `There is no one digest "${name.slice(0, 60)}"`, { mend })
}

async function print({ print: say }: Context, store: Store, digest: DigestRecord, zone: string): Promise<void> {
  const { id, subject, date, frequency, slot, entries, more } = digest
  say(`Digest     ${id}`)
  say(`Subject    ${subject}`)
  say(`Frozen     ${minuteOf(zone, date).replace('T', ' ')} (${zone}), ${frequency}, slot ${slot} (${digest.zone})`)
  say(`Entries    ${entries}${more > 0 ? `, and ${more} more on the web` : ''}`)
  say(`Letters    ${lettersText(digest)}`)
  for (const audience of await audiencesOf(store, id)) {
    say(`Readers    ${audience.readers}: ${preferencesText(audience)}`)
  }
  for (const { state, reply, letters, example } of await failuresOf(store, id, MOST_FAILURES)) {
    say(`${state.padEnd(10)} ${letters}: ${reply} (${letters === 1 ? example : `such as ${example}`})`)
  }
}

/** `12 letters: 11 sent, 1 refused`. */
function lettersText({ recipients, letters }: DigestRecord): string {
  const states = Object.entries(letters).map(([state, count]) => `${count} ${state}`)
  return `${recipients} ${recipients === 1 ? 'letter' : 'letters'}: ${states.join(', ')}`
}

function asJson({ date, doneAt, ...digest }: DigestRecord): object {
  const done = doneAt === null ? null : new Date(doneAt).toISOString()
  return { ...digest, date: new Date(date).toISOString(), doneAt: done }
}
