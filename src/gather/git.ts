import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, resolve } from 'node:path'
import type { Instant } from '../entry.ts'

/** Milliseconds; a longer history tells no dates. */
const PATIENCE = 20_000
/** Bytes. */
const LARGEST = 200 * 1024 * 1024
/** Begins a commit; a status is a letter. */
const COMMIT = '\u0001'
/** The last second that a Date holds. */
const LAST = 8.64e12

/** Where git may stand. */
const PLACES = [
  '/usr/local/bin',
  '/usr/bin',
  '/bin',
  '/opt/homebrew/bin',
  '/opt/local/bin',
  '/run/current-system/sw/bin',
]

/**
 * What git is told of the world. Whatever GIT_DIR and the like say to us is meant for somebody else (a hook, say), and
 * no object that a partial clone left out is fetched.
 */
const ENVIRONMENT = {
  PATH: PLACES.join(delimiter),
  HOME: homedir(),
  LC_ALL: 'C',
  GIT_OPTIONAL_LOCKS: '0',
  GIT_TERMINAL_PROMPT: '0',
  GIT_NO_LAZY_FETCH: '1',
  GIT_ALLOW_PROTOCOL: 'none',
}

/** A repository may come from anybody: nothing that its configuration names is run. */
const HARMLESS = ['core.fsmonitor=false', 'core.hooksPath=/dev/null', 'log.showSignature=false', 'core.pager=cat']
const SAFE = ['--no-pager', ...[...HARMLESS, 'safe.bareRepository=explicit'].flatMap((setting) => ['-c', setting])]

/** From the parents to the children, all branches that were merged; endings as in ARTICLE_ENDING. */
const LOG = ['log', '--topo-order', '--reverse', '--full-history', '--name-status', '-z', '-M', '--diff-filter=AR']
const PLAIN = ['--no-ext-diff', '--no-textconv', '--no-show-signature', '--no-color', '--no-notes', '--no-mailmap']
const ARTICLES = ['md', 'markdown', 'mdown', 'mkdn', 'mkd', 'mdx'].map((ending) => `:(top,icase)*.${ending}`)

/**
 * When each article below a folder was first committed, under this name or a former one: the author's date, which
 * stays what it was when the history is rebased or squashed onto another branch. Paths are relative to the folder
 * with `/`, in NFC. Empty when the folder is in no work tree, or git is not there, refuses or takes too long. A commit
 * whose parents a shallow clone left out tells nothing of the files that it seems to add.
 */
export function firstCommitDates(dir: string): Map<string, Instant> {
  const asked = git(dir, ['rev-parse', '--show-prefix', '--is-shallow-repository', '--git-path', 'shallow'])
  // The folder's name may have line breaks of its own.
  const [, prefix, isShallow, shallow] = /^([^]*)\n(true|false)\n([^\n]+)\n$/.exec(asked ?? '') ?? []
  if (prefix === undefined || shallow === undefined) return new Map()
  const log = git(dir, [...LOG, ...PLAIN, `--format=%x01%H %at`, 'HEAD', '--', ...ARTICLES])
  if (log === null) return new Map()
  const boundary =
    isShallow === 'true' ? new Set(readFileSync(resolve(dir, shallow), 'utf8').split('\n')) : new Set<string>()
  const dates = new Map<string, Instant>()
  for (const [path, at] of additions(log, boundary)) {
    if (at !== null && path.startsWith(prefix)) dates.set(path.slice(prefix.length).normalize('NFC'), at)
  }
  return dates
}

/** What git prints, or null when it cannot. */
function git(dir: string, args: readonly string[]): string | null {
  const { status, stdout } = spawnSync('git', ['-C', dir, ...SAFE, ...args], {
    env: ENVIRONMENT,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    timeout: PATIENCE,
    killSignal: 'SIGKILL',
    maxBuffer: LARGEST,
  })
  return status === 0 ? stdout : null
}

/** The date of each path of the repository; null where it is not known. */
function additions(log: string, boundary: ReadonlySet<string>): Map<string, Instant | null> {
  const dates = new Map<string, Instant | null>()
  const fields = log.split('\0')
  let at: Instant | null = null
  for (let index = 0; index < fields.length; index++) {
    const field = (fields[index] ?? '').replace(/^\n/, '')
    if (field.startsWith(COMMIT)) at = dateOf(field.slice(COMMIT.length), boundary)
    else if (field.startsWith('R')) {
      moved(dates, fields[index + 1] ?? '', fields[index + 2] ?? '', at)
      index += 2
    } else if (field === 'A') {
      index += 1
      added(dates, fields[index] ?? '', at)
    }
  }
  return dates
}

function dateOf(commit: string, boundary: ReadonlySet<string>): Instant | null {
  const [hash = '', seconds] = commit.split(' ')
  const at = Number(seconds)
  return boundary.has(hash) || !(at > 0 && at < LAST) ? null : at * 1000
}

/** An article that comes back is as old as it was. */
function added(dates: Map<string, Instant | null>, path: string, at: Instant | null): void {
  if (!dates.has(path)) dates.set(path, at)
}

/** The former name is free for another article. */
function moved(dates: Map<string, Instant | null>, from: string, to: string, at: Instant | null): void {
  const first = dates.get(from)
  added(dates, to, first === undefined ? at : first)
  dates.delete(from)
}
