import type { CheerioAPI } from 'cheerio/slim'
import { ElementType } from 'htmlparser2'
import { AROUND } from './guess-parts.ts'
import type { PageElement, PageNode } from './page-dom.ts'

/** What stands in an element, its descendants included. */
interface Holding {
  links: number
  headings: number
  dates: number
  /** Characters of text. */
  text: number
}

const FEWEST = 3
/** An entry that has more links is a part of the page. */
const MOST_LINKS = 15
const NOT_AN_ENTRY =
  /^(?:html|head|body|main|script|style|ul|ol|dl|table|tbody|thead|p|span|em|strong|b|i|img|br|td|th|option)$/
/** A line without heading or date must at least be as long as a title. */
const SHORTEST = 12

/** The groups of elements of one shape (the same name and classes, in parents of one shape), the likeliest entries first. */
export function shapesOf($: CheerioAPI): PageElement[][] {
  const around = new Set<unknown>($(AROUND).toArray())
  const groups = new Map<string, { node: PageElement; holding: Holding }[]>()
  walk($.root().toArray(), around, (node, holding) => {
    if (NOT_AN_ENTRY.test(node.name) || holding.links === 0 || holding.links > MOST_LINKS) return
    const key = `${shapeOf(node.parent)}>${shapeOf(node)}`
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [{ node, holding }])
    else group.push({ node, holding })
  })
  const scored = [...groups.values()].filter((group) => group.length >= FEWEST)
  return scored
    .map((group) => ({ nodes: group.map(({ node }) => node), score: scoreOf(group.map(({ holding }) => holding)) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .map(({ nodes }) => nodes)
}

function scoreOf(group: readonly Holding[]): number {
  const count = group.length
  const share = (has: (holding: Holding) => boolean): number => group.filter(has).length / count
  const [headings, dates] = [share(({ headings }) => headings > 0), share(({ dates }) => dates > 0)]
  const text = group.reduce((sum, holding) => sum + Math.min(300, holding.text), 0) / count
  if (headings < 0.5 && dates < 0.5 && text < SHORTEST) return 0
  // Parts of the page that hold several entries each have several headings.
  const crowded = share(({ headings, links }) => headings > 2 || links > 8)
  return Math.min(count, 30) * text * (1 + 2 * headings) * (1 + 2 * dates) * (1 - 0.9 * crowded)
}

function shapeOf(node: PageNode['parent']): string {
  if (node === null || !('attribs' in node)) return ''
  const classes = (node.attribs['class'] ?? '')
    .split(/\s+/)
    .filter((name) => /^[a-z][\w-]*$/i.test(name) && !/\d/.test(name))
  return [node.name, ...classes.slice(0, 5).sort()].join('.')
}

/** Visits the elements from the inside out, without those of `around`. */
function walk(
  roots: readonly PageNode[],
  around: ReadonlySet<unknown>,
  visit: (node: PageElement, holding: Holding) => void,
): void {
  const nothing = { links: 0, headings: 0, dates: 0, text: 0 }
  const open: { node: PageNode; next: number; holding: Holding }[] = []
  const enter = (node: PageNode): void => {
    open.push({ node, next: 0, holding: { ...nothing } })
  }
  for (const root of roots) {
    enter(root)
    for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
      const child = 'childNodes' in top.node ? top.node.childNodes[top.next++] : undefined
      if (child !== undefined) {
        if (child.type === ElementType.Text) top.holding.text += child.data.trim().length
        else if ('childNodes' in child && !around.has(child)) enter(child)
        continue
      }
      open.pop()
      const { node, holding } = top
      if ('attribs' in node) {
        count(node, holding)
        visit(node, holding)
      }
      const outer = open.at(-1)?.holding
      if (outer !== undefined)
        for (const name of ['links', 'headings', 'dates', 'text'] as const) outer[name] += holding[name]
    }
  }
}

function count({ name, attribs }: PageElement, holding: Holding): void {
  if (name === 'a' && 'href' in attribs) holding.links++
  if (/^h[1-6]$/.test(name)) holding.headings++
  if (name === 'time' || /\b(?:date|time|published)\b/i.test(attribs['class'] ?? '')) holding.dates++
  if (name === 'script' || name === 'style') holding.text = 0
}
