import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { importsOf } from '../../src/gather/imports.ts'

describe('importsOf() finds', () => {
  test.each([
    ['a default import of MDX', `import Part from './part.mdx'`, ['posts/tides/part.mdx']],
    ['an import with double quotes and a semicolon', `import Part from "../part.md";`, ['posts/part.md']],
    ['named imports', `import Part, { toc } from './part.mdx'`, ['posts/tides/part.mdx']],
    ['an import over lines', `import {\n  toc,\n} from './part.mdx'`, ['posts/tides/part.mdx']],
    ['an import for its effect', `import './part.mdx'`, ['posts/tides/part.mdx']],
    ['an export of another file', `export * from './part.mdx'`, ['posts/tides/part.mdx']],
    ['an import in a script of Vue', `<script setup>\nimport P from './p.md'\n</script>`, ['posts/tides/p.md']],
    ['an import of the raw text', `import text from './part.md?raw'`, ['posts/tides/part.md']],
    ['an include of VitePress', `<!--@include: ./parts/x.md-->`, ['posts/tides/parts/x.md']],
    ['its lines', `<!-- @include: ./x.md{1,3} -->`, ['posts/tides/x.md']],
    ['its region', `<!-- @include: ./x.md#high-tide -->`, ['posts/tides/x.md']],
    ['it behind other words', `Tides: <!-- @include: x.md -->`, ['posts/tides/x.md']],
    ['it from the root', `<!-- @include: @/parts/x.md -->`, ['parts/x.md']],
    ['an include of VuePress', `@include(./x.md{1-3})`, ['posts/tides/x.md']],
    ['an include of markdown-it', `!!!include(x.md)!!!`, ['posts/tides/x.md']],
    ['an include of Jekyll', `{% include_relative chapters/one.md %}`, ['posts/tides/chapters/one.md']],
    ['it without white space', `{%- include_relative one.markdown -%}`, ['posts/tides/one.markdown']],
    ['it with parameters', `{% include_relative one.md title="x" %}`, ['posts/tides/one.md']],
    ['a shortcode of Hugo', `{{% include "x.md" %}}`, ['posts/tides/x.md']],
    ['one with a named parameter', `{{< readfile file="/parts/x.md" markdown="true" >}}`, ['parts/x.md']],
    ['one of Quarto', `{{< include _x.md >}}`, ['posts/tides/_x.md']],
    ['a snippet of MkDocs', `--8<-- "parts/x.md"`, ['posts/tides/parts/x.md', 'parts/x.md']],
    ['its lines alone', `--8<-- "x.md:4:6"`, ['posts/tides/x.md', 'x.md']],
    ['names in other scripts', `<!--@include: ./潮汐.md-->`, ['posts/tides/潮汐.md']],
    ['names in NFC', `import P from './cafe\u0301.mdx'`, ['posts/tides/caf\u00e9.mdx']],
    ['each file once', `{{% include "x.md" %}}\n\n{{% include "./x.md" %}}`, ['posts/tides/x.md']],
    ['what follows a fence', '```\ncode\n```\n{{% include "x.md" %}}', ['posts/tides/x.md']],
    ['what follows code of three marks in a line', '```code``` x\n{{% include "x.md" %}}', ['posts/tides/x.md']],
  ])('%s', (_, markdown, files) => expect(importsOf(markdown, 'posts/tides/index.md')).toEqual(files))
})

describe('importsOf() passes over', () => {
  test.each([
    ['a link', `[x](./x.md)`],
    ['an embedded note, which stays a note of its own', `![[x.md]]\n\ninclude`],
    ['a component', `import Chart from '../components/Chart.astro'`],
    ['a package', `import 'package'\nimport x from 'y'\n\nx.md`],
    ['what only prose speaks of', `You can import from "x.md", or include x.md.`],
    ['an include from a folder of its own', `{% include "x.md" %}`],
    ['the words of a fence', '```md\n{{% include "x.md" %}}\n```'],
    ['the words of a fence within a longer one', '````md\n```\n{{% include "x.md" %}}\n```\n````'],
    ['the words of a fence that is never closed', '~~~\n```\n{{% include "x.md" %}}'],
    ['code in a line', 'Write `{{% include "x.md" %}}` or `<!-- @include: ./x.md -->`.'],
    ['what is outside the folder', `{{% include "../../../x.md" %}}`],
    ['what is outside it by way of the root', `<!--@include: @/../x.md-->`],
    ['an address', `{{% include "https://blog.example.org/x.md" %}}`],
    ['itself', `{{% include "index.md" %}}`],
    ['a file of another kind', `<!--@include: ./x.py-->\n\nx.md`],
  ])('%s', (_, markdown) => expect(importsOf(markdown, 'posts/tides/index.md')).toEqual([]))
})

test('importsOf() from the root stays inside it', () => {
  expect(importsOf(`{{% include "x.md" %}}\n{{% include "../y.md" %}}`, 'a.md')).toEqual(['x.md'])
})

test('importsOf() names no file outside the folder, whatever the text', () => {
  const piece = fc.constantFrom('import ', 'from ', "'", '"', '../', './', '/', '@/', 'x', '.md', '{{% include ', '\n')
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
      for (const file of importsOf(pieces.join(''), 'a/b.md')) expect(file).toMatch(/^(?!\/|\.\.\/).*\.mdx?$/)
    }),
  )
})

test.each([
  'import from ',
  '{% include_relative ',
  '<!--@include: ',
  '<!--@include:x',
  ' ',
  '`',
  '```',
  '@include(',
  '{{< include ',
  '--8<-- "',
  "import '",
])('importsOf() is done soon with a megabyte of %j', (text) => {
  for (const end of ['', '\n']) {
    const long = `${text}${end}`.repeat(1_000_000 / text.length)
    expect(importsOf(`x.md include\n${long}`, 'a.md')).toEqual([])
  }
})
