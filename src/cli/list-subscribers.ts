import { type Preferences, parseFrequency, parseTopic } from '../preferences.ts'
import { type SubscriberFilter, type SubscriberRecord, listSubscribers } from '../remember/subscribers.ts'
import type { SubscriberState } from '../remember/tables.ts'
import { withStore } from './configured.ts'
import type { CommonOptions, Context, ExitCode } from './context.ts'
import { preferencesText } from './preferences.ts'

const PAGE = 1000

/** Which readers `feedwire subscribers list` is asked for. */
export interface ListSubscribersOptions extends CommonOptions {
  state?: SubscriberState
  /** True: only those; false by `--no-suppressed`: only the others. */
  suppressed?: boolean
  domain?: string
  frequency?: string
  topic?: string
}

/** `feedwire subscribers list`: readers, in the order in which they came; `--json` prints one array. */
export function listCommand(context: Context, options: ListSubscribersOptions): Promise<ExitCode> {
  const filter = filterOf(options)
  return withStore(context, options, async (store) => {
    const list = options.json === true ? jsonList(context) : textList(context, Object.keys(filter).length === 0)
    let page: SubscriberRecord[] = []
    do {
      page = await listSubscribers(store, page.at(-1)?.id ?? 0, PAGE, filter)
      page.forEach(list.item)
    } while (page.length === PAGE)
    list.end()
    return 0
  })
}

function filterOf(options: ListSubscribersOptions): SubscriberFilter {
  const { state, suppressed, domain, frequency, topic } = options
  return {
    ...(state !== undefined && { states: [state] }),
    ...(suppressed !== undefined && { isSuppressed: suppressed }),
    ...(domain !== undefined && { domain: domain.replace(/^@/, '').toLowerCase() }),
    ...(frequency !== undefined && { frequency: parseFrequency(frequency) }),
    ...(topic !== undefined && { topic: parseTopic(topic) }),
  }
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

function textList({ print }: Context, isAll: boolean): List {
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
      if (isEmpty && isAll) print('Nobody is on the list; add a reader with "feedwire subscribers add ADDRESS".')
    },
  }
}

/** True for a reader who asked for nothing. */
function isPlain({ frequency, zone, topics, language }: Preferences): boolean {
  return frequency === 'site' && zone === null && topics.length === 0 && language === null
}
