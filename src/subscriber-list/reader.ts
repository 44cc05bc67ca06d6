import type { Instant } from '../entry.ts'
import { type Preferences, type Topic, parseFrequency, parseTopic, topicSet } from '../preferences.ts'
import { Problem } from '../problem.ts'
import type { ListedReader } from '../remember/listed.ts'
import { isZone } from '../schedule.ts'
import { parseEmailAddress } from '../subscriber.ts'
import type { Columns } from './columns.ts'
import { readInstant } from './instants.ts'
import { type Role, type Standing, standingOf } from './tools.ts'

/** What reading a record depends on besides the record. */
export interface ListAbout {
  columns: Columns
  /** Base name of the file; kept as the place where readers agreed. */
  name: string
  now: Instant
  /** The language of our texts for a tag of another tool; null: the site's. */
  languageOf: (tag: string) => string | null
}

/** A reader, and a date that could not be read, if any. */
export interface ReaderRead {
  reader: ListedReader
  oddDate: string | null
}

/**
 * Reads one record of a list. Null: its reader never agreed to be mailed.
 * @throws {Problem} about what of it cannot be read, such as `email-malformed` or `list-state`
 */
export function readReader(cells: readonly string[], about: ListAbout): ReaderRead | null {
  const { columns, now } = about
  checkCount(cells, columns)
  const cell = (role: Role): string => firstCell(cells, columns, role)
  const address = parseEmailAddress(cell('address'))
  const standings = standingsOf(cells, columns)
  const state = strictest(standings)
  if (state === 'pending') return null
  const dates = DATES.map(cell)
  const [joined = null, asked = null, confirmed = null, leftAt = null] = dates.map((text) => readInstant(text, now))
  const oddDate = dates.find((text, index) => text !== '' && [joined, asked, confirmed, leftAt][index] === null) ?? null
  const reader: ListedReader = {
    address,
    state,
    suppression: suppressionOf(cell, standings, about),
    joinedAt: joined ?? confirmed ?? asked,
    leftAt,
    wishes: wishesOf(cell, about),
    consent: consentOf(cell, state, about, {
      askedAt: asked ?? confirmed ?? joined,
      confirmedAt: confirmed ?? asked ?? joined,
    }),
  }
  return { reader, oddDate }
}

const DATES = ['joined', 'asked', 'confirmed', 'left'] as const

type CellOf = (role: Role) => string

/** The first cell of this role that holds something; else empty. */
function firstCell(cells: readonly string[], { places }: Columns, role: Role): string {
  for (const place of places[role] ?? NOWHERE) {
    const text = unguarded(cells[place] ?? '').trim()
    if (text !== '') return text
  }
  return ''
}

const NOWHERE: readonly number[] = []

/** The cells of this role that hold something. */
function cellsOf(cells: readonly string[], { places }: Columns, role: Role): string[] {
  const own = places[role]
  if (own === undefined) return []
  return own.map((place) => unguarded(cells[place] ?? '').trim()).filter((text) => text !== '')
}

/** What the first character of a cell may be that a spreadsheet takes for a formula, behind what keeps it from that. */
const GUARDED = /^'(?='*[=+\-@\t\r＝＋－＠])/

function unguarded(cell: string): string {
  return cell.startsWith("'") ? cell.replace(GUARDED, '') : cell
}

/** A comma too many shifts all that stands behind it, the state of a reader among it. */
function checkCount(cells: readonly string[], { count }: Columns): void {
  if (count === null || cells.length === count) return
  if (cells.length > count && cells.slice(count).every((cell) => cell === '')) return
  throw new Problem('list-cells', `It has ${cells.length} cells, and the first line ${count}`, {
    mend: 'put cells that hold the delimiter into quotes',
  })
}

function standingsOf(cells: readonly string[], columns: Columns): Standing[] {
  const { tool, everybody } = columns
  const all = (role: Role): string[] => cellsOf(cells, columns, role)
  const isUnwanted = all('on').some((text) => !flag(text)) || all('off').some(flag) || all('left').length > 0
  return [
    ...(everybody === null ? [] : [everybody]),
    ...all('state').map((word) => standingOf(tool, word) ?? unknownState(word)),
    ...all('own_state').map((word) => standingOf(null, word) ?? unknownState(word)),
    ...(isUnwanted ? (['unsubscribed'] as const) : []),
    ...(all('bounced').length > 0 ? (['bounced'] as const) : []),
  ]
}

function unknownState(word: string): never {
  throw new Problem('list-state', `${JSON.stringify(word.slice(0, 40))} is no state of a reader`, {
    mend: 'write active, paused, pending, unsubscribed, bounced or complained, or leave the column out',
  })
}

function flag(text: string): boolean {
  if (/^(?:true|t|yes|y|1)$/i.test(text)) return true
  if (/^(?:false|f|no|n|0)$/i.test(text)) return false
  throw new Problem('list-flag', `${JSON.stringify(text.slice(0, 40))} is neither true nor false`, {
    mend: 'write true or false',
  })
}

/** A bounce says nothing of what the reader wants; a complaint does. */
function strictest(standings: readonly Standing[]): ListedReader['state'] | 'pending' {
  if (standings.some((standing) => standing === 'unsubscribed' || standing === 'complained')) return 'unsubscribed'
  return (['pending', 'paused'] as const).find((state) => standings.includes(state)) ?? 'active'
}

function suppressionOf(cell: CellOf, standings: readonly Standing[], about: ListAbout): ListedReader['suppression'] {
  const { columns, now } = about
  const written = cell('suppressed').toLowerCase()
  const detail = cell('suppressed_why') === '' ? saidOf(cell, about) : cell('suppressed_why')
  const since = readInstant(cell('suppressed_at') || cell('bounced') || cell('left'), now)
  const reasons = ['complained', 'bounced', 'deleted'] as const
  const reason = reasons.find((one) => one === written || standings.some((standing) => standing === one))
  if (reason !== undefined) return { reason, detail, since }
  return written === '' ? null : unknownState(columns.tool.name === '' ? written : `suppressed: ${written}`)
}

/** What the tool says of a reader: `Mailchimp: confirmed`. */
function saidOf(cell: CellOf, { columns: { tool, everybody } }: ListAbout): string {
  const word = everybody ?? (cell('own_state') || cell('state') || (cell('confirmed') === '' ? '' : 'confirmed'))
  return [tool.name, word].filter((part) => part !== '').join(': ')
}

function consentOf(
  cell: CellOf,
  state: ListedReader['state'],
  about: ListAbout,
  when: { askedAt: Instant | null; confirmedAt: Instant | null },
): ListedReader['consent'] {
  const source = SOURCES.find((one) => one === cell('source'))
  const client = /^[\da-f:.]{2,45}$/i.test(cell('client')) ? cell('client') : ''
  if (source !== undefined) return { source, place: cell('place'), client, text: cell('text'), ...when }
  if (state === 'unsubscribed') return null
  return { source: 'import', place: about.name, client, text: cell('text') || saidOf(cell, about), ...when }
}

const SOURCES = ['form', 'mail', 'command', 'import', 'settings'] as const

function wishesOf(cell: CellOf, { columns, languageOf }: ListAbout): Preferences {
  const [frequency, zone, topics, language] = [cell('frequency'), cell('zone'), cell('topics'), cell('language')]
  if (zone !== '' && !isZone(zone)) {
    throw new Problem('zone-unknown', `There is no time zone ${JSON.stringify(zone.slice(0, 40))}`, {
      mend: 'give a name of the IANA list, such as Europe/Berlin',
    })
  }
  return {
    frequency: frequency === '' ? 'site' : parseFrequency(frequency),
    zone: zone === '' ? null : zone,
    topics: readTopics(topics),
    language: language === '' ? null : isOwnTag(columns, language) ? language : languageOf(language),
  }
}

/** What we wrote ourselves comes back as it was, whatever texts there are now. */
function isOwnTag({ tool }: Columns, tag: string): boolean {
  return tool.name === 'Feedwire' && /^[a-z]{2,8}(?:-[a-z\d]{1,8})*$/i.test(tag)
}

/** Topics between commas, or as JSON when their names hold some. */
function readTopics(text: string): Topic[] {
  if (!text.startsWith('['))
    return topicSet(
      text
        .split(',')
        .filter((part) => part.trim() !== '')
        .map(parseTopic),
    )
  try {
    const list: unknown = JSON.parse(text)
    return topicSet(Array.isArray(list) ? list.map((topic) => parseTopic(String(topic))) : [])
  } catch (error) {
    if (error instanceof Problem) throw error
    return [parseTopic(text)]
  }
}
