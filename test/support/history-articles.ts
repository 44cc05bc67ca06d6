import { readFileSync, readdirSync } from 'node:fs'
import { afterAll } from 'vitest'
import { History } from './history.ts'

const FIXTURES = new URL('../fixtures/history/', import.meta.url)
/** Articles as people have them: English and Chinese, with and without title and date, long, short and empty. */
export const ARTICLES = new Map(
  readdirSync(FIXTURES)
    .sort()
    .map((name) => [name, readFileSync(new URL(name, FIXTURES), 'utf8')]),
)

let first: History | null = null
afterAll(() => first?.drop())

/** A history whose first commit holds the articles; it is made once, and copied. */
export function started(): History {
  first ??= new History().commit('start', (tree) => {
    for (const [name, text] of ARTICLES) tree.add(name, text)
  })
  return new History(first)
}

/** The front matter of an article, with its marks; empty when there is none. */
export const head = (text: string): string => /^---\n[^]*?\n---\n/.exec(text)?.[0] ?? ''
export const inHead = (text: string, change: (head: string) => string): string =>
  change(head(text)) + text.slice(head(text).length)
export const inBody = (text: string, change: (body: string) => string): string =>
  head(text) + change(text.slice(head(text).length))
/** The article with another line for a field of its front matter. */
export const setLine = (text: string, name: string, line: string): string =>
  inHead(text, (before) => {
    const opened = before === '' ? '---\n---\n' : before
    const rest = opened.replace(new RegExp(`^${name}:.*\\n`, 'm'), '')
    return rest.replace(/---\n$/, `${line}\n---\n`)
  })
