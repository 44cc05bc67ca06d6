/** Letters that Unicode does not take apart into a plain one and a mark. */
const PLAIN: Record<string, string> = {
  ...{ ß: 'ss', Æ: 'AE', æ: 'ae', Œ: 'OE', œ: 'oe', Ø: 'O', ø: 'o', Đ: 'D', đ: 'd', Ð: 'D', ð: 'd' },
  ...{ Þ: 'TH', þ: 'th', Ł: 'L', ł: 'l', ı: 'i', Ħ: 'H', ħ: 'h', Ŋ: 'N', ŋ: 'n', Ŧ: 'T', ŧ: 't' },
}

/** Latin letters without their accents; every other script stands as it is. */
export function withoutAccents(text: string): string {
  return text
    .replace(
      /[\u00C0-\u024F\u1E00-\u1EFF]/g,
      (letter) => PLAIN[letter] ?? letter.normalize('NFD').replace(/\p{Mn}/gu, ''),
    )
    .replace(/([A-Za-z])\p{Mn}+/gu, '$1')
}

/** Hexo's slug of a text (hexo-util, `slugize`). */
export function hexoSlug(text: string, letterCase: 'as-is' | 'lower' | 'upper'): string {
  const slug = withoutAccents(text)
    .replace(/[\u0000-\u001f]/g, '')
    .replace(/[\s~`!@#$%^&*()\-_+=[\]{}|\\;:"'<>,.?/]+/g, '-')
    .replace(/^-|-$/g, '')
  if (letterCase === 'as-is') return slug
  return letterCase === 'lower' ? slug.toLowerCase() : slug.toUpperCase()
}

/** Jekyll's slug of a text (`Utils.slugify`); Ruby's alnum holds letters, marks and decimal figures. */
export function jekyllSlug(text: string, mode: 'default' | 'pretty', keepsCase: boolean): string {
  const other = mode === 'pretty' ? /[^\p{L}\p{M}\p{Nd}._~!$&'()+,;=@]+/gu : /[^\p{L}\p{M}\p{Nd}]+/gu
  const slug = text.replace(other, '-').replace(/^-|-$/g, '')
  return keepsCase ? slug : slug.toLowerCase()
}

/** A path as Hugo makes it (`UnicodeSanitize`): white space becomes `-`, what is no letter, mark or figure goes. */
export function hugoPath(text: string): string {
  let path = ''
  let hyphenDue = false
  let wasHyphen = false
  for (const match of text.matchAll(/%[0-9a-f]{2}|[\p{L}\p{M}\p{Nd}./\\_#+~@-]|\s/giu)) {
    const part = match[0]
    if (part.trim() === '') hyphenDue ||= path !== '' && !wasHyphen
    else {
      wasHyphen = part === '-'
      path += hyphenDue && !wasHyphen ? `-${part}` : part
      hyphenDue = false
    }
  }
  return path
}

/** Zola's slug of a text (the crate slug); null when it holds what only tables of that crate could spell in Latin. */
export function zolaSlug(text: string): string | null {
  const plain = withoutAccents(text)
    .replace(/[\u2010-\u2015]/g, '-')
    .replace(/[\u2018\u2019]/g, "'")
    .replace(/[\u201c\u201d\u2026]/g, '.')
  if (/[^\u0000-\u007f]/.test(plain)) return null
  return plain
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
}
