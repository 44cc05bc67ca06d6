import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { simpleParser } from 'mailparser'
import { type Config, loadConfig } from '../../src/config.ts'
import { type RunReport, runOnce } from '../../src/run.ts'
import { filesBelow } from './folder.ts'

/** The checked settings of a site folder. */
export function configOf(dir: string): Config {
  const loaded = loadConfig(null, dir, {})
  if (!loaded.ok) throw new AggregateError(loaded.problems, 'the settings are wrong')
  return loaded.config
}

/** Runs the whole job in this process, at a moment such as `2026-01-31T08:00:00Z`. */
export async function runAt(
  dir: string,
  moment: string,
  signal: AbortSignal = new AbortController().signal,
): Promise<RunReport> {
  const now = Date.parse(moment)
  const report = await runOnce(configOf(dir), {
    ...{ now, clock: () => now, random: () => 0.5, signal, acceptRemovals: false, digest: 'due' },
  })
  if (report === null) throw new Error('another run holds the store')
  return report
}

export interface ReadMail {
  to: string
  subject: string
  text: string
  html: string
  /** Header lines by lower-cased name, as they stand. */
  headers: Map<string, string>
}

/** The letters of the outbox, by recipient. */
export async function lettersIn(dir: string): Promise<ReadMail[]> {
  const paths = filesBelow(join(dir, 'outbox'))
  const letters = await Promise.all(paths.map((path) => readMail(readFileSync(join(dir, 'outbox', path)))))
  return letters.sort((a, b) => (a.to < b.to ? -1 : 1))
}

async function readMail(bytes: Buffer): Promise<ReadMail> {
  const mail = await simpleParser(bytes)
  const to = mail.to === undefined || Array.isArray(mail.to) ? '' : mail.to.text
  const headers = mail.headerLines.map(({ key, line }): [string, string] => [key, line.replace(/^[^:]*:\s*/, '')])
  return { to, subject: mail.subject ?? '', text: mail.text ?? '', html: mail.html || '', headers: new Map(headers) }
}
