import type { Config } from '../config.ts'
import { type Explanation, explainFile } from '../gather/explain.ts'
import { Problem, oneLine, problemLine } from '../problem.ts'
import { lookupsOf } from '../remember/files.ts'
import { openStore } from '../remember/open.ts'
import { partsAmong } from '../remember/parts.ts'
import { entryOfFile } from '../remember/sources.ts'
import { folderSource, readingRules } from '../sources.ts'
import type { CommonOptions, Context, ExitCode } from './context.ts'
import { jsonText } from './json-text.ts'
import { type FolderConfig, foldersOf } from './source-files.ts'
import { mayStand } from '../store-place.ts'

/** What is understood of an article of a folder, from where, and why it is or is not an entry. */
export async function explainArticle(
  context: Context,
  config: Config,
  file: string,
  options: CommonOptions,
): Promise<ExitCode> {
  const { folder, path } = placeOf(config, context.cwd, file)
  const alone = explainFile(folderSource(folder), path, config.dir, readingRules(config), context.clock())
  const { entry, includedBy } = await remembered(config, folder.name, path)
  const part = { isEntry: false, reason: `it is part of ${includedBy ?? ''}, which includes it` }
  const explanation = includedBy === null ? alone : { ...alone, ...part }
  if (options.json === true) {
    context.print(jsonText({ source: folder.name, path, ...explanation, entry }))
  } else {
    explained(file, folder.name, explanation, entry).map(oneLine).forEach(context.print)
  }
  return 0
}

function placeOf(config: Config, cwd: string, file: string): { folder: FolderConfig; path: string } {
  const [place] = foldersOf(config, cwd, file)
  if (place !== undefined) return place
  const dirs = config.sources.flatMap((source) => (source.kind === 'markdown' ? [source.dir] : []))
  throw new Problem('argument-file', 'The file lies in no folder of articles', {
    where: file,
    mend: `the settings have: ${dirs.join(', ') || 'none'}; a saved page or feed ends in .html, .xml or .json`,
  })
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
  const dialect = explanation.config === null ? explanation.dialect : `${explanation.dialect} by ${explanation.config}`
  const place = (field: string): number => (FIRST.includes(field) ? FIRST.indexOf(field) : FIRST.length)
  const facts = explanation.facts.toSorted((a, b) => place(a.field) - place(b.field))
  return [
    `${file}, of the source "${source}", read as ${dialect}`,
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
