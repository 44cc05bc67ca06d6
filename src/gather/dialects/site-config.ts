import { Problem, type ProblemRecord } from '../../problem.ts'
import { type DataFormat, readData } from '../data.ts'
import type { SiteFolder } from './site-folder.ts'

/** A site's configuration as its file says it; what stands in it is of any shape. */
export interface SiteConfig {
  /** Name of the file, relative to the site's root. */
  name: string
  values: unknown
}

/** Reads the first of these files that there is; one that cannot be understood is empty and gives a warning. */
export function readSiteConfig(site: SiteFolder, names: readonly string[]): SiteConfig | null {
  for (const name of names) {
    const text = site.read(name)
    if (text !== null) return { name, values: valuesOf(text, name, site) }
  }
  return null
}

function valuesOf(text: string, name: string, site: SiteFolder): unknown {
  try {
    return readData(text, formatOf(name))
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    site.problems.push(configProblem(site.placeOf(name), `The site's configuration cannot be read: ${error.message}`))
    return {}
  }
}

function formatOf(name: string): DataFormat {
  if (name.endsWith('.toml')) return 'toml'
  return name.endsWith('.json') ? 'json' : 'yaml'
}

/** What is wrong with a site's configuration, as a warning. */
export function configProblem(where: string, message: string): ProblemRecord {
  const mend = 'mend it, or give the source a link of its own'
  return new Problem('site-config-invalid', message, { where, severity: 'warning', mend }).toJSON()
}

/** The value under a path of names, the case of letters ignored; undefined when there is none. */
export function at(values: unknown, ...names: string[]): unknown {
  let value = values
  for (const name of names) value = valueOf(value, name.toLowerCase())
  return value
}

function valueOf(map: unknown, name: string): unknown {
  if (typeof map !== 'object' || map === null || Array.isArray(map)) return undefined
  const entry = Object.entries(map).findLast(([key]) => key.toLowerCase() === name)
  return entry?.[1]
}

/** A map's entries, names in lower case, the last one wins; empty for anything else. */
export function mapOf(value: unknown): Map<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return new Map()
  return new Map(Object.entries(value).map(([name, item]) => [name.toLowerCase(), item]))
}

/** A text that is not empty, trimmed; null for anything else. */
export function textAt(values: unknown, ...names: string[]): string | null {
  const value = at(values, ...names)
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : null
}

/** The texts of a list, or the one text. */
export function textsAt(values: unknown, ...names: string[]): string[] {
  const value = at(values, ...names)
  const list: unknown[] = Array.isArray(value) ? value : [value]
  return list.flatMap((item) => (typeof item === 'string' && item.trim() !== '' ? [item.trim()] : []))
}

/** What a switch says; null when it is not there or says something else. */
export function flagAt(values: unknown, ...names: string[]): boolean | null {
  const text = textAt(values, ...names)?.toLowerCase()
  if (text === 'true' || text === 'yes' || text === 'on') return true
  return text === 'false' || text === 'no' || text === 'off' ? false : null
}
