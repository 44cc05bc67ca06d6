import type { WrittenDate } from '../../entry.ts'
import type { DialectName } from '../../dialect-name.ts'
import type { Syntax } from '../../markdown/syntax.ts'
import type { ProblemRecord } from '../../problem.ts'

/** What an article tells that its link may be made of. */
export interface Linkable {
  /** Relative to the source, with `/`. */
  path: string
  /** Front matter with the defaults of its folder; names in lower case. */
  data: Record<string, unknown>
  title: string
  date: WrittenDate | null
  /** Whether its date is a text to YAML, as one between quotes is; absent: it is none. */
  isDateQuoted?: () => boolean
  categories: readonly string[]
}

/** Where an article stands on the live site. */
export interface SiteLink {
  /** Absolute. */
  url: string
  /** What it was made from, for a person: `permalink in line 3`, `permalink of _config.yml`. */
  from: string
  /** True when the article itself names it, by a permalink or path of its own. */
  isWritten: boolean
}

/** How one site writes its articles, and where it puts them. */
export interface Dialect {
  name: DialectName
  /** The site's own configuration, relative to the configuration of Feedwire with `/`; null when there is none. */
  config: string | null
  /** Another text whenever something besides a file's own bytes changes what is read from some file. */
  identity: string
  /** Warnings about the site's configuration, such as `site-config-invalid`; what could not be read has its default. */
  problems: readonly ProblemRecord[]
  /** IANA zone of dates without one; null when the site does not say. */
  zone: string | null
  /**
   * Where the front matter tells the dates, names in lower case, the first that can be read wins; absent: the usual
   * names. `:path` stands for the date that the path tells.
   */
  dateFields?: readonly string[]
  updatedFields?: readonly string[]
  /** Which of these names, in lower case, tell when an article is one no more; absent: the usual names. */
  expiryFields?: readonly string[]
  /** How a file of this name is written. */
  syntaxOf(path: string): Syntax
  /** The line, or blank lines, that end an excerpt, besides `<!-- more -->`; null when there is none. */
  excerptSeparator: string | null
  /** Why the file at this path is no article, told by its path alone; null when it may be one. */
  passesOver(path: string): string | null
  /** Front matter that the file has without writing it, names in lower case; what the file writes wins. */
  defaultsOf(path: string): Record<string, unknown>
  /** Categories that an article has besides those it writes; absent: none. */
  categoriesOf?(path: string): readonly string[]
  /** What the path tells. */
  ofPath(path: string): { date: WrittenDate | null; slug: string; isDraft: boolean }
  /** The title that a slug makes for an article without one; absent: its words as they are. */
  nameWords?(slug: string): string
  /** Why an article with this front matter is no entry (a page of navigation, say); null when it is one. */
  isNoEntry(path: string, data: Record<string, unknown>): string | null
  /** Whether the site's configuration sets a password before an article with this front matter; absent: of none. */
  isLocked?(data: Record<string, unknown>): boolean
  /**
   * Against which address a cover image is read that is neither absolute nor begins with `/`; null, as where this is
   * absent, for that of the page.
   */
  imageBase?(path: string, image: string): string | null
  /** Null when the site has no page for it, or what its link is made of is not known. */
  linkOf(article: Linkable): SiteLink | null
}

/** Endings of files that may be articles; `passesOver` has the last word. */
export const ARTICLE_ENDING = /\.(?:md|markdown|mdown|mkdown|mkdn|mkd|mdx)$/i
