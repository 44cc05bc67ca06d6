import { createHash } from 'node:crypto'

/** Letters that stand for a formula until HTML is sanitised; the text cannot hold them, as it would its own hash. */
export function unusedMark(text: string): string {
  let mark = ''
  do mark = `math${createHash('sha256').update(`${mark}${text}`).digest('hex').slice(0, 32)}n`
  while (text.includes(mark))
  return mark
}

/** The mark of one formula. */
export function markOf(mark: string, index: number): string {
  return `${mark}${index}e`
}

/** Puts formulas where their marks stand in the text of sanitised HTML. */
export function fillMarks(sanitised: string, mark: string, formulaAt: (index: number) => string | undefined): string {
  return sanitised.replace(new RegExp(`<[^>]*>|${mark}(\\d+)e`, 'g'), (found, index?: string) => {
    const formula = index === undefined ? undefined : formulaAt(Number(index))
    if (formula !== undefined) return formula
    // Unclosed quotes can draw a formula into an attribute, where MathML must not go.
    return found.replaceAll(new RegExp(`${mark}\\d+e`, 'g'), '')
  })
}
