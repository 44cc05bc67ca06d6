import { pino } from 'pino'
import { oneLine } from './problem.ts'

/** One line for each event. */
export interface Log {
  info: (event: string, fields?: object) => void
  error: (event: string, fields?: object) => void
}

/** What looks like a mail address, up to its `@`: `reader@example.net` becomes `r***@example.net`. */
const ADDRESS = /([^\s\p{Cc}<>"'(),:;@\\])[^\s\p{Cc}<>"'(),:;@\\]*@/gu

/** How a log writes. */
export interface LogOptions {
  /** True for a person at a terminal. */
  isPretty?: boolean
  /** What must not stand in it, whoever says it. */
  secrets?: readonly string[]
}

/** A log that writes lines with `write`; mail addresses and secrets in them are masked. */
export function openLog(write: (line: string) => void, { isPretty = false, secrets = [] }: LogOptions = {}): Log {
  const hidden = spellings(secrets)
  const masked = (text: string): string =>
    hidden.reduce((rest, secret) => rest.replaceAll(secret, '***'), text).replace(ADDRESS, '$1***@')
  const stream = {
    write: (line: string) => {
      // Within the texts, so that digits of a password leave a number what it is.
      const record: unknown = JSON.parse(line, (key, value: unknown) => {
        return typeof value === 'string' && !OURS.has(key) ? masked(value) : value
      })
      write(isPretty ? prettyLine(record) : JSON.stringify(record))
    },
  }
  const logger = pino(
    { base: null, timestamp: pino.stdTimeFunctions.isoTime, formatters: { level: (level) => ({ level }) } },
    stream,
  )
  return {
    info: (event, fields = {}) => {
      logger.info({ event, ...fields })
    },
    error: (event, fields = {}) => {
      logger.error({ event, ...fields })
    },
  }
}

/** What the log itself says of each event. */
const OURS = new Set(['level', 'time', 'event'])

/** Shorter ones would be found in words that are none. */
const LEAST_SECRET = 4

/** Secrets as they may stand in a text, the longest first. */
function spellings(secrets: readonly string[]): string[] {
  const all = secrets.flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)])
  return [...new Set(all)].filter(({ length }) => length >= LEAST_SECRET).sort((a, b) => b.length - a.length)
}

/** `12:00:03 run  id 7  gathered.new 3`: the time is that of the terminal, and what is nothing is left out. */
function prettyLine(record: unknown): string {
  const { level, time, event, ...fields } = Object.fromEntries(Object.entries(record ?? {}))
  const clock = new Date(String(time)).toTimeString().slice(0, 8)
  const words = [`${clock} ${level === 'error' ? 'ERROR ' : ''}${String(event)}`, ...pairs(fields, '')]
  return words.join('  ')
}

function pairs(fields: object, path: string): string[] {
  return Object.entries(fields).flatMap(([name, value]: [string, unknown]) => {
    const label = path + name
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return pairs(value, `${label}.`)
    const isNothing = value === null || value === 0 || value === false
    return isNothing ? [] : `${label} ${oneLine(typeof value === 'string' ? value : JSON.stringify(value))}`
  })
}
