import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import type { Config } from '../config.ts'
import { writeFileAtomic } from '../files.ts'
import { secondIn } from '../pages/day.ts'
import { Problem } from '../problem.ts'
import type { Store } from '../remember/open.ts'
import type { Facts, History } from '../status/facts.ts'
import { type Need, needsOf } from '../status/needs.ts'
import { statusPage } from '../status/page.ts'
import { plotsOf } from '../status/plots.ts'
import { tablesOf } from '../status/tables.ts'
import { statusLines } from '../status/text.ts'
import { minuteText } from '../status/words.ts'
import { mayStand } from '../store-place.ts'
import { configured, inStore } from './configured.ts'
import type { CommonOptions, Context, ExitCode } from './context.ts'
import { readFacts, readHistory } from './status-facts.ts'
import { statusJson } from './status-json.ts'

export interface StatusOptions extends CommonOptions {
  /** Writes a page to this file. */
  html?: string
}

/** `feedwire status`: whether all is well, and how the site stands; ends with 3 when something needs a person. */
export function statusCommand(context: Context, options: StatusOptions): Promise<ExitCode> {
  return looking(context, options, async (store, config) => {
    const facts = await readFacts(store, config, context.clock())
    const needs = needsOf(facts)
    const { html, json = false } = options
    if (html !== undefined)
      writePage(resolve(context.cwd, html), pageOf(facts, needs, await readHistory(store, config, facts)))
    if (json) context.print(JSON.stringify(statusJson(facts, needs, await readHistory(store, config, facts)), null, 2))
    else statusLines(needs, html === undefined ? tablesOf(facts) : []).forEach(context.print)
    return needs.length === 0 ? 0 : 3
  })
}

/** Who only looks makes no store: it would be theirs, and not of the user by whom runs are made. */
function looking(
  context: Context,
  options: CommonOptions,
  look: (store: Store, config: Config) => Promise<ExitCode>,
): Promise<ExitCode> {
  return configured(context, options, async (config) => {
    if (mayStand(config.database)) return inStore(config, (store) => look(store, config))
    const folder = mkdtempSync(join(tmpdir(), 'feedwire-'))
    try {
      return await inStore({ ...config, database: join(folder, 'feedwire.db') }, (store) => look(store, config))
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })
}

function pageOf(facts: Facts, needs: readonly Need[], history: History): string {
  const { title, zone, now } = facts
  const made = { text: `${minuteText(zone, now)} (${zone})`, datetime: secondIn(zone, now) }
  return statusPage({ title, made, needs, tables: tablesOf(facts), plots: plotsOf(history) })
}

function writePage(path: string, page: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true })
    writeFileAtomic(path, page)
  } catch (error) {
    if (!(error instanceof Error && 'syscall' in error)) throw error
    const mend = 'name a file that Feedwire may write'
    throw new Problem('status-unwritable', `Cannot write the page: ${error.message}`, {
      where: path,
      mend,
      cause: error,
    })
  }
}
