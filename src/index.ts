import { resolve } from 'node:path'
import { type LoadedConfig, checkSettings, loadConfig } from './config.ts'
import { runClock, runOnce } from './run.ts'
import type { RunReport } from './setup/report.ts'
import type { Settings } from './setup/settings.ts'

export { Problem, type ProblemRecord, type Severity } from './problem.ts'
export type { Counts, DeliveryReport, RunReport, SourceReport } from './setup/report.ts'
export type * from './setup/settings.ts'

/** What `run()` takes. */
export interface RunRequest {
  /** Path of the settings, or the settings; by default `feedwire.config.yaml` in `dir`. */
  config?: string | Settings | undefined
  /** Folder to which paths are relative, and in which `.env` may stand; by default the working directory. */
  dir?: string | undefined
  /** Once aborted, letters in flight are finished and no other is begun. */
  signal?: AbortSignal | undefined
}

/** Gives settings back as they are; an editor then knows their names and types. */
export function defineConfig(settings: Settings): Settings {
  return settings
}

/**
 * Runs the whole job once, as `feedwire run` does; null when another run is at work on the same store.
 * @throws {AggregateError} of a Problem for each fault in the settings
 * @throws {Problem} when the run failed; the next one goes on from there
 */
export async function run(request: RunRequest = {}): Promise<RunReport | null> {
  const loaded = settingsOf(request)
  if (!loaded.ok) throw new AggregateError(loaded.problems, 'The settings are wrong')
  const signal = request.signal ?? new AbortController().signal
  const clock = await runClock(loaded.config, { clock: Date.now, signal })
  return runOnce(loaded.config, {
    ...{ now: clock(), clock, random: Math.random },
    ...{ signal, acceptRemovals: false, digest: 'due' },
  })
}

function settingsOf({ config, dir = '.' }: RunRequest): LoadedConfig {
  const folder = resolve(dir)
  return typeof config === 'object' ? checkSettings(config, folder) : loadConfig(config ?? null, folder)
}
