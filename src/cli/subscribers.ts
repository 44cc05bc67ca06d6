import type { Config } from '../config.ts'
import { NO_PREFERENCES, type Preferences } from '../preferences.ts'
import { Problem, problemLine } from '../problem.ts'
import type { Store } from '../remember/open.ts'
import { removeSubscriber } from '../remember/leave.ts'
import {
  type SubscriberRecord,
  addSubscriber,
  findSubscriber,
  listSubscribers,
  setPreferences,
} from '../remember/subscribers.ts'
import { type Suppression, liftSuppression, suppressionOf } from '../remember/suppressions.ts'
import type { SuppressionReason } from '../remember/tables.ts'
import { type EmailAddress, parseEmailAddress } from '../subscriber.ts'
import { configured, inStore, withStore } from './configured.ts'
import type { CommonOptions, Context, ExitCode } from './context.ts'
import { type PreferenceOptions, preferencesText, readPreferences } from './preferences.ts'

const PAGE = 1000

/** `feedwire subscribers add`: adds readers, or brings back who had left. */
export function addCommand(
  context: Context,
  texts: readonly string[],
  options: CommonOptions & PreferenceOptions,
): Promise<ExitCode> {
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

/** `feedwire subscribers remove`: takes readers off the list. */
export function removeCommand(context: Context, texts: readonly string[], options: CommonOptions): Promise<ExitCode> {
  return forEachAddress(context, texts, options, () => async (store, address) => {
    const isRemoved = await removeSubscriber(store, address, context.clock())
    return isRemoved
      ? { ok: true, result: 'removed', text: `${address} is taken off the list` }
      : { ok: false, result: 'unknown', text: `${address} is not on the list` }
  })
}

/** `feedwire subscribers list`: every reader, in the order in which they came; `--json` prints one array. */
export function listCommand(context: Context, options: CommonOptions): Promise<ExitCode> {
  return withStore(context, options, async (store) => {
    const list = options.json === true ? jsonList(context) : textList(context)
    let page: SubscriberRecord[] = []
    do {
      page = await listSubscribers(store, page.at(-1)?.id ?? 0, PAGE)
      page.forEach(list.item)
    } while (page.length === PAGE)
    list.end()
    return 0
  })
}

/** Prints a list record by record, so that it need not fit into memory. */
interface List {
  item: (record: SubscriberRecord) => void
  end: () => void
}

function jsonList({ print }: Context): List {
  let before = '['
  return {
    item: ({ addedAt, leftAt, preferences, ...record }) => {
      const left = leftAt === null ? null : new Date(leftAt).toISOString()
      const added = new Date(addedAt).toISOString()
      print(`${before}${JSON.stringify({ ...record, addedAt: added, leftAt: left, ...preferences })}`)
      before = ','
    },
    end: () => {
      print(before === '[' ? '[]' : ']')
    },
  }
}

function textList({ print }: Context): List {
  let isEmpty = true
  return {
    item: ({ address, state, suppressed, addedAt, leftAt, preferences }) => {
      const day = new Date(leftAt ?? addedAt).toISOString().slice(0, 10)
      const wishes = isPlain(preferences) ? '' : `  (${preferencesText(preferences)})`
      const why = suppressed === null ? '' : `  (suppressed: ${suppressed})`
      print(`${state.padEnd(12)} since ${day}  ${address}${wishes}${why}`)
      isEmpty = false
    },
    end: () => {
      if (isEmpty) print('Nobody is on the list; add a reader with "feedwire subscribers add ADDRESS".')
    },
  }
}

function suppressedText(address: EmailAddress, { reason, detail, since }: Suppression): string {
  const day = new Date(since).toISOString().slice(0, 10)
  const mend = 'nothing is mailed to it until "feedwire subscribers lift"'
  return `${address} is on the list, but suppressed since ${day}, as it ${WHY[reason]}: ${detail}; ${mend}`
}

const WHY: Record<SuppressionReason, string> = {
  bounced: 'bounced',
  complained: 'complained',
  deleted: 'was deleted by its reader',
}

/** True for a reader who asked for nothing. */
function isPlain({ frequency, zone, topics, language }: Preferences): boolean {
  return frequency === 'site' && zone === null && topics.length === 0 && language === null
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
 */
function forEachAddress(
  context: Context,
  texts: readonly string[],
  options: CommonOptions,
  actFor: (config: Config) => (store: Store, address: EmailAddress) => Promise<Result>,
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
  return configured(context, options, (config) => {
    const act = actFor(config)
    return inStore(config, async (store) => {
      const results: Result[] = []
      for (const address of addresses) {
        results.push(address instanceof Problem ? refusal(address) : await act(store, address))
      }
      tell(results)
      return results.every(({ ok }) => ok) ? 0 : 3
    })
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
