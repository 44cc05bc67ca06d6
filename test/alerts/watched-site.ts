import { renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { simpleParser } from 'mailparser'
import { z } from 'zod'
import type { RunReport } from '../../src/run.ts'
import { type Said, feedwireAt } from '../support/command.ts'
import { putFile, tempFolder } from '../support/folder.ts'
import { runAt } from '../support/run-at.ts'
import { type SmtpSink, startSink } from '../support/smtp-sink.ts'
import { Hook } from './hook.ts'

const NEWS = z.object({
  alert: z.string(),
  state: z.string(),
  since: z.string(),
  message: z.string(),
  mend: z.string(),
})

/** A site whose owner is told what is wrong by a hook and by mail. */
export class WatchedSite {
  readonly dir: string
  readonly hook: Hook
  readonly sink: SmtpSink
  /** How many hours it is old. */
  hour = 0

  private constructor(hook: Hook, sink: SmtpSink) {
    this.hook = hook
    this.sink = sink
    this.dir = tempFolder({
      'articles/gauge.md': '---\ntitle: The gauge\ndate: 2026-01-01\n---\nIt stands in the harbour.\n',
    })
    this.settings({ alerts: `{ mail: owner@example.net, url: "${hook.url}", source_failures: 2 }` })
  }

  static async open(): Promise<WatchedSite> {
    return new WatchedSite(await Hook.start(), await startSink())
  }

  async close(): Promise<void> {
    await this.hook.stop()
    await this.sink.close()
    rmSync(this.dir, { recursive: true })
  }

  settings({
    alerts = '{}',
    readers = [],
    more = '',
  }: {
    alerts?: string
    readers?: readonly string[]
    more?: string
  }): void {
    const text = `
site: { title: Tide Notes, url: "https://tides.example.org/" }
digest: { first_run: 5 }
mail: { from: ada@example.org, smtp: "${this.sink.url.href}" }
subscribers: [${readers.join(', ')}]
alerts: ${alerts}
${more}`
    this.put('feedwire.config.yaml', text)
  }

  put(path: string, text: string): void {
    putFile(this.dir, path, text)
  }

  /** Runs one hour later than the last time. */
  run(signal?: AbortSignal): Promise<RunReport> {
    this.hour += 1
    return runAt(this.dir, this.#moment(0), signal)
  }

  /** Says something to the program, half an hour after the last run. */
  say(...words: string[]): Promise<Said> {
    return feedwireAt(this.dir, this.#moment(30), ...words)
  }

  #moment(minute: number): string {
    return new Date(Date.UTC(2026, 1, 1, this.hour, minute)).toISOString()
  }

  /** What the hook was told since it was last looked at. */
  posted(): string[] {
    return this.hook.take().map(({ body }) => {
      const { alert, state } = NEWS.parse(JSON.parse(body))
      return `${alert} ${state}`
    })
  }

  /** The subjects of the letters to the owner since they were last looked at. */
  async mailed(): Promise<string[]> {
    const own = this.sink.received.splice(0).filter(({ to }) => to.includes('owner@example.net'))
    const letters = await Promise.all(own.map(({ raw }) => simpleParser(raw)))
    return letters.map(({ subject }) => subject ?? '')
  }

  /** Both. */
  async told(): Promise<[string[], string[]]> {
    return [this.posted(), await this.mailed()]
  }

  /** The hook answers so from now on. */
  hookAnswers(status: number): void {
    this.hook.answer = (response) => void response.writeHead(status).end()
  }

  /** The folder of the articles is gone, or is back. */
  takeArticles(where: 'away' | 'back'): void {
    const [here, elsewhere] = [join(this.dir, 'articles'), join(this.dir, 'elsewhere')]
    if (where === 'away') renameSync(here, elsewhere)
    else renameSync(elsewhere, here)
  }
}
