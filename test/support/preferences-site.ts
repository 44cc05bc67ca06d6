import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { feedwireAt } from './command.ts'
import { tempFolder } from './folder.ts'
import { gaugeSettings, gaugesIn, writeGauge } from './gauges.ts'
import { type ReadMail, lettersIn, runAt } from './run-at.ts'

/** A site with articles and notes; its readers are named by the part before the `@`. */
export class PreferencesSite {
  readonly dir = tempFolder()

  constructor(readers: Record<string, object>, digest: object = {}) {
    const source = (folder: string) => ({ kind: 'markdown', dir: folder, link: 'https://tides.example.org/{slug}/' })
    gaugeSettings(this.dir, {
      digest: { max_entries: 200, ...digest },
      sources: [source('articles'), source('notes')],
      subscribers: Object.entries(readers).map(([name, wish]) => ({ address: `${name}@example.net`, ...wish })),
    })
    writeGauge(this.dir, 'first')
    writeGauge(this.dir, 'first-note', [], 'notes')
  }

  /** The letters since the last look. */
  async newLetters(): Promise<ReadMail[]> {
    const letters = await lettersIn(this.dir)
    rmSync(join(this.dir, 'outbox'), { recursive: true, force: true })
    return letters
  }

  /** Who got which articles since the last look: `ann: north south`. */
  async mailed(): Promise<string[]> {
    return (await this.newLetters()).map(({ to, text }) => `${nameOf(to)}: ${gaugesIn(text).join(' ')}`)
  }

  /** Runs at a moment, and tells who got what. */
  async mailedAt(moment: number | string): Promise<string[]> {
    await runAt(this.dir, new Date(moment).toISOString())
    return this.mailed()
  }

  /** `run --digest now` at a moment, and who got what. */
  async mailedNow(moment: string): Promise<string[]> {
    await feedwireAt(this.dir, moment, 'run', '--digest', 'now')
    return this.mailed()
  }

  /** A reader wants something else, in words of `subscribers set`. */
  wish(moment: string, name: string, ...words: string[]): Promise<unknown> {
    return feedwireAt(this.dir, moment, 'subscribers', 'set', `${name}@example.net`, ...words)
  }

  remove(): void {
    rmSync(this.dir, { recursive: true })
  }
}

/** The name of a reader. */
export function nameOf(address: string): string {
  return address.replace(/@.*/, '')
}
