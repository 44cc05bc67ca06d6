import { pino } from 'pino'

/** One line of JSON for each event. */
export interface Log {
  info: (event: string, fields?: object) => void
  error: (event: string, fields?: object) => void
}

/**
 * What looks like a mail address, up to its `@`: `reader@example.net` becomes `r***@example.net`. An escape of JSON,
 * such as the `\n` in `…\nreader@example.net`, is no part of it and must stay whole.
 */
const ESCAPE_OR_ADDRESS = /(\\(?:u[\da-f]{4}|.))|([^\s<>"'(),:;@\\])[^\s<>"'(),:;@\\]*@/g

/** A log that writes lines with `write`; mail addresses in them are masked. */
export function openLog(write: (line: string) => void): Log {
  const stream = {
    write: (line: string) => {
      write(line.trimEnd().replace(ESCAPE_OR_ADDRESS, masked))
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

function masked(_: string, escape: string | undefined, first = ''): string {
  return escape ?? `${first}***@`
}
