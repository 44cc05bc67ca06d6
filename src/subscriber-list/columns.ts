import { Problem } from '../problem.ts'
import { tryEmailAddress } from '../subscriber.ts'
import { ROLES, type Role, type Standing, type Tool, columnName, standingOfFile, toolOf } from './tools.ts'

/** How a list is to be read. */
export interface Columns {
  tool: Tool
  /** Where each role stands, in the order in which cells are asked. */
  places: Partial<Record<Role, readonly number[]>>
  /** Cells that each record has; null: as many as it likes. */
  count: number | null
  /** Names of columns of which nothing is kept. */
  ignored: string[]
  /** What is true of every reader of the list; null when it says nothing. */
  everybody: Standing | null
}

/**
 * Recognises the columns of a list by its first record, and by the second when no column is named like an address.
 * @param name the base name of the file, as Mailchimp has a file for each state
 * @param given what the owner says of every reader; null when they say nothing
 * @returns the columns; `hasNames` is false when the first record is a reader already
 * @throws {Problem} `argument-columns` when it cannot be told which column holds the addresses
 */
export function recogniseColumns(
  first: readonly string[],
  second: readonly string[] | null,
  { name, given }: { name: string; given: Standing | null },
): { columns: Columns; hasNames: boolean } {
  const inFirst = addressPlaces(first)
  const hasNames = inFirst.length === 0
  const names = hasNames ? first.map(columnName) : []
  const tool = toolOf(names)
  const places: Columns['places'] = {}
  for (const role of ROLES) {
    const found = (tool.columns[role] ?? []).flatMap((column) => placesOf(names, column))
    if (found.length > 0) places[role] = found
  }
  places.address ??= [onlyPlace(hasNames ? addressPlaces(second ?? []) : inFirst, name)]
  const used = new Set(Object.values(places).flat())
  const ignored = hasNames ? first.filter((written, place) => written.trim() !== '' && !used.has(place)) : []
  const guessed = tellsState(places) ? null : (standingOfFile(name) ?? standingOfColumns(tool, names))
  const everybody = given ?? guessed
  return { columns: { tool, places, count: hasNames ? first.length : null, ignored, everybody }, hasNames }
}

function placesOf(names: readonly string[], column: string): number[] {
  return names.flatMap((name, place) => (name === column ? [place] : []))
}

function tellsState({ state, own_state: own, on, off }: Columns['places']): boolean {
  return [state, own, on, off].some((places) => places !== undefined)
}

/** The exports of Mailchimp that hold nobody who is subscribed have such a column in the place of LAST_CHANGED. */
function standingOfColumns(tool: Tool, names: readonly string[]): Standing | null {
  if (tool.name !== 'Mailchimp' || names.includes('last_changed')) return null
  if (names.includes('clean_time')) return 'bounced'
  return names.includes('unsub_time') ? 'unsubscribed' : null
}

function onlyPlace(places: readonly number[], name: string): number {
  const [place] = places
  if (place !== undefined && places.length === 1) return place
  throw new Problem('argument-columns', 'It cannot be told which column holds the addresses', {
    where: name,
    mend: 'name it "email" in the first line',
  })
}

function addressPlaces(cells: readonly string[]): number[] {
  return cells.flatMap((cell, place) => (isAddress(cell) ? [place] : []))
}

function isAddress(cell: string): boolean {
  return cell.includes('@') && tryEmailAddress(cell) !== null
}
