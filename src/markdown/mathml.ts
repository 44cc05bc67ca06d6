import temml from 'temml'
import { escapeMarkup } from './text.ts'

/** Temml calls itself for each level, so these are bounded before it is asked. */
const LONGEST_TEX = 5000
const DEEPEST_TEX = 300
/** All MathML of one article in UTF-16 code units; what comes later stays TeX. */
const MOST_MATHML = 1_000_000
/** Counted for each formula above its length, so that many small ones are bounded too. */
const COST_OF_FORMULA = 200
/** A definition would be lost at the end of its formula, and can blow up a short one. */
const DEFINITION = /\\(?:[egx]?def|(?:re)?newcommand|providecommand|let|futurelet|definecolor)(?![A-Za-z])/
/** What opens or closes a level; a font switch such as `\bf` opens one to the end of its group. */
const LEVEL = /[()[\]{}]|\\(?:begin|end|left|right|[be]group|rm|sf|tt|bf|it|cal)(?![A-Za-z])/g
const CLOSING = /^(?:[)\]}]|\\(?:end|right|egroup)$)/

/** TeX without its delimiters. */
export interface Formula {
  tex: string
  display: boolean
}

/** Gives MathML for one formula after the other of an article, or its TeX as `<code>` where Temml cannot. */
export function mathmlOfArticle(): (formula: Formula) => string {
  let room = MOST_MATHML
  return ({ tex, display }) => {
    const mathml = room > 0 && isBounded(tex) ? mathmlOf(tex, display) : null
    room -= (mathml?.length ?? 0) + COST_OF_FORMULA
    return mathml ?? `<code>${escapeMarkup(tex)}</code>`
  }
}

function isBounded(tex: string): boolean {
  return tex.length <= LONGEST_TEX && depth(tex) <= DEEPEST_TEX && !DEFINITION.test(tex)
}

function depth(tex: string): number {
  let [open, deepest] = [0, 0]
  for (const [bracket] of tex.matchAll(LEVEL)) {
    open = Math.max(0, open + (CLOSING.test(bracket) ? -1 : 1))
    deepest = Math.max(deepest, open)
  }
  return deepest
}

function mathmlOf(tex: string, display: boolean): string | null {
  const mathml = tryTemml(tex, display)
  // `\ref` gives a link to a fragment and `\label` an id; the page these belong to is not ours.
  return mathml === null || !mathml.startsWith('<math') || mathml.includes('<a ')
    ? null
    : mathml.replace(/ id="[^"]*"/g, '')
}

/** Null when Temml refuses the TeX; beside its ParseError it throws a TypeError for some, such as `^^`. */
function tryTemml(tex: string, display: boolean): string | null {
  try {
    return temml.renderToString(tex, { displayMode: display, throwOnError: true, xml: true, maxSize: [50, 500] })
  } catch {
    return null
  }
}
