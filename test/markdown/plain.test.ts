import { describe, expect, test } from 'vitest'
import { firstHeading } from '../../src/markdown/plain.ts'

describe('firstHeading()', () => {
  for (const [says, markdown, text] of [
    ['reads an ATX heading', '# Tides and moons ##\n\ntext', 'Tides and moons'],
    ['reads a setext heading', 'Tides\n---\n', 'Tides'],
    ['reads a heading after text', 'text\n\n## Tides', 'Tides'],
    ['gives plain text', '# *Tides* `at` [sea](x) ![i](y) &amp; <b>land</b>[^1]\n\n[^1]: note', 'Tides at sea & land'],
    ['gives math as TeX', '# Sorting in $O(n)$', 'Sorting in O(n)'],
    ['passes over level 3', '### Moons\n\n## Tides', 'Tides'],
    ['passes over an empty heading', '#\n\n# Tides', 'Tides'],
    ['passes over a heading in a quotation', '> # Moons\n\n# Tides', 'Tides'],
    ['passes over that of a table of contents', '## Table of contents\n\n## 目录\n\n## Tides', 'Tides'],
    ['passes over code', '```\n# Moons\n```', null],
    ['reads a heading in HTML', '<h1 align="center">The <b>tide</b> &amp; clock</h1>\n\n## Use', 'The tide & clock'],
    ['reads one within other HTML', '<div>\n  <img src="x">\n  <h1>Tides</h1>\n</div>\n\n# Use', 'Tides'],
    ['passes over a picture for a heading', '<h1><img src="x"></h1>\n\n## Tides', 'Tides'],
    ['passes over HTML in a comment', '<!-- <h1>Moons</h1> -->\n\n# Tides', 'Tides'],
    ['passes over HTML in code', '<pre><h1>Moons</h1></pre>\n\n# Tides', 'Tides'],
    ['passes over level 3 in HTML', '<h3>Moons</h3>\n\n# Tides', 'Tides'],
    ['knows when there is none', 'only text', null],
  ] as const)
    test(says, () => expect(firstHeading(markdown)?.text ?? null).toBe(text))

  test('tells whether the text begins with it', () => {
    const isOpening = (text: string): boolean | undefined => firstHeading(text)?.isOpening
    expect(['# Tides', '<br>\n\n# Tides', 'text\n\n# Tides', '### Moons\n\n# Tides'].map(isOpening)).toEqual([
      true,
      true,
      false,
      false,
    ])
  })

  test('tells its level', () => {
    expect([firstHeading('# Tides')?.level, firstHeading('## Tides')?.level]).toEqual([1, 2])
  })
})
