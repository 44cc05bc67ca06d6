import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { execPath } from 'node:process'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { expect } from 'vitest'
import { openStore } from '../../src/remember/open.ts'
import { tempFolder } from './folder.ts'
import { gaugeSettings, writeGauge } from './gauges.ts'
import { NOBODY } from './postfix.ts'

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url))

/** A site that mails to users of example.org, owned and run by nobody, as a mail server's pipe runs programs. */
export class PostfixSite {
  readonly dir = tempFolder()

  configure(smtp: URL, returnTo: string, users: readonly string[]): void {
    const mail = { from: 'digest@example.org', return: `${returnTo}@example.org`, smtp: smtp.href, connections: 5 }
    const subscribers = users.map((user) => `${user}@example.org`)
    gaugeSettings(this.dir, { mail, subscribers, digest: { first_run: 10 } })
  }

  /** Adds an article and runs the program, which is to mail it to so many readers. */
  async mail(name: string, recipients: number): Promise<void> {
    writeGauge(this.dir, name)
    const report: unknown = JSON.parse(await this.feedwire('run', '--json'))
    expect(report).toMatchObject({ digests: [{ recipients }], deliveries: { sent: recipients }, problems: [] })
  }

  /** Runs the program, which is to end well. @returns what it printed */
  async feedwire(...args: string[]): Promise<string> {
    for (const path of ['', ...readdirSync(this.dir, { recursive: true, encoding: 'utf8' })]) {
      chownSync(join(this.dir, path), NOBODY.uid, NOBODY.gid)
    }
    const child = spawn(execPath, [MAIN, ...args], { cwd: this.dir, stdio: ['ignore', 'pipe', 'pipe'], ...NOBODY })
    const [, stdout, stderr] = await Promise.all([once(child, 'exit'), text(child.stdout), text(child.stderr)])
    expect({ code: child.exitCode, stderr }).toEqual({ code: 0, stderr: '' })
    return stdout
  }

  /** Local parts of the readers to whom nothing is mailed any more, as the store says; sorted. */
  async bounced(): Promise<string[]> {
    const store = await openStore(join(this.dir, 'feedwire.db'))
    try {
      const readers = store.selectFrom('subscribers').select('address').where('suppressed', '=', 'bounced')
      return (await readers.execute()).map(({ address }) => address.replace(/@.*/, '')).sort()
    } finally {
      await store.destroy()
    }
  }

  remove(): void {
    rmSync(this.dir, { recursive: true })
  }
}
