import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type Config, loadConfig } from '../src/config.ts'
import { parseCron } from '../src/schedule.ts'

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
      ...{ postalAddress: null, privacy: null },
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
      ...{ schedule: { kind: 'instant' }, daily: parseCron('0 8 * * *'), weekly: parseCron('0 8 * * 1') },
      ...{ maxEntries: 20, firstRun: 0, templates: join(config.dir, 'templates') },
    })
    expect(config.mail).toEqual({
      ...{ kind: 'outbox', dir: join(config.dir, 'outbox'), returnTo: null, contact: null, replyTo: null, dkim: [] },
      ...{ rates: { all: null, domains: new Map() }, unknown: 'send' },
      from: { name: 'Tide Notes', address: 'digest@tides.example.org' },
    })
    expect([config.web, config.subscribers]).toEqual([null, []])
    expect(config.schedule.text).toBe('*/15 * * * *')
    expect(config.database).toBe(join(config.dir, 'feedwire.db'))
  })

  test('takes a database on a server as it stands', () => {
    const url = 'postgres://ada:${PASSWORD}@db.example.org:5433/feedwire?sslmode=verify-full'
    const dir = folderWith({ 'feedwire.config.yaml': `${SITE}database: ${url}` })
    const loaded = loadConfig(null, dir, { PASSWORD: 'tides' })
    expect(loaded).toMatchObject({ ok: true, config: { database: url.replace('${PASSWORD}', 'tides') } })
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
      'feedwire.config.yaml:9 sources[1].kind: kind must be markdown, listing, page or feed',
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
    ['a database of another kind', `${SITE}database: mysql://localhost/x`, /:2 database: must be a path such as/],
    ['a server without a database', `${SITE}database: postgres://localhost/`, /:2 database: must be a path such as/],
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
    expect(loaded).toMatchObject({
      ok: false,
      problems: [{ code: 'config-unreadable', message: expect.stringMatching(/EISDIR/) }],
    })
  })

  test('takes no variables from a folder called .env', () => {
    const dir = folderWith({ 'feedwire.config.yaml': `${SITE}secret: "\${THE_SECRET}"` })
    mkdirSync(join(dir, '.env'))
    expect(loadConfig(null, dir, { THE_SECRET: 'long enough to be one' })).toMatchObject({ ok: true })
    expect(loadConfig(null, dir, {})).toMatchObject({
      ok: false,
      problems: [{ message: expect.stringMatching(/THE_SECRET is not set/) }],
    })
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
      'database: mysql://localhost/x',
    ].join('\n')
    expect(faults(yaml)).toEqual([
      expect.stringMatching(/:1 site\.language: /),
      expect.stringMatching(/:2 sources\[1\]: two sources are called "a"/),
      expect.stringMatching(/:2 sources\[2\]\.kind: /),
      expect.stringMatching(/:3 mail\.from: is missing/),
      expect.stringMatching(/:3 mail\.connections: /),
      expect.stringMatching(/:4 database: must be a path/),
    ])
  })

  test('refuses broken YAML with its line', () => {
    expect(faults('site:\n  title: "Tide\n')).toEqual([expect.stringMatching(/^feedwire\.config\.yaml:\d /)])
  })

  test('says where to look when there is no file', () => {
    const loaded = loadConfig(null, folderWith({}), {})
    expect(loaded).toMatchObject({
      ok: false,
      problems: [{ code: 'config-missing', mend: expect.stringMatching(/--config FILE/) }],
    })
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

describe('the settings of the digest', () => {
  for (const [says, yaml, daily, weekly] of [
    ['a time of day', 'at: "18:30"', '30 18 * * *', '30 18 * * 1'],
    ['a time of one digit', 'at: "7:05"', '5 7 * * *', '5 7 * * 1'],
    ['midnight', 'at: "00:00"', '0 0 * * *', '0 0 * * 1'],
    ['the last minute of the day', 'at: "23:59"', '59 23 * * *', '59 23 * * 1'],
    ['the first day of the week of cron', 'weekday: sunday', '0 8 * * *', '0 8 * * 0'],
    ['the last', 'weekday: saturday', '0 8 * * *', '0 8 * * 6'],
    ['both', 'at: "06:00", weekday: friday', '0 6 * * *', '0 6 * * 5'],
  ] as const)
    test(`take ${says}`, () => {
      const { digest } = load(`${SITE}digest: { ${yaml} }`)
      expect([digest.daily, digest.weekly]).toEqual([parseCron(daily), parseCron(weekly)])
    })

  test('leave the schedule of the site as it is written', () =>
    expect(load(`${SITE}digest: { schedule: "0 9 * * 5", at: "06:00" }`).digest.schedule).toEqual({
      ...{ kind: 'cron', cron: parseCron('0 9 * * 5') },
    }))

  for (const [says, yaml, fault] of [
    ['a time that is not', 'at: "24:00"', '"24:00" is not a time of day; write it as "08:30"'],
    ['a time without minutes', 'at: "8"', '"8" is not a time of day; write it as "08:30"'],
    ['a time that YAML takes for a number', 'at: 8', 'must be text'],
    ['a time with seconds', 'at: "08:00:00"', '"08:00:00" is not a time of day; write it as "08:30"'],
    [
      'a time that would be more of a cron line',
      'at: "08:00 1 1"',
      '"08:00 1 1" is not a time of day; write it as "08:30"',
    ],
    ['a weekday that is not', 'weekday: mon', 'must be sunday, monday, tuesday, wednesday, thursday, friday, saturday'],
  ] as const)
    test(`refuse ${says}`, () =>
      expect(faults(`${SITE}digest: { ${yaml} }`)).toEqual([
        `feedwire.config.yaml:2 digest.${yaml.split(':')[0] ?? ''}: ${fault}`,
      ]))
})

describe('the settings of mail', () => {
  const PEM = '-----BEGIN PRIVATE KEY-----\nMC4CAQ==\n-----END PRIVATE KEY-----\n'
  const mailOf = (yaml: string): Config['mail'] => load(`${SITE}mail: { ${yaml} }`).mail

  test('take an address for answers', () =>
    expect(mailOf('reply_to: "Ada <ada@example.org>"').replyTo).toEqual({ name: 'Ada', address: 'ada@example.org' }))

  test('take a key to sign with, for the domain of the sender, its path below the file', () => {
    const config = load(
      `${SITE}mail: { from: "digest@News.Example.org", dkim: { selector: Feed, key: keys/feed.pem } }`,
    )
    expect(config.mail.dkim).toEqual([
      { selector: 'feed', domain: 'news.example.org', key: join(config.dir, 'keys/feed.pem') },
    ])
  })

  test('take an absolute path as it is', () =>
    expect(mailOf('dkim: { selector: a, key: /etc/feedwire/a.pem }').dkim).toMatchObject([
      { key: '/etc/feedwire/a.pem' },
    ]))

  test('take a list of keys in its order, each with a domain of its own or that of the sender', () => {
    const list = '[{ selector: new.2026, key: /a }, { selector: old, domain: Example.ORG, key: /b }]'
    expect(mailOf(`dkim: ${list}`).dkim).toEqual([
      { selector: 'new.2026', domain: 'tides.example.org', key: '/a' },
      { selector: 'old', domain: 'example.org', key: '/b' },
    ])
  })

  test('take the text of a key, also from the environment', () => {
    const yaml = `${SITE}mail: { dkim: { selector: a, key: "\${THE_KEY}" } }`
    expect(load(yaml, { THE_KEY: PEM }).mail.dkim).toMatchObject([{ key: PEM }])
    const written = `${SITE}mail:\n  dkim:\n    selector: a\n    key: |\n${PEM.replace(/^(?=.)/gm, '      ')}`
    expect(load(written).mail.dkim).toMatchObject([{ key: PEM }])
  })

  for (const [says, yaml, fault] of [
    ['an address for answers that is none', 'reply_to: nobody', /:2 mail\.reply_to: "nobody" is not an e-mail address/],
    ['a key that is text alone', 'dkim: /a', /:2 mail\.dkim: must be \{ selector, key \}, or a list of such$/],
    ['a key without a selector', 'dkim: { key: /a }', /:2 mail\.dkim\.selector: is missing$/],
    [
      'a selector that is no name',
      'dkim: { selector: "a b", key: /a }',
      /:2 mail\.dkim\.selector: "a b" is not a name in/,
    ],
    ['a domain that is no name', 'dkim: { selector: a, domain: "-x-", key: /a }', /:2 mail\.dkim/],
    ['an empty key', 'dkim: { selector: a, key: "" }', /:2 mail\.dkim/],
    ['an empty key of a list', 'dkim: [{ selector: a, key: "" }]', /:2 mail\.dkim\[0\]\.key: is empty$/],
    ['a setting of a key that there is not', 'dkim: { selector: a, key: /a, algorithm: rsa }', /:2 mail\.dkim/],
  ] as const)
    test(`refuse ${says}`, () => expect(faults(`${SITE}mail: { ${yaml} }`)).toEqual([expect.stringMatching(fault)]))
})

describe('the folder of what is published', () => {
  for (const [says, yaml, file] of [
    ['the settings and all else', 'publish: { dir: . }', 'feedwire.config.yaml'],
    ['the store', 'publish: { dir: data }\ndatabase: data/feedwire.db', 'feedwire.db'],
    ['the templates', 'publish: { dir: web }\ndigest: { templates: web/templates }', 'templates'],
    ['the letters', 'publish: { dir: outbox }', 'outbox'],
    [
      'a key',
      'publish: { dir: web }\nmail: { from: ada@example.org, dkim: { selector: a, key: web/dkim.pem } }',
      'dkim.pem',
    ],
  ] as const)
    test(`must not hold ${says}`, () =>
      expect(faults(`${SITE}${yaml}`)).toEqual([
        expect.stringContaining(`publish.dir: holds ${file}, which nobody else is to read`),
      ]))

  test('may be beside them, with a name that begins like theirs', () =>
    expect(load(`${SITE}publish: { dir: feedwire }`).publish.dir).toMatch(/feedwire$/))
})

describe('the settings of the web server', () => {
  const HERE = ['127.0.0.0/8', '::1']
  for (const [says, url] of [
    ['https', 'https://news.example.org/reader/'],
    ['localhost without TLS', 'http://localhost:8080/'],
    ['this machine by its number', 'http://127.0.0.1:8080/'],
    ['this machine by its other number', 'http://[::1]:8080/'],
  ] as const)
    test(`take ${says}`, () =>
      expect(load(`${SITE}web: { url: "${url.slice(0, -1)}" }`).web).toEqual({
        ...{ url, host: '127.0.0.1', port: 8080, proxies: HERE, metrics: [] },
      }))

  test('take host and port', () =>
    expect(load(`${SITE}web: { url: "https://a.example/", host: "0.0.0.0", port: 9000 }`).web).toEqual({
      ...{ url: 'https://a.example/', host: '0.0.0.0', port: 9000, proxies: HERE, metrics: [] },
    }))

  test('take addresses and subnets of proxies, and of who may read metrics', () =>
    expect(
      load(`${SITE}web: { url: "https://a.example/", proxies: [10.0.0.7, 10.1.0.0/16], metrics: ["fd00::/8"] }`).web,
    ).toMatchObject({ proxies: ['10.0.0.7', '10.1.0.0/16'], metrics: ['fd00::/8'] }))

  for (const [says, yaml, fault] of [
    ['http', 'url: "http://news.example.org/"', /:2 web\.url: must begin with https:\/\//],
    [
      'http on a host that only begins like this one',
      'url: "http://localhost.example.org/"',
      /:2 web\.url: must begin with/,
    ],
    [
      'http on a name that begins like a number',
      'url: "http://127.0.0.1.example.org/"',
      /:2 web\.url: must begin with/,
    ],
    ['another scheme', 'url: "ftp://localhost/"', /:2 web\.url: "ftp:\/\/localhost\/" is not a web address/],
    ['a query', 'url: "https://a.example/?u="', /:2 web\.url: holds more than a plain web address/],
    ['no address', 'port: 8080', /:2 web\.url: is missing$/],
    [
      'a port that there is not',
      'url: "https://a.example/", port: 65536',
      /:2 web\.port: must be a whole number from 1/,
    ],
    ...['10.0.0.0/33', '10.0.0.0/', '::1/129', 'proxy.example.org', '10.0.0.7/8/8'].map(
      (text) =>
        [
          `the proxy ${text}`,
          `url: "https://a.example/", proxies: ["${text}"]`,
          /:2 web\.proxies\[0\]: ".*" is neither an IP address nor a subnet/,
        ] as const,
    ),
    ['a setting that there is not', 'url: "https://a.example/", path: /u', /:2 web\.path: there is no such setting/],
  ] as const)
    test(`refuse ${says}`, () => expect(faults(`${SITE}web: { ${yaml} }`)).toEqual([expect.stringMatching(fault)]))
})

describe('the readers of the settings', () => {
  const NOTHING = { frequency: 'site', zone: null, topics: [], language: null }
  for (const [says, yaml, reader] of [
    ['an address alone', 'ann@example.net', { address: 'ann@example.net', ...NOTHING }],
    ['an address in braces', '{ address: ann@example.net }', { address: 'ann@example.net', ...NOTHING }],
    [
      'all that a reader may ask for',
      '{ address: ann@example.net, frequency: weekly, zone: Asia/Shanghai, topics: ["tag:Tides", "category:sea"], language: zh-cn }',
      {
        ...{ address: 'ann@example.net', frequency: 'weekly', zone: 'Asia/Shanghai' },
        ...{ topics: ['category:sea', 'tag:tides'], language: 'zh-CN' },
      },
    ],
    [
      'each topic once',
      '{ address: ann@example.net, topics: ["tag:a", "TAG: A"] }',
      { address: 'ann@example.net', ...NOTHING, topics: ['tag:a'] },
    ],
  ] as const)
    test(`are ${says}`, () => expect(load(`${SITE}subscribers: [${yaml}]`).subscribers).toEqual([reader]))

  test('are a list of both kinds, in its order', () => {
    const { subscribers } = load(`${SITE}subscribers: [b@x.example, { address: a@x.example, frequency: daily }]`)
    expect(subscribers.map(({ address, frequency }) => [address, frequency])).toEqual([
      ['b@x.example', 'site'],
      ['a@x.example', 'daily'],
    ])
  })

  for (const [says, yaml] of [
    ['an address that is none', '"no address"'],
    ['braces without an address', '{ frequency: daily }'],
    ['an address in braces that is none', '{ address: nobody }'],
    ['a frequency that is not', '{ address: a@x.example, frequency: hourly }'],
    ['a zone that is not', '{ address: a@x.example, zone: Mars/Olympus }'],
    ['a topic that is none', '{ address: a@x.example, topics: [tides] }'],
    ['topics that are no list', '{ address: a@x.example, topics: "tag:tides" }'],
    ['a language that is none', '{ address: a@x.example, language: "not a tag" }'],
    ['a wish that there is not', '{ address: a@x.example, colour: red }'],
    ['a number', '7'],
  ] as const)
    test(`are not ${says}`, () =>
      expect(faults(`${SITE}subscribers: [b@x.example, ${yaml}]`)).toEqual([
        expect.stringMatching(/^feedwire\.config\.yaml:2 subscribers\[1\]/),
      ]))

  for (const [says, yaml, fault] of [
    ['address', '"no address"', /subscribers\[0\].*: "no address" is not an e-mail address/],
    ['address in braces', '{ address: nobody }', /subscribers\[0\]\.address: "nobody" is not an e-mail address/],
    ['frequency', '{ address: a@x.example, frequency: hourly }', /subscribers\[0\]\.frequency: must be site, instant/],
    ['zone', '{ address: a@x.example, zone: Mars/Olympus }', /subscribers\[0\]\.zone: There is no time zone/],
    ['topic', '{ address: a@x.example, topics: [tides] }', /subscribers\[0\]\.topics\[0\]: "tides" is not a topic/],
    ['language', '{ address: a@x.example, language: "not a tag" }', /subscribers\[0\]\.language: "not a tag" is not/],
  ] as const)
    test(`have a wrong ${says} named for what it is`, () =>
      expect(faults(`${SITE}subscribers: [${yaml}]`)).toEqual([expect.stringMatching(fault)]))
})
