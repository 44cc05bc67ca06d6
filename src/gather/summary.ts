import type { Dialect } from './dialects/dialect.ts'
import { textField } from './fields.ts'
import type { FrontMatter } from './front-matter.ts'

/** Front matter names, the first that says something wins. */
const SUMMARY = ['summary', 'description', 'excerpt', 'abstract']
/** Set by a password the page shows no more than a summary: hexo-blog-encrypt, and the themes of other programs. */
const PASSWORD = ['password', 'enc_pwd']

/** Whether only who has a password reads an article; an empty one of its own frees it of the one that its site sets. */
export function isLocked(data: Record<string, unknown>, head: FrontMatter, dialect: Dialect): boolean {
  const isFree = head.data.password === ''
  if (!isFree && dialect.isLocked?.(data) === true) return true
  return PASSWORD.some((name) => (data[name] ?? null) !== null && !/^false$/i.test(textField(data[name]) ?? ''))
}

/**
 * What an article says about itself in its front matter, and under which name; null when it says nothing. A switch such
 * as `excerpt: false` is no summary, nor is the `abstract` that hexo-blog-encrypt would show if the article were locked.
 */
export function summaryOf(
  data: Record<string, unknown>,
  head: FrontMatter,
  dialect: Dialect,
): { name: string; text: string } | null {
  for (const name of SUMMARY) {
    const text = textField(data[name])
    if (text === null || /^(?:true|false)$/i.test(text)) continue
    if (name !== 'abstract' || dialect.name !== 'hexo' || isLocked(data, head, dialect)) return { name, text }
  }
  return null
}
