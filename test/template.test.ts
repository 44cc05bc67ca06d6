import { describe, expect, test } from 'vitest'
import { compileTemplate } from '../src/template.ts'
import type { Contract } from '../src/template.ts'
import { problemOf } from './support/problem.ts'

const names = ['site.title', 'entries[].title', 'entries[].tags[]', 'reader.address']
const html: Contract = { format: 'html', names }
const text: Contract = { format: 'text', names }
const context = {
  site: { title: 'Tom & "Jerry" <3' },
  entries: [
    { title: 'Tides', tags: ['sea', 'moon'] },
    { title: 'Winds', tags: [] },
  ],
  reader: { address: 'TOKEN' },
}

for (const [says, source, rendered] of [
  ['prints a value', '{{ site.title }}', 'Tom & "Jerry" <3'],
  ['prints the placeholder of a reader', 'to {{ reader.address }}', 'to TOKEN'],
  ['knows the variable of a loop', '{% for e in entries %}[{{ e.title }}]{% endfor %}', '[Tides][Winds]'],
  [
    'knows a loop in a loop',
    '{% for e in entries %}{% for t in e.tags %}{{ t }};{% endfor %}{% endfor %}',
    'sea;moon;',
  ],
  ['knows the state of a loop', '{% for e in entries %}{{ forloop.index }}{% endfor %}', '12'],
  ['reads an element by its place', '{{ entries[1].title }} {{ entries.first.title }}', 'Winds Tides'],
  ['keeps an element by name', '{% assign e = entries | last %}{{ e.title }}', 'Winds'],
  ['counts a list', '{% if entries.size > 1 %}{{ entries.size }}{% endif %}', '2'],
  [
    'loops over the pieces of a text',
    '{% assign all = "a,b" | split: "," %}{% for x in all %}{{ x }}.{% endfor %}',
    'a.b.',
  ],
  [
    'leaves raw blocks and comments alone',
    '{% raw %}{{ x.y }}{% endraw %}{% comment %}{{ x }}{% endcomment %}',
    '{{ x.y }}',
  ],
] as const) {
  test(`compileTemplate() ${says}`, () => {
    expect(compileTemplate('t.liquid', source, text).render(context)).toBe(rendered)
  })
}

test('compileTemplate() escapes every value in HTML, filtered or not', () => {
  const source = '<b title="{{ site.title }}">{{ site.title | upcase }}</b>'
  expect(compileTemplate('t.liquid', source, html).render(context)).toBe(
    '<b title="Tom &amp; &#34;Jerry&#34; &lt;3">TOM &amp; &#34;JERRY&#34; &lt;3</b>',
  )
})

describe('compileTemplate() refuses at compile time', () => {
  for (const [what, source, where] of [
    ['an unknown name', 'a\n  {{ nonsense }}', '2:6'],
    ['a slip after the dot', '{{ site.titel }}', '1:4'],
    ['a slip on the variable of a loop', '{% for e in entries %}\n{{ e.titel }}{% endfor %}', '2:4'],
    ['a slip in a condition', '{% if site.titel %}x{% endif %}', '1:7'],
    ['a slip in a later branch', '{% if true %}{% elsif nope %}{% endif %}', '1:23'],
    ['a slip in a list', '{% for e in entires %}{% endfor %}', '1:13'],
    ['a slip in the argument of a filter', '{{ site.title | append: site.titel }}', '1:25'],
    ['a slip in an assignment', '{% assign t = site.titel %}', '1:15'],
    ['a slip on an assigned element', '{% assign e = entries | first %}{{ e.titel }}', '1:36'],
    ['a slip as a quoted name', '{{ site["titel"] }}', '1:4'],
    ['a part of a plain value', '{{ site.title.length }}', '1:4'],
    ['a part that every object has', '{{ site.constructor }}', '1:4'],
    ['a name that is computed', '{{ [site.title] }}', '1:4'],
    ['the variable of a loop after its end', '{% for e in entries %}{% endfor %}{{ e.title }}', '1:38'],
    ['an index of a group', '{{ site[0] }}', '1:4'],
  ] as const) {
    test(`${what}: template-unknown-name`, () => {
      const problem = problemOf(() => compileTemplate('templates/t.liquid', source, html))
      expect([problem.code, problem.where]).toEqual(['template-unknown-name', `templates/t.liquid:${where}`])
    })
  }

  for (const [what, source, where] of [
    ['a condition', '{% if reader.address %}x{% endif %}', '1:7'],
    ['a condition further on', '{% if true and reader.address == "a" %}x{% endif %}', '1:16'],
    ['a case', '{% case "a" %}{% when reader.address %}x{% endcase %}', '1:23'],
    ['a filter', 'x\n{{ reader.address | upcase }}', '2:4'],
    ['an argument of a filter', '{{ "to " | append: reader.address }}', '1:20'],
    ['an assignment', '{% assign a = reader.address %}', '1:15'],
    ['a loop', '{% for r in reader %}{% endfor %}', '1:13'],
    ['the limit of a loop', '{% for e in entries limit: reader.address %}{% endfor %}', '1:28'],
    ['a range', '{% for i in (1..reader.address) %}{% endfor %}', '1:17'],
    ['an index', '{{ entries[reader.address].title }}', '1:12'],
    ['another spelling', '{{ ["reader"].address | size }}', '1:4'],
    ['a comparison in an output', '{{ reader.address == "a" }}', '1:4'],
  ] as const) {
    for (const contract of [html, text]) {
      test(`a reader's value in ${what} of ${contract.format}: template-reader-branch`, () => {
        const problem = problemOf(() => compileTemplate('l.liquid', source, contract))
        expect([problem.code, problem.where]).toEqual(['template-reader-branch', `l.liquid:${where}`])
      })
    }
  }

  for (const [what, source, where] of [
    ['a tag that is not closed', 'x\n{% if true %}', '2:1'],
    ['an output that is not closed', '\n {{ site.title', '2:2'],
    ['an unknown tag', '{% shout %}', '1:1'],
    ['another file', ' {% include "/etc/passwd" %}', '1:2'],
    ['another file, rendered', '{% render "x" %}', '1:1'],
    ['a layout', '{% layout "x" %}', '1:1'],
    ['an unknown filter', '{{ site.title | shout }}', '1:1'],
    ['unescaped output', 'x {{ site.title | raw }}', '1:3'],
    ['double escaping', '{{ site.title | escape }}', '1:1'],
    ['the clock', '{{ "now" | date: "%s" }}', '1:1'],
    ['chance', '{{ entries | sample }}', '1:1'],
    ['a name as text', '{{ entries | map: "titel" }}', '1:1'],
    ['a counter in the context', '{% increment site %}', '1:1'],
    ['a list as text', '{{ entries[0].tags }}', '1:1'],
    ['a filtered list as text', '{{ entries[0].tags | uniq }}', '1:1'],
    ['a group as text', '{{ site }}', '1:1'],
    ['all of a reader', '{{ reader }}', '1:1'],
    ['a loop over a text', '{% for c in site.title %}{% endfor %}', '1:1'],
    ['a loop that takes a given name', '{% for reader in entries %}{% endfor %}', '1:1'],
    ['an assignment to a given name', '{% assign site = "x" %}', '1:1'],
  ] as const) {
    test(`${what}: template-syntax`, () => {
      const problem = problemOf(() => compileTemplate('t.liquid', source, html))
      expect([problem.code, problem.where]).toEqual(['template-syntax', `t.liquid:${where}`])
      expect(problem.mend).not.toBe('')
    })
  }
})

test('compileTemplate() says which names there are', () => {
  expect(problemOf(() => compileTemplate('t.liquid', '{{ entries[0].titel }}', html)).mend).toBe(
    'use one of: title, tags',
  )
})

test('compileTemplate() says why a filter is missing', () => {
  expect(problemOf(() => compileTemplate('t.liquid', '{{ site.title | raw }}', html)).mend).toContain('escaped')
})

test('compileTemplate() refuses a text beyond all reason', () => {
  expect(problemOf(() => compileTemplate('t.liquid', 'x'.repeat(1_000_001), html)).code).toBe('template-syntax')
})

for (const [says, source] of [
  ['an element that is missing', '\n{{ entries[7].title }}'],
  ['a loop without end', '\n{% for i in (1..900000000) %}{% endfor %}'],
] as const) {
  test(`render() stops at ${says}`, () => {
    const problem = problemOf(() => compileTemplate('t.liquid', source, html).render(context))
    expect([problem.code, problem.where?.startsWith('t.liquid:2:')]).toEqual(['template-render', true])
  })
}

test('render() leaves its context as it was', () => {
  const before = structuredClone(context)
  compileTemplate(
    't.liquid',
    '{% assign x = 1 %}{% for e in entries reversed %}{{ e.title }}{% endfor %}',
    html,
  ).render(context)
  expect(context).toEqual(before)
})
