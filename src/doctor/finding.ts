import { type Problem, oneLine } from '../problem.ts'

/** What a look at one part of the setup found; each fault and each note comes with what to do about it. */
export type Finding =
  | { state: 'ok' | 'skipped'; message: string }
  /** `note`: it works, and a person may want to know; `fault`: something will not work. */
  | { state: 'note' | 'fault'; message: string; mend: string }

/** The parts that are looked at. */
export type CheckName =
  | 'settings'
  | 'node'
  | 'clock'
  | 'sources'
  | 'folders'
  | 'disk'
  | 'store'
  | 'secret'
  | 'templates'
  | 'feeds'
  | 'mails'
  | 'alerts'
  | 'smtp'
  | 'dkim'
  | 'spf'
  | 'dmarc'
  | 'bounces'
  | 'site'
  | 'endpoint'

/** A finding and what it is about: one line for a person, one object of `--json`. */
export type Check = { name: CheckName } & Finding

export function ok(message: string): Finding {
  return { state: 'ok', message }
}

export function skipped(message: string): Finding {
  return { state: 'skipped', message }
}

export function note(message: string, mend: string): Finding {
  return { state: 'note', message, mend }
}

export function fault(message: string, mend: string): Finding {
  return { state: 'fault', message, mend }
}

export function findingOf({ severity, where, message, mend }: Problem): Finding {
  const text = oneLine(where === null ? message : `${where}: ${message}`)
  return severity === 'warning' ? note(text, mend) : fault(text, mend)
}

/** Characters of what others say that are shown. */
const SHOWN = 160

/** What a server or the DNS says: one line, not too long, with nothing in it that steers a terminal. */
export function foreign(text: string): string {
  const characters = Array.from(oneLine(text.replace(/\s+/g, ' ').trim()))
  return characters.length > SHOWN ? `${characters.slice(0, SHOWN).join('')}…` : characters.join('')
}
