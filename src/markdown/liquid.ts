import { asFence } from './fenced.ts'
import type { Passage, Reader, Source } from './passages.ts'

const TAG_BODY = /^-?\s*([\w.-]+)\s*([\s\S]*?)\s*-?$/
/** Tera calls its tags: `{% note(title="a") %}`. */
const CALL = /^-?\s*[\w.-]+\(/
const LONGEST_TAG = 8000
/** Each brace in a call costs a look at the whole of it. */
const LONGEST_CALL = 2000
/** Blocks whose inner text is code. */
const CODE = new Set(['codeblock', 'code', 'highlight', 'mermaid', 'plantuml', 'uml', 'chart', 'echarts', 'prism'])
/** Blocks whose inner text is no text of the article. */
const HIDDEN = new Set([
  'comment',
  'capture',
  'javascript',
  'stylesheet',
  'style',
  'css',
  'js',
  'schema',
  'macro',
  'flink',
  'aplayerlist',
  'aplayerlrc',
])
const RAW = new Set(['raw', 'verbatim'])
const TEX = new Set(['math', 'math_block', 'mathjax', 'katex'])
/** Tags of Hexo and its themes (NexT, Butterfly, Volantis) that only dress the words in them. */
const WORDS = new Set([
  'label',
  'u',
  'emp',
  'wavy',
  'del',
  'kbd',
  'psw',
  'p',
  'span',
  'blur',
  'sup',
  'sub',
  'ruby',
  'nota',
  'bubble',
  'checkbox',
  'radio',
  'hideInline',
])
/** Of these, what stands before the sign is shown, and the rest explains it. */
const EXPLAINED = new Map([
  ['ruby', /\|/],
  ['nota', /,/],
  ['bubble', /[,@]/],
])
/** What `math` says of its block; anything else is the TeX itself (hexo-math 1). */
const MATH_OPTIONS = /^(?:(?:inline|display|block)\b[^\\]*|\([^)]*\))?$/
/** Butterfly's `label words color`. */
const LABEL_COLOR = /\s(?:default|blue|pink|red|purple|orange|green|primary|success|info|warning|danger)\s*$/
/** A value that is its own text: `{{ "/tides/" | relative_url }}`, `{{ '{%' }}`. */
const LITERAL = /^-?\s*(["'])([^"']*)\1\s*(?:\|\s*(?:relative_url|absolute_url|url|prepend\b[^|]*)\s*)*-?$/
/** Zola's `{{ katex(body="a^2") }}`. */
const CALL_OF_TEX =
  /^\s*(?:katex|math|mathjax|tex)\(\s*(?:block\s*=\s*\w+\s*,\s*)?body\s*=\s*(?:"([^"]*)"|'([^']*)'|`([^`]*)`)/

/** Liquid, Nunjucks and Tera: `{% tag %}`, `{{ value }}`, `{# comment #}`. */
export const readLiquid: Reader = (source, at) => {
  switch (source.text.charAt(at + 1)) {
    case '%':
      return readTag(source, at)
    case '{':
      return readValue(source, at)
    case '#':
      return readComment(source, at)
    case '"':
      return readPulledWords(source, at)
    default:
      return null
  }
}

function readTag(source: Source, at: number): Passage | null {
  const close = closeOf(source, at, '%}')
  if (close === null) return null
  const inside = source.text.slice(at + 2, close)
  const [, name = '', args = ''] = TAG_BODY.exec(inside) ?? []
  const end = close + 2
  if (name === 'math' && !MATH_OPTIONS.test(args)) return { end, text: `\\(${args}\\)` }
  const isLone = name === 'note' && source.find('endnote', end) >= source.text.length
  const words = isLone ? withoutOptions(args) : wordsOfTag(name, args)
  return innerOf(source, at, end, name, args) ?? { end, text: CALL.test(inside) ? '' : words }
}

/** The words of a tag of Stellar, whose options are `name:value`. */
function withoutOptions(args: string): string {
  return args.replace(/(?:^|\s+)[a-z_]{1,20}:\S+/g, ' ').trim()
}

/** A block whose inner text is not prose. */
function innerOf(source: Source, at: number, end: number, name: string, args: string): Passage | null {
  const isRaw = RAW.has(name)
  if (!isRaw && !CODE.has(name) && !HIDDEN.has(name) && !TEX.has(name)) return null
  if (name === 'capture' && isShown(source, end, args)) return null
  // Zola writes `{% katex(block=true) %}…{% end %}`.
  const closing = endTag(source, end, name) ?? (args.startsWith('(') ? endTag(source, end, '') : null)
  if (closing === null) return null
  const inner = source.text.slice(end, closing.at)
  if (isRaw) return { end: closing.end, text: inner }
  if (HIDDEN.has(name)) return { end: closing.end, text: '' }
  if (TEX.has(name)) return { end: closing.end, text: isInline(source, at, args) ? inlineMath(inner) : asMath(inner) }
  return { end: closing.end, text: asFence(source, at, inner, languageOf(name, args)) }
}

/** Whether what is captured is shown as Markdown: `{{ notice | markdownify }}`, most often right behind it. */
function isShown(source: Source, from: number, name: string): boolean {
  const filter = source.find('markdownify', from)
  const value = /\{\{-?\s*([\w-]+)\s*\|\s*$/.exec(source.text.slice(Math.max(from, filter - 100), filter))
  return value?.[1] === name
}

/** `{" words "}` within a pull quote of Octopress. */
function readPulledWords(source: Source, at: number): Passage | null {
  const close = source.find('"}', at + 2)
  if (close > source.blankLine(at) || source.find('{% endpullquote', at) >= source.text.length) return null
  return { end: close + 2, text: source.text.slice(at + 2, close).trim() }
}

function endTag(source: Source, from: number, name: string): { at: number; end: number } | null {
  const words = `end${name}`
  for (let found = source.find(words, from); found < source.text.length; found = source.find(words, found + 1)) {
    const before = /\{%-?\s*$/.exec(source.text.slice(Math.max(from, found - 20), found))
    // `{% endhighlight bash %}`: Liquid reads no more than the name.
    const after = /^(?:\s[\s\w-]*)?-?%\}/.exec(source.text.slice(found + words.length, found + words.length + 40))
    if (before !== null && after !== null)
      return { at: found - before[0].length, end: found + words.length + after[0].length }
  }
  return null
}

function languageOf(name: string, args: string): string {
  const written = /\blang(?:uage)?[:=]\s*["']?([\w+#-]+)/.exec(args)?.[1]
  return written ?? (name === 'highlight' || name === 'code' ? (/^[\w+#-]+/.exec(args)?.[0] ?? '') : '')
}

/** Zola's `{% katex() %}` within a line. */
function isInline(source: Source, at: number, args: string): boolean {
  return args.startsWith('(') && !args.includes('block') && source.indent(at) === null
}

/** TeX within a line, unless it brings its own delimiters. */
export function inlineMath(inner: string): string {
  return asMath(inner) === inner ? inner : `\\(${inner.trim()}\\)`
}

/** TeX as a block of its own, unless it brings its own delimiters. */
export function asMath(inner: string): string {
  const tex = inner.trim()
  return tex === '' || /\$|\\[([]|\\begin\{/.test(tex) ? inner : `$$${tex}$$`
}

function wordsOfTag(name: string, args: string): string {
  if (name === 'post_link' || name === 'asset_link') return wordsOfFile(args)
  if (name === 'link') return wordsOfLink(args)
  if (name === 'quot' || name === 'mark') return withoutOptions(args)
  if (!WORDS.has(name)) return ''
  if (name === 'hideInline') return args.split(',')[1]?.trim() ?? ''
  const sign = EXPLAINED.get(name)
  if (sign !== undefined) return unquote(args.split(sign)[0]?.trim() ?? '')
  if (name === 'blur' || name === 'sup' || name === 'sub') return withoutOptions(args)
  const separated = /^(?:[^,@:]|:(?!:))*(?:,|@|::)([\s\S]*)$/.exec(args)
  const words = separated?.[1] ?? args.replace(/^(?:primary|success|info|warning|danger|default)\s+/, '')
  return unquote((name === 'label' ? words.replace(LABEL_COLOR, '') : words).trim())
}

/** `post_link tides 'The tides'`; without words the page shows the title of the post, and its name is next to that. */
function wordsOfFile(args: string): string {
  const [, quoted, bare = '', words = ''] =
    /^(?:["']([^"']*)["']|(\S+))\s*([\s\S]*?)\s*(?:\b(?:true|false))?$/.exec(args) ?? []
  return unquote(words) || (quoted ?? bare).split('/').at(-1) || ''
}

/** Hexo: `link text url`; Butterfly: `link text, url`; Jekyll: `link path`, whose text is an address. */
function wordsOfLink(args: string): string {
  const comma = /^([^,]+),/.exec(args)?.[1]
  return unquote((comma ?? /^([\s\S]*?)\s+(?:https?:\/\/|\/)\S/.exec(args)?.[1] ?? '').trim())
}

function unquote(text: string): string {
  return text.replace(/^(["'])([\s\S]*)\1$/, '$2')
}

function readValue(source: Source, at: number): Passage | null {
  const close = closeOf(source, at, '}}')
  if (close === null) return null
  const inside = source.text.slice(at + 2, close)
  const tex = CALL_OF_TEX.exec(inside)?.slice(1).join('')
  if (tex !== undefined) return { end: close + 2, text: /\bblock\s*=/.test(inside) ? asMath(tex) : inlineMath(tex) }
  return { end: close + 2, text: LITERAL.exec(inside)?.[2] ?? '' }
}

function readComment(source: Source, at: number): Passage | null {
  const close = source.find('#}', at + 2)
  return close < source.text.length && close < source.blankLine(at) ? { end: close + 2, text: '' } : null
}

/** Where the tag or value closes that opens at `at`: in one paragraph, with no other opening between, quotes aside. */
function closeOf(source: Source, at: number, closing: string): number | null {
  let close = source.find(closing, at + 2)
  const limit = Math.min(source.blankLine(at), at + LONGEST_TAG)
  if (close >= limit) return null
  const opening = source.find(source.text.slice(at, at + 2), at + 2)
  if (opening < close && !/["'][^"'\n]*$/.test(source.text.slice(Math.max(at, opening - 40), opening))) return null
  // `{{ card({ a: { b: 1 }}) }}`: a call that is still open holds braces of its own.
  while (closing === '}}' && isCallOpen(source.text.slice(at + 2, close))) {
    const next = source.text.slice(close + 1, limit).indexOf(closing)
    if (next < 0) break
    close += 1 + next
  }
  // `{{ "{{ x }}" }}`: a quote that is still open holds the closing marks.
  const quote = /^-?\s*(["'])/.exec(source.text.slice(at + 2, Math.min(close, at + 40)))?.[1]
  if (quote !== undefined && source.text.slice(at + 2, close).split(quote).length % 2 === 0) {
    const next = source.text.slice(close + 2, limit).indexOf(closing)
    if (next >= 0) close += 2 + next
  }
  return close
}

function isCallOpen(expression: string): boolean {
  const opened = expression.split('(').length - expression.split(')').length
  return opened > 0 && expression.length < LONGEST_CALL
}
