import { statSync } from 'node:fs'
import { relative, resolve, sep } from 'node:path'
import type { Config } from '../config.ts'
import { remoteUrl } from '../config-values.ts'
import type { ReadingRules } from '../gather/article.ts'
import { decodeFeed } from '../gather/feed/decode-feed.ts'
import type { Document } from '../gather/remote/document.ts'
import { explainDocument } from '../gather/remote/explain.ts'
import { askToExplain } from '../gather/remote/explain-ask.ts'
import { savedFrom } from '../gather/remote/explain-base.ts'
import { isFileError, readWhole } from '../gather/scan.ts'
import { Problem } from '../problem.ts'
import { type HostRecord, knownHosts } from '../remember/fetches.ts'
import type { RemoteSource } from '../remote-source.ts'
import { readingRules } from '../sources.ts'
import { inStore } from './configured.ts'
import type { CommonOptions, Context, ExitCode } from './context.ts'
import { explanationJson } from './explain-json.ts'
import { explanationLines } from './explain-lines.ts'
import { jsonText } from './json-text.ts'
import { type Place, sourcesToPaste } from './source-paste.ts'
import { type Standing, isRemote, standingsOf } from './source-standing.ts'
import type { Told } from './explain-told.ts'
import { mayStand } from '../store-place.ts'

/** Explains the page or feed at an address. @throws {Problem} `argument-url` */
export async function explainAddress(
  context: Context,
  config: Config,
  text: string,
  options: CommonOptions,
): Promise<ExitCode> {
  const url = addressIn(text)
  const source = sourceAt(config, ({ at }) => at.kind === 'url' && at.url === url)
  const { standing, hosts } = await remembered(config, source)
  const asking = { kind: source?.kind ?? null, fetch: standing?.fetch ?? null, hosts }
  const { signal, clock } = context
  const outside = { allow: config.fetch.allow, signal, clock }
  const fetched = await stoppable(signal, () => askToExplain(url, asking, config.site.url, outside))
  if (fetched === null) return 1
  const about = { asked: url, source, standing, guessedBase: null }
  if (fetched.kind !== 'fresh') {
    const problems = 'problem' in fetched ? [fetched.problem.toJSON()] : []
    return tell(context, config, options, { ...about, found: null, document: null, paste: [], problems })
  }
  const place = { kind: 'url' as const, url: fetched.movedTo ?? url }
  const found = { at: fetched.url, movedTo: fetched.movedTo, contentType: fetched.contentType }
  return tell(context, config, options, {
    ...about,
    found,
    ...understood(fetched, source, readingRules(config), place),
  })
}

/** Explains a page or feed in a file. */
export async function explainSaved(
  context: Context,
  config: Config,
  file: string,
  options: CommonOptions,
): Promise<ExitCode> {
  const path = resolve(context.cwd, file)
  const source = sourceAt(config, ({ at }) => at.kind === 'file' && at.path === path)
  const { standing } = await remembered(config, source)
  const body = bytesOf(path, file)
  const said = savedFrom(decodeFeed(body, null).text)
  const base = source?.at.kind === 'file' ? source.at.base : (said ?? config.site.url)
  const document = { body, contentType: null, url: base }
  const place = { kind: 'file' as const, file: relative(config.dir, path).split(sep).join('/'), base: said }
  const isGuess = source === null && said === null
  const about = { asked: file, source, standing, found: null, guessedBase: isGuess ? base : null }
  return tell(context, config, options, { ...about, ...understood(document, source, readingRules(config), place) })
}

type Understood = Pick<Told, 'document' | 'paste' | 'problems'>

/** A source of the settings that finds nothing any more is looked at as if it were a new one. */
function understood(document: Document, source: RemoteSource | null, rules: ReadingRules, place: Place): Understood {
  const explained = explainDocument(document, source, rules)
  const { problems } = explained
  if (source === null) return { document: explained, paste: sourcesToPaste(explained, place), problems }
  const isWell = !problems.some(({ severity }) => severity === 'error')
  const others = isWell ? [] : sourcesToPaste(explainDocument(document, null, rules), place)
  return { document: explained, paste: others.map((one) => ({ ...one, name: source.name })), problems }
}

function addressIn(text: string): string {
  try {
    return remoteUrl(text)
  } catch (cause) {
    if (!(cause instanceof Problem)) throw cause
    throw new Problem('argument-url', `It ${cause.message}`, { mend: cause.mend, cause })
  }
}

function sourceAt({ sources }: Config, isThere: (source: RemoteSource) => boolean): RemoteSource | null {
  return sources.filter(isRemote).find(isThere) ?? null
}

/** What the store knows, if there is a store: who only looks makes none. */
async function remembered(
  config: Config,
  source: RemoteSource | null,
): Promise<{ standing: Standing | null; hosts: HostRecord[] }> {
  if (!mayStand(config.database)) return { standing: null, hosts: [] }
  return inStore(config, async (store) => {
    const [standing = null] = source === null ? [] : await standingsOf(store, [source])
    return { standing, hosts: await knownHosts(store) }
  })
}

async function stoppable<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T | null> {
  try {
    return await work()
  } catch (error) {
    if (signal.aborted) return null
    throw error
  }
}

/** @throws {Problem} `file-unreadable`, `file-too-large` */
function bytesOf(path: string, where: string): Buffer {
  try {
    return readWhole(path, where, statSync(path).size)
  } catch (cause) {
    if (!isFileError(cause)) throw cause
    const mend = 'see that it may be read'
    throw new Problem('file-unreadable', `Cannot read the file (${cause.code})`, { where, mend, cause })
  }
}

/** Ends with 3 when there is nothing to follow. */
function tell(context: Context, config: Config, options: CommonOptions, told: Told): ExitCode {
  const { document, source } = told
  const isFound = document !== null && !document.problems.some(({ severity }) => severity === 'error')
  const isNamed = source === null && document?.kind === 'page' && document.feeds.length > 0
  const now = context.clock()
  if (options.json === true) context.print(jsonText(explanationJson(told, now)))
  else explanationLines(told, config.site.timezone, now).forEach(context.print)
  return isFound || isNamed ? 0 : 3
}
