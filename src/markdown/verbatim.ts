import { withoutRawMarks } from './fenced.ts'
import type { Passage, Reader } from './passages.ts'

const RAW_ELEMENT = /<(pre|script|style|textarea)(?=[\s>])/iy
const OF_SVELTE = /<(svelte:[a-z]+)(?=[\s>])/y
const TICKS = /`+/y

/** A code span, as it stands; in Liquid without the marks of raw text. */
export function readCode(isLiquid: boolean): Reader {
  return (source, at): Passage => {
    TICKS.lastIndex = at
    const length = TICKS.exec(source.text)?.[0].length ?? 1
    const close = source.ticks(length, at + length)
    const end = close < source.blankLine(at) ? close + length : at + length
    const text = source.text.slice(at, end)
    return { end, text: isLiquid ? withoutRawMarks(text) : text }
  }
}

/** A backslash keeps what follows it from being a mark, but for Liquid's, which knows none; or it begins TeX. */
export const readEscape: Reader = (source, at) => {
  const next = source.text.charAt(at + 1)
  if (next === '(') return readTo(source.find('\\)', at + 2), 2)(source, at)
  if (next === '[') return readTo(source.find('\\]', at + 2), 2)(source, at) ?? { end: at + 2, text: '\\[' }
  if (next === 'b' && source.startsWith('\\begin{', at)) return readTo(source.find('\\end{', at + 2), 5)(source, at)
  return /^\\(?!\{[{%#])[!-/:-@[-`{-~]/.test(source.text.slice(at, at + 3))
    ? { end: at + 2, text: source.text.slice(at, at + 2) }
    : null
}

/** `$$…$$`, also in lines of its own, and `$…$` within a line stay as they are. */
export const readMath: Reader = (source, at) => {
  if (source.startsWith('$$', at)) {
    const close = source.find('$$', at + 2)
    const isAlone = source.isAlone(at, at + 2)
    if (!isAlone || close >= source.text.length) return readTo(close, 2)(source, at)
    return { end: close + 2, text: source.text.slice(at, close + 2) }
  }
  const close = source.find('$', at + 1)
  if (close > source.lineEnd(at) || /\s/.test(source.text.charAt(at + 1)) || /\s/.test(source.text.charAt(close - 1)))
    return null
  return readTo(close, 1)(source, at)
}

/** As it stands up to what closes it within the paragraph. */
function readTo(close: number, length: number): Reader {
  return (source, at) => {
    if (close >= source.text.length || close > source.blankLine(at)) return null
    return { end: close + length, text: source.text.slice(at, close + length) }
  }
}

/** Comments and elements without Markdown stay as they are; `<svelte:head>` is no text. */
export function readRawHtml(isLiquid: boolean): Reader {
  return (source, at) => {
    if (source.startsWith('<!--', at)) {
      const close = source.find('-->', at + 4)
      return close < source.text.length ? { end: close + 3, text: source.text.slice(at, close + 3) } : null
    }
    RAW_ELEMENT.lastIndex = at
    OF_SVELTE.lastIndex = at
    const svelte = OF_SVELTE.exec(source.text)?.[1]
    const name = svelte ?? RAW_ELEMENT.exec(source.text)?.[1]
    if (name === undefined) return null
    const close = source.find(`</${name}>`, at)
    if (close >= source.text.length) return null
    const end = close + name.length + 3
    if (svelte !== undefined) return { end, text: '' }
    const text = source.text.slice(at, end)
    return { end, text: isLiquid ? withoutRawMarks(text) : text }
  }
}

/** `{{ expression }}` of Vue, unless `v-pre` stands at its element. */
export const readVueValue: Reader = (source, at) => {
  if (!source.startsWith('{{', at)) return null
  const close = source.find('}}', at + 2)
  if (close >= source.text.length || close > source.blankLine(at)) return null
  const isPlain = /\bv-pre[^<>]*>[^<>]*$/.test(source.text.slice(Math.max(0, at - 100), at))
  return { end: close + 2, text: isPlain ? source.text.slice(at, close + 2) : '' }
}
