import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Config } from '../config.ts'
import { findDialect } from '../gather/dialects/find.ts'
import { type Explanation, explainFile } from '../gather/explain.ts'
import { Problem, oneLine, problemLine } from '../problem.ts'
import { lookupsOf } from '../remember/files.ts'
import { openStore } from '../remember/open.ts'
import { mayStand } from '../store-place.ts'
import { partsAmong } from '../remember/parts.ts'
import { type SourceRecord, entryOfFile, sourceRecords } from '../remember/sources.ts'
import { folderSource, readingRules } from '../sources.ts'
import { configured, withStore } from './configured.ts'
import type { CommonOptions, Context, ExitCode } from './context.ts'
import { type FolderConfig, foldersOf } from './source-files.ts'

/** `feedwire sources list`: each source of the settings, how it is read, and what of it is remembered. */
export function listSourcesCommand(context: Context, options: CommonOptions): Promise<ExitCode> {
  return withStore(context, options, async (store, config) => {
    const records = await sourceRecords(
      store,
      config.sources.map(({ name }) => name),
    )
    const sources = config.sources.map((source) => {
      const dialect = source.kind === 'markdown' ? dialectOf(config, source) : null
      const { firstRead, ...record } = records.get(source.name) ?? UNREAD
      return { name: source.name, kind: source.kind, ...(dialect ?? { dialect, config: null }), ...record, firstRead }
    })
    if (options.json === true) context.print(JSON.stringify(sources.map(dated), null, 2))
    else sources.flatMap(sourceLines).map(oneLine).forEach(context.print)
    return 0
  })
}

const UNREAD: SourceRecord = { firstRead: null, files: 0, setAside: 0, entries: { shown: 0, hidden: 0, removed: 0 } }

function dialectOf({ dir, site }: Config, source: FolderConfig): { dialect: string; config: string | null } {
  const found = findDialect(source.dir, source.dialect, { baseDir: dir, siteUrl: site.url, zone: site.timezone })
  return { dialect: found.name, config: found.config }
}

type Listed = { name: string; kind: string; dialect: string | null; config: string | null } & SourceRecord

function dated({ firstRead, ...source }: Listed): object {
  return { ...source, firstRead: firstRead === null ? null : new Date(firstRead).toISOString() }
}

function sourceLines({ name, kind, dialect, config, files, setAside, entries, firstRead }: Listed): string[] {
  const how = dialect === null ? kind : `${kind}, read as ${readAs({ dialect, config })}`
  const day = firstRead === null ? 'never read yet' : `first read ${new Date(firstRead).toISOString().slice(0, 10)}`
  const counts = [
    `${files} file${files === 1 ? '' : 's'}`,
    `${entries.shown} shown`,
    ...(entries.hidden > 0 ? [`${entries.hidden} hidden`] : []),
    ...(entries.removed > 0 ? [`${entries.removed} removed`] : []),
    ...(setAside > 0 ? [`${setAside} set aside`] : []),
  ]
  return [`${name} (${how})`, `  ${[...counts, day].join(', ')}`]
}

function readAs({ dialect, config }: { dialect: string; config: string | null }): string {
  return config === null ? dialect : `${dialect} by ${config}`
}

/** `feedwire sources explain`: what is understood of a file, from where, and why it is or is not an entry. */
export function explainCommand(context: Context, file: string, options: CommonOptions): Promise<ExitCode> {
  return configured(context, options, async (config) => {
    const { folder, path } = placeOf(config, context.cwd, file)
    const alone = explainFile(folderSource(folder), path, config.dir, readingRules(config), context.clock())
    const { entry, includedBy } = await remembered(config, folder.name, path)
    const part = { isEntry: false, reason: `it is part of ${includedBy ?? ''}, which includes it` }
    const explanation = includedBy === null ? alone : { ...alone, ...part }
    if (options.json === true) {
      context.print(JSON.stringify({ source: folder.name, path, ...explanation, entry }, null, 2))
    } else {
      explained(file, folder.name, explanation, entry).map(oneLine).forEach(context.print)
    }
    return 0
  })
}

function placeOf(config: Config, cwd: string, file: string): { folder: FolderConfig; path: string } {
  const refuse = (message: string, mend: string): Problem =>
    new Problem('argument-file', message, { where: file, mend })
  if (statSync(resolve(cwd, file), { throwIfNoEntry: false })?.isFile() !== true) {
    throw refuse('There is no such file', 'name a file of a folder of articles')
  }
  const [place] = foldersOf(config, cwd, file)
  if (place !== undefined) return place
  const dirs = config.sources.flatMap((source) => (source.kind === 'markdown' ? [source.dir] : []))
  throw refuse('The file lies in no folder of articles', `the settings have: ${dirs.join(', ') || 'none'}`)
}

interface Remembered {
  number: number
  guid: string
}

/** What the store knows of a file, if there is a store. */
async function remembered(
  { database }: Config,
  source: string,
  path: string,
): Promise<{ entry: Remembered | null; includedBy: string | null }> {
  if (!mayStand(database)) return { entry: null, includedBy: null }
  const store = await openStore(database)
  try {
    const parts = partsAmong(await lookupsOf(store, source).imports())
    const includedBy = parts.get(path.normalize('NFC')) ?? null
    return { entry: await entryOfFile(store, source, path), includedBy }
  } finally {
    await store.destroy()
  }
}

const FIRST = 'title date updated link slug tags categories authors image series snippet body'.split(' ')

function explained(file: string, source: string, explanation: Explanation, entry: Remembered | null): string[] {
  const { isEntry, reason, problems } = explanation
  const place = (field: string): number => (FIRST.includes(field) ? FIRST.indexOf(field) : FIRST.length)
  const facts = explanation.facts.toSorted((a, b) => place(a.field) - place(b.field))
  return [
    `${file}, of the source "${source}", read as ${readAs(explanation)}`,
    ...table(facts.map(({ field, value, from }) => [field, from, value])),
    ...problems.map((problem) => `${problem.severity}: ${problemLine(problem)}`),
    ...(entry === null ? [] : [`Remembered as number ${entry.number}, ${entry.guid}`]),
    isEntry ? 'It is an entry.' : `It is no entry: ${reason}.`,
  ]
}

/** Rows whose columns begin below one another; the last one is as long as it likes. */
function table(rows: readonly [string, string, string][]): string[] {
  const width = (column: 0 | 1): number => Math.max(0, ...rows.map((row) => row[column].length))
  const [first, second] = [width(0), width(1)]
  return rows.map(([field, from, value]) => `  ${field.padEnd(first)}  ${from.padEnd(second)}  ${value}`.trimEnd())
}
