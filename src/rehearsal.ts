import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Config } from './config.ts'
import { type RunOptions, type RunReport, job } from './job.ts'
import { copyStore } from './remember/copy.ts'
import { readTemplates } from './templates.ts'
import { type World, openWorld } from './world.ts'

/**
 * Runs the whole job on a copy of the store: sources are read and documents made, but nothing is written, sent or told
 * to anybody, and the next run knows nothing of it.
 * @param look is shown the copy before it goes
 * @throws {Problem} what a run would throw
 */
export async function rehearse<T>(
  config: Config,
  options: RunOptions,
  look: (world: World, report: RunReport) => Promise<T>,
): Promise<T> {
  const templates = readTemplates(config)
  await templates.compiled()
  const folder = mkdtempSync(join(tmpdir(), 'feedwire-'))
  try {
    const database = join(folder, 'feedwire.db')
    await copyStore(config.database, database)
    const world = await openWorld({ ...config, database }, templates, options.now, { isRehearsal: true })
    try {
      return await look(world, await job(world, options))
    } finally {
      await world.close()
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
