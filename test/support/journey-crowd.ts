import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { sql } from 'kysely'
import { type Store, openStore } from '../../src/remember/open.ts'
import { mintToken } from '../../src/token.ts'
import { feedwireAt } from './command.ts'
import { putFile, tempFolder } from './folder.ts'
import { gaugeSettings, writeGauge } from './gauges.ts'
import { type Asking, askRaw } from './journey-http.ts'
import { type LoadReport, growthOf, load, shareOf } from './journey-load.ts'
import { freePort } from './journey-port.ts'
import { type Served, startServe } from './journey-served.ts'
import { type SmtpSink, startSink } from './smtp-sink.ts'

const SECRET = 'the secret of a crowd'
const NOW = '2026-01-31T12:00:00Z'

/** What a crowd did to the server, and what the server kept of it. */
export interface CrowdReport {
  subscribe: LoadReport
  leave: LoadReport
  /** MB by which the server grew in the last third of each load. */
  growth: { subscribe: number; leave: number }
  /** Median milliseconds of an answer for a reader and for a stranger, asked for in turn. */
  asked: { known: number; unknown: number }
  complaints: string[]
  exitCode: number | null
  /** Addresses that asked and that are kept, looked at or not. */
  kept: number
  unsubscribed: number
  /** Letters that the mail server took meanwhile. */
  letters: number
}

/** The built server, with a mail server, under so many people who join and so many readers who leave. */
export async function sendCrowd(size: { join: number; leave: number; compare: number }): Promise<CrowdReport> {
  const dir = tempFolder()
  const sink = await startSink()
  try {
    const ids = await crowdedSite(dir, sink, size.leave)
    const server = await startServe(dir)
    try {
      return await report(dir, server, sink, ids, size)
    } finally {
      await server.stop()
    }
  } finally {
    await sink.close()
    rmSync(dir, { recursive: true })
  }
}

async function report(
  dir: string,
  server: Served,
  sink: SmtpSink,
  ids: readonly number[],
  size: { join: number; compare: number },
): Promise<CrowdReport> {
  const asked = await compare(server.url, size.compare)
  const subscribe = await load(size.join, server.memory, (number) => joining(server.url, `new-${number}`, number))
  const leave = await load(ids.length, server.memory, (number) => leaving(server.url, ids[number] ?? 0))
  const exitCode = await server.stop()
  return {
    ...{ subscribe, leave, asked, exitCode, complaints: server.complaints, letters: sink.received.length },
    growth: { subscribe: growthOf(subscribe.memory), leave: growthOf(leave.memory) },
    ...(await keptIn(dir)),
  }
}

/** A site that was published, with so many readers; gives their ids. */
async function crowdedSite(dir: string, sink: SmtpSink, readers: number): Promise<number[]> {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}/`
  gaugeSettings(dir, {
    site: { title: 'Tide Notes', url },
    mail: { from: 'digest@example.org', smtp: sink.url.href },
    secret: SECRET,
    web: { url, port },
  })
  writeGauge(dir, 'old', ['tags: [ebb, tides]'])
  await feedwireAt(dir, NOW, 'run')
  const addresses = Array.from({ length: readers }, (_, number) => `old-${number}@example.net`)
  putFile(dir, 'readers.txt', addresses.join('\n'))
  const { code, err } = await feedwireAt(dir, NOW, 'subscribers', 'import', 'readers.txt')
  if (code !== 0) throw new Error(`the readers were not imported: ${err}`)
  return inStore(dir, async (store) => {
    return (await store.selectFrom('subscribers').select('id').orderBy('id').execute()).map(({ id }) => id)
  })
}

/** Asks for the digest as somebody at a network address of their own, behind a proxy. */
function joining(url: string, name: string, client: number): Asking {
  const from = [10, client >> 16, (client >> 8) & 255, client & 255].join('.')
  const fields = { address: `${name}@example.net`, frequency: 'weekly', topics: 'tag:tides', website: '' }
  return { method: 'POST', url: `${url}subscribe`, headers: { 'x-forwarded-for': from }, fields }
}

/** Leaves by one click of a mail program (RFC 8058). */
function leaving(url: string, id: number): Asking {
  const fields = { 'List-Unsubscribe': 'One-Click' }
  return { method: 'POST', url: `${url}u/${mintToken(SECRET, 'unsubscribe', id)}`, fields }
}

/** Asks for readers and for strangers in turn, one after another. */
async function compare(url: string, times: number): Promise<CrowdReport['asked']> {
  const took = { old: [] as number[], nil: [] as number[] }
  for (let number = 0; number < times; number++) {
    for (const [at, name] of (['old', 'nil'] as const).entries()) {
      const start = performance.now()
      const { status } = await askRaw(joining(url, `${name}-${number}`, (200 << 16) + 2 * number + at))
      took[name].push(performance.now() - start)
      if (status !== 200) throw new Error(`a request was answered with ${status}`)
    }
  }
  return { known: shareOf(took.old, 0.5), unknown: shareOf(took.nil, 0.5) }
}

function keptIn(dir: string): Promise<Pick<CrowdReport, 'kept' | 'unsubscribed'>> {
  return inStore(dir, async (store) => {
    const { rows } = await sql<{ kept: number; unsubscribed: number }>`select
      (select count(distinct address) from (
        select address from requests union all select address from subscribers) where address like 'new-%') as kept,
      (select count(*) from subscribers where state = 'unsubscribed') as unsubscribed`.execute(store)
    const [{ kept, unsubscribed } = { kept: 0, unsubscribed: 0 }] = rows
    return { kept, unsubscribed }
  })
}

async function inStore<T>(dir: string, look: (store: Store) => Promise<T>): Promise<T> {
  const store = await openStore(join(dir, 'feedwire.db'))
  try {
    return await look(store)
  } finally {
    await store.destroy()
  }
}
