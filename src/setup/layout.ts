import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { OWN_TEMPLATES } from '../templates.ts'
import type { SeenSite } from './seen-site.ts'

/** Where things of Feedwire stand in a site's folder; relative to it, with `/`. */
export interface Layout {
  publish: string
  templates: string
  database: string
  /** Where an editor finds the schema of the settings. */
  schema: string
}

/** Programs that make pages of whatever lies in the site's folder, but not of folders with this name. */
const HIDDEN = '_feedwire'

/** Chooses places at which the program of the site does not trip, and that are free. */
export function chooseLayout(folder: string, { program }: SeenSite): Layout {
  const isFree = (path: string): boolean => isEmpty(join(folder, path))
  const schema = schemaPath(folder)
  if (program === 'jekyll' || program === 'eleventy') {
    const publish = program === 'jekyll' ? ['updates', 'feedwire-updates'] : [`${HIDDEN}/public`]
    return {
      publish: firstFree(publish, isFree),
      templates: `${HIDDEN}/templates`,
      database: `${HIDDEN}/feedwire.db`,
      schema,
    }
  }
  // Elsewhere "public" is where the site itself is built, or what it copies.
  const isPlain = program === 'plain' || program === 'obsidian'
  const publish = [...(isPlain ? ['public'] : []), 'updates', 'feedwire-updates']
  const templates = [...(program === 'zola' ? [] : ['templates']), 'feedwire-templates']
  return {
    publish: firstFree(publish, isFree),
    templates: firstFree(templates, (path) => isFree(path) || holdsOurs(join(folder, path))),
    database: 'feedwire.db',
    schema,
  }
}

/** The last one also when it is not free. */
function firstFree(paths: readonly string[], isFree: (path: string) => boolean): string {
  return paths.find(isFree) ?? paths.at(-1) ?? ''
}

function isEmpty(path: string): boolean {
  const stats = statSync(path, { throwIfNoEntry: false })
  return stats === undefined || (stats.isDirectory() && readdirSync(path).length === 0)
}

/** Paths of the program's own templates below their folder, with `/`. */
export function templateFiles(): string[] {
  return readdirSync(OWN_TEMPLATES, { recursive: true, encoding: 'utf8' })
    .filter((path) => statSync(join(OWN_TEMPLATES, path)).isFile())
    .map((path) => path.split(sep).join('/'))
    .sort()
}

/** The text of one of them. */
export function templateText(path: string): string {
  return readFileSync(join(OWN_TEMPLATES, path), 'utf8')
}

/** True for a folder of templates as we wrote them, whose owner changed none. */
function holdsOurs(folder: string): boolean {
  return templateFiles().every((path) => {
    const file = join(folder, path)
    return existsSync(file) && readFileSync(file, 'utf8') === templateText(path)
  })
}

const SCHEMA = 'node_modules/feedwire/dist/config.schema.json'

/** In the package where it is installed at the folder or above; else where it would be. */
function schemaPath(folder: string): string {
  for (let at = folder; ; at = dirname(at)) {
    const file = resolve(at, SCHEMA)
    if (existsSync(file)) return `./${relative(folder, file).split(sep).join('/')}`.replace('./../', '../')
    if (dirname(at) === at) return `./${SCHEMA}`
  }
}
