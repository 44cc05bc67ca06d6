import type { Instant } from '../entry.ts'
import { readArticle, type Article, type ReadingRules } from './article.ts'
import { decode } from './decode.ts'
import type { Dialect } from './dialects/dialect.ts'
import { firstCommitDates } from './git.ts'
import type { MarkdownSource } from './markdown.ts'
import type { OpenFile, Read } from './scan.ts'

/** Reads the articles of one folder. git is asked at most once, when an article that is new tells no date. */
export function articleReader(
  source: Pick<MarkdownSource, 'dir' | 'hasPattern'>,
  dialect: Dialect,
  rules: ReadingRules,
  now: Instant,
): (bytes: Buffer, file: OpenFile) => Read {
  let dates: ReadonlyMap<string, Instant> | null = null
  const firstCommit = (path: string): Instant | null => {
    const commits = (dates ??= firstCommitDates(source.dir))
    return commits.get(path) ?? null
  }
  return (bytes, { path, place, isNew }) => {
    const { text, problems } = decode(bytes, place)
    // The date of what is remembered stays as it is.
    const file = { path, place, firstCommit: () => (isNew ? firstCommit(path) : null) }
    const article = readArticle(text, file, { dialect, hasPattern: source.hasPattern }, rules, now)
    return { ...readOf(article, problems), imports: article.imports }
  }
}

function readOf(article: Article, decoding: Read['problems']): Omit<Read, 'imports'> {
  switch (article.kind) {
    case 'entry': {
      const problems = [...decoding, ...article.problems]
      return { drafts: [article.draft], problems, lookAgain: article.until }
    }
    case 'none':
      return { drafts: [], problems: [], lookAgain: null }
    case 'future':
      return { drafts: [], problems: [], lookAgain: article.from }
  }
}
