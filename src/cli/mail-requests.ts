import type { Config } from '../config.ts'
import { Problem, problemLine } from '../problem.ts'
import type { Context } from './context.ts'

/** Sends the letters that ask readers to confirm, at once; what fails is told, and tried again by the next run. */
export async function mailRequests(config: Config, context: Context): Promise<void> {
  const [{ openWorld }, { readTemplates }, { sendNotices }] = await Promise.all([
    import('../world.ts'),
    import('../templates.ts'),
    import('../notices.ts'),
  ])
  try {
    const world = await openWorld(config, readTemplates(config), context.clock())
    try {
      const { problems } = await sendNotices(world, context)
      for (const problem of problems) context.complain(`${problem.severity}: ${problemLine(problem)}`)
    } finally {
      await world.close()
    }
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    context.complain(`${error.severity}: ${problemLine(error)}`)
  }
}
