import { type MathmlPlace, mathmlIn } from './foreign-mathml.ts'
import { fillMarks, markOf, unusedMark } from './marks.ts'
import { type Sanitised, sanitise } from './sanitise.ts'

/**
 * HTML of somebody else made harmless as by `sanitise`, with its MathML of allowed elements. No formula goes through the
 * sanitiser: what stands for it does.
 * @param shape what else becomes of the HTML before the formulas are put back
 */
export function sanitiseForeign(html: string, baseUrl: string, shape = (clean: string): string => clean): Sanitised {
  const places = mathmlIn(html)
  const mark = places.length === 0 ? '' : unusedMark(html)
  const { html: clean, images } = sanitise(places.length === 0 ? html : marked(html, places, mark), baseUrl)
  const shaped = shape(clean)
  return { html: places.length === 0 ? shaped : fillMarks(shaped, mark, (index) => places[index]?.mathml), images }
}

function marked(html: string, places: readonly MathmlPlace[], mark: string): string {
  const before = places.map(({ start }, index) => html.slice(places[index - 1]?.end ?? 0, start) + markOf(mark, index))
  return before.join('') + html.slice(places.at(-1)?.end ?? 0)
}
