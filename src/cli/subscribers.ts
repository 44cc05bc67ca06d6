import type { Config } from '../config.ts'
import { NO_PREFERENCES } from '../preferences.ts'
import { Problem, problemLine } from '../problem.ts'
import type { Store } from '../remember/open.ts'
import { deleteSubscriber, removeSubscriber } from '../remember/leave.ts'
import { noteRequest } from '../remember/requests.ts'
import { addSubscriber, findSubscriber, setPreferences } from '../remember/subscribers.ts'
import { type Suppression, liftSuppression, suppressionOf } from '../remember/suppressions.ts'
import type { SuppressionReason } from '../remember/tables.ts'
import { type EmailAddress, parseEmailAddress } from '../subscriber.ts'
import { configured, inStore } from './configured.ts'
import type { CommonOptions, Context, ExitCode } from './context.ts'
import { mailRequests } from './mail-requests.ts'
import { type PreferenceOptions, preferencesText, readPreferences } from './preferences.ts'

/** What `feedwire subscribers add` is told. */
export interface AddOptions extends CommonOptions, PreferenceOptions {
  confirm?: boolean
}

/** `feedwire subscribers add`: adds readers, or brings back who had left; or asks them first. */
export function addCommand(context: Context, texts: readonly string[], options: AddOptions): Promise<ExitCode> {
  if (options.confirm === true) return askCommand(context, texts, options)
  return forEachAddress(context, texts, options, (config) => {
    const preferences = { ...NO_PREFERENCES, ...readPreferences(options, config) }
    return async (store, address) => {
      const result = await addSubscriber(store, address, context.clock(), preferences)
      const suppression = await suppressionOf(store, address)
      if (suppression !== null) return { ok: false, result: 'suppressed', text: suppressedText(address, suppression) }
      switch (result) {
        case 'added':
          return { ok: true, result, text: `${address} is added; the next digest is their first` }
        case 'returned':
          return { ok: true, result, text: `${address} is back; the next digest is their first` }
        case 'there already':
          return { ok: true, result, text: `${address} was there already` }
      }
    }
  })
}

/** Asks each address by a letter whether its owner wants the digest (double opt-in). */
async function askCommand(context: Context, texts: readonly string[], options: AddOptions): Promise<ExitCode> {
  return forEachAddress(
    context,
    texts,
    options,
    (config) => {
      if (config.web === null && config.mail.returnTo === null) {
        const mend = 'set web, for a page to confirm on, or mail.return, for answers by mail; or leave out --confirm'
        throw new Problem('argument-confirm', 'Nobody could confirm', { mend })
      }
      const wishes = { ...NO_PREFERENCES, ...readPreferences(options, config) }
      const origin = { source: 'command', place: '', client: '', text: '' } as const
      return async (store, address) => {
        await noteRequest(store, { address, wishes, ...origin }, context.clock())
        return { ok: true, result: 'asked', text: `${address} gets a letter about it, unless one went within the hour` }
      }
    },
    (config) => mailRequests(config, context),
  )
}

/** `feedwire subscribers set`: changes what readers get, and when. */
export function setCommand(
  context: Context,
  texts: readonly string[],
  options: CommonOptions & PreferenceOptions,
): Promise<ExitCode> {
  return forEachAddress(context, texts, options, (config) => {
    const changes = readPreferences(options, config)
    if (Object.keys(changes).length === 0) {
      const mend = 'give --frequency, --zone, --topic or --language'
      throw new Problem('argument-preference', 'Nothing is to be changed', { mend })
    }
    return async (store, address) => {
      const isThere = await setPreferences(store, address, changes)
      const found = await findSubscriber(store, address)
      return isThere && found !== null
        ? { ok: true, result: 'changed', text: `${address} gets: ${preferencesText(found.preferences)}` }
        : { ok: false, result: 'unknown', text: `${address} is not on the list` }
    }
  })
}

/** `feedwire subscribers lift`: mails again to addresses that bounced or complained. */
export function liftCommand(context: Context, texts: readonly string[], options: CommonOptions): Promise<ExitCode> {
  return forEachAddress(context, texts, options, () => async (store, address) => {
    return (await liftSuppression(store, address))
      ? { ok: true, result: 'lifted', text: `${address} is mailed to again, with what comes from now on` }
      : { ok: false, result: 'unknown', text: `${address} is not suppressed` }
  })
}

/** What `feedwire subscribers remove` is told. */
export interface RemoveOptions extends CommonOptions {
  forget?: boolean
}

/** `feedwire subscribers remove`: takes readers off the list, or erases what is kept of them. */
export function removeCommand(context: Context, texts: readonly string[], options: RemoveOptions): Promise<ExitCode> {
  return forEachAddress(context, texts, options, () => async (store, address) => {
    if (options.forget === true) {
      const reader = await findSubscriber(store, address)
      return reader !== null && (await deleteSubscriber(store, reader.id, context.clock(), 'owner'))
        ? { ok: true, result: 'forgotten', text: `${address} is erased, and nothing is mailed to it again` }
        : { ok: false, result: 'unknown', text: `${address} was never on the list` }
    }
    const before = await findSubscriber(store, address)
    const isRemoved = await removeSubscriber(store, address, context.clock())
    if (before?.state === 'pending') {
      return { ok: true, result: 'withdrawn', text: `${address} was only asked, and can confirm it no longer` }
    }
    return isRemoved
      ? { ok: true, result: 'removed', text: `${address} is taken off the list` }
      : { ok: false, result: 'unknown', text: `${address} is not on the list` }
  })
}

function suppressedText(address: EmailAddress, { reason, detail, since }: Suppression): string {
  const day = new Date(since).toISOString().slice(0, 10)
  const mend = 'nothing is mailed to it until "feedwire subscribers lift"'
  return `${address} is on the list, but suppressed since ${day}, as it ${WHY[reason]}: ${detail}; ${mend}`
}

const WHY: Record<SuppressionReason, string> = {
  bounced: 'bounced',
  complained: 'complained',
  deleted: 'was erased',
}

interface Result {
  ok: boolean
  result: string
  text: string
}

/**
 * One bad address is told and costs the others nothing; the command then ends with 3.
 * When none is an address, it ends with 2 and the store is left alone.
 * @param actFor reads what else the command line says, before a store is opened or made
 * @param afterwards what is to be done once all are told
 */
function forEachAddress(
  context: Context,
  texts: readonly string[],
  options: CommonOptions,
  actFor: (config: Config) => (store: Store, address: EmailAddress) => Promise<Result>,
  afterwards: (config: Config) => Promise<void> = () => Promise.resolve(),
): Promise<ExitCode> {
  const addresses = texts.map(readAddress)
  const tell = (results: readonly Result[]): void => {
    if (options.json === true) {
      context.print(JSON.stringify(results.map(({ result, text }, index) => ({ address: texts[index], result, text }))))
    } else {
      for (const { ok, text } of results) (ok ? context.print : context.complain)(text)
    }
  }
  const unusable = addresses.filter((address) => address instanceof Problem)
  if (unusable.length === addresses.length) {
    tell(unusable.map(refusal))
    return Promise.resolve(2)
  }
  return configured(context, options, async (config) => {
    const act = actFor(config)
    const code = await inStore(config, async (store) => {
      const results: Result[] = []
      for (const address of addresses) {
        results.push(address instanceof Problem ? refusal(address) : await act(store, address))
      }
      tell(results)
      return results.every(({ ok }) => ok) ? 0 : 3
    })
    await afterwards(config)
    return code
  })
}

function readAddress(text: string): EmailAddress | Problem {
  try {
    return parseEmailAddress(text)
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    return error
  }
}

function refusal(problem: Problem): Result {
  return { ok: false, result: problem.code, text: problemLine(problem) }
}
