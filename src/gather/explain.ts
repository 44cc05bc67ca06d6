import { join } from 'node:path'
import type { Instant } from '../entry.ts'
import { Problem, type ProblemRecord } from '../problem.ts'
import { type Article, type ReadingRules, readArticle } from './article.ts'
import { decode } from './decode.ts'
import { ARTICLE_ENDING } from './dialects/dialect.ts'
import { findDialect } from './dialects/find.ts'
import { firstCommitDates } from './git.ts'
import { type MarkdownSource, placeOf } from './markdown.ts'
import { readWhole } from './scan.ts'
import { type WalkedFile, walkFolder } from './walk.ts'

/** What is understood of a file, from where, and why it is or is not an entry. */
export interface Explanation {
  dialect: string
  /** The configuration of the site, as messages name it. */
  config: string | null
  isEntry: boolean
  reason: string
  facts: { field: string; value: string; from: string }[]
  problems: ProblemRecord[]
}

/**
 * Explains a file of a folder of articles.
 * @param path relative to the folder, with `/`
 * @throws {Problem} `file-unreadable`
 */
export function explainFile(
  source: MarkdownSource,
  path: string,
  baseDir: string,
  rules: ReadingRules,
  now: Instant,
): Explanation {
  const { dir, hasPattern, include, exclude } = source
  const dialect = findDialect(dir, source.dialect, { baseDir, siteUrl: rules.siteUrl, zone: rules.zone })
  const about = { dialect: dialect.name, config: dialect.config }
  const none = (reason: string): Explanation => ({ ...about, isEntry: false, reason, facts: [], problems: [] })
  const place = placeOf(join(dir, path), baseDir)
  if (!ARTICLE_ENDING.test(path)) return none('its name does not end as that of a Markdown file')
  const passedOver = dialect.passesOver(path)
  if (passedOver !== null) return none(passedOver)
  const { root, files } = walkFolder(dir, { ...dialect, ending: ARTICLE_ENDING, include, exclude })
  const file = files.find((one) => one.path === path.normalize('NFC') || one.name === path)
  if (file === undefined) return none('it is hidden, ignored or excluded, or a link out of the folder')
  const facts: Explanation['facts'] = []
  const read = (): Article => {
    const { text, problems } = decode(bytesOf(root, file, place), place)
    const article = readArticle(
      text,
      { path: file.path, place, firstCommit: () => firstCommitDates(dir).get(file.path) ?? null },
      { dialect, hasPattern },
      rules,
      now,
      (field, value, from) => facts.push({ field, value, from }),
    )
    return { ...article, problems: [...problems, ...article.problems] }
  }
  return { ...about, ...verdictOr(read), facts }
}

type Verdict = Pick<Explanation, 'isEntry' | 'reason' | 'problems'>

/** What cannot be understood at all is set aside. */
function verdictOr(read: () => Article): Verdict {
  try {
    const article = read()
    return { ...verdictOf(article), problems: article.problems }
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    return { isEntry: false, reason: 'it cannot be understood', problems: [error.toJSON()] }
  }
}

function verdictOf(article: Article): Pick<Explanation, 'isEntry' | 'reason'> {
  switch (article.kind) {
    case 'entry':
      return { isEntry: true, reason: 'it has text of its own and nothing speaks against it' }
    case 'none':
      return { isEntry: false, reason: article.reason }
    case 'future':
      return { isEntry: false, reason: `its date is still to come (${new Date(article.from).toISOString()})` }
  }
}

/** @throws {Problem} `file-unreadable`, `file-too-large` */
function bytesOf(root: string, { name, size }: WalkedFile, where: string): Buffer {
  try {
    return readWhole(root + name, where, size)
  } catch (cause) {
    if (cause instanceof Problem) throw cause
    const mend = 'see that the file is there and may be read'
    throw new Problem('file-unreadable', 'Cannot read the file', { where, mend, cause })
  }
}
