import { posix } from 'node:path'
import { matchesGlob } from './glob.ts'
import { at, flagAt, mapOf, textAt, textsAt } from './site-config.ts'
import { type SiteFolder, below } from './site-folder.ts'

/** One of a site's languages. */
export interface HugoLanguage {
  /** In lower case, such as `zh-cn`. */
  code: string
  /** Its own settings. */
  values: unknown
  /** What its links begin with: '' or `code/`. */
  prefix: string
  /** True when the site leaves it out for now. */
  isDisabled: boolean
}

/** A file of Hugo's content. */
export interface HugoPage {
  /** Folders from the content's root on, without that of a page bundle. */
  folders: string[]
  /** The folder relative to the site's root, without that of a page bundle. */
  dir: string
  /** Name without ending and language; of a bundle, that of its folder. */
  name: string
  /** `index` when the page is a bundle. */
  isBundle: boolean
  language: HugoLanguage
}

export interface HugoContent {
  /** Folders of content, relative to the site's root. */
  folders: string[]
  languages: HugoLanguage[]
  /** The page at this path of the site, or why it is none. */
  pageAt(path: string): HugoPage | string
  /** Whether a folder of the site has a page of its own, as a section. */
  isSection(dir: string): boolean
}

const CONTENT_ENDING = /\.(?:md|markdown|mdown)$/i

/** Null when none of the content lies in or above the source's folder. */
export function hugoContent(site: SiteFolder, values: unknown): HugoContent | null {
  const languages = languagesOf(values)
  const ignored = ignoredFiles(values)
  const mounts = mountsOf(site, values, languages)
  const isNear = mounts.some(({ dir }) => below(site.prefix, dir) !== null || below(dir, site.prefix) !== null)
  if (!isNear && site.demand === 'sure') return null
  if (!isNear) mounts.push(mountOf(site.prefix))
  // The longest folder decides: `content/zh` lies in `content`.
  mounts.sort((a, b) => b.dir.length - a.dir.length)
  const hasFile = remembered(
    (name: string) =>
      ['md', 'markdown', 'html'].some((ending) => site.isFile(`${name}.${ending}`)) ||
      languages.some(({ code }) => site.isFile(`${name}.${code}.md`)),
  )
  const [fallback] = languages
  const roots = new Set(mounts.map(({ dir }) => dir))
  // The page bundle that a folder is, or lies in; null when it is in none.
  const bundleOf: (dir: string) => string | null = remembered((dir) => {
    if (roots.has(dir) || dir === '') return null
    return bundleOf(parentOf(dir)) ?? (hasFile(`${dir}/index`) ? dir : null)
  })
  return {
    folders: mounts.map(({ dir }) => dir),
    languages,
    isSection: (dir) => hasFile(posix.join(dir, '_index')),
    pageAt(path) {
      const mount = mounts.find(({ dir }) => below(path, dir) !== null)
      if (mount === undefined || fallback === undefined)
        return `Hugo's content is in ${mounts.map(({ dir }) => dir).join(', ')}`
      if (!CONTENT_ENDING.test(path)) return 'Hugo takes its name for no Markdown'
      if (ignored.length > 0 && isIgnored(`/${path}`, ignored)) return 'ignoreFiles names it'
      const inside = below(path, mount.dir) ?? ''
      if (!mount.takes(inside)) return 'a mount of the module leaves it out'
      const folders = inside.split('/').slice(0, -1)
      const { name, language } = nameOf(posix.basename(inside), languages, mount.language ?? fallback)
      if (language.isDisabled) return `the language ${language.code} is disabled`
      if (name === '_index') return 'a page of a section'
      const isBundle = name === 'index'
      if (isBundle && folders.length === 0) return 'the home page'
      const whole = folders.length === 0 ? mount.dir : path.slice(0, path.lastIndexOf('/'))
      const dir = isBundle ? parentOf(whole) : whole
      const bundle = bundleOf(dir)
      if (bundle !== null) return `a part of the page bundle ${below(bundle, mount.dir) ?? bundle}`
      const above = [...mount.into, ...(isBundle ? folders.slice(0, -1) : folders)]
      return { folders: above, dir, name: isBundle ? (folders.at(-1) ?? '') : name, isBundle, language }
    },
  }
}

function nameOf(
  file: string,
  languages: readonly HugoLanguage[],
  fallback: HugoLanguage,
): { name: string; language: HugoLanguage } {
  const name = file.replace(/\.[^.]*$/, '')
  const code = name.split('.').at(-1)?.toLowerCase()
  const language = name.includes('.') ? languages.find((one) => one.code === code) : undefined
  if (language === undefined) return { name, language: fallback }
  return { name: name.slice(0, -(language.code.length + 1)), language }
}

/** The default one first. */
function languagesOf(values: unknown): HugoLanguage[] {
  const first = (textAt(values, 'defaultContentLanguage') ?? 'en').toLowerCase()
  const isInFolder = flagAt(values, 'defaultContentLanguageInSubdir') === true
  const written = [...mapOf(at(values, 'languages'))].filter(([code]) => /^[\w-]+$/.test(code))
  // With a host for each language, none has a folder.
  const disabled = textsAt(values, 'disableLanguages').map((code) => code.toLowerCase())
  const hosts = written.filter(([, settings]) => textAt(settings, 'baseURL') !== null).length > 0
  const all = written.some(([code]) => code === first) ? written : [[first, undefined] as const, ...written]
  return all
    .map(([code, settings]) => ({
      code,
      values: settings,
      prefix: hosts || (code === first && !isInFolder) ? '' : `${code}/`,
      isDisabled: code !== first && (disabled.includes(code) || flagAt(settings, 'disabled') === true),
    }))
    .sort((a, b) => Number(b.code === first) - Number(a.code === first))
}

/** Hugo looks for its patterns anywhere in a file's whole path. */
function ignoredFiles(values: unknown): RegExp[] {
  return textsAt(values, 'ignoreFiles').flatMap((pattern) => {
    const [, flag = '', source = ''] = /^(\(\?i\))?(.*)$/s.exec(pattern) ?? []
    try {
      return [new RegExp(source, flag === '' ? 'u' : 'iu')]
    } catch {
      return []
    }
  })
}

/** Whether a file or a folder above it is named. */
function isIgnored(path: string, patterns: readonly RegExp[]): boolean {
  return path !== '' && (patterns.some((pattern) => pattern.test(path)) || isIgnored(parentOf(path), patterns))
}

interface Mount {
  dir: string
  /** Folders of the content in which it stands. */
  into: string[]
  language: HugoLanguage | null
  /** Whether it has the file at this path inside it. */
  takes: (path: string) => boolean
}

function mountOf(dir: string, language: HugoLanguage | null = null): Mount {
  return { dir, into: [], language, takes: () => true }
}

/** Mounts of content, even of a part of it, stand for the usual folder. */
function mountsOf(site: SiteFolder, values: unknown, languages: readonly HugoLanguage[]): Mount[] {
  const own = languages.flatMap((language) => {
    const dir = textAt(language.values, 'contentDir')
    return dir === null ? [] : [mountOf(folder(dir), language)]
  })
  const written = at(values, 'module', 'mounts')
  const mounted = (Array.isArray(written) ? written : []).flatMap((mount: unknown): Mount[] => {
    const dir = textAt(mount, 'source')
    const code = textAt(mount, 'lang')?.toLowerCase()
    const into = below(folder(textAt(mount, 'target') ?? ''), 'content')
    if (dir === null || into === null) return []
    const language = languages.find((one) => one.code === code) ?? null
    return [{ dir: folder(dir), into: into.split('/').filter((step) => step !== ''), language, takes: filterOf(mount) }]
  })
  const dir = folder(textAt(values, 'contentDir') ?? 'content')
  // Without any configuration the folder may be the content itself.
  const isBare = site.demand === 'none' && !site.isFolder(dir)
  const isElsewhere = mounted.length > 0 || languages.every((one) => textAt(one.values, 'contentDir') !== null)
  return [...own, ...mounted, ...(isElsewhere ? [] : [mountOf(isBare ? '' : dir)])]
}

/** A pattern that names a folder names what is in it; what is to be left out does not count beside what is taken. */
function filterOf(mount: unknown): (path: string) => boolean {
  const patternsOf = (name: string): string[] =>
    textsAt(mount, name).map((pattern) => `/${pattern.toLowerCase().replace(/^\/+/, '')}`)
  const [taken, left] = [patternsOf('includeFiles'), patternsOf('excludeFiles')]
  const isNamed = (path: string): boolean =>
    path !== '' && (left.some((pattern) => matchesGlob(path, pattern)) || isNamed(parentOf(path)))
  return (path) => {
    const whole = `/${path.toLowerCase()}`
    return taken.length > 0 ? taken.some((pattern) => matchesGlob(whole, pattern)) : !isNamed(whole)
  }
}

function folder(path: string): string {
  return posix.normalize(path).replace(/^(?:\.?\/)+|\/$|^\.$/g, '')
}

function parentOf(dir: string): string {
  return dir.slice(0, Math.max(0, dir.lastIndexOf('/')))
}

function remembered<T>(ask: (name: string) => T): (name: string) => T {
  const answers = new Map<string, T>()
  return (name) => {
    const known = answers.get(name)
    if (known !== undefined) return known
    const answer = ask(name)
    answers.set(name, answer)
    return answer
  }
}
