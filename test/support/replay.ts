import { mkdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { Clone, type Commit, type History } from './history.ts'
import { TempSite } from './site.ts'

/** What one run made of the folder, in articles: each is called by the path at which it stood first. */
export interface Step {
  /** New entries that readers are told of. */
  announced: string[]
  /** Articles that have another entry than before. */
  confused: string[]
  /** Articles whose entry left. */
  removed: string[]
  /** Articles of the folder without an entry. */
  missing: string[]
  /** Paths of entries that stand without an article. */
  stray: string[]
}

/** A run that tells readers nothing and takes nothing away. */
export const QUIET: Step = { announced: [], confused: [], removed: [], missing: [], stray: [] }

/** Runs over the commits of a history, and compares what is remembered with what the history knows to be true. */
export class Replay {
  readonly site: TempSite
  readonly clone: Clone
  /** How many entries the last run updated. */
  updated = 0
  readonly #history: History
  /** The entry of each article, by guid. */
  readonly #guids = new Map<string, string>()
  #standing = new Set<string>()
  #highest = 0
  #at = -1

  private constructor(site: TempSite, history: History) {
    this.site = site
    this.#history = history
    const dir = join(site.dir, 'blog')
    mkdirSync(dir)
    this.clone = new Clone(history, dir)
    // Files are written now, and a run is an hour later.
    site.now = Math.ceil(statSync(dir).mtimeMs)
  }

  /** The first commit is read, of which readers are not told. */
  static async begin(history: History): Promise<Replay> {
    const replay = new Replay((await TempSite.open()).folder('blog'), history)
    await replay.next()
    return replay
  }

  /** Pulls the next commit and runs. */
  async next(acceptRemovals = false): Promise<Step> {
    this.clone.pull(this.#advance())
    return this.again(acceptRemovals)
  }

  /** Clones the next commit anew and runs; `depth` is the number of commits that the clone has. */
  async nextAnew(depth: number): Promise<Step> {
    this.clone.cloneAnew(this.#advance(), depth)
    return this.again()
  }

  /** Pulls every other commit and runs after each. */
  async rest(): Promise<Step[]> {
    const steps: Step[] = []
    while (this.#at + 1 < this.#history.commits.length) steps.push(await this.next())
    return steps
  }

  /** Runs over the folder as it is. */
  async again(acceptRemovals = false): Promise<Step> {
    const [remembered] = await this.site.run({ acceptRemovals })
    this.updated = remembered?.updated ?? 0
    const rows = await this.site.rows()
    const paths = this.#commit().tree.articles()
    const standing = rows.filter((row) => !row.removed)
    const announced = rows.filter((row) => row.number > this.#highest && row.announce === 1)
    const guids = new Map(standing.map(({ key, guid }) => [paths.get(key ?? '') ?? null, guid]))
    const articles = [...paths.values()].filter((article) => guids.has(article))
    const confused = articles.filter(
      (article) => (this.#guids.get(article) ?? guids.get(article)) !== guids.get(article),
    )
    const stays = new Set(articles)
    const step = {
      announced: announced.map(({ key }) => paths.get(key ?? '') ?? `? ${key ?? ''}`),
      confused,
      removed: [...this.#standing].filter((article) => !stays.has(article)),
      missing: [...paths.values()].filter((article) => !guids.has(article)),
      stray: standing.flatMap(({ key }) => (paths.has(key ?? '') ? [] : [key ?? ''])),
    }
    for (const article of articles) this.#guids.set(article, guids.get(article) ?? '')
    this.#standing = stays
    this.#highest = Math.max(0, ...rows.map(({ number }) => number))
    return sorted(step)
  }

  /** How many entries are remembered beyond one for each article. */
  async surplus(): Promise<number> {
    return (await this.site.rows()).length - this.#guids.size
  }

  close(): Promise<void> {
    this.#history.drop()
    return this.site.close()
  }

  #advance(): Commit {
    this.#at += 1
    return this.#commit()
  }

  #commit(): Commit {
    const commit = this.#history.commits[this.#at]
    if (commit === undefined) throw new Error('there are no more commits')
    return commit
  }
}

function sorted(step: Step): Step {
  const { announced, confused, removed, missing, stray } = step
  return {
    announced: announced.sort(),
    confused: confused.sort(),
    removed: removed.sort(),
    missing: missing.sort(),
    stray: stray.sort(),
  }
}
