import { asFence } from './fenced.ts'
import { asMath } from './liquid.ts'
import type { Passage, Reader, Source } from './passages.ts'

const LONGEST = 8000
const CODE = new Set(['highlight', 'mermaid', 'plantuml', 'code', 'codes', 'chart', 'echarts', 'diagram', 'graphviz'])
const HIDDEN = new Set(['comment', 'hidden', 'script', 'css', 'js'])
const TEX = new Set(['math', 'katex', 'mathjax', 'tex'])

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
  return innerOf(source, at, end, body) ?? { end, text: wordsOf(body) }
}

/** A shortcode whose inner text is not prose. */
function innerOf(source: Source, at: number, end: number, body: string): Passage | null {
  const name = /^[\w.-]+/.exec(body)?.[0] ?? ''
  if (body.endsWith('/') || !(CODE.has(name) || HIDDEN.has(name) || TEX.has(name))) return null
  const closing = endOf(source, end, name)
  if (closing === null) return null
  const inner = source.text.slice(end, closing.at)
  if (HIDDEN.has(name)) return { end: closing.end, text: '' }
  if (TEX.has(name))
    return { end: closing.end, text: /\bdisplay\b/.test(body) || inner.includes('\n') ? asMath(inner) : inline(inner) }
  const language = name === 'mermaid' ? name : (/^[\w.-]+\s+["']?([\w+#-]+)/.exec(body)?.[1] ?? '')
  return { end: closing.end, text: asFence(source, at, inner, language) }
}

function inline(inner: string): string {
  const math = asMath(inner)
  return math === inner ? inner : `\\(${inner.trim()}\\)`
}

function endOf(source: Source, from: number, name: string): { at: number; end: number } | null {
  const words = `/${name}`
  for (let found = source.find(words, from); found < source.text.length; found = source.find(words, found + 1)) {
    const before = /\{\{[<%]\s*$/.exec(source.text.slice(Math.max(from, found - 20), found))
    const after = /^\s*[>%]\}\}/.exec(source.text.slice(found + words.length, found + words.length + 20))
    if (before !== null && after !== null)
      return { at: found - before[0].length, end: found + words.length + after[0].length }
  }
  return null
}

/** LoveIt and others: `link "url" "words"` or `link href="url" content="words"`; `kbd "Ctrl"`. */
function wordsOf(body: string): string {
  if (/^kbd\s/.test(body)) return /["']([^"']*)["']/.exec(body)?.[1] ?? ''
  if (!/^link\s/.test(body)) return ''
  const named = /\b(?:content|text|title)=(["'])([^"']*)\1/.exec(body)?.[2]
  return named ?? /^link\s+(["'])[^"']*\1\s+(["'])([^"']*)\2/.exec(body)?.[3] ?? ''
}
