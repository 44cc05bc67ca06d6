import { type SiteConfig, mapOf, readSiteConfig } from './site-config.ts'
import type { SiteFolder } from './site-folder.ts'

const ENDINGS = ['toml', 'yaml', 'yml', 'json']
const named = (name: string): string[] => ENDINGS.map((ending) => `${name}.${ending}`)
const OWN_FILES = [...named('hugo'), ...named('config/_default/hugo'), ...named('config/_default/config')]
const FILES = [...named('hugo'), ...named('config')]
/** What a `config.toml` of Hugo is likely to hold; `base_url` is Zola's. */
const OWN_SETTINGS =
  /^\s*["']?(?:baseurl|languagecode|locale|theme|defaultcontentlanguage|contentdir|publishdir|paginate|permalinks|enablerobotstxt|hascjklanguage|buildfuture|builddrafts|disablekinds)["']?\s*[:=]/im
const FOLDERS = ['content', 'archetypes', 'themes', 'layouts', 'static']
/** Parts of the configuration that have a file of their own in `config/_default`. */
const PARTS = ['languages', 'permalinks', 'frontmatter', 'module', 'cascade']
const MOST_LANGUAGES = 50

/** Whether a folder is the root of one of Hugo's sites. */
export function isHugoSite(site: SiteFolder): boolean {
  if (OWN_FILES.some((name) => site.isFile(name))) return true
  const name = named('config').find((file) => site.isFile(file))
  if (name === undefined) return false
  const text = site.read(name) ?? ''
  return OWN_SETTINGS.test(text) && !/^\s*base_url\s*=/m.test(text) && FOLDERS.some((folder) => site.isFolder(folder))
}

/** The configuration of one file, or of the folder `config` with what `config/production` says otherwise. */
export function readHugoConfig(site: SiteFolder): SiteConfig | null {
  const whole = readSiteConfig(site, FILES)
  const configs = whole === null ? [] : [whole]
  const values = new Map(mapOf(whole?.values))
  for (const folder of ['config/_default', 'config/production']) {
    if (!site.isFolder(folder)) continue
    const own = readSiteConfig(site, [...named(`${folder}/hugo`), ...named(`${folder}/config`)])
    if (own !== null) configs.push(own)
    for (const [key, value] of mapOf(own?.values)) values.set(key, value)
    for (const part of partsOf(site, folder)) values.set(part.key, part.values)
  }
  const [config] = configs
  return config === undefined ? null : { name: config.name, values: Object.fromEntries(values) }
}

function partsOf(site: SiteFolder, folder: string): { key: string; values: unknown }[] {
  const parts = PARTS.flatMap((key) => {
    const config = readSiteConfig(site, named(`${folder}/${key}`))
    return config === null ? [] : [{ key, values: config.values }]
  })
  const languages = site
    .list(folder)
    .flatMap(({ name }) => (/^languages\.([\w-]+)\.(?:toml|ya?ml|json)$/.exec(name)?.[1] === undefined ? [] : [name]))
    .slice(0, MOST_LANGUAGES)
    .map((name) => [name.split('.')[1] ?? '', readSiteConfig(site, [`${folder}/${name}`])?.values] as const)
  return languages.length === 0 ? parts : [...parts, { key: 'languages', values: Object.fromEntries(languages) }]
}
