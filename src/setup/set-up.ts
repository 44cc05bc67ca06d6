import { existsSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Instant } from '../entry.ts'
import { Problem } from '../problem.ts'
import { type Answers, type Ask, type Complain, type Given, gatherAnswers } from './answers.ts'
import { configText } from './config-text.ts'
import { withMailServer } from './env-file.ts'
import { firstArticle } from './first-article.ts'
import { withPrivateFiles } from './git-ignore.ts'
import { type Layout, chooseLayout, templateFiles, templateText } from './layout.ts'
import { type SeenSite, seeSite } from './seen-site.ts'
import { type NewFile, refusedByDisk, writeNewFiles } from './write.ts'

/** What was set up. */
export interface SetUp {
  seen: SeenSite
  answers: Omit<Answers, 'smtp'> & { mail: 'smtp' | 'outbox' }
  /** Paths relative to the folder, with `/`. */
  written: string[]
  /** What the owner has to see to, since the program of the site does not know of Feedwire. */
  notes: string[]
}

/** Where answers come from, and what is to be known besides. */
export interface SetUpOptions {
  given: Given
  /** Null when nobody is there to be asked. */
  ask: Ask | null
  complain: Complain
  /** Told what was seen, before anything is asked. */
  tell: (seen: SeenSite) => void
  now: Instant
  /** IANA zone of the machine. */
  timezone: string
}

const CONFIGS = ['feedwire.config.yaml', 'feedwire.config.yml', 'feedwire.config.json']

/**
 * Writes the settings of a site, templates, and for a new one a first article. No file is written over.
 * @param folder absolute path; made when it is not there
 * @throws {Problem} `argument-…`, before anything is touched; `init-failed` when the disk refuses
 */
export async function setUp(folder: string, options: SetUpOptions): Promise<SetUp> {
  refuseOccupied(folder)
  const seen = reading(folder, () => seeSite(folder))
  options.tell(seen)
  const answers = await gatherAnswers(folder, seen, options.given, options.ask, options.complain)
  const { layout, files, folders } = reading(folder, () => planOf(folder, seen, answers, options))
  const written = writeNewFiles(folder, files, folders)
  const { smtp, ...rest } = answers
  return {
    seen,
    answers: { ...rest, mail: smtp === null ? 'outbox' : 'smtp' },
    written,
    notes: notesFor(seen, layout),
  }
}

function refuseOccupied(folder: string): void {
  const stats = statSync(folder, { throwIfNoEntry: false })
  if (stats !== undefined && !stats.isDirectory()) {
    throw new Problem('argument-folder', 'It is no folder', { where: folder, mend: 'name a folder, or one to be made' })
  }
  const found = CONFIGS.find((name) => existsSync(join(folder, name)))
  if (found === undefined) return
  const mend = 'change it as you like, or take it away first'
  throw new Problem('argument-folder', `There is a ${found} already; nothing was touched`, { mend })
}

/** Does what reads the folder, where there may be what nobody may read. */
function reading<T>(folder: string, look: () => T): T {
  try {
    return look()
  } catch (cause) {
    throw refusedByDisk(cause, folder, 'read')
  }
}

/** The settings come last: with them the site is set up. */
function planOf(
  folder: string,
  seen: SeenSite,
  answers: Answers,
  { now, timezone }: SetUpOptions,
): { layout: Layout; files: NewFile[]; folders: string[] } {
  const layout = chooseLayout(folder, seen)
  const isPlain = seen.program === 'plain'
  const isNew = !existsSync(resolve(folder, answers.articles))
  const env = answers.smtp === null ? null : withMailServer(folder, answers.smtp)
  const ignored = withPrivateFiles(folder, isNew && isPlain)
  const article = `${answers.articles.replace(/\/+$/, '')}/first-light.md`
  const files: NewFile[] = [
    ...templateFiles().map((path) => ({ path: `${layout.templates}/${path}`, text: templateText(path) })),
    ...(isNew && isPlain ? [{ path: article, text: firstArticle(new Date(now).toISOString().slice(0, 10)) }] : []),
    ...(env === null ? [] : [{ path: '.env', text: env, isPrivate: true, isAddition: true }]),
    ...(ignored === null ? [] : [{ path: '.gitignore', text: ignored, isAddition: true }]),
    { path: 'feedwire.config.yaml', text: configText(answers, seen, layout, timezone) },
  ]
  return { layout, files, folders: [answers.articles] }
}

/** What the layout alone does not spare the owner. */
function notesFor({ program, config }: SeenSite, { templates }: Layout): string[] {
  if (program === 'jekyll') {
    return [
      `Jekyll publishes what lies beside its pages: add feedwire.config.yaml and outbox to "exclude" in ${config ?? '_config.yml'}.`,
    ]
  }
  const [hidden = ''] = templates.split('/')
  return program === 'eleventy' ? [`Eleventy makes pages of templates: add ${hidden}/ to .eleventyignore.`] : []
}
