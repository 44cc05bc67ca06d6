import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { measure } from './measure.mjs'

/**
 * A program that reads the feeds.
 * @typedef {object} FetchProgram
 * @property {string} name
 * @property {boolean} isThere
 * @property {() => void} forget takes away what earlier runs left
 * @property {(found: number) => import('./measure.mjs').Cost & { statements: number | null }} run
 *   `found` is how many new items there are; a run that found others is no measurement
 */

const COUNTER = new URL('fetch-sqlite.mjs', import.meta.url)
const LOOP = fileURLToPath(new URL('fetch-loop.mjs', import.meta.url))

/**
 * Feedwire: what it reads is kept whole, and published as feeds and pages.
 * @param {string} dir
 * @param {string} main
 * @param {readonly string[]} urls
 * @returns {FetchProgram}
 */
export function feedwireFetch(dir, main, urls) {
  const settings = {
    site: { title: 'Planet', url: 'https://planet.example.org/' },
    sources: urls.map((url) => ({ kind: 'feed', url })),
    fetch: { allow: ['127.1.0.0/16'] },
    feeds: { content: 'snippet', tags: false },
    publish: { compress: false },
  }
  writeFileSync(join(dir, 'feedwire.config.yaml'), JSON.stringify(settings))
  const store = ['', '-wal', '-shm', '.lock'].map((end) => `feedwire.db${end}`)
  return {
    name: 'Feedwire',
    isThere: true,
    forget: () => removeAll(dir, [...store, 'public', 'outbox']),
    run(found) {
      const { stdout, ...cost } = measure(process.execPath, ['--import', COUNTER.href, main, 'run', '--json'], {
        cwd: dir,
      })
      const { gathered } = JSON.parse(stdout)
      if (gathered.new !== found)
        throw new Error(`Feedwire found ${JSON.stringify(gathered)} instead of ${found} items`)
      return { ...cost, statements: statementsIn(dir) }
    },
  }
}

/**
 * A plain loop over feedsmith with Node's own fetch, eight feeds at a time; it keeps which items it has seen.
 * @param {string} dir
 * @param {readonly string[]} urls
 * @returns {FetchProgram}
 */
export function plainLoop(dir, urls) {
  writeFileSync(join(dir, 'urls.txt'), urls.join('\n'))
  return {
    name: 'plain loop',
    isThere: true,
    forget: () => removeAll(dir, ['loop.db', 'loop.db-wal', 'loop.db-shm']),
    run(found) {
      const { stdout, ...cost } = measure(process.execPath, [LOOP, 'urls.txt'], { cwd: dir })
      if (Number(stdout) !== found) throw new Error(`the loop found ${stdout.trim()} instead of ${found} items`)
      return { ...cost, statements: statementsIn(dir) }
    },
  }
}

/**
 * rss2email, one feed after another; it makes its letters and sends none.
 * @param {string} dir
 * @param {readonly string[]} urls
 * @returns {FetchProgram}
 */
export function rss2email(dir, urls) {
  const sections = urls.map((url, index) => `[feed.blog-${index}]\nurl = ${url}\n`)
  const settings = `[DEFAULT]\nfrom = planet@example.org\nto = ada@example.org\n\n${sections.join('\n')}`
  const data = join(dir, 'rss2email.json')
  return {
    name: 'rss2email',
    isThere: spawnSync('r2e', ['--version']).status === 0,
    forget: () => {
      removeAll(dir, ['rss2email.json', 'rss2email.json.tmp'])
      writeFileSync(join(dir, 'rss2email.cfg'), settings)
    },
    run(found) {
      const before = seenIn(data)
      const { stdout: _, ...cost } = measure('r2e', ['-c', 'rss2email.cfg', '-d', data, 'run', '--no-send'], {
        cwd: dir,
      })
      const seen = seenIn(data) - before
      if (seen !== found) throw new Error(`rss2email found ${seen} instead of ${found} items`)
      return { ...cost, statements: null }
    },
  }
}

/**
 * How many items rss2email has seen.
 * @param {string} data
 */
function seenIn(data) {
  if (!existsSync(data)) return 0
  /** @type {{ feeds: { seen: object }[] }} */
  const { feeds } = JSON.parse(readFileSync(data, 'utf8'))
  return feeds.reduce((sum, { seen }) => sum + Object.keys(seen).length, 0)
}

/** @param {string} dir */
function statementsIn(dir) {
  return Number(readFileSync(join(dir, 'statements.txt'), 'utf8'))
}

/**
 * @param {string} dir
 * @param {readonly string[]} names
 */
function removeAll(dir, names) {
  for (const name of names) rmSync(join(dir, name), { recursive: true, force: true })
}
