import type { Syntax } from './syntax.ts'

/** `#Tides` where a `#` marks no tag; neither `#include` nor several tags in a line. */
const LONE =
  /^( {0,3}#)(?!(?:include|define|import|pragma|if|ifn?def|endif|else)\b)(?=[\p{L}\u3008-\u3011（“*`[]|\d+[.、])(?![^\n]*\s#[^#\s])/u
/** `#前言` alone in its line, without a full stop. */
const CJK =
  /^ {0,3}#(?=[\p{L}\u3008-\u3011（“]|\d+[.、])(?=[^\n#]{0,60}[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}])[^\n#。！]{1,60}#*[ \t]*$/mu
const ALL_CJK = new RegExp(CJK.source, 'gmu')
const MORE_MARKS = /^ {0,3}#{2,6}[^\s#]/m

/** Whether a line may be such a heading: whatever it is, not where notes have tags. */
export function maybeLoneHeading(line: string, { kramdown, wiki }: Syntax): boolean {
  return kramdown && !wiki ? LONE.test(line) : (kramdown || !wiki) && CJK.test(line)
}

/**
 * What tells the headings of a text that want the space behind their only `#`. Old kramdown reads all of them; Chinese
 * and Japanese ones are meant everywhere but in a vault, and in plain notes when they are not the only one.
 */
export function loneHeadings(text: string, syntax: Syntax): (line: string) => boolean {
  const mayHold = text.includes('#') && (syntax.kramdown || !syntax.wiki)
  if (!mayHold || (syntax.kramdown && syntax.wiki && !hasSeveral(text))) return () => false
  return (line) => line.includes('#') && maybeLoneHeading(line, syntax)
}

function hasSeveral(text: string): boolean {
  if (!CJK.test(text)) return false
  return MORE_MARKS.test(text) || [...text.matchAll(ALL_CJK)].length > 1
}

/** Whether a text holds one in Chinese or Japanese. */
export function holdsLoneHeading(text: string): boolean {
  return CJK.test(text)
}
