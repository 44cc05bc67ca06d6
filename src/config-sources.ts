import { posix } from 'node:path'
import { z } from 'zod'
import type { SourceConfig } from './config-types.ts'
import { line, parsedBy, remoteUrl } from './config-values.ts'
import { DIALECTS } from './dialect-name.ts'
import { checkLinkPattern } from './link.ts'
import type { DocumentPlace } from './remote-source.ts'

const remote = z.string().transform(parsedBy(remoteUrl))

const markdown = z.strictObject({
  kind: z.literal('markdown'),
  name: line.optional(),
  dir: line,
  dialect: z.enum(['auto', ...DIALECTS], `must be auto, ${DIALECTS.join(', ')}`).default('auto'),
  include: z.array(line).default([]),
  exclude: z.array(line).default([]),
  link: z.string().transform(parsedBy(checkLinkPattern)).nullable().default(null),
})

const listing = z.strictObject({ kind: z.literal('listing'), name: line.optional(), files: line })

const place = {
  name: line.optional(),
  url: remote.optional(),
  file: line.optional(),
  base: remote.optional(),
}

const page = z.strictObject({
  kind: z.literal('page'),
  ...place,
  select: z
    .strictObject({
      entry: line,
      title: line.optional(),
      link: line.default('a'),
      date: line.nullable().default(null),
      snippet: line.nullable().default(null),
      image: line.nullable().default(null),
    })
    .transform(({ title, ...select }) => ({ ...select, title: title ?? select.link }))
    .nullable()
    .default(null),
  pages: z.int('must be a whole number').min(1, 'must be from 1 to 50').max(50, 'must be from 1 to 50').default(5),
})

const feed = z.strictObject({ kind: z.literal('feed'), ...place })

const kinds = z.discriminatedUnion(
  'kind',
  [markdown, listing, page, feed],
  'kind must be markdown, listing, page or feed',
)

/** What `sources` may hold. */
export const sourcesSchema = z
  .array(
    kinds
      .refine(isPlaced, 'needs either url or file')
      .refine(isBased, 'base is for a file; the links of a url are relative to it'),
  )
  .min(1, 'names no source')
  .default([{ kind: 'markdown', dir: 'articles', dialect: 'auto', include: [], exclude: [], link: null }])

type RawSource = z.infer<typeof kinds>

function isRemote(source: RawSource): source is Extract<RawSource, { kind: 'page' | 'feed' }> {
  return source.kind === 'page' || source.kind === 'feed'
}

function isPlaced(source: RawSource): boolean {
  return !isRemote(source) || (source.url === undefined) !== (source.file === undefined)
}

function isBased(source: RawSource): boolean {
  return !isRemote(source) || source.base === undefined || source.url === undefined
}

/**
 * A source as the settings give it, with its paths made absolute.
 * @param siteUrl what links of a file are relative to when it does not say
 */
export function sourceOf(source: RawSource, at: (path: string) => string, siteUrl: string): SourceConfig {
  const name = sourceName(source)
  switch (source.kind) {
    case 'markdown':
      return { ...source, name, dir: at(source.dir) }
    case 'listing':
      return { kind: 'listing', name, root: at('.'), files: source.files }
    case 'page':
      return { kind: 'page', name, at: placeOf(source, at, siteUrl), select: source.select, pages: source.pages }
    case 'feed':
      return { kind: 'feed', name, at: placeOf(source, at, siteUrl) }
  }
}

function placeOf(
  { url, file, base }: { url?: string | undefined; file?: string | undefined; base?: string | undefined },
  at: (path: string) => string,
  siteUrl: string,
): DocumentPlace {
  return url === undefined ? { kind: 'file', path: at(file ?? ''), base: base ?? siteUrl } : { kind: 'url', url }
}

interface Nameable {
  name?: string | undefined
  dir?: string | undefined
  files?: string | undefined
  url?: string | undefined
  file?: string | undefined
}

/** The name of a source: its own, else where it is; empty for what says neither. */
export function sourceName({ name, dir, files, url, file }: Nameable): string {
  const path = dir ?? files ?? file
  return name ?? url ?? (path === undefined ? '' : plainPath(path))
}

/** The same text for `./articles/` as for `articles`: a source of another name would be new with all its entries. */
function plainPath(path: string): string {
  return posix.normalize(path).replace(/(?<=.)\/$/, '')
}
