import { expect, test } from 'vitest'
import { Problem, problemLine, problemText } from '../src/problem.ts'

for (const [says, name, printed] of [
  ['letters of every script, and spaces, as they are', 'articles/潮汐 é 🌊.md', 'articles/潮汐 é 🌊.md'],
  ['a line end', 'a\r\nerror: forged.md', String.raw`a\x0d\nerror: forged.md`],
  ['a terminal escape, of one byte too', 'a\u001b[2J\u009b2J\u007f.md', String.raw`a\x1b[2J\x9b2J\x7f.md`],
  ['a line separator', 'a\u2028b\u2029.md', String.raw`a\u2028b\u2029.md`],
  ['a bidi control', 'a\u202edm.\u2066\u200f\u061c', String.raw`a\u202edm.\u2066\u200f\u061c`],
] as const)
  test(`problemLine() prints on one line ${says}`, () => {
    const problem = new Problem('file-odd', `Cannot read ${name}`, { where: name, mend: `rename ${name}` })
    expect(problemLine(problem)).toBe(`${printed}: Cannot read ${printed} - rename ${printed}`)
    expect(problem.toJSON().where).toBe(name)
  })

test('problemText() leaves out the mend', () => {
  expect(problemText(new Problem('odd', 'It is odd', { mend: 'mend it' }))).toBe('It is odd')
})
