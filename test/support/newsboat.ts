import { execFile, execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { z } from 'zod'
import { openSqlite } from '../../src/remember/sqlite.ts'
import { tempFolder } from './folder.ts'

const run = promisify(execFile)

// The list of articles bears marks, so that its lines are told from all else on the screen.
const CONFIG = `
use-proxy no
reload-threads 1
download-retries 1
download-timeout 20
articlelist-format "[[%t]]"
run-on-startup open ; redraw ; hard-quit
`
const CLEARED = '\u001b[H\u001b[J'
const CONTROL = /\u001b(?:\[[\d;?]*[A-Za-z]|[()][A-Z0-9]|[=>])|\u000f/g

/** Whether newsboat is not here. On CI it always counts as here, so that a missing one fails there. */
export function newsboatMissing(): boolean {
  if (process.env['CI'] !== undefined) return false
  try {
    execFileSync('newsboat', ['--version'], { stdio: 'ignore' })
    return false
  } catch {
    return true
  }
}

const KEPT = z.array(z.object({ guid: z.string(), title: z.string(), url: z.string(), unread: z.number() }))

/** An article as newsboat keeps it; `unread` is 0 or 1. */
export type KeptItem = z.infer<typeof KEPT>[number]

/** A newsboat of its own with one subscription. */
export class Newsboat {
  readonly #dir = tempFolder({ config: CONFIG })

  constructor(url: string) {
    this.subscribe(url)
  }

  /** Replaces the subscription. */
  subscribe(url: string): void {
    writeFileSync(join(this.#dir, 'urls'), `${url}\n`)
  }

  async reload(): Promise<void> {
    await this.#newsboat('-x', 'reload')
  }

  /** How many articles newsboat counts as new. */
  async unread(): Promise<number> {
    return Number.parseInt(await this.#newsboat('-x', 'print-unread'))
  }

  async markAllRead(): Promise<void> {
    const guids = (await this.kept()).map(({ guid }) => guid)
    writeFileSync(join(this.#dir, 'read'), `${guids.join('\n')}\n`)
    await this.#newsboat('-I', 'read')
  }

  /** All articles of its cache, in the order in which it got to know them. */
  async kept(): Promise<KeptItem[]> {
    const db = await openSqlite(join(this.#dir, 'cache.db'))
    try {
      return KEPT.parse(db.prepare('SELECT guid, title, url, unread FROM rss_item WHERE deleted = 0 ORDER BY id').all())
    } finally {
      db.close()
    }
  }

  /** The titles on its screen when it is opened. */
  async shown(): Promise<string[]> {
    const command = `stty cols 200 rows 60; newsboat ${this.#flags().join(' ')}`
    const { stdout } = await run('script', ['-qec', command, '/dev/null'], this.#surroundings())
    const screen = stdout.slice(stdout.lastIndexOf(CLEARED)).replace(CONTROL, '')
    return [...screen.matchAll(/\[\[(.*?)\]\]\s*[\r\n]/g)].map(([, title = '']) => title)
  }

  async #newsboat(...words: string[]): Promise<string> {
    const { stdout, stderr } = await run('newsboat', [...this.#flags(), ...words], this.#surroundings())
    if (stderr !== '') throw new Error(stderr)
    return stdout
  }

  #flags(): string[] {
    return ['-q', '-C', 'config', '-u', 'urls', '-c', 'cache.db']
  }

  /** It makes a folder in HOME at each start; a reader that hangs is a failure. */
  #surroundings() {
    const env = { PATH: process.env['PATH'], HOME: this.#dir, LC_ALL: 'C.UTF-8', TERM: 'vt100' }
    return { cwd: this.#dir, env, timeout: 30_000 }
  }
}
