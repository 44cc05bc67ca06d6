/** What a path asks for. */
export interface AskedPath {
  /** From the directory down to it, decoded; none: the directory itself. */
  names: string[]
  /** True when it ends with a slash. */
  isFolder: boolean
}

/** Never the name of a file of ours, and elsewhere a way out: of another folder, of a drive, of a stream of NTFS. */
const UNSAFE = /^\.{0,2}$|[/\\:\0]/
/** Compressed copies under their own names. */
const COPY = /\.(?:html|xml|json|opml|js)\.(?:gz|br)$/i

/**
 * Reads the path of an address. Escapes are decoded once, name by name, so that none of them becomes a slash.
 * @returns null when no file that is to be served can have this path
 */
export function readPath(path: string): AskedPath | null {
  const parts = path.replace(/^\//, '').split('/')
  const isFolder = parts.at(-1) === ''
  const names = (isFolder ? parts.slice(0, -1) : parts).map(decoded)
  return isServed(names) && !COPY.test(names.at(-1) ?? '') ? { names, isFolder } : null
}

/** False when one of the names is hidden or leads elsewhere. `.well-known` at the top is for all to see (RFC 8615). */
export function isServed(names: readonly string[]): boolean {
  const [first, ...others] = names
  const below = first === '.well-known' ? others : names
  return !below.some((name) => name.startsWith('.') || UNSAFE.test(name))
}

/** A name with a broken escape is none, like the empty one. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return ''
  }
}
