import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { filesBelow, putFile, tempFolder } from './folder.ts'

/** A file of a commit, and which article it is: the path at which that article stood first; null for any other file. */
interface Held {
  article: string | null
  bytes: Buffer
}

/** The files of a commit. An article is one and the same through all its names and texts. */
export class Tree {
  #files: Map<string, Held>
  readonly #gone: Map<string, Held>

  constructor(files: ReadonlyMap<string, Held> = new Map(), gone: ReadonlyMap<string, Held> = new Map()) {
    this.#files = new Map(files)
    this.#gone = new Map(gone)
  }

  copy(): Tree {
    return new Tree(this.#files, this.#gone)
  }

  /** Adds an article that was never there. */
  add(path: string, text: string, article = path): void {
    this.#put(path, { article, bytes: Buffer.from(text) })
  }

  /** Writes a file that is no article, such as a site's configuration. */
  put(path: string, text: string): void {
    this.#files.set(path, { article: null, bytes: Buffer.from(text) })
  }

  /** Removes a file that is no article. */
  drop(path: string): void {
    this.#files.delete(path)
  }

  remove(...paths: string[]): void {
    for (const path of paths) {
      const held = this.#held(path)
      if (held.article !== null) this.#gone.set(held.article, held)
      this.#files.delete(path)
    }
  }

  /** Brings an article back that was removed, as it was then. */
  bringBack(article: string, path = article): void {
    const held = this.#gone.get(article)
    if (held === undefined) throw new Error(`${article} was not removed`)
    this.#put(path, held)
    this.#gone.delete(article)
  }

  edit(path: string, change: (text: string) => string): void {
    this.#files.set(path, { ...this.#held(path), bytes: Buffer.from(change(this.text(path))) })
  }

  move(from: string, to: string): void {
    this.moveAll((path) => (path === from ? to : path))
  }

  /** Moves every article at once; two may change places. */
  moveAll(to: (path: string) => string): void {
    const moved = [...this.#files].map(([path, held]): [string, Held] => [
      held.article === null ? path : to(path),
      held,
    ])
    this.#files = new Map()
    for (const [path, held] of moved) this.#put(path, held)
  }

  editAll(change: (text: string, path: string) => string): void {
    for (const path of this.paths()) this.edit(path, (text) => change(text, path))
  }

  encodeAll(encode: (text: string, bytes: Buffer) => Buffer): void {
    for (const path of this.paths()) {
      const held = this.#held(path)
      this.#files.set(path, { ...held, bytes: encode(this.text(path), held.bytes) })
    }
  }

  text(path: string): string {
    return this.#held(path).bytes.toString()
  }

  /** Paths of the articles. */
  paths(): string[] {
    return [...this.articles().keys()]
  }

  /** Which article stands at which path. */
  articles(): Map<string, string> {
    return new Map([...this.#files].flatMap(([path, { article }]) => (article === null ? [] : [[path, article]])))
  }

  /** Articles that were removed. */
  gone(): string[] {
    return [...this.#gone.keys()]
  }

  /** Makes a folder hold these files and, but for hidden ones, no others. */
  writeTo(dir: string): void {
    for (const path of visibleBelow(dir)) if (!this.#files.has(path)) rmSync(join(dir, path))
    for (const [path, { bytes }] of this.#files) putFile(dir, path, bytes)
  }

  /** The tree that a folder holds; which article a path is, the first of `known` that has the path tells. */
  static readFrom(dir: string, known: readonly Tree[]): Tree {
    const holders = known.map((tree) => tree.articles())
    const held = (path: string): Held => {
      const article = holders.find((paths) => paths.has(path))?.get(path) ?? null
      return { article, bytes: readFileSync(join(dir, path)) }
    }
    return new Tree(new Map(visibleBelow(dir).map((path) => [path, held(path)])))
  }

  #held(path: string): Held {
    const held = this.#files.get(path)
    if (held === undefined) throw new Error(`there is no ${path}`)
    return held
  }

  #put(path: string, held: Held): void {
    if (this.#files.has(path)) throw new Error(`${path} is there already`)
    this.#files.set(path, held)
  }
}

function visibleBelow(dir: string): string[] {
  return filesBelow(dir).filter((path) => !/(^|\/)\.git(\/|$)/.test(path))
}

export interface Commit {
  sha: string
  tree: Tree
}

/** A git repository that a test builds, commit by commit. */
export class History {
  readonly dir = tempFolder()
  /** Those of the main line, oldest first. */
  readonly commits: Commit[] = []
  #branch = 'main'
  #count = 0
  readonly #tips = new Map<string, Tree>()

  /** A new one, or one that goes on from another's main line. */
  constructor(from?: History) {
    if (from === undefined) {
      git(this.dir, 0, 'init', '--quiet', '--template=', '--initial-branch=main')
      return
    }
    cpSync(from.dir, this.dir, { recursive: true })
    this.commits.push(...from.commits)
    this.#count = from.#count
    this.#tips.set('main', from.tree)
  }

  /** The files of the branch as they are now. */
  get tree(): Tree {
    return this.#tips.get(this.#branch) ?? new Tree()
  }

  commit(says: string, change: (tree: Tree) => void): this {
    const tree = this.tree.copy()
    change(tree)
    tree.writeTo(this.dir)
    this.#git('add', '--all')
    this.#git('commit', '--quiet', '--allow-empty', `--message=${says}`)
    return this.#record(tree)
  }

  /** Commits to a branch that begins here, and returns to the main line. */
  aside(branch: string, commit: (history: this) => void): this {
    const tree = this.tree
    this.#git('checkout', '--quiet', '-b', branch)
    this.#branch = branch
    this.#tips.set(branch, tree)
    commit(this)
    this.#git('checkout', '--quiet', 'main')
    this.#branch = 'main'
    return this
  }

  merge(branch: string): this {
    this.#git('merge', '--quiet', '--no-ff', '--message=merge', branch)
    const other = this.#tips.get(branch)
    return this.#record(Tree.readFrom(this.dir, [this.tree, ...(other === undefined ? [] : [other])]))
  }

  /** Takes the last commit back by another one. */
  revert(): this {
    const isMerge = this.#git('rev-list', '--parents', '--max-count=1', 'HEAD').split(' ').length > 2
    this.#git('revert', '--no-edit', ...(isMerge ? ['--mainline=1'] : []), 'HEAD')
    const before = this.commits.map(({ tree }) => tree).reverse()
    return this.#record(Tree.readFrom(this.dir, before))
  }

  drop(): void {
    rmSync(this.dir, { recursive: true })
  }

  #record(tree: Tree): this {
    this.#tips.set(this.#branch, tree)
    const sha = readFileSync(join(this.dir, '.git/refs/heads', this.#branch), 'utf8').trim()
    if (this.#branch === 'main') this.commits.push({ sha, tree })
    return this
  }

  #git(...args: string[]): string {
    return git(this.dir, this.#count++, ...args)
  }
}

/** A checked-out copy of a history, as a site's machine has one. */
export class Clone {
  readonly dir: string
  readonly #history: History

  constructor(history: History, dir: string) {
    this.dir = dir
    this.#history = history
  }

  /** Brings the folder to a commit as a pull does: only what changed is written. */
  pull({ sha }: Commit): void {
    if (filesBelow(this.dir).length === 0) this.#clone()
    git(this.dir, 0, 'checkout', '--quiet', '--detach', sha)
  }

  /** Makes the folder anew for a commit, as a build server does; `depth` is the number of commits that it gets. */
  cloneAnew({ sha }: Commit, depth: number): void {
    rmSync(this.dir, { recursive: true, force: true })
    mkdirSync(this.dir)
    git(this.dir, 0, 'init', '--quiet', '--template=')
    git(this.dir, 0, 'fetch', '--quiet', `--depth=${depth}`, `file://${this.#history.dir}`, sha)
    git(this.dir, 0, 'checkout', '--quiet', '--detach', sha)
  }

  /** Puts an empty folder in its place, as a disk that is not mounted leaves one. */
  unmount(): void {
    renameSync(this.dir, `${this.dir}.away`)
    mkdirSync(this.dir)
  }

  mount(): void {
    rmSync(this.dir, { recursive: true })
    renameSync(`${this.dir}.away`, this.dir)
  }

  #clone(): void {
    git(this.#history.dir, 0, 'clone', '--quiet', '--shared', '--no-checkout', '--template=', '.', this.dir)
  }
}

const DAY = 86_400

/** Runs git by itself: no settings of the machine or of its user, and dates that are always the same. */
function git(dir: string, day: number, ...args: string[]): string {
  const date = `${Date.UTC(2023, 0, 1) / 1000 + day * DAY} +0000`
  const who = (role: string): Record<string, string> => ({
    ...{ [`GIT_${role}_NAME`]: 'Ada', [`GIT_${role}_EMAIL`]: 'ada@example.org', [`GIT_${role}_DATE`]: date },
  })
  return execFileSync(
    'git',
    ['-c', 'core.fsync=none', '-c', 'maintenance.auto=false', '-c', 'core.autocrlf=false', ...args],
    {
      cwd: dir,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: process.env.PATH,
        HOME: dir,
        GIT_CONFIG_GLOBAL: '/dev/null',
        GIT_CONFIG_NOSYSTEM: '1',
        ...who('AUTHOR'),
        ...who('COMMITTER'),
      },
    },
  )
}
