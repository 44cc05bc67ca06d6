import { loadConfig } from './config.ts'
import { type RunReport, runOnce } from './run.ts'

export { Problem, type ProblemRecord, type Severity } from './problem.ts'
export type { RunReport } from './run.ts'

/**
 * Runs the whole job once, as `feedwire run` does; null when another run is at work on the same store.
 * @param options.config path of the settings; by default `feedwire.config.yaml` in the working directory
 * @param options.signal once aborted, letters in flight are finished and no other is begun
 * @throws {AggregateError} of a Problem for each fault in the settings
 * @throws {Problem} when the run failed; the next one goes on from there
 */
export async function run(options: { config?: string; signal?: AbortSignal } = {}): Promise<RunReport | null> {
  const loaded = loadConfig(options.config ?? null)
  if (!loaded.ok) throw new AggregateError(loaded.problems, 'The settings are wrong')
  const signal = options.signal ?? new AbortController().signal
  return runOnce(loaded.config, {
    ...{ now: Date.now(), clock: Date.now, random: Math.random },
    ...{ signal, acceptRemovals: false, digest: 'due' },
  })
}
