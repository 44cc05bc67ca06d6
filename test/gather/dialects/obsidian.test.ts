import { describe, expect, test } from 'vitest'
import { OURS, dialectOf, linkIn } from '../../support/dialect-site.ts'

const vault = dialectOf({
  '.obsidian/app.json': '{}',
  '.obsidian/templates.json': '{ "folder": "Meta/Stencils" }',
  '.obsidian/plugins/templater-obsidian/data.json': '{ "templates_folder": "/Bits/" }',
})

test('a folder with .obsidian is a vault', () => {
  expect([vault.name, vault.config]).toEqual(['obsidian', '.obsidian'])
})

test('a site that is written in Obsidian is one of its program', () => {
  expect(dialectOf({ '.obsidian/app.json': '{}', 'astro.config.mjs': 'export default {}' }).name).toBe('astro')
})

describe('passesOver()', () => {
  const named = ['Templates/a.md', 'x/templates/a.md', '_templates/a.md', '99-Templates/a.md', '09 模板/a.md']
  for (const path of [...named, 'Meta/Stencils/a.md', 'Bits/x/a.md']) {
    test(`passes over ${path}`, () => expect(vault.passesOver(path)).not.toBeNull())
  }
  for (const path of ['a.md', 'Meta/a.md', 'Bitsy/a.md', 'On templates.md']) {
    test(`reads ${path}`, () => expect(vault.passesOver(path)).toBeNull())
  }
})

describe('defaultsOf() takes the title from', () => {
  for (const [says, path, data] of [
    ["the file's name", 'x/Spring tides.md', { title: 'Spring tides' }],
    ['a name with a date', '2021-03-05 潮汐.md', { title: '2021-03-05 潮汐' }],
    ['a heading when the name is a date', '2021-03-05.md', {}],
    ['a heading when the name is a number', '202103051230.md', {}],
    ['a heading of a folder note', 'tides/index.md', {}],
  ] as const) {
    test(says, () => expect(vault.defaultsOf(path)).toEqual(data))
  }
})

test('a daily note has the date of its name', () => {
  expect(vault.ofPath('daily/2021-03-05.md').date).toEqual({ kind: 'day', year: 2021, month: 3, day: 5 })
})

test('a note is dated by when it was published, else when it was made', () => {
  const fields = vault.dateFields ?? []
  const order = ['date', 'pubdate', 'created', 'date created', 'create_date', 'published', '创建时间', ':path']
  expect(fields.filter((name) => order.includes(name))).toEqual(order)
})

describe('isNoEntry() of', () => {
  for (const [says, data, isNone] of [
    ['a note', { tags: ['a'], publish: 'true' }, false],
    ['a note that is kept back', { publish: 'false' }, true],
    ['a drawing', { 'excalidraw-plugin': 'parsed' }, true],
    ['a board', { 'kanban-plugin': 'board' }, true],
  ] as const) {
    test(says, () => expect(vault.isNoEntry('a.md', data) !== null).toBe(isNone))
  }
})

test('only a permalink is a link', () => {
  expect(linkIn(vault, 'a.md', {})).toBeNull()
  expect(linkIn(vault, 'a.md', { permalink: 'notes/tides' })).toBe(`${OURS}notes/tides`)
})

test('a vault whose settings are broken is read all the same', () => {
  const broken = dialectOf({ '.obsidian/templates.json': '{ "folder": [' })
  expect(broken.passesOver('Templates/a.md')).not.toBeNull()
  expect(broken.problems.map(({ code }) => code)).toEqual(['site-config-invalid'])
})
