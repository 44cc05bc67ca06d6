import { join, relative } from 'node:path'
import type { Config } from '../config.ts'
import { type ProblemRecord, problemLine } from '../problem.ts'
import type { RunReport } from '../job.ts'
import { localDay, nextSlot, sinceMidnight } from '../schedule.ts'

/** What a person reads after a run. */
export interface Summary {
  report: string[]
  /** What is newly wrong. */
  problems: string[]
  /** Those of `problems` that need a person. */
  errors: string[]
}

/** Puts a report into words. */
export function summary(report: RunReport, config: Config, isRehearsal: boolean): Summary {
  const fresh = [...report.sources.flatMap((source) => source.fresh), ...report.fresh]
  const lines = [...stoppedLines(report), ...doneLines(report, config, isRehearsal), ...asideLines(report, fresh)]
  return {
    report: isRehearsal ? ['Nothing was changed. A run now would do this:', ...lines] : lines,
    problems: fresh.map(labelled),
    errors: fresh.filter(({ severity }) => severity === 'error').map(labelled),
  }
}

function stoppedLines({ run }: RunReport): string[] {
  return run.stopped ? ['Stopped early; the next run does the rest.'] : []
}

function labelled(problem: ProblemRecord): string {
  return `${problem.severity}: ${problemLine(problem)}`
}

function doneLines(report: RunReport, config: Config, isRehearsal: boolean): string[] {
  const { gathered, digests, published, announced, deliveries, notices } = report
  const news = gathered.new + gathered.updated + gathered.removed
  const { sent, deferred, refused, suppressed, held, expired, due } = deliveries
  const mailed = sent + deferred + refused + suppressed + held + expired + due
  const files = published.written.length + published.removed.length
  if (notices.sent + news + mailed + files + announced.told.length === 0 && announced.command !== 'done')
    return ['Nothing is new: no file was changed, no mail was made.']
  return [
    row('Gathered', `${gathered.new} new, ${gathered.updated} updated, ${gathered.removed} removed`),
    ...heldLines(report, config),
    ...digests.map((digest) => row('Digest', digestText(digest))),
    ...waitingLines(report, config),
    row(
      'Published',
      `${plural(published.written.length, 'file')} written, ${published.unchanged} unchanged${removedText(report)}`,
    ),
    ...announcedLines(report),
    ...noticeLines(report),
    ...(isRehearsal ? dueLines(report) : [...mailLines(report, config), ...openLines(report, config)]),
  ]
}

/** On a cron line an article is published now and mailed later. */
function waitingLines({ run, gathered, digests }: RunReport, { digest, site }: Config): string[] {
  if (digest.schedule.kind === 'instant' || gathered.new === 0 || digests.length > 0) return []
  const next = nextSlot(digest.schedule.cron, site.timezone, Date.parse(run.startedAt))
  return [row('Digest', `the next one is due at ${next.replace('T', ' ')} (${site.timezone})`)]
}

function heldLines({ held }: RunReport, { site }: Config): string[] {
  if (held.until === null) return []
  const entries = held.entries === 1 ? '1 entry, until' : `${held.entries} entries, the first until`
  return [row('Held back', `${entries} ${minuteIn(site.timezone, Date.parse(held.until))} (${site.timezone})`)]
}

/** `2026-03-02 08:30` on the wall clock of a zone. */
function minuteIn(zone: string, at: number): string {
  const { year, month, day } = localDay(at, zone)
  const minute = Math.floor(sinceMidnight(at, zone) / 60_000)
  const [y, mo, d, h, mi] = [year, month, day, Math.floor(minute / 60), minute % 60].map((n) =>
    String(n).padStart(2, '0'),
  )
  return `${y}-${mo}-${d} ${h}:${mi}`
}

function announcedLines({ announced }: RunReport): string[] {
  return [
    ...(announced.command === 'done' ? [row('After', 'your command was run')] : []),
    ...(announced.told.length > 0 ? [row('Hub', `told of ${plural(announced.told.length, 'feed')}`)] : []),
  ]
}

function row(label: string, text: string): string {
  return `${label.padEnd(11)}${text}`
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}

function digestText(digest: RunReport['digests'][number]): string {
  const entries = digest.entries === 1 ? '1 entry' : `${digest.entries} entries`
  const more = digest.more > 0 ? ` and ${digest.more} more on the web` : ''
  return `${entries}${more} for ${plural(digest.recipients, 'reader')}: ${digest.subject}`
}

function removedText({ published }: RunReport): string {
  return published.removed.length > 0 ? `, ${published.removed.length} removed` : ''
}

function mailLines({ deliveries }: RunReport, config: Config): string[] {
  const { sent, deferred, refused, suppressed, held, expired, due, maybeTwice } = deliveries
  const parts = [
    ...(deferred > 0 ? [`${deferred} put off until a later run`] : []),
    ...(refused > 0 ? [`${refused} refused`] : []),
    ...(suppressed > 0 ? [`${suppressed} not sent, since the reader has left or the address is no more`] : []),
    ...(held > 0 ? [`${held} held, as they may have gone ("feedwire digests retry" sends them)`] : []),
    ...(expired > 0 ? [`${expired} given up`] : []),
    ...(due > 0 ? [`${due} still to be sent`] : []),
    ...(maybeTwice > 0 ? [`${maybeTwice} may have been sent twice`] : []),
  ]
  if (sent === 0 && parts.length === 0) return []
  const how = config.mail.kind === 'outbox' ? `put into ${shown(config, config.mail.dir)}/` : 'sent'
  return [row('Mail', [`${plural(sent, 'letter')} ${how}`, ...parts].join(', '))]
}

function noticeLines({ notices }: RunReport): string[] {
  return notices.sent > 0 ? [row('Joining', `${plural(notices.sent, 'letter')} to who wants to join`)] : []
}

function dueLines({ deliveries: { due } }: RunReport): string[] {
  return due > 0 ? [row('Mail', `${plural(due, 'letter')} sent`)] : []
}

function openLines({ published, deliveries }: RunReport, config: Config): string[] {
  const page = published.written.includes('index.html') ? [join(config.publish.dir, 'index.html')] : []
  const mail = deliveries.sent > 0 && config.mail.kind === 'outbox' ? [config.mail.dir] : []
  const paths = [...page.map((path) => shown(config, path)), ...mail.map((path) => `${shown(config, path)}/*.eml`)]
  return paths.length === 0 ? [] : [row('Open', paths.join(' and '))]
}

function shown(config: Config, path: string): string {
  const short = relative(config.dir, path)
  return short.startsWith('..') ? path : short
}

/** What stands from earlier runs is counted, not told again. */
function asideLines(report: RunReport, fresh: readonly ProblemRecord[]): string[] {
  const isError = ({ severity }: ProblemRecord): boolean => severity === 'error'
  const standing = [...report.sources.flatMap((source) => source.problems), ...report.problems].filter(isError).length
  const old = standing - fresh.filter(isError).length
  return old > 0
    ? [row('Set aside', `${plural(old, 'problem')} from earlier runs; "feedwire run --json" lists all`)]
    : []
}
