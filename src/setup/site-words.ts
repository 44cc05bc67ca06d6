import { posix } from 'node:path'
import type { DialectName } from '../dialect-name.ts'
import { readAstroContent } from '../gather/dialects/astro-content.ts'
import { readAstroWind } from '../gather/dialects/astro-wind.ts'
import { readHugoConfig } from '../gather/dialects/hugo-config.ts'
import { type ScriptConfig, readScriptConfig } from '../gather/dialects/script-config.ts'
import { at, mapOf, readSiteConfig, textAt, textsAt } from '../gather/dialects/site-config.ts'
import type { SiteFolder } from '../gather/dialects/site-folder.ts'

/** What the configuration of a site says of it, as it is written there. */
export interface SiteWords {
  title: string | null
  description?: string | null
  /** Its address, and the folder below it if that is another setting. */
  address: string | null
  base?: string | null
  language: string | null
  zone?: string | null
  /** Where its articles may stand, relative to the site's root, the likeliest first. */
  places: string[]
}

/** Reads them for a site of this program; null for folders that have no such configuration. */
export function readSiteWords(
  program: DialectName,
  site: SiteFolder,
  /** The file that holds the configuration, relative to the site's root; null when there is none. */
  config: string | null,
): SiteWords | null {
  switch (program) {
    case 'hexo':
      return hexo(site)
    case 'jekyll':
      return jekyll(site)
    case 'hugo':
      return hugo(site)
    case 'zola':
      return zola(site)
    case 'astro':
      return astro(site, config)
    case 'eleventy':
      return eleventy(site, config)
    case 'vitepress':
      return vitepress(site, config)
    case 'obsidian':
      return { title: null, address: null, language: null, places: [''] }
    case 'plain':
      return null
  }
}

const DATA = ['_config.yml', '_config.yaml', '_config.json', '_config.toml']
/** How folders of articles are usually called. */
const USUAL = ['posts', 'post', 'blog', 'articles', 'notes']

function hexo(site: SiteFolder): SiteWords {
  const values = readSiteConfig(site, DATA)?.values
  return {
    ...common(values),
    address: textAt(values, 'url'),
    language: textsAt(values, 'language')[0] ?? null,
    zone: textAt(values, 'timezone'),
    places: [posix.join(textAt(values, 'source_dir') ?? 'source', '_posts')],
  }
}

function jekyll(site: SiteFolder): SiteWords {
  const values = readSiteConfig(site, DATA)?.values
  const source = textAt(values, 'source') ?? '.'
  return {
    ...common(values),
    address: textAt(values, 'url'),
    base: textAt(values, 'baseurl'),
    language: textAt(values, 'lang') ?? textAt(values, 'locale'),
    zone: textAt(values, 'timezone'),
    // Posts may stand in a _posts of each category, too.
    places: [posix.join(source, textAt(values, 'collections_dir') ?? '', '_posts'), source],
  }
}

function hugo(site: SiteFolder): SiteWords {
  const values = readHugoConfig(site)?.values
  const code = textAt(values, 'defaultContentLanguage') ?? 'en'
  const own = at(values, 'languages', code)
  const content = textAt(own, 'contentDir') ?? textAt(values, 'contentDir') ?? 'content'
  const sections = [...textsAt(values, 'params', 'mainSections'), ...USUAL]
  const locale = [own, values].map((one) => textAt(one, 'locale') ?? textAt(one, 'languageCode'))
  return {
    title: textAt(own, 'title') ?? textAt(values, 'title'),
    description: textAt(own, 'params', 'description') ?? textAt(values, 'params', 'description'),
    address: textAt(own, 'baseURL') ?? textAt(values, 'baseURL'),
    language: locale.find((one) => one !== null) ?? code,
    zone: textAt(values, 'timeZone'),
    places: [...sections.map((section) => posix.join(content, section)), content],
  }
}

function zola(site: SiteFolder): SiteWords {
  const values = readSiteConfig(site, ['zola.toml', 'config.toml'])?.values
  return {
    ...common(values),
    address: textAt(values, 'base_url'),
    language: textAt(values, 'default_language'),
    places: [...below('content'), 'content'],
  }
}

/** Astro leaves title and language to each site; the usual templates keep them in one of these. */
const ASTRO_CONSTANTS = ['src/consts.ts', 'src/config.ts', 'src/site.config.ts', 'src/constants.ts']

function astro(site: SiteFolder, config: string | null): SiteWords {
  const script = readScriptConfig(site, config === null ? [] : [config])
  const constants = readScriptConfig(site, ASTRO_CONSTANTS)
  const wind = readSiteConfig(site, ['src/config.yaml', 'src/config.yml'])?.values
  const content = readAstroContent(site, script)
  const folders = content.collections.map(({ folder }) => folder)
  const usual = below(content.content)
  return {
    title:
      textAt(wind, 'site', 'name') ??
      constants.text('SITE_TITLE') ??
      constants.anywhere('title') ??
      script.anywhere('title'),
    description: constants.text('SITE_DESCRIPTION') ?? constants.anywhere('desc') ?? constants.anywhere('description'),
    address: script.text('site') ?? readAstroWind(site, config)?.address ?? constants.anywhere('website'),
    base: script.text('base'),
    language: textAt(wind, 'i18n', 'language') ?? constants.anywhere('lang') ?? script.anywhere('defaultLocale'),
    zone: constants.anywhere('timezone'),
    places: [...folders.filter((one) => USUAL.includes(posix.basename(one))), ...folders, ...usual, content.content],
  }
}

/** Where Eleventy's own starters keep what is said of the site. */
const ELEVENTY_DATA = ['metadata', 'site', 'meta']

function eleventy(site: SiteFolder, config: string | null): SiteWords {
  const script = readScriptConfig(site, config === null ? [] : [config])
  const said = (key: string, method: string): string | null =>
    script.argumentOf(method) ?? script.text(`dir.${key}`) ?? script.text(`config.dir.${key}`)
  const input = posix.join(said('input', 'setInputDirectory') ?? '.')
  const data = posix.join(input, said('data', 'setDataDirectory') ?? '_data')
  const word = eleventyWords(site, data)
  return {
    title: word('title') ?? word('name'),
    description: word('description'),
    address: word('url') ?? word('baseUrl') ?? word('siteUrl'),
    base: script.text('pathPrefix') ?? script.text('config.pathPrefix'),
    language: word('language') ?? word('lang'),
    places: [...below(input), input],
  }
}

function eleventyWords(site: SiteFolder, folder: string): (key: string) => string | null {
  const files = ELEVENTY_DATA.map((name) => posix.join(folder, name))
  const scripts = files.map((file) => readScriptConfig(site, [`${file}.js`, `${file}.mjs`, `${file}.cjs`]))
  const values = files.map((file) => readSiteConfig(site, [`${file}.json`, `${file}.yaml`, `${file}.yml`])?.values)
  return (key) => {
    const words = [...values.map((one) => textAt(one, key)), ...scripts.map((one) => one.text(key))]
    return words.find((word) => word !== null) ?? null
  }
}

function vitepress(site: SiteFolder, config: string | null): SiteWords {
  const script = readScriptConfig(site, config === null ? [] : [config])
  const home = (config ?? '').replace(/(?:^|\/)\.(?:vite|vue)press(?:\/.*)?$/, '')
  const source = posix.join(home, script.text('srcDir') ?? '.')
  return {
    title: script.text('title') ?? script.anywhere('title'),
    description: script.text('description'),
    address: script.text('sitemap.hostname') ?? script.anywhere('hostname'),
    base: baseOf(script),
    language: script.text('lang') ?? script.anywhere('lang'),
    places: [...below(source), source],
  }
}

function baseOf(script: ScriptConfig): string | null {
  const base = script.text('base')
  return base?.startsWith('/') === true ? base : null
}

function common(values: unknown): Pick<SiteWords, 'title' | 'description'> {
  const named = mapOf(values).has('title') ? textAt(values, 'title') : textAt(values, 'name')
  return { title: named, description: textAt(values, 'description') }
}

function below(folder: string): string[] {
  return USUAL.map((name) => posix.join(folder, name))
}
