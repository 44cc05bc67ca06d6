import { createHash } from 'node:crypto'
import { mkdirSync, renameSync, rmSync, utimesSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { ReadingRules } from '../../src/gather/article.ts'
import { type GatherSource, gather } from '../../src/gather/gather.ts'
import type { ListingSource } from '../../src/gather/captures.ts'
import type { MarkdownSource } from '../../src/gather/markdown.ts'
import { KnownStamps } from '../../src/remember/known-stamps.ts'
import type { KnownFile, Lookups } from '../../src/remember/reading.ts'
import type { Scope } from '../../src/remember/entries.ts'
import type { LinkRules } from '../../src/link.ts'
import { type Store, openStore } from '../../src/remember/open.ts'
import { type Remembered, rememberReading } from '../../src/remember/remember.ts'
import type { Moment } from '../../src/remember/write.ts'
import { loseStore, openNewStore, storePlace } from './database.ts'
import { putFile, tempFolder } from './folder.ts'

const HOUR = 3_600_000

export const RULES: ReadingRules = {
  siteTitle: 'INCOMING TRANSMISSION',
  siteUrl: 'https://blog.example.org/',
  zone: 'Asia/Shanghai',
  snippet: { length: 350, placeholders: { math: '[Math]', formula: '[Formula]', code: '[Code]' } },
}

/** A folder of Markdown without settings of its own. */
export const PLAIN_FOLDER = { kind: 'markdown', dialect: 'auto', hasPattern: false, include: [], exclude: [] } as const

export const LINKS: LinkRules = { pattern: null, publishUrl: 'https://blog.example.org/', zone: RULES.zone }

/** The stamps of these files. */
export function stampsOf(files: ReadonlyMap<string, KnownFile>): KnownStamps {
  const stamps = new KnownStamps()
  for (const [path, file] of files) stamps.add(path, file)
  return stamps
}

/** Looks these files up. */
export function lookupsIn(files: ReadonlyMap<string, KnownFile>): Lookups {
  const imports = [...files.values()].map((file) => ({ path: file.path, imports: file.imports }))
  return {
    lookUp: (paths) => Promise.resolve(new Map([...files].filter(([path]) => paths.includes(path)))),
    imports: () => Promise.resolve(imports),
  }
}

/** An entry as the store keeps it. */
export interface Row {
  key: string | null
  guid: string
  number: number
  announce: 0 | 1
  title: string
  date: number
  updated: number
  removed: boolean
}

/** Sources in a folder of their own, gathered into a real store; runs are an hour apart. */
export class TempSite {
  readonly dir: string
  readonly sources: GatherSource[] = []
  store: Store
  now = Date.UTC(2026, 1, 10, 4)

  private constructor(dir: string, store: Store) {
    this.dir = dir
    this.store = store
  }

  static async open(): Promise<TempSite> {
    const dir = tempFolder()
    return new TempSite(dir, await openNewStore(storePlace(dir)))
  }

  /** Adds a folder of Markdown articles, named as its directory. */
  folder(name: string, more: Partial<MarkdownSource> = {}): this {
    const source: MarkdownSource = { ...PLAIN_FOLDER, name, dir: join(this.dir, name), ...more }
    this.sources.push(source)
    return this
  }

  /** Adds captured listings, named as their pattern. */
  listing(files: string): this {
    const source: ListingSource = { kind: 'listing', name: files, root: this.dir, files }
    this.sources.push(source)
    return this
  }

  /** Writes a file that is old enough to trust its time, or as old as `mtime` says. */
  write(path: string, text: string, mtime = this.now - HOUR): void {
    putFile(this.dir, path, text)
    utimesSync(join(this.dir, path), mtime / 1000, mtime / 1000)
  }

  rename(from: string, to: string): void {
    mkdirSync(dirname(join(this.dir, to)), { recursive: true })
    renameSync(join(this.dir, from), join(this.dir, to))
  }

  remove(...paths: string[]): void {
    for (const path of paths) rmSync(join(this.dir, path), { recursive: true })
  }

  /** Gathers every source and remembers it, an hour after the last time. */
  async run(change: Partial<ReadingRules & Moment> = {}): Promise<Remembered[]> {
    this.now += HOUR
    const now = change.now ?? this.now
    const { firstRun = 0, hold = false, acceptRemovals = false, zone = RULES.zone } = change
    const { siteTitle, siteUrl, snippet } = { ...RULES, ...change }
    const rules = { siteTitle, siteUrl, zone, snippet }
    const meets = this.sources.some(({ kind }) => kind !== 'markdown')
    const moment = { now, siteUrl, zone, firstRun, hold, acceptRemovals, scope: this.scope(), meets, ...change }
    const { signal } = new AbortController()
    const outside = { allow: ['127.0.0.0/8'], atOnce: 8, signal, clock: () => now }
    const remembered: Remembered[] = []
    for await (const reading of gather(this.store, this.sources, rules, this.dir, now, outside)) {
      remembered.push(await rememberReading(this.store, reading, { ...moment, now }))
    }
    return remembered
  }

  scope(): Scope {
    return new Map(this.sources.map(({ name }) => [name, LINKS]))
  }

  /** Every entry that is remembered, by number. */
  async rows(): Promise<Row[]> {
    const rows = await this.store
      .selectFrom('entries')
      .select(['key', 'guid', 'number', 'announce', 'title', 'date', 'updated', 'removed_at'])
      .orderBy('number')
      .execute()
    return rows.map(({ removed_at, ...row }) => ({ ...row, removed: removed_at !== null }))
  }

  /** Paths of the articles that stand, with their guids. */
  async guids(): Promise<Record<string, string>> {
    const standing = (await this.rows()).filter((row) => !row.removed)
    return Object.fromEntries(standing.map(({ key, guid }): [string, string] => [key ?? '', guid]))
  }

  /** Deletes the store and starts with an empty one. */
  async loseStore(): Promise<void> {
    await this.store.destroy()
    await loseStore(this.dir)
    this.store = await openStore(storePlace(this.dir))
  }

  async close(): Promise<void> {
    await this.store.destroy()
    rmSync(this.dir, { recursive: true })
  }
}

/** An article; `head` holds lines of front matter without the title. */
export function article(title: string, body: string, head: readonly string[] = ['date: 2026-02-01']): string {
  return ['---', `title: ${title}`, ...head, '---', '', body, ''].join('\n')
}

/** Words without sense, long enough to be known by; those of two seeds have next to nothing in common. */
export function words(seed: string, count = 40): string {
  const word = (n: number): string => createHash('sha256').update(`${seed} ${n}`).digest('hex').slice(0, 8)
  return Array.from({ length: count }, (_, n) => word(n)).join(' ')
}
