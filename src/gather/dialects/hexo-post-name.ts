import { posix } from 'node:path'
import { hexoSlug } from './slugs.ts'

/** What Hexo reads out of the name of a post; `title` is what `:title` stands for. */
export type PostName = Record<string, string> & { title: string }

const FIGURES = new Map([
  ['year', '\\d{4}'],
  ['month', '\\d{2}'],
  ['day', '\\d{2}'],
  ['i_month', '\\d{1,2}'],
  ['i_day', '\\d{1,2}'],
  ['hash', '[0-9a-f]{12}'],
])
const NAME = /:(\w*[^_\W])/g
/** Each part without a shape of its own multiplies the time by the length of the name. */
const MOST_PARTS = 3
const LONGEST = 250

/** The reader of names such as `:year-:month-:day-:title.md` (Hexo's `new_post_name`), given a path in `_posts`. */
export function postNameReader(pattern: string): (path: string) => PostName {
  const rule = withoutEnding(pattern)
  const names = [...rule.matchAll(NAME)].map((match) => match[1] ?? '')
  const isCheap = names.filter((name) => !FIGURES.has(name)).length <= MOST_PARTS
  const source = rule
    .split(NAME)
    .map((part, index) => (index % 2 === 0 ? escapePattern(part) : `(${FIGURES.get(part) ?? '.+?'})`))
    .join('')
  const shape = new RegExp(`^${source}$`)
  return (path) => {
    const name = withoutEnding(path)
    const match = isCheap && name.length <= LONGEST ? shape.exec(name) : null
    const parts = Object.fromEntries(names.map((part, index) => [part, match?.[index + 1] ?? '']))
    return match === null ? { title: hexoSlug(name, 'as-is') } : { title: hexoSlug(name, 'as-is'), ...parts }
  }
}

function withoutEnding(path: string): string {
  return path.slice(0, path.length - posix.extname(path).length)
}

function escapePattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')
}
