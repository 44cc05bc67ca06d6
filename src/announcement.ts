import { createHash } from 'node:crypto'
import { statSync } from 'node:fs'
import { basename, join } from 'node:path'
import {
  AFTER_SETTING,
  type AnnouncedState,
  HUB_SETTING,
  type HubState,
  NOTHING_ANNOUNCED,
  freshProblems,
  parseState,
} from './announce/state.ts'
import type { Config } from './config.ts'
import type { ProblemRecord } from './problem.ts'
import { MANIFEST, type Manifest, readManifest } from './publish/manifest.ts'
import { readSetting, writeSetting } from './remember/settings.ts'
import { VERSION } from './version.ts'
import type { World } from './world.ts'

/** What became of a publication once it was written. */
export interface Announced {
  /** The owner's command; `none`: there is none, or the run was told to stop before it. */
  command: 'none' | 'unchanged' | 'done' | 'failed'
  /** The paths of the feeds that the hub was told of. */
  told: string[]
  /** What is wrong, since this run or since an earlier one. */
  problems: ProblemRecord[]
  /** Those of them that were not there in the last run. */
  fresh: ProblemRecord[]
}

/**
 * Runs the owner's command when what is published is not what it last succeeded for, and then tells the hub of the
 * feeds that are not what it was last told of. What fails is a problem, and is tried again by the next run.
 * @param options.signal once aborted, the command is stopped and the hub is told of nothing more
 */
export async function announce(world: World, { signal }: { signal: AbortSignal }): Promise<Announced> {
  const { config } = world
  const before = await readState(world)
  // A glance costs nothing; it is taken first, so that what is published after it is seen by the next run.
  const glance = glanceOf(config)
  if (isAllDone(config, before, glance)) {
    return { command: config.publish.after === null ? 'none' : 'unchanged', told: [], problems: [], fresh: [] }
  }
  const last = before ?? NOTHING_ANNOUNCED
  const manifest = readManifest(config.publish.dir)
  const command = await bringOut(world, manifest, last, signal)
  const hub = await inform(config, manifest, { last, isOut: command.isOut, signal })

  const problems = [...command.problems, ...hub.problems]
  const done = command.isOut && !hub.isPending ? glance : null
  await writeState(world, { done, after: command.after, hub: hub.state, problems })
  return { command: command.state, told: hub.told, problems, fresh: [...freshProblems(problems, last.problems)] }
}

/** The name under which the store keeps what was announced. */
const SETTING = 'announced'

async function readState({ store }: World): Promise<AnnouncedState | null> {
  const text = await readSetting(store, SETTING)
  return text === null ? null : parseState(text)
}

async function writeState({ store }: World, state: AnnouncedState): Promise<void> {
  await writeSetting(store, SETTING, JSON.stringify(state))
}

/** Stands for the settings and for the manifest, which is another file after each change. */
function glanceOf({ publish, feeds }: Config): string {
  const file = statSync(join(publish.dir, MANIFEST), { bigint: true, throwIfNoEntry: false })
  const stamp = file === undefined ? [] : [file.ino, file.size, file.mtimeNs].map(String)
  return digestOf([publish, feeds.hub, stamp])
}

function isAllDone({ publish, feeds }: Config, before: AnnouncedState | null, glance: string): boolean {
  return before === null ? publish.after === null && feeds.hub === null : before.done === glance
}

function digestOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex')
}

/** What became of the owner's command. */
interface BroughtOut {
  state: Announced['command']
  /** The digest to remember. */
  after: string | null
  /** True when what is published can be fetched where it is served. */
  isOut: boolean
  problems: ProblemRecord[]
}

async function bringOut(
  world: World,
  manifest: Manifest,
  last: AnnouncedState,
  signal: AbortSignal,
): Promise<BroughtOut> {
  const { dir, publish } = world.config
  if (publish.after === null) return { state: 'none', after: null, isOut: true, problems: [] }
  const digest = digestOf([publish, [...manifest].sort(([a], [b]) => (a < b ? -1 : 1))])
  if (digest === last.after) return { state: 'unchanged', after: digest, isOut: true, problems: [] }
  if (signal.aborted) {
    return { state: 'none', after: last.after, isOut: false, problems: about(AFTER_SETTING, last) }
  }
  // Half of it may be done when it fails or the machine does: then what it last succeeded for stands nowhere.
  await writeState(world, { ...last, done: null, after: null })
  const { runAfter } = await import('./announce/after.ts')
  const problem = await runAfter(publish.after, { dir, publishDir: publish.dir, signal })
  if (problem !== null) return { state: 'failed', after: null, isOut: false, problems: [problem.toJSON()] }
  await writeState(world, { ...last, done: null, after: digest })
  return { state: 'done', after: digest, isOut: true, problems: [] }
}

function about(setting: string, { problems }: AnnouncedState): ProblemRecord[] {
  return problems.filter(({ where }) => where === setting)
}

/** What became of telling the hub. */
interface Informed {
  told: string[]
  state: HubState | null
  isPending: boolean
  problems: ProblemRecord[]
}

/** It is told only when the feeds are out: it fetches them at once. */
async function inform(
  config: Config,
  manifest: Manifest,
  { last, isOut, signal }: { last: AnnouncedState; isOut: boolean; signal: AbortSignal },
): Promise<Informed> {
  const { hub } = config.feeds
  if (hub === null) return { told: [], state: null, isPending: false, problems: [] }
  const feeds = await feedsIn(manifest)
  const told = new Map(Object.entries(last.hub?.url === hub ? last.hub.told : {}).filter(([path]) => feeds.has(path)))
  const pending = [...feeds].filter(([path, sha256]) => told.get(path) !== sha256).map(([path]) => path)
  const state = (): HubState => ({ url: hub, told: Object.fromEntries(told) })
  if (pending.length === 0) return { told: [], state: state(), isPending: false, problems: [] }
  if (!isOut || signal.aborted) {
    return { told: [], state: state(), isPending: true, problems: about(HUB_SETTING, last) }
  }
  const { tellHub } = await import('./announce/hub.ts')
  const topics = pending.map((path) => ({ path, url: new URL(path, config.publish.url).href }))
  const userAgent = `Feedwire/${VERSION} (+${config.site.url})`
  const { paths, problems } = await tellHub(topics, { hub, userAgent, signal })
  for (const path of paths) told.set(path, feeds.get(path) ?? '')
  return {
    told: paths,
    state: state(),
    isPending: paths.length < pending.length,
    problems: problems.map((problem) => problem.toJSON()),
  }
}

/** The SHA-256 of each feed that readers subscribe to, those of the site first. An archive announces nothing. */
async function feedsIn(manifest: Manifest): Promise<Map<string, string>> {
  const { feedPaths } = await import('./feeds/render.ts')
  const names = new Set(feedPaths(''))
  const found = [...manifest].filter(([path]) => names.has(basename(path)) && !path.startsWith('archive/'))
  const depth = (path: string): number => path.split('/').length
  const sorted = found.sort(([a], [b]) => depth(a) - depth(b) || (a < b ? -1 : 1))
  return new Map(sorted.map(([path, { sha256 }]) => [path, sha256]))
}
