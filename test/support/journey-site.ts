import { EventEmitter, once } from 'node:events'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { type ReceiveOptions, receiveCommand } from '../../src/cli/receive.ts'
import { serveWeb } from '../../src/endpoint.ts'
import type { Log } from '../../src/log.ts'
import { type Store, openStore } from '../../src/remember/open.ts'
import { tempFolder } from './folder.ts'
import { gaugeSettings, gaugesIn, writeGauge } from './gauges.ts'
import { type JourneyLetter, onlyLetter, readJourneyLetter } from './journey-letter.ts'
import { freePort } from './journey-port.ts'
import { configOf, runAt } from './run-at.ts'
import { type SmtpSink, startSink } from './smtp-sink.ts'

const FROM = 'digest@example.org'
const DAY = 86_400_000

/** A site with a mail server and, unless it does without, an endpoint that serves its pages too; all in this process. */
export class JourneySite {
  readonly dir = tempFolder()
  readonly sink: SmtpSink
  /** Where pages and endpoint are, `http://127.0.0.1:PORT/`. */
  readonly url: string
  /** What went wrong at the endpoint. */
  readonly errors: string[] = []
  #now = Date.parse('2026-01-31T12:00:00Z')
  #server: { close: () => Promise<void> } | null = null
  /** Letters of the mail server that were read. */
  #read = 0
  /** Letters that the endpoint sent and nobody has read. */
  #sent = 0
  readonly #events = new EventEmitter()

  private constructor(sink: SmtpSink, url: string) {
    this.sink = sink
    this.url = url
  }

  /** A site that was published once, with one article about the ebb. */
  static async open({ hasEndpoint = true, ...more }: { hasEndpoint?: boolean } & Record<string, unknown> = {}) {
    const port = await freePort()
    const site = new JourneySite(await startSink(), `http://127.0.0.1:${port}/`)
    const { dir, url } = site
    gaugeSettings(dir, {
      site: { title: 'Tide Notes', url },
      sources: [{ kind: 'markdown', dir: 'articles' }],
      mail: { from: FROM, return: 'bounces@example.org', smtp: site.sink.url.href },
      ...(hasEndpoint && { web: { url, port } }),
      ...more,
    })
    writeGauge(dir, 'old', ['tags: [ebb]'])
    await runAt(dir, site.#moment())
    if (hasEndpoint) await site.#serve()
    return site
  }

  /** Lets time pass until a moment such as `2026-02-02T08:00:00Z`. */
  until(moment: string): void {
    this.#now = Date.parse(moment)
  }

  /** Lets a day pass. */
  nextDay(): void {
    this.#now += DAY
  }

  /** Writes an article, which the next run publishes. */
  write(name: string, tag: string): void {
    writeGauge(this.dir, name, [`tags: [${tag}]`])
  }

  /** Runs at a moment, and gives the letters that it sent. */
  async runAt(moment: string): Promise<JourneyLetter[]> {
    this.until(moment)
    const { problems } = await runAt(this.dir, moment)
    if (problems.length > 0) throw new Error(JSON.stringify(problems))
    return this.unread()
  }

  /** Runs at a moment, and tells who got what: `ada@example.net: east north`. */
  async mailedAt(moment: string): Promise<string[]> {
    return (await this.runAt(moment)).map(({ to, text }) => `${to}: ${gaugesIn(text).join(' ')}`)
  }

  /** The letter that the endpoint sends because of what somebody asked there. */
  async asked(): Promise<JourneyLetter> {
    while (this.#sent === 0) await once(this.#events, 'notices')
    this.#sent--
    return onlyLetter(await this.unread())
  }

  /** Hands a mail to `feedwire receive`, and gives what it said. */
  async receive(mail: string, options: ReceiveOptions = {}): Promise<string> {
    const said: string[] = []
    const note = (line: string): void => void said.push(line)
    const context = { cwd: this.dir, environment: {}, ...this.#outside(), print: note, complain: note }
    const code = await receiveCommand(context, options, Readable.from([Buffer.from(mail)]))
    return [...said, `ended with ${code}`].join('\n')
  }

  /** The letters that came since the last look. */
  unread(): Promise<JourneyLetter[]> {
    const letters = this.sink.received.slice(this.#read)
    this.#read += letters.length
    return Promise.all(letters.map(({ raw }) => readJourneyLetter(raw)))
  }

  /** Looks into the store. */
  async inStore<T>(look: (store: Store) => Promise<T>): Promise<T> {
    const store = await openStore(join(this.dir, 'feedwire.db'))
    try {
      return await look(store)
    } finally {
      await store.destroy()
    }
  }

  /** Stops the endpoint once it has sent what it was asked for. */
  async stop(): Promise<void> {
    await this.#server?.close()
    this.#server = null
  }

  async close(): Promise<void> {
    await this.stop()
    await this.sink.close()
    rmSync(this.dir, { recursive: true })
  }

  async #serve(): Promise<void> {
    const config = configOf(this.dir)
    if (config.web === null) throw new Error('there is no endpoint')
    this.#server = await serveWeb(config, config.web, this.#outside(), this.#log())
  }

  #log(): Log {
    return {
      info: (event, fields = {}) => {
        if (event !== 'notices' || !('sent' in fields)) return
        this.#sent += Number(fields.sent)
        this.#events.emit(event)
      },
      error: (event, fields = {}) => void this.errors.push(JSON.stringify({ event, ...fields })),
    }
  }

  #outside() {
    return { clock: () => this.#now, random: () => 0.5, signal: new AbortController().signal }
  }

  #moment(): string {
    return new Date(this.#now).toISOString()
  }
}
