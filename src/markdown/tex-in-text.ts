import { BREAK } from './html-text.ts'
import { closingDollar } from './math.ts'
import type { Formula } from './mathml.ts'

/** Longer ones are none. */
const LONGEST = 5000
/** What prose between two such signs has not. */
const TEX = /[\\^_=+<>{}]|^\s*[A-Za-z]\s*$/
const OPENING = /\\\(|\\\[|\$\$/g
const DELIMITERS = new Map([
  ['\\(', { close: '\\)', display: false }],
  ['\\[', { close: '\\]', display: true }],
  ['$$', { close: '$$', display: true }],
])

/** Parts plain text at TeX in `\(…\)`, `\[…\]` and `$$…$$`, as MathJax and KaTeX find it in pages. */
export function texIn(text: string): (string | Formula)[] {
  const parts: (string | Formula)[] = []
  const closes = new Map<string, number>()
  let at = 0
  OPENING.lastIndex = 0
  for (let open = OPENING.exec(text); open !== null; open = OPENING.exec(text)) {
    const { close, display } = DELIMITERS.get(open[0]) ?? { close: open[0], display: true }
    const start = open.index + open[0].length
    const end = closeFrom(text, close, start, closes)
    const tex = end < 0 || end - start > LONGEST ? '' : text.slice(start, end)
    if (tex.trim() === '' || (display && !TEX.test(tex))) continue
    parts.push(text.slice(at, open.index), { tex: tex.trim(), display })
    at = OPENING.lastIndex = end + close.length
  }
  return [...parts, text.slice(at)].filter((part) => part !== '')
}

/** Where the next `close` stands; -1 when there is none. Each is looked for once. */
function closeFrom(text: string, close: string, from: number, known: Map<string, number>): number {
  const before = known.get(close)
  if (before !== undefined && (before < 0 || before >= from)) return before
  const found = text.indexOf(close, from)
  known.set(close, found)
  return found
}

/** Plain text with something in place of TeX. */
export function replaceTex(text: string, { math, formula }: { math: string; formula: string }): string {
  return texIn(text)
    .map((part) => (typeof part === 'string' ? part : ` ${part.display ? formula : math} `))
    .join('')
}

/** The same for the text of HTML within Markdown, where `$…$` is math, too. */
export function replaceMath(text: string, placeholders: { math: string; formula: string }): string {
  const plain = replaceTex(text, placeholders)
  let [shown, at] = ['', 0]
  for (let open = plain.indexOf('$'); open >= 0; open = plain.indexOf('$', Math.max(at, open + 1))) {
    const close = closingDollar(plain, open + 1, plain.length)
    if (close < 0 || plain.slice(open, close).includes(BREAK)) continue
    shown += `${plain.slice(at, open)} ${placeholders.math} `
    at = close + 1
  }
  return shown + plain.slice(at)
}
