import type { Ask } from './ask.ts'

/** What a command is given by the door, so that it can be called without a terminal. */
export interface Context {
  cwd: string
  environment: NodeJS.ProcessEnv
  /** Takes a line for the person or program that asked. */
  print: (line: string) => void
  /** Takes a line about what is wrong. */
  complain: (line: string) => void
  clock: () => number
  random: () => number
  /** Shows a file on the screen of whoever asked; left out when there is no person there. */
  open?: (path: string) => void
  /** Asks whoever sits at the terminal; left out when there is no person there. */
  ask?: Ask
  /** Aborted by SIGTERM or SIGINT. */
  signal: AbortSignal
}

/** Options that every command takes. */
export interface CommonOptions {
  config?: string
  json?: boolean
}

/**
 * What a command ends with: 0 well; 1 failed, nothing half done; 2 usage or configuration;
 * 3 done, but something was set aside; 75 (EX_TEMPFAIL, for a mail server that waits) to be tried again.
 */
export type ExitCode = 0 | 1 | 2 | 3 | 75
