import { spawnSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { measure } from './measure.mjs'

/**
 * A program that reads the corpus.
 * @typedef {object} Program
 * @property {string} name
 * @property {boolean} isThere
 * @property {() => void} forget takes away what earlier runs left
 * @property {(read: number) => import('./measure.mjs').Cost} run
 *   `read` is how many articles must have been read anew; a run that did anything else is no measurement
 */

// What Hugo is not asked for either is left out: whole articles in feeds, pages of tags, compressed copies.
const FEEDWIRE = `site:
  title: Tides
  url: https://blog.example.org/
  language: zh-CN
  timezone: Asia/Shanghai
sources:
  - { kind: markdown, dir: content }
feeds: { content: snippet, tags: false }
publish: { compress: false }
`

/**
 * Feedwire beside the corpus: feeds, pages and an outbox, no subscriber.
 * @param {string} site
 * @param {string} main
 * @returns {Program}
 */
export function feedwire(site, main) {
  writeFileSync(join(site, 'feedwire.config.yaml'), FEEDWIRE)
  return {
    name: 'Feedwire',
    isThere: true,
    forget: () =>
      removeAll(site, ['feedwire.db', 'feedwire.db-wal', 'feedwire.db-shm', 'feedwire.db.lock', 'public', 'outbox']),
    run(read) {
      const { stdout, ...cost } = measure(process.execPath, [main, 'run', '--json'], { cwd: site })
      const { gathered } = JSON.parse(stdout)
      if (gathered.seen !== read || gathered.rejected > 0) {
        throw new Error(`Feedwire read ${JSON.stringify(gathered)} instead of ${read} articles`)
      }
      return cost
    },
  }
}

const BASE = `baseURL = "https://blog.example.org/"
languageCode = "zh-cn"
hasCJKLanguage = true
timeZone = "Asia/Shanghai"
title = "Tides"
contentDir = "../content"
`
const SUMMARIES = `${BASE}disableKinds = ["taxonomy", "term", "section", "RSS", "sitemap", "robotsTXT", "404"]
`
const LEANEST = `${BASE}disableKinds = ["taxonomy", "term", "section", "sitemap", "robotsTXT", "404"]
[outputs]
  home = ["RSS"]
[services.rss]
  limit = 50
`
const LIST = '{{ range .Site.RegularPages }}<h2>{{ .Title }}</h2>{{ .Summary }}{{ end }}\n'

/**
 * Hugo with one page that holds a summary of every article.
 * @param {string} site
 */
export function hugoSummaries(site) {
  return hugo(site, 'Hugo, summaries', SUMMARIES, { 'layouts/index.html': LIST })
}

/**
 * Hugo at its leanest: one feed of 50 entries.
 * @param {string} site
 */
export function hugoLeanest(site) {
  return hugo(site, 'Hugo, leanest', LEANEST, {})
}

/**
 * @param {string} site
 * @param {string} name
 * @param {string} config
 * @param {Record<string, string>} layouts
 * @returns {Program}
 */
function hugo(site, name, config, layouts) {
  const dir = join(site, name.replace(/\W+/g, '-').toLowerCase())
  mkdirSync(join(dir, 'layouts'), { recursive: true })
  for (const [file, text] of Object.entries({ ...layouts, 'config.toml': config })) writeFileSync(join(dir, file), text)
  return {
    name,
    isThere: spawnSync('hugo', ['version']).status === 0,
    forget: () => removeAll(dir, ['public', 'resources']),
    run() {
      const { stdout, ...cost } = measure('hugo', ['--quiet'], { cwd: dir })
      return cost
    },
  }
}

/**
 * @param {string} dir
 * @param {readonly string[]} names
 */
function removeAll(dir, names) {
  for (const name of names) rmSync(join(dir, name), { recursive: true, force: true })
}
