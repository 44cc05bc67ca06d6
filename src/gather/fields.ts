import { foldText } from '../markdown/text.ts'

/** A field of front matter as one line of plain text; null when it is absent, empty or no text. */
export function textField(value: unknown): string | null {
  if (typeof value !== 'string') return null
  const text = foldText(value)
  // Characters without width alone would make a title that nobody sees.
  return /[^\u200b-\u200d\u2060]/.test(text) ? text : null
}

/** True or false as people write it; null when it is neither. */
export function boolField(value: unknown): boolean | null {
  if (typeof value !== 'string') return null
  const text = textField(value) ?? ''
  if (/^(?:true|yes|on|y|1)$/i.test(text)) return true
  return /^(?:false|no|off|n|0)$/i.test(text) ? false : null
}

/** True for `true`, `yes`, `on`, `1`. */
export function isTrue(value: unknown): boolean {
  return boolField(value) === true
}

/** True for `false`, `no`, `off`, `0`. */
export function isFalse(value: unknown): boolean {
  return boolField(value) === false
}

/** How one text holds several names; Jekyll parts them at spaces, too. */
export type Separator = 'comma' | 'space-or-comma'

const COMMA = /[,，、;；]/

/**
 * A field that holds several names: a list, lists in a list, one text with commas, `{ name }`, or a map whose keys
 * are the names. The marks of a `#tag` and a `[[link]]` are no part of their names.
 */
export function namesField(value: unknown, separator: Separator = 'comma'): string[] {
  const names = typeof value === 'string' ? namesIn(value, separator) : namesOf(value, 0)
  return unique(names.flatMap((name) => textField(bareName(name)) ?? []))
}

function bareName(name: string): string {
  const link = /^\s*#?\[\[([^[\]|]+)(?:\|([^[\]]+))?\]\]\s*$/.exec(name)
  return link?.[2] ?? link?.[1] ?? name.replace(/^\s*#+(?=[^\s#])/, '')
}

function namesIn(text: string, separator: Separator): string[] {
  return text.split(separator === 'space-or-comma' && !COMMA.test(text) ? /\s+/ : COMMA)
}

/** Hexo nests the lists of its categories; no program nests them deeper than this. */
const DEEPEST = 3

function namesOf(value: unknown, depth: number): string[] {
  if (typeof value === 'string') return [value]
  if (Array.isArray(value)) return depth > DEEPEST ? [] : value.flatMap((item) => namesOf(item, depth + 1))
  if (!isMap(value)) return []
  const name = textIn(value, ['name', 'title', 'label'])
  if (name !== null) return [name]
  // A name with a colon, such as `- C++: basics`, is a map to YAML.
  return Object.entries(value).map(([key, said]) => (depth > 0 && typeof said === 'string' ? `${key}: ${said}` : key))
}

function unique(names: string[]): string[] {
  return [...new Set(names)]
}

const NAME = ['name', 'title', 'display_name', 'displayname', 'nickname', 'nick', 'login', 'username', 'id']

/**
 * The names of the authors: a text, a text with commas, `{ name }`, a list of these, or a map from ids to `{ name }`.
 * An address of mail or web is no name.
 */
export function authorsField(value: unknown): string[] {
  return unique(authorsOf(value, 0))
}

function authorsOf(value: unknown, depth: number): string[] {
  if (typeof value === 'string') return authorsIn(value)
  if (Array.isArray(value)) return depth > DEEPEST ? [] : value.flatMap((item) => authorsOf(item, depth + 1))
  if (!isMap(value)) return []
  const name = textIn(value, NAME)
  if (name !== null) return authorsIn(name).slice(0, 1)
  return Object.values(value).flatMap((item) => (isMap(item) ? (textIn(item, NAME) ?? []) : []))
}

/** What follows a comma within one name. */
const SUFFIX = /^(?:jr|sr|inc|ltd|llc|gmbh|ph\.? ?d|m\.? ?d|esq|i{1,3})\b/i

function authorsIn(text: string): string[] {
  const parts = text.split(COMMA).map((part) => part.trim())
  const names = parts.reduce<string[]>((all, part) => {
    const last = all.at(-1)
    return SUFFIX.test(part) && last !== undefined ? [...all.slice(0, -1), `${last}, ${part}`] : [...all, part]
  }, [])
  return names.flatMap((name) => authorName(names.length > 1 ? name.replace(/^(?:and|&) /i, '') : name) ?? [])
}

/** `Ada <ada@example.org>`, `ada@example.org (Ada)`, `[Ada](https://…)` and `[[Ada]]` without what is no name. */
function authorName(text: string): string | null {
  const link = /^\[{1,2}([^[\]]+)\]{1,2}(?:\([^()]*\))?$/.exec(text)
  const name = (link?.[1] ?? text)
    .replace(/\[([^[\]]+)\]\([^()]*\)/g, '$1')
    .replace(/^[^\s@]+@\S+ \((.*)\)$/, '$1')
    .replace(/<[^<>]*>|\([^()]*(?:@|:\/\/)[^()]*\)/g, '')
    .trim()
    .replace(/^["']|["']$/g, '')
  return /^\S+@\S+\.\S+$|^\w+:\/\//.test(name.trim()) ? null : textField(name)
}

const IMAGE = ['url', 'src', 'path', 'image', 'href', 'feature', 'teaser', 'relative_path', 'link', 'file', 'thumbnail']
const IMAGE_NAME = /\.(?:png|jpe?g|jfif|gif|webp|avif|svg|bmp|tiff?|heic|ico)(?:[?#]|$)/i
const ADDRESS = /^(?:https?:)?\/\/\S|^\.{0,2}\/\S/i

/** Where a cover image is: a text, `{ url }` and the like, or the first of a list that names one; null for others. */
export function imageField(value: unknown): string | null {
  return imageOf(value, 0)
}

function imageOf(value: unknown, depth: number): string | null {
  if (typeof value === 'string') return imageIn(value)
  if (depth > DEEPEST) return null
  const parts: unknown[] = Array.isArray(value) ? value : isMap(value) ? IMAGE.map((key) => fieldIn(value, key)) : []
  for (const part of parts.slice(0, 20)) {
    const image = imageOf(part, depth + 1)
    if (image !== null) return image
  }
  return null
}

function imageIn(text: string): string | null {
  const written = textField(text) ?? ''
  const mark = /^!\[[^\]]*\]\(<?([^()\s>]+)|^!?\[\[([^\]|]+)/.exec(written)
  const address = mark?.[1] ?? mark?.[2] ?? written
  return ADDRESS.test(address) || (IMAGE_NAME.test(address) && !/^\w{2,}:/.test(address)) ? address : null
}

/** True for a map of front matter. */
function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Hugo takes the names of every map in any case. */
function fieldIn(map: Record<string, unknown>, name: string): unknown {
  if (Object.hasOwn(map, name)) return map[name]
  const key = Object.keys(map).find((one) => one.toLowerCase() === name)
  return key === undefined ? undefined : map[key]
}

function textIn(map: Record<string, unknown>, names: readonly string[]): string | null {
  for (const name of names) {
    const text = textField(fieldIn(map, name))
    if (text !== null) return text
  }
  return null
}
