import { asFence } from './fenced.ts'
import { asMath, inlineMath } from './liquid.ts'
import type { Passage, Reader, Source } from './passages.ts'

const LONGEST = 8000
const CODE = new Set([
  ...['highlight', 'mermaid', 'plantuml', 'code', 'codes', 'chart', 'echarts', 'diagram', 'graphviz', 'codeblock'],
  ...['code-block', 'code-toggle', 'cmd', 'terminal', 'console', 'file-tree', 'filetree', 'flowchart', 'sequence'],
  ...['goat', 'tikz', 'dot', 'viz', 'viz-graph', 'd2', 'kroki', 'markmap', 'plotly', 'vega', 'vega-lite', 'wavedrom'],
])
const HIDDEN = new Set(['comment', 'hidden', 'script', 'css', 'js'])
/** What a reader sees with a password alone: `hugo-encryptor`, `fixit-encryptor`, `secret`. */
const LOCKED = /encrypt|^secret$|^protected?$/i
const TEX = new Set(['math', 'katex', 'mathjax', 'mathjax/block', 'mathjax/inline', 'tex'])
const NAMES = new Set([...CODE, ...HIDDEN, ...TEX])
/** Shortcodes of one word or mark, which stands in them. */
const WORDS = new Set(['kbd', 'key', 'sup', 'sub', 'mark', 'keyword', 'ruby', 'abbr', 'u', 'underline'])

/** Shortcodes of Hugo: `{{< name >}}`, `{{% name %}}`, and escaped `{{</* name *\/>}}`. */
export const readShortcode: Reader = (source, at) => {
  const mark = source.text.charAt(at + 2)
  if (source.text.charAt(at + 1) !== '{' || (mark !== '<' && mark !== '%')) return null
  const closing = mark === '<' ? '>}}' : '%}}'
  const close = source.find(closing, at + 3)
  if (close >= source.text.length || close > at + LONGEST) return null
  if (source.find(`{{${mark}`, at + 3) < close) return null
  const body = source.text.slice(at + 3, close).trim()
  const end = close + closing.length
  const escaped = /^\/\*([\s\S]*)\*\/$/.exec(body)?.[1]
  if (escaped !== undefined) return { end, text: `{{${mark}${escaped}${closing}` }
  if (/^(?:rel)?ref\b/.test(body)) return { end, text: isDefinition(source, at) ? '#' : '' }
  return innerOf(source, at, end, body) ?? { end, text: wordsOf(body) }
}

/** Whether the address of a link defined by `[1]: …` begins here, which must not be empty. */
function isDefinition(source: Source, at: number): boolean {
  return /^ {0,3}\[[^\]\n]+\]:[ \t]*$/m.test(source.text.slice(Math.max(0, at - 100), at).replace(/^.*\n/s, ''))
}

/** A shortcode whose inner text is not prose. */
function innerOf(source: Source, at: number, end: number, body: string): Passage | null {
  const name = /^[\w./-]*[\w-]/.exec(body)?.[0] ?? ''
  const read = body.endsWith('/') ? null : innerReader(name, body)
  if (read === null || source.isTired) return null
  const closing = LOCKED.test(name) ? outerEnd(source, end, name) : endOf(source, end, name)
  if (closing === null) {
    // What is sought under ever other names is sought anew each time.
    if (!NAMES.has(name)) source.tire(source.text.length - end)
    return null
  }
  return { end: closing.end, text: read(source.text.slice(end, closing.at), source, at) }
}

type InnerReader = (inner: string, source: Source, at: number) => string

function innerReader(name: string, body: string): InnerReader | null {
  if (HIDDEN.has(name) || LOCKED.test(name) || body === 'style') return () => ''
  if (TEX.has(name)) {
    const isBlock = name === 'mathjax/block' || /\bdisplay\b/.test(body)
    return (inner) => (isBlock || inner.includes('\n') ? asMath(inner) : inlineMath(inner))
  }
  // A template that is written where it is used: https://gohugo.io/templates/shortcode/#inline-shortcodes
  if (name.endsWith('.inline')) return (inner) => inner.replace(/\{\{[^{}]*\}\}/g, '')
  if (!CODE.has(name) && !/^typeit\s[^]*\bcode=/.test(body)) return null
  const language = name === 'mermaid' ? name : (/^[\w.-]+\s+["']?([\w+#-]+)(?![\w+#=-])/.exec(body)?.[1] ?? '')
  return (inner, source, at) => asFence(source, at, inner, language)
}

interface Closing {
  at: number
  end: number
}

function endOf(source: Source, from: number, name: string): Closing | null {
  const [tight, wide] = [`/${name}`, `/ ${name}`].map((words) => endIn(source, from, words))
  return (tight?.at ?? Infinity) < (wide?.at ?? Infinity) ? (tight ?? null) : (wide ?? null)
}

function endIn(source: Source, from: number, words: string): Closing | null {
  for (let found = source.find(words, from); found < source.text.length; found = source.find(words, found + 1)) {
    const before = /\{\{[<%]\s*$/.exec(source.text.slice(Math.max(from, found - 20), found))
    const after = /^\s*[>%]\}\}/.exec(source.text.slice(found + words.length, found + words.length + 20))
    if (before !== null && after !== null)
      return { at: found - before[0].length, end: found + words.length + after[0].length }
  }
  return null
}

/** Where a shortcode ends that may hold others of its name. */
function outerEnd(source: Source, from: number, name: string): Closing | null {
  if (endOf(source, from, name) === null) return null
  const marks = /\{\{[<%]\s*(\/?)\s*([\w-]+)\s*(?:[>%]\}\})?/g
  marks.lastIndex = from
  let depth = 1
  let last: Closing | null = null
  for (let mark = marks.exec(source.text); mark !== null && depth > 0; mark = marks.exec(source.text)) {
    if (mark[2] !== name) continue
    depth += mark[1] === '/' ? -1 : 1
    if (mark[1] === '/') last = { at: mark.index, end: marks.lastIndex }
  }
  return last
}

/** LoveIt and others: `link "url" "words"` or `link href="url" content="words"`; `kbd "Ctrl"`, `sub 2`. */
function wordsOf(body: string): string {
  const [, name = '', args = ''] = /^([\w-]+)\s+([^]*)$/.exec(body) ?? []
  if (WORDS.has(name)) return /^(?:\w+=)?(["'`])(.*?)\1/s.exec(args)?.[2] ?? /^[^\s="'/]+$/.exec(args)?.[0] ?? ''
  if (!/^link\s/.test(body)) return ''
  const named = /\b(?:content|text|title)=(["'])([^"']*)\1/.exec(body)?.[2]
  return named ?? /^link\s+(["'])[^"']*\1\s+(["'])([^"']*)\2/.exec(body)?.[3] ?? ''
}
