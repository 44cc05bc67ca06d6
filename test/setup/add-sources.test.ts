import { chmodSync, lstatSync, readFileSync, readdirSync, statSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type Config, loadConfig } from '../../src/config.ts'
import { editedSettings, replaceSettings, settingsFile } from '../../src/setup/add-sources.ts'
import type { SourceSettings } from '../../src/setup/settings.ts'
import { withSources } from '../../src/setup/source-text.ts'
import { tempFolder } from '../support/folder.ts'
import { problemOf } from '../support/problem.ts'

const EBB: SourceSettings = { kind: 'feed', name: 'Ebb: a diary', url: 'https://ebb.example/f?a=1&b=2' }
const FLOW: SourceSettings = { kind: 'feed', name: '42', url: 'https://flow.example/' }

const lines = (...text: string[]): string => `${text.join('\n')}\n`

describe('withSources() writes into', () => {
  for (const [says, before, after] of [
    [
      'a list, behind the comments of its last source',
      lines(
        'sources:',
        '  - kind: markdown',
        '    dir: notes # old',
        "    # exclude: ['*.x']",
        '',
        '# feeds:',
        'keep: 40d',
      ),
      lines(
        ...['sources:', '  - kind: markdown', '    dir: notes # old', "    # exclude: ['*.x']"],
        ...['  - kind: feed', '    name: "Ebb: a diary"', '    url: https://ebb.example/f?a=1&b=2'],
        ...['  - kind: feed', '    name: "42"', '    url: https://flow.example/', '', '# feeds:', 'keep: 40d'],
      ),
    ],
    [
      'a list at the margin that ends the file in the middle of a line',
      'sources:\n- kind: markdown\n  dir: notes',
      lines(
        ...['sources:', '- kind: markdown', '  dir: notes'],
        ...['- kind: feed', '  name: "Ebb: a diary"', '  url: https://ebb.example/f?a=1&b=2'],
        ...['- kind: feed', '  name: "42"', '  url: https://flow.example/'],
      ),
    ],
    [
      'a list of sources in braces',
      lines('sources:', '  - { kind: markdown, dir: notes } # mine', 'keep: 40d'),
      lines(
        ...['sources:', '  - { kind: markdown, dir: notes } # mine'],
        ...['  - kind: feed', '    name: "Ebb: a diary"', '    url: https://ebb.example/f?a=1&b=2'],
        ...['  - kind: feed', '    name: "42"', '    url: https://flow.example/', 'keep: 40d'],
      ),
    ],
    [
      'brackets on one line',
      lines('sources: [{ kind: markdown, dir: notes }, ] # mine', 'keep: 40d'),
      lines(
        'sources: [{ kind: markdown, dir: notes },',
        '  { kind: feed, name: "Ebb: a diary", url: https://ebb.example/f?a=1&b=2 },',
        '  { kind: feed, name: "42", url: https://flow.example/ }, ] # mine',
        'keep: 40d',
      ),
    ],
    [
      'brackets over lines',
      lines('sources: [', '    { kind: markdown, dir: notes }, # mine', '  ]'),
      lines(
        'sources: [',
        '    { kind: markdown, dir: notes },',
        '    { kind: feed, name: "Ebb: a diary", url: https://ebb.example/f?a=1&b=2 },',
        '    { kind: feed, name: "42", url: https://flow.example/ }, # mine',
        '  ]',
      ),
    ],
    [
      'settings that name no source, with the one that is meant',
      lines('site: { title: T } # ours', '# sources: none', 'keep: 40d # days', '# the end'),
      lines(
        ...['site: { title: T } # ours', '# sources: none', 'keep: 40d # days', '', 'sources:'],
        ...['  - kind: markdown', '    dir: articles'],
        ...['  - kind: feed', '    name: "Ebb: a diary"', '    url: https://ebb.example/f?a=1&b=2'],
        ...['  - kind: feed', '    name: "42"', '    url: https://flow.example/', '# the end'],
      ),
    ],
    [
      'Windows lines behind a byte order mark',
      '\uFEFFkeep: 40d\r\nsources:\r\n- kind: markdown\r\n  dir: notes\r\n',
      [
        ...['\uFEFFkeep: 40d', 'sources:', '- kind: markdown', '  dir: notes'],
        ...['- kind: feed', '  name: "Ebb: a diary"', '  url: https://ebb.example/f?a=1&b=2'],
        ...['- kind: feed', '  name: "42"', '  url: https://flow.example/', ''],
      ].join('\r\n'),
    ],
  ] as const)
    test(says, () => expect(withSources(before, [EBB, FLOW], false)).toBe(after))

  for (const [says, before, after] of [
    [
      'JSON',
      lines('{', '  "sources": [', '    { "kind": "markdown", "dir": "notes" }', '  ],', '  "keep": "40d"', '}'),
      lines(
        '{',
        '  "sources": [',
        '    { "kind": "markdown", "dir": "notes" },',
        '    { "kind": "feed", "name": "42", "url": "https://flow.example/" }',
        ...['  ],', '  "keep": "40d"', '}'],
      ),
    ],
    [
      'JSON without sources',
      lines('{', '  "keep": "40d"', '}'),
      lines(
        ...['{', '  "keep": "40d",', '  "sources": [', '    { "kind": "markdown", "dir": "articles" },'],
        ...['    { "kind": "feed", "name": "42", "url": "https://flow.example/" }', '  ]', '}'],
      ),
    ],
  ] as const)
    test(says, () => {
      expect(withSources(before, [FLOW], true)).toBe(after)
      expect(JSON.parse(after)).toBeTypeOf('object')
    })

  test('no list that stands elsewhere', () => {
    const text = lines('x: &x', '  - { kind: markdown, dir: notes }', 'sources: *x')
    expect(problemOf(() => withSources(text, [EBB], false))).toMatchObject({ code: 'settings-uneditable' })
  })
})

const SITE = 'site: { title: T, url: "https://t.example/" }\n'

function configOf(dir: string): Config {
  const loaded = loadConfig(null, dir, {})
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems))
  return loaded.config
}

describe('editedSettings()', () => {
  test('gives settings that say the same and the new sources', () => {
    const dir = tempFolder({ 'feedwire.config.yaml': `${SITE}mail: { from: a@t.example, smtp: '\${SMTP_URL}' }\n`, '.env': 'SMTP_URL=smtp://u:p@m.example\n' }) // prettier-ignore
    const text = editedSettings(join(dir, 'feedwire.config.yaml'), [FLOW], configOf(dir), {})
    expect(text).toContain("smtp: '${SMTP_URL}'")
    replaceSettings(join(dir, 'feedwire.config.yaml'), text)
    expect(configOf(dir).sources).toMatchObject([
      { kind: 'markdown', name: 'articles' },
      { kind: 'feed', name: '42' },
    ])
  })

  for (const [says, added] of [
    ['a name that another source has', { ...FLOW, name: 'articles' }],
    ['an address that is none', { ...FLOW, url: 'ftp://flow.example/' }],
  ] as const)
    test(`refuses ${says}`, () => {
      const dir = tempFolder({ 'feedwire.config.yaml': SITE })
      const edit = (): string => editedSettings(join(dir, 'feedwire.config.yaml'), [added], configOf(dir), {})
      expect(problemOf(edit)).toMatchObject({ code: 'settings-uneditable', where: 'feedwire.config.yaml' })
    })

  test('refuses when the file no longer says what was read', () => {
    const dir = tempFolder({ 'feedwire.config.yaml': SITE })
    const edit = (): string =>
      editedSettings(join(dir, 'feedwire.config.yaml'), [FLOW], { ...configOf(dir), schedule: configOf(dir).digest.daily }, {}) // prettier-ignore
    expect(problemOf(edit)).toMatchObject({ code: 'settings-uneditable' })
  })
})

describe('replaceSettings()', () => {
  test('lets nobody in who was not before, and leaves nothing else behind', () => {
    const dir = tempFolder({ 'feedwire.config.yaml': SITE })
    const file = join(dir, 'feedwire.config.yaml')
    chmodSync(file, 0o640)
    replaceSettings(file, 'new\n')
    expect([readFileSync(file, 'utf8'), statSync(file).mode & 0o777]).toEqual(['new\n', 0o640])
    expect(readdirSync(dir)).toEqual(['feedwire.config.yaml'])
  })

  test('writes to where a link leads', () => {
    const dir = tempFolder({ 'etc/site.yaml': SITE })
    const file = join(dir, 'feedwire.config.yaml')
    symlinkSync('etc/site.yaml', file)
    replaceSettings(file, 'new\n')
    expect(lstatSync(file).isSymbolicLink()).toBe(true)
    expect(readFileSync(join(dir, 'etc/site.yaml'), 'utf8')).toBe('new\n')
  })
})

describe('settingsFile() finds', () => {
  for (const [says, named, files, found] of [
    ['the one that is named', 'etc/site.yaml', ['feedwire.config.yaml'], 'etc/site.yaml'],
    ['YAML before JSON', null, ['feedwire.config.json', 'feedwire.config.yml'], 'feedwire.config.yml'],
    ['JSON', null, ['feedwire.config.json'], 'feedwire.config.json'],
  ] as const)
    test(says, () => {
      const dir = tempFolder(Object.fromEntries(files.map((name) => [name, SITE])))
      expect(settingsFile(named, dir)).toBe(join(dir, found))
    })
})
