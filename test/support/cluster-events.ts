import { z } from 'zod'
import type { Daemon } from './program.ts'

const EVENT = z.looseObject({ event: z.string() })

/** What a daemon has logged of one kind. */
export function eventsOf({ lines }: Daemon, name: string): Record<string, unknown>[] {
  return lines.map((line) => EVENT.parse(JSON.parse(line))).filter(({ event }) => event === name)
}
