import { closeSync, openSync, readSync, realpathSync, statSync } from 'node:fs'
import { dirname, posix, resolve, sep } from 'node:path'

/** Where an article and its pictures are. */
export interface ImagePlace {
  /** Folder of the source, absolute. */
  dir: string
  /** Folder of the settings: pictures of a site lie somewhere below it, when the source does. */
  base: string
  /** Path of the article in its source, with `/`. */
  key: string
  /** Absolute URL of the article. */
  link: string
}

/** A picture on the owner's disk. */
export interface ImageFile {
  /** Media type by its first bytes. */
  type: string
  /** Bytes. */
  length: number
}

/** Folders from which programs serve files at the root of a site. */
const SERVED = ['', 'static', 'public', 'source', 'assets', 'docs/public', '.vitepress/public', '.vuepress/public']

/**
 * Finds the picture of an article on the disk: beside the article, in the folder of its own that Hexo and Hugo give
 * it, or where its program keeps what is served from the root. Null when it is not there, or no picture.
 * @param image its absolute URL, and how it was written when that is known
 */
export function imageFile(place: ImagePlace, image: { url: string; source: string | null }): ImageFile | null {
  const roots = rootsOf(place)
  for (const path of candidates(place, image, roots)) {
    const file = lookAt(path, roots)
    if (file !== null) return file
  }
  return null
}

/** The source's folder and those above it, as far as the settings reach. */
function rootsOf({ dir, base }: ImagePlace): string[] {
  if (dir !== base && !dir.startsWith(base + sep)) return [dir]
  const roots = [dir]
  for (let at = dir; at !== base; at = dirname(at)) roots.push(dirname(at))
  return roots
}

function* candidates(
  { dir, key, link }: ImagePlace,
  { url, source }: { url: string; source: string | null },
  roots: readonly string[],
): Generator<string> {
  const page = new URL(link)
  const { origin, pathname } = new URL(url)
  if (origin !== page.origin) return
  const folder = posix.dirname(key)
  const own = key.replace(/\.[^./]+$/, '')
  for (const name of [writtenPath(source), pathBelow(page, pathname)]) {
    if (name !== null) yield* [folder, own].map((within) => resolve(dir, within, name))
  }
  const rooted = decoded(pathname.slice(1))
  if (rooted === null) return
  // A site below a path has that path in its addresses, and not in its folders.
  const names = [rooted, rooted.slice(rooted.indexOf('/') + 1)]
  for (const root of roots) for (const served of SERVED) yield* names.map((name) => resolve(root, served, name))
}

function writtenPath(source: string | null): string | null {
  if (source === null || /^(?:[a-z][a-z0-9+.-]*:|\/)/i.test(source)) return null
  return decoded(source.replace(/[?#].*$/s, ''))
}

/** The part of a path that goes on behind the page's own. */
function pathBelow(page: URL, pathname: string): string | null {
  const folder = page.pathname.slice(0, page.pathname.lastIndexOf('/') + 1)
  return pathname.startsWith(folder) ? decoded(pathname.slice(folder.length)) : null
}

function decoded(path: string): string | null {
  try {
    const text = decodeURIComponent(path)
    return text === '' || text.includes('\u0000') ? null : text
  } catch {
    // A percent sign that encodes nothing.
    return null
  }
}

function lookAt(path: string, roots: readonly string[]): ImageFile | null {
  try {
    // A link may lead anywhere.
    const real = realpathSync(path)
    if (!roots.some((root) => real.startsWith(realpathSync(root) + sep))) return null
    const stats = statSync(real)
    const type = stats.isFile() && stats.size > 0 ? typeOf(firstBytes(real)) : null
    return type === null ? null : { type, length: stats.size }
  } catch (error) {
    if (error instanceof Error && 'syscall' in error) return null
    throw error
  }
}

function firstBytes(path: string): Buffer {
  const file = openSync(path, 'r')
  try {
    const bytes = Buffer.alloc(512)
    return bytes.subarray(0, readSync(file, bytes, 0, bytes.length, 0))
  } finally {
    closeSync(file)
  }
}

const SIGNATURES: readonly [RegExp, string][] = [
  [/^\x89PNG\r\n\x1a\n/, 'image/png'],
  [/^\xff\xd8\xff/, 'image/jpeg'],
  [/^GIF8[79]a/, 'image/gif'],
  [/^RIFF[^]{4}WEBP/, 'image/webp'],
  [/^[^]{4}ftypavi[fs]/, 'image/avif'],
  [/^(?:\xef\xbb\xbf)?\s*(?:<\?xml[^]*?|<!--[^]*?|<!DOCTYPE svg[^]*?)?<svg[\s>]/, 'image/svg+xml'],
]

/** What the first bytes of a file say that it is (https://mimesniff.spec.whatwg.org/#image-type-pattern-matching-algorithm). */
function typeOf(bytes: Buffer): string | null {
  const text = bytes.toString('latin1')
  return SIGNATURES.find(([signature]) => signature.test(text))?.[1] ?? null
}
