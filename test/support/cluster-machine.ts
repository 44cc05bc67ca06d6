import { expect } from 'vitest'
import { tempFolder } from './folder.ts'
import { gaugeSettings, writeGauge } from './gauges.ts'
import { freePort } from './journey-port.ts'
import { type Daemon, startDaemon } from './program.ts'
import type { SmtpSink } from './smtp-sink.ts'

/** Connections of each machine to the mail server. */
export const CONNECTIONS = 3
/** Signs the links of letters. */
export const SECRET = 'a secret of the cluster, for its links'

/** One of several that run a daemon on the same database. */
export class Machine {
  /** By which the database knows its connections. */
  readonly name: string
  readonly dir: string
  /** Where it serves pages. */
  readonly url: string
  #daemon: Daemon | null = null

  private constructor(name: string, dir: string, url: string) {
    this.name = name
    this.dir = dir
    this.url = url
  }

  static async make(
    n: number,
    database: string,
    sink: SmtpSink,
    how: { rate?: number; web?: boolean },
  ): Promise<Machine> {
    const name = `machine-${n}`
    const dir = tempFolder()
    const port = await freePort()
    const rate = how.rate === undefined ? {} : { rate: `${how.rate}/s` }
    gaugeSettings(dir, {
      database: `${database}?application_name=${name}`,
      mail: { from: 'digest@example.org', smtp: sink.url.href, connections: CONNECTIONS, ...rate },
      ...{ digest: { first_run: 10 }, schedule: '0 0 1 1 *', secret: SECRET },
      ...(how.web === true && { web: { url: 'https://news.example.org/', port } }),
    })
    writeGauge(dir, 'north', ['date: 2026-01-30'])
    return new Machine(name, dir, `http://127.0.0.1:${port}/`)
  }

  start(): void {
    this.#daemon = startDaemon(this.dir)
  }

  /** Ends it at once; it must not have ended by itself. */
  async kill(): Promise<void> {
    const daemon = this.#daemon
    this.#daemon = null
    if (daemon === null) return
    daemon.kill()
    expect(await daemon.ended, `${this.name} was at work`).toMatchObject({ code: null, stderr: '' })
  }
}
