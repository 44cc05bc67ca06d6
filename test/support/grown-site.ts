import { join } from 'node:path'
import { expect } from 'vitest'
import { putFile } from './folder.ts'
import { gaugeSettings, writeGauge } from './gauges.ts'
import { runProgram, startProgram } from './program.ts'
import type { SmtpSink } from './smtp-sink.ts'

/** More than stand in the feed, so that there is an archive. */
const ARTICLES = 120

/** Who stands in the settings, by what the mail server does with the first letter to them. */
const READERS = ['taken@example.net', 'refused@example.net', 'later@example.net', 'cut@example.net']
/** Who joins later. */
const MORE = Array.from({ length: 6 }, (_, n) => `more-${n + 1}@example.net`)

/** What a site has to do with. */
export interface Outside {
  sink: SmtpSink
  /** On which its pages are served. */
  port: number
}

/** Settings of a site in whose store there is something in each table. */
export function grownSettings(dir: string, { sink, port }: Outside, database = 'feedwire.db'): void {
  const mail = { from: 'digest@example.org', smtp: sink.url.href, connections: 1, unknown: 'hold' }
  const url = 'https://tides.example.org/'
  gaugeSettings(dir, {
    sources: [
      { kind: 'markdown', dir: 'articles', link: `${url}{slug}/` },
      { kind: 'feed', name: 'others', file: 'others.xml' },
    ],
    ...{ database, mail: { ...mail, rates: { 'example.net': '100/s' } }, subscribers: READERS },
    ...{ digest: { first_run: 3 }, feeds: { entries: 20 }, web: { url: 'https://news.example.org/', port } },
    alerts: { mail: 'owner@example.org' },
  })
}

/** Makes such a site by runs, the last of which is killed while a letter is under way. */
export async function growSite(dir: string, outside: Outside): Promise<void> {
  const { sink } = outside
  grownSettings(dir, outside)
  for (let n = 1; n <= ARTICLES; n++) writeGauge(dir, `gauge-${n}`, [dateLine(n), `tags: [tides, number-${n % 3}]`])
  writeGauge(dir, 'broken', ['date: soon', 'tags: ['])
  putFile(dir, 'others.xml', feedWith('gauge-7', 'weir'))
  sink.script = (stage, about) => {
    if (stage === 'rcpt' && about.startsWith('refused@')) return '550 5.1.1 no such user'
    if (stage === 'rcpt' && about.startsWith('later@')) return '451 4.3.0 later'
    return stage === 'dot' && about.startsWith('cut@') ? 'take and drop' : 'accept'
  }
  expect((await runProgram(dir, 'run')).stderr).toContain('broken.md')
  await ok(dir, 'subscribers', 'add', ...MORE)
  await ok(dir, 'subscribers', 'add', 'asked@example.net', '--confirm')
  await ok(dir, 'subscribers', 'add', 'erased@example.net')
  await ok(dir, 'subscribers', 'remove', 'erased@example.net', '--forget')
  await ok(dir, 'entries', 'hide', '5')
  writeGauge(dir, 'sluice', ['date: 2026-06-02'])
  await runKilled(dir, sink)
}

/** Kills a run when the mail server has its third letter in hand. */
async function runKilled(dir: string, sink: SmtpSink): Promise<void> {
  const run = startProgram(dir, 'run')
  let letters = 0
  sink.script = (stage) => {
    if (stage !== 'dot' || ++letters < 3) return 'accept'
    run.kill('SIGKILL')
    return 'drop'
  }
  expect(await run.ended).toMatchObject({ signal: 'SIGKILL' })
  sink.script = () => 'accept'
}

async function ok(dir: string, ...words: string[]): Promise<void> {
  expect(await runProgram(dir, ...words), words.join(' ')).toMatchObject({ code: 0, stderr: '' })
}

function dateLine(n: number): string {
  return `date: ${new Date(Date.UTC(2026, 0, n)).toISOString().slice(0, 10)}`
}

/** A feed of others, in which one of our articles stands as well. */
function feedWith(ours: string, name: string): string {
  const item = (title: string, link: string): string =>
    `<item><title>${title}</title><link>${link}</link><guid>${link}</guid><description>Water at the ${title}, and how it is let through by its keeper.</description></item>`
  const items = [
    item(`The ${ours} gauge`, `https://tides.example.org/${ours}/`),
    item(name, `https://others.example/${name}/`),
  ]
  return `<rss version="2.0"><channel><title>Others</title><link>https://others.example/</link><description>d</description>${items.join('')}</channel></rss>`
}

/** The store of a site as a file. */
export function storeFile(dir: string): string {
  return join(dir, 'feedwire.db')
}
