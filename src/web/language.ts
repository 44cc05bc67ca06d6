import { parseAccept } from 'hono/utils/accept'

/** Characters of a header that are read; browsers send some fifty, and each range is compared with all others. */
const MOST_ACCEPTED = 200

/**
 * The language in which somebody reads a page.
 * @param accepted `Accept-Language` (RFC 9110, section 12.5.4); null: nothing is said
 * @param languages BCP 47 tags of our texts
 * @returns one of them, or null: nothing that is asked for is there, or anything will do
 */
export function acceptedLanguage(accepted: string | null, languages: readonly string[]): string | null {
  const ranges = parseAccept(accepted?.slice(0, MOST_ACCEPTED) ?? '')
  for (const { type, q } of ranges) {
    const found = q > 0 ? languageLike(type, languages) : null
    // A language that is refused by its own name is not taken for a range that is wider or narrower.
    const isRefused = ranges.some((other) => other.q === 0 && other.type.toLowerCase() === found?.toLowerCase())
    if (found !== null && !isRefused) return found
    if (type === '*' && q > 0) return null
  }
  return null
}

/**
 * The tag that stands for a language: the same, with fewer subtags (RFC 4647, section 3.4), or with more of them; null:
 * none does.
 */
export function languageLike(range: string, languages: readonly string[]): string | null {
  const asked = range.toLowerCase()
  if (!/^[a-z]{1,8}(?:-[a-z\d]{1,8}){0,8}$/.test(asked)) return null
  for (let part = asked; part !== ''; part = part.replace(/(?:^|-)[^-]*$/, '')) {
    const found = languages.find((tag) => tag.toLowerCase() === part)
    if (found !== undefined) return found
  }
  return languages.find((tag) => tag.toLowerCase().startsWith(`${asked}-`)) ?? null
}

/** What its speakers call a language, such as `Deutsch`; the tag where nobody knows. */
export function languageName(tag: string): string {
  return new Intl.DisplayNames([tag], { type: 'language' }).of(tag) ?? tag
}
