import { Problem } from '../../problem.ts'
import { checkZone } from '../../schedule.ts'
import { configProblem } from './site-config.ts'
import type { SiteFolder } from './site-folder.ts'

/** The zone that a site's configuration names; null, with a warning, when there is none of this name. */
export function zoneOf(name: string | null, config: string | null, site: SiteFolder): string | null {
  if (name === null) return null
  try {
    checkZone(name)
    return name
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    site.problems.push(configProblem(config === null ? '' : site.placeOf(config), error.message))
    return null
  }
}
