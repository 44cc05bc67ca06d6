import { siteBase, webAddress } from './link-path.ts'
import type { ScriptConfig } from './script-config.ts'
import type { SiteFolder } from './site-folder.ts'

/** The address of a site: the one that its sitemap names, which holds `base` or should. */
export function pressBase(site: SiteFolder, config: ScriptConfig, hostname: string | null): string {
  const base = config.text('base') ?? '/'
  const address = webAddress(base) ?? webAddress(hostname)
  return siteBase(address?.href ?? null, site, address?.pathname === '/' ? base : '')
}
