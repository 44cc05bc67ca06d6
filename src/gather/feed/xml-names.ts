/** Vocabularies of feeds; `core` is that of RSS, of Atom and of elements without a namespace. */
export type Space = 'core' | 'content' | 'dc' | 'itunes' | 'media' | 'xhtml' | 'other'

const BY_URI: readonly [RegExp, Space][] = [
  [/^https?:\/\/(?:www\.)?w3\.org\/2005\/atom\/?$/, 'core'],
  [/^https?:\/\/purl\.org\/atom\//, 'core'],
  [/^https?:\/\/purl\.org\/rss\/1\.0\/modules\/content/, 'content'],
  [/^https?:\/\/purl\.org\/rss\/1\.0\/?$/, 'core'],
  [/^https?:\/\/purl\.org\/(?:net\/)?rss\d?\.?\d*\/?$/, 'core'],
  [/^https?:\/\/(?:my|channel)\.netscape\.com\/rdf\//, 'core'],
  [/^https?:\/\/backend\.userland\.com\/rss/, 'core'],
  [/^https?:\/\/blogs\.law\.harvard\.edu\/tech\/rss/, 'core'],
  [/^https?:\/\/www\.w3\.org\/1999\/02\/22-rdf-syntax-ns#?$/, 'core'],
  [/^https?:\/\/purl\.org\/dc\//, 'dc'],
  [/^https?:\/\/www\.itunes\.com\/dtds\/podcast/, 'itunes'],
  [/^https?:\/\/(?:[a-z]+\.)?(?:search\.yahoo\.com\/mrss|rssboard\.org\/media-rss)/, 'media'],
  [/^https?:\/\/www\.w3\.org\/(?:1999|2002\/06)\/xhtml/, 'xhtml'],
  [/^$/, 'core'],
] // prettier-ignore

/** Prefixes that people use without declaring them. */
const BY_PREFIX: Readonly<Record<string, Space>> = {
  ...{ '': 'core', atom: 'core', a: 'core', rss: 'core', rdf: 'core', content: 'content', dc: 'dc' },
  ...{ dcterms: 'dc', itunes: 'itunes', media: 'media', xhtml: 'xhtml', xh: 'xhtml', h: 'xhtml' },
}

/** What the prefixes stand for at an element; `''` is the default namespace. */
export type Scope = ReadonlyMap<string, Space>

/** More prefixes no feed declares. */
const MOST_PREFIXES = 100

/** The scope inside an element with these attributes (Namespaces in XML 1.0). */
export function scopeInside(outer: Scope, attributes: ReadonlyMap<string, string>): Scope {
  let scope: Map<string, Space> | null = null
  for (const [name, value] of attributes) {
    if (!name.startsWith('xmlns') || (name.length > 5 && name.charAt(5) !== ':')) continue
    scope ??= new Map(outer)
    if (scope.size < MOST_PREFIXES)
      scope.set(name.slice(6), spaceOf(value.trim().toLowerCase(), name.length === 5 && outer.size === 0))
  }
  return scope ?? outer
}

/** What calls itself RSS and declares something unknown for its default namespace is RSS all the same. */
function spaceOf(uri: string, isRoot: boolean): Space {
  return BY_URI.find(([form]) => form.test(uri))?.[1] ?? (isRoot ? 'core' : 'other')
}

/** The scope at what may be a feed: a prefix that it has itself but declares nowhere is that of its format. */
export function scopeOfRoot(scope: Scope, written: string): Scope {
  const prefix = prefixOf(written)
  return scope.has(prefix) || Object.hasOwn(BY_PREFIX, prefix) ? scope : new Map(scope).set(prefix, 'core')
}

function prefixOf(written: string): string {
  return written.slice(0, Math.max(0, written.indexOf(':'))).toLowerCase()
}

/** The vocabulary and the name, in lower case, of an element as it is written. */
export function nameIn(scope: Scope, written: string): { space: Space; name: string } {
  const prefix = prefixOf(written)
  const known = Object.hasOwn(BY_PREFIX, prefix) ? BY_PREFIX[prefix] : undefined
  return { space: scope.get(prefix) ?? known ?? 'other', name: written.slice(written.indexOf(':') + 1).toLowerCase() }
}
