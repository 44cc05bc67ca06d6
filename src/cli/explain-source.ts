import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Config } from '../config.ts'
import { Problem } from '../problem.ts'
import { configured } from './configured.ts'
import type { CommonOptions, Context, ExitCode } from './context.ts'
import { isRemote } from './source-standing.ts'

const ADDRESS = /^[a-z][a-z\d+.-]*:\/\//i
const SAVED = /\.(?:html?|xhtml|xml|rss|atom|rdf|json)$/i

/** `feedwire sources explain`: what is understood of a page or feed, or of an article of a folder. */
export function explainCommand(context: Context, what: string, options: CommonOptions): Promise<ExitCode> {
  return configured(context, options, async (config) => {
    if (!ADDRESS.test(what)) checkFile(context.cwd, what)
    if (!ADDRESS.test(what) && !isSaved(config, resolve(context.cwd, what))) {
      const { explainArticle } = await import('./explain-article.ts')
      return explainArticle(context, config, what, options)
    }
    const { explainAddress, explainSaved } = await import('./explain-remote.ts')
    return ADDRESS.test(what)
      ? explainAddress(context, config, what, options)
      : explainSaved(context, config, what, options)
  })
}

function checkFile(cwd: string, file: string): void {
  if (statSync(resolve(cwd, file), { throwIfNoEntry: false })?.isFile() === true) return
  const mend = 'name an article, a saved page or feed, or an address that begins with https://'
  throw new Problem('argument-file', 'There is no such file', { where: file, mend })
}

function isSaved(config: Config, path: string): boolean {
  const isSource = config.sources.some((one) => isRemote(one) && one.at.kind === 'file' && one.at.path === path)
  return isSource || SAVED.test(path)
}
