import { statementEnd } from '../markdown/jsx.ts'
import { Source } from '../markdown/passages.ts'
import type { Syntax } from '../markdown/syntax.ts'
import { type ScriptConfig, scriptConfig } from './dialects/script-config.ts'
import type { FrontMatter } from './front-matter.ts'

/** What an article may export one by one; in an object with a title every simple field counts. */
const FIELDS = [
  'title',
  'date',
  'description',
  'summary',
  'author',
  'tags',
  'draft',
  'published',
  'publishedAt',
  'slug',
]
/** Fields whose values are lists. */
const LISTS = ['tags', 'categories', 'keywords', 'authors']
/** UTF-16 units; no head is longer. */
const LONGEST = 16 * 1024

/**
 * An article of MDX without front matter whose fields stand in `export const meta = { title: 'Tides' }`, with these as
 * its data; any other as it is. Nothing is run.
 */
export function withExported(head: FrontMatter, { mdx }: Syntax): FrontMatter {
  if (!mdx || head.format !== 'none' || !/^export\s+const\s/m.test(head.content)) return head
  const script = statementsOf(head.content.slice(0, LONGEST).replace(/\r\n?/g, '\n'))
  const names = [...script.matchAll(/^export\s+const\s+([\w$]{1,60})/gm)].flatMap(([, name]) => name ?? [])
  const config = scriptConfig(script)
  const found = names.map((name) => fieldsOf(config, name)).find((data) => typeof data.title === 'string')
  const data = found ?? oneByOne(config, names)
  return typeof data.title === 'string' ? { ...head, data, lineOf: (key) => lineOf(head.content, key) } : head
}

/** The imports and exports with which a text begins. */
function statementsOf(mdx: string): string {
  const source = new Source(mdx)
  let at = 0
  for (;;) {
    at += /^(?:[ \t]*\n)*/.exec(mdx.slice(at))?.[0].length ?? 0
    const end = at < mdx.length ? statementEnd(source, at) : null
    if (end === null) return mdx.slice(0, at)
    at = end
  }
}

function fieldsOf(config: ScriptConfig, name: string): Record<string, unknown> {
  const data: Record<string, unknown> = Object.fromEntries(
    config.entries(name).map(([key, value]) => [key.toLowerCase(), value]),
  )
  for (const key of LISTS) {
    const list = config.texts(`${name}.${key}`)
    if (list.length > 0) data[key] = list
  }
  return data
}

function oneByOne(config: ScriptConfig, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(
    FIELDS.filter((name) => names.includes(name)).flatMap((name): [string, unknown][] => {
      const text = config.text(name)
      return text === null ? [] : [[name.toLowerCase(), text]]
    }),
  )
}

function lineOf(mdx: string, key: string): number {
  const index = mdx.split('\n').findIndex((line) => line.toLowerCase().trimStart().startsWith(`${key}:`))
  return Math.max(1, index + 1)
}
