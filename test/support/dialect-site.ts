import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import type { WrittenDate } from '../../src/entry.ts'
import type { DialectName } from '../../src/dialect-name.ts'
import type { Dialect, Linkable } from '../../src/gather/dialects/dialect.ts'
import { findDialect } from '../../src/gather/dialects/find.ts'
import { writtenDate } from '../../src/gather/dates.ts'
import { tempFolder } from './folder.ts'

/** The address that stands for a site which does not say its own. */
export const OURS = 'https://feedwire.example.net/'

const roots: string[] = []
afterAll(() => {
  for (const root of roots.splice(0)) rmSync(root, { recursive: true })
})

/** A folder of these files that is gone after the tests; `.git` keeps the search for a site inside it. */
export function siteFolder(files: Record<string, string>): string {
  const root = tempFolder({ '.git/HEAD': 'ref: refs/heads/main\n', ...files })
  roots.push(root)
  return root
}

/** The dialect of a folder in a site of these files. */
export function dialectOf(files: Record<string, string>, dir = '', wanted: DialectName | 'auto' = 'auto'): Dialect {
  const root = siteFolder({ [join(dir, '.keep')]: '', ...files })
  return findDialect(join(root, dir), wanted, { baseDir: root, siteUrl: OURS, zone: 'Asia/Shanghai' })
}

/** What an article with this front matter tells; its date is read as articles' are. */
export function linkable(dialect: Dialect, path: string, written: Record<string, unknown>): Linkable {
  const data: Record<string, unknown> = { ...dialect.defaultsOf(path), ...written }
  const date: WrittenDate | null = writtenDate(data['date'], dialect.zone ?? 'Asia/Shanghai')
  const title = typeof data['title'] === 'string' ? data['title'] : 'Tides'
  return { path, data, title, date: date ?? dialect.ofPath(path).date, categories: [] }
}

/** The link of an article; null when it has none. */
export function linkIn(dialect: Dialect, path: string, data: Record<string, unknown>): string | null {
  return dialect.linkOf(linkable(dialect, path, data))?.url ?? null
}
