import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type Config, loadConfig } from '../src/config.ts'

const SITE = 'site: { title: Tide Notes, url: "https://tides.example.org" }\n'

function folderWith(files: Record<string, string>): string {
  const dir = mkdtempSync(join(tmpdir(), 'feedwire-config-'))
  for (const [name, text] of Object.entries(files)) writeFileSync(join(dir, name), text)
  return dir
}

function load(yaml: string, environment: NodeJS.ProcessEnv = {}): Config {
  const loaded = loadConfig(null, folderWith({ 'feedwire.config.yaml': yaml }), environment)
  if (!loaded.ok) throw new Error(loaded.problems.map(({ where, message }) => `${where ?? ''} ${message}`).join('\n'))
  return loaded.config
}

function faults(yaml: string, environment: NodeJS.ProcessEnv = {}): string[] {
  const loaded = loadConfig(null, folderWith({ 'feedwire.config.yaml': yaml }), environment)
  return loaded.ok ? [] : loaded.problems.map(({ where, message }) => `${where ?? ''} ${message}`)
}

describe('loadConfig()', () => {
  test('needs a title and an address only', () => {
    const config = load(SITE)
    expect(config.site).toEqual({
      ...{ title: 'Tide Notes', description: 'Latest updates', url: 'https://tides.example.org/' },
      ...{ language: 'en', timezone: 'UTC', author: null, icon: null, favicon: null },
    })
    expect(config.sources).toEqual([
      {
        ...{ kind: 'markdown', name: 'articles', dir: join(config.dir, 'articles'), link: null },
        ...{ dialect: 'auto', include: [], exclude: [] },
      },
    ])
    expect(config.snippet).toEqual({
      length: 350,
      placeholders: { math: '[Math]', formula: '[公式]', code: '[代码]' },
    })
    expect(config.feeds).toEqual({ entries: 50, content: 'full', tags: true, hub: null, hold: null })
    const { publish } = config
    expect(publish).toEqual({
      ...{ dir: join(config.dir, 'public'), url: 'https://tides.example.org/' },
      ...{ compress: true, after: null },
    })
    expect(config.digest).toEqual({
      ...{ schedule: { kind: 'instant' }, maxEntries: 20, firstRun: 0 },
      templates: join(config.dir, 'templates'),
    })
    expect(config.mail).toEqual({
      ...{ kind: 'outbox', dir: join(config.dir, 'outbox'), returnTo: null, contact: null },
      from: { name: 'Tide Notes', address: 'digest@tides.example.org' },
    })
    expect(config.schedule.text).toBe('*/15 * * * *')
    expect(config.database).toBe(join(config.dir, 'feedwire.db'))
  })

  test('tells every fault at once, each with its line and its place in the file', () => {
    const yaml = [
      'site:',
      '  title: ""',
      '  url: ftp://tides.example.org/',
      '  timezone: Mars/Olympus',
      '  langage: en',
      'schedule: every day',
      'sources:',
      '  - { kind: markdown, dir: a, link: "https://x.example/{slig}/" }',
      '  - { kind: gopher }',
      'digest: { first_run: -1 }',
      'subscribers: [reader@example.net, "not an address"]',
    ].join('\n')
    expect(faults(yaml)).toEqual([
      'feedwire.config.yaml:2 site.title: is empty',
      expect.stringMatching(/^feedwire\.config\.yaml:3 site\.url: "ftp:.*https:\/\/example\.org/),
      expect.stringMatching(/^feedwire\.config\.yaml:4 site\.timezone: There is no time zone "Mars\/Olympus"/),
      expect.stringMatching(/^feedwire\.config\.yaml:5 site\.langage: there is no such setting/),
      expect.stringMatching(/^feedwire\.config\.yaml:6 schedule: Cannot read the schedule "every day"/),
      expect.stringMatching(/^feedwire\.config\.yaml:8 sources\[0\]\.link: the link pattern has an unknown {slig}/),
      'feedwire.config.yaml:9 sources[1].kind: kind must be markdown or listing',
      'feedwire.config.yaml:10 digest.first_run: must be a whole number from 0 to 200',
      expect.stringMatching(/^feedwire\.config\.yaml:11 subscribers\[1\]: /),
    ])
  })

  for (const [says, yaml, fault] of [
    ['a missing title', 'site: { url: "https://a.example/" }', /^feedwire\.config\.yaml:1 site\.title: is missing$/],
    ['an empty file', '', /site: is missing$/],
    ['a number for a title', 'site: { title: 7, url: "https://a.example/" }', /:1 site\.title: must be text$/],
    ['a text for the site', 'site: Tide Notes', /:1 site: must be a group of settings$/],
    ['a text for a list', `${SITE}subscribers: a@b.example`, /:2 subscribers: must be a list$/],
    ['a text for a number', `${SITE}feeds: { entries: x }`, /:2 feeds\.entries: must be a whole number from 1 to 500$/],
    ['half an entry', `${SITE}feeds: { entries: 1.5 }`, /:2 feeds\.entries: must be a whole number from 1 to 500$/],
    ['an alias within its own anchor', `${SITE}x: &x\n  y: { z: *x }`, /:3 x\.y\.z: is an alias of what it stands in$/],
    ['a schedule on two days', `${SITE}schedule: "0 8 1 * 1"`, /:2 schedule: .*days of the month and weekdays/],
    [
      'two sources of one name',
      `${SITE}sources: [{ kind: markdown, dir: a }, { kind: markdown, dir: a }]`,
      /:2 sources\[1\]: two sources/,
    ],
    ['SMTP without a sender', `${SITE}mail: { smtp: "smtp://localhost" }`, /:2 mail\.from: is missing/],
    [
      'a web address for SMTP',
      `${SITE}mail: { from: a@b.example, smtp: "https://x.example" }`,
      /:2 mail\.smtp: is not the address of a mail server/,
    ],
    ['a database that is no file', `${SITE}database: postgres://localhost/x`, /:2 database: only a file/],
    [
      'a return address too long for bounces',
      `${SITE}mail: { return: the-desk-for-returned-mail@b.example }`,
      /:2 mail\.return: has more than 20/,
    ],
    [
      'a return address too long as a whole',
      `${SITE}mail: { return: "b@${'a23456789.'.repeat(21)}example" }`,
      /:2 mail\.return: has more than 210 characters/,
    ],
    ['a short secret', `${SITE}secret: abc`, /:2 secret: is too short/],
    ['an address with credentials', 'site: { title: A, url: "https://me:pw@a.example/" }', /:1 site\.url: holds more/],
  ] as const) {
    test(`refuses ${says}`, () => {
      expect(faults(yaml)).toEqual([expect.stringMatching(fault)])
    })
  }

  test('tells faults in the order of their lines, unset variables among them', () => {
    const yaml = `mail: { conections: 3 }\nfeeds: { entries: 0 }\nsecret: "\${NOT_SET}"\nsite: { title: A }\ndigests: {}`
    const starts = faults(yaml).map((text) => text.slice('feedwire.config.yaml:'.length).split(': ')[0])
    expect(starts).toEqual(['1 mail.conections', '2 feeds.entries', '3 secret', '4 site.url', '5 digests'])
  })

  for (const [says, yaml, code] of [
    ['a circle', `${SITE}x: &x { b: *x }`, 'config-syntax'],
    ['too many aliases', `${SITE}x: &a [1]\ny: &b [${'*a, '.repeat(99)}]\nz: [*b, *b]`, 'config-syntax'],
  ] as const)
    test(`calls ${says} ${code}`, () => {
      const loaded = loadConfig(null, folderWith({ 'feedwire.config.yaml': yaml }), {})
      expect(loaded).toMatchObject({ ok: false, problems: [{ code }] })
    })

  test('says that a folder is no file of settings', () => {
    const loaded = loadConfig('.', folderWith({}), {})
    expect(loaded).toMatchObject({ ok: false, problems: [{ code: 'config-unreadable', message: /EISDIR/ }] })
  })

  test('takes no variables from a folder called .env', () => {
    const dir = folderWith({ 'feedwire.config.yaml': `${SITE}secret: "\${THE_SECRET}"` })
    mkdirSync(join(dir, '.env'))
    expect(loadConfig(null, dir, { THE_SECRET: 'long enough to be one' })).toMatchObject({ ok: true })
    expect(loadConfig(null, dir, {})).toMatchObject({ ok: false, problems: [{ message: /THE_SECRET is not set/ }] })
  })

  for (const [dir, name] of [
    ['./articles/', 'articles'],
    ['texts//sea/', 'texts/sea'],
    ['./', '.'],
    ['/', '/'],
  ] as const)
    test(`calls the source of ${dir} ${name}`, () => {
      expect(load(`${SITE}sources: [{ kind: markdown, dir: "${dir}" }]`).sources).toMatchObject([{ name }])
    })

  test('tells what does not go together beside what is wrong alone', () => {
    const yaml = [
      'site: { title: A, url: "https://a.example/", language: "not a tag" }',
      'sources: [{ kind: markdown, dir: a }, { kind: markdown, dir: ./a/ }, { kind: gopher }]',
      'mail: { smtp: "smtp://localhost", connections: 0 }',
      'database: postgres://localhost/x',
    ].join('\n')
    expect(faults(yaml)).toEqual([
      expect.stringMatching(/:1 site\.language: /),
      expect.stringMatching(/:2 sources\[1\]: two sources are called "a"/),
      expect.stringMatching(/:2 sources\[2\]\.kind: /),
      expect.stringMatching(/:3 mail\.from: is missing/),
      expect.stringMatching(/:3 mail\.connections: /),
      expect.stringMatching(/:4 database: only a file/),
    ])
  })

  test('refuses broken YAML with its line', () => {
    expect(faults('site:\n  title: "Tide\n')).toEqual([expect.stringMatching(/^feedwire\.config\.yaml:\d /)])
  })

  test('says where to look when there is no file', () => {
    const loaded = loadConfig(null, folderWith({}), {})
    expect(loaded).toMatchObject({ ok: false, problems: [{ code: 'config-missing', mend: /--config FILE/ }] })
  })

  test('reads JSON too', () => {
    const dir = folderWith({ 'feedwire.config.json': '{ "site": { "title": "A", "url": "https://a.example/" } }' })
    expect(loadConfig(null, dir, {})).toMatchObject({ ok: true, config: { site: { title: 'A' } } })
  })

  test('takes variables from the environment before those of .env', () => {
    const yaml = `${SITE}secret: "\${ONE}"\nmail: { from: a@b.example, smtp: "smtp://\${TWO}@mail.example" }`
    const dir = folderWith({ 'feedwire.config.yaml': yaml, '.env': 'ONE=from-the-env-file\nTWO=file' })
    const loaded = loadConfig(null, dir, { TWO: 'shell' })
    if (!loaded.ok) throw new Error('refused')
    expect(loaded.config.secret).toBe('from-the-env-file')
    expect(loaded.config.mail).toMatchObject({ kind: 'smtp', url: new URL('smtp://shell@mail.example') })
  })

  test('calls an unset variable a fault, once, and never prints its neighbours', () => {
    const yaml = `${SITE}mail: { from: a@b.example, smtp: "smtp://me:geheim@\${HOST_NAME}" }`
    expect(faults(yaml)).toEqual([
      'feedwire.config.yaml:2 mail.smtp: the environment variable HOST_NAME is not set; set it, or write it into .env',
    ])
  })

  test('takes paths relative to the file, not to the working directory', () => {
    const dir = folderWith({ 'my.yaml': SITE })
    const loaded = loadConfig(join(dir, 'my.yaml'), tmpdir(), {})
    expect(loaded).toMatchObject({ ok: true, config: { database: join(dir, 'feedwire.db') } })
  })
})
