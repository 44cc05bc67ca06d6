import { chmodSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'
import { describe, expect, test } from 'vitest'
import { conversation } from '../src/cli/ask.ts'
import { type Config, loadConfig } from '../src/config.ts'
import { talk } from './support/answering.ts'
import { type Said, feedwireAt, feedwireIn } from './support/command.ts'
import { siteFolder } from './support/dialect-site.ts'
import { filesBelow, putFile, stampsBelow, tempFolder } from './support/folder.ts'

const TEMPLATES = fileURLToPath(new URL('../templates', import.meta.url))
const NOON = '2026-03-01T12:00:00Z'
const SMTP = 'smtp://ada:s3cret@mail.example.net:587'
const KNOWN = ['--yes', '--title', 'Tide Notes', '--url', 'https://tides.example.net/']
const SENDER = ['--from', 'Ada <ada@example.net>']

const POST = '---\ntitle: Ebb\ndate: 2026-01-02\n---\nThe water leaves.\n'
const init = (dir: string, ...words: string[]): Promise<Said> => feedwireAt(dir, NOON, 'init', ...words)

function configIn(dir: string): Config {
  const loaded = loadConfig(null, dir, {})
  if (!loaded.ok) throw new AggregateError(loaded.problems)
  return loaded.config
}

const textOf = (dir: string, path: string): string => readFileSync(join(dir, path), 'utf8')

describe('feedwire init in an empty folder', () => {
  test('writes settings, templates, a first article and what git is to ignore, and says the next command', async () => {
    const dir = tempFolder()
    const { code, out, err } = await init(dir, ...KNOWN)
    expect({ code, err }).toEqual({ code: 0, err: '' })
    const templates = filesBelow(TEMPLATES)
    const own = ['.gitignore', 'articles/first-light.md', 'feedwire.config.yaml']
    expect(filesBelow(dir)).toEqual([...own, ...templates.map((path) => `templates/${path}`)].sort())
    for (const path of templates) expect(textOf(dir, `templates/${path}`)).toBe(textOf(TEMPLATES, path))
    expect(out).toContain('Wrote feedwire.config.yaml, templates/, articles/first-light.md, .gitignore.')
    expect(out).toContain('  feedwire run --dry-run\n')
    expect(out).toContain(`  */15 * * * * cd ${dir} && feedwire run --quiet\n`)
  })

  test('is a site that a run publishes at once, article and all', async () => {
    const dir = tempFolder()
    await init(dir, ...KNOWN)
    const { code, err } = await feedwireAt(dir, NOON, 'run')
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(textOf(dir, 'public/feed.xml')).toMatch(/<title>Tide Notes<\/title>[\s\S]*First light/)
  })

  test('writes settings as comments that can be taken in as they stand', async () => {
    const dir = tempFolder()
    await init(dir, ...KNOWN)
    const text = textOf(dir, 'feedwire.config.yaml')
    const [first = '', , ...rest] = text.split('\n')
    expect(first).toBe('# yaml-language-server: $schema=./node_modules/feedwire/dist/config.schema.json')
    const open = rest.map((line) => line.replace(/^( *)# /, '$1')).join('\n')
    putFile(dir, 'feedwire.config.yaml', open)
    const loaded = loadConfig(null, dir, { SMTP_URL: SMTP })
    expect(loaded.ok ? [] : loaded.problems).toEqual([])
    expect(Object.keys(parse(open) as object)).toContain('alerts')
  })

  test('names the schema of the package where it is installed', async () => {
    const root = tempFolder({ 'node_modules/feedwire/dist/config.schema.json': '{}' })
    await init(root, 'blog', ...KNOWN)
    expect(textOf(root, 'blog/feedwire.config.yaml')).toMatch(
      /^# yaml-language-server: \$schema=\.\.\/node_modules\/feedwire\/dist\/config\.schema\.json\n/,
    )
  })

  test('makes the folder that is named, and says how to go there', async () => {
    const dir = tempFolder()
    const { code, out } = await init(dir, "Ada's site", ...KNOWN)
    expect(code).toBe(0)
    expect(existsSync(join(dir, "Ada's site/feedwire.config.yaml"))).toBe(true)
    expect(out).toContain(`  cd 'Ada'\\''s site' && feedwire run --dry-run\n`)
    expect(filesBelow(dir).every((path) => path.startsWith("Ada's site/"))).toBe(true)
  })

  test('writes a percent sign as cron wants it', async () => {
    const { out } = await init(tempFolder(), '100%', ...KNOWN)
    expect(out).toContain('/100\\% && feedwire run --quiet\n')
  })

  test('tells cron where the program and Node are, when cron does not look there by itself', async () => {
    const [own, node] = [tempFolder({ 'bin/feedwire': '' }), tempFolder({ 'b %/node': '' })]
    const cronWith = async (...folders: string[]): Promise<string> => {
      const PATH = folders.join(':')
      const { out } = await feedwireIn({ PATH }, tempFolder(), NOON, 'init', ...KNOWN)
      return / && (.*feedwire run --quiet)$/m.exec(out)?.[1] ?? ''
    }
    symlinkSync(join(own, 'bin'), join(own, 'session'))
    expect(await cronWith('/nowhere', join(own, 'session'), join(node, 'b %'))).toBe(
      `PATH='${own}/bin:${node}/b \\%':$PATH feedwire run --quiet`,
    )
    expect(await cronWith('/nowhere')).toBe('feedwire run --quiet')
  })

  test('takes the name of the folder for a title', async () => {
    const dir = tempFolder()
    await init(dir, 'tide-notes', '--yes', '--url', 'https://tides.example.net/')
    expect(configIn(join(dir, 'tide-notes')).site.title).toBe('Tide notes')
  })

  test('--json prints what was seen, answered and written, and no password', async () => {
    const dir = tempFolder()
    const { out } = await init(dir, ...KNOWN, ...SENDER, '--smtp', SMTP, '--json')
    const done: unknown = JSON.parse(out)
    expect(done).toMatchObject({
      folder: dir,
      seen: { program: 'plain' },
      answers: { title: 'Tide Notes', articles: 'articles', mail: 'smtp', schedule: 'instant' },
      next: ['feedwire run --dry-run', expect.stringContaining('feedwire run --quiet')],
    })
    expect(done).toHaveProperty('written', expect.arrayContaining(['feedwire.config.yaml', '.env']))
    expect(out).not.toContain('s3cret')
  })
})

describe('feedwire init writes a title', () => {
  for (const title of [
    '"Tide" \'Notes\'',
    'Tides: a # primer',
    '- [x] {y} & *z',
    '🌊 潮汐',
    'null',
    '2026-01-01',
    '%title @ `x` \\n',
    '--- # x',
  ]) {
    test(`${title} so that the settings have the same`, async () => {
      const dir = tempFolder()
      const { code } = await init(dir, '--yes', '--url', 'https://tides.example.net/', `--title=${title}`)
      expect([code, configIn(dir).site.title]).toEqual([0, title])
      expect((await feedwireAt(dir, NOON, 'run')).code).toBe(0)
    })
  }
})

describe('feedwire init ends with 2, and touches nothing, for', () => {
  for (const [says, words, err] of [
    ['a title of two lines', ['--title', 'Tide\nNotes'], /--title: holds a control character/],
    ['an empty title', ['--title', ' '], /title/],
    ['a title that the settings would fill in', ['--title', 'Costs ${PRICE}'], /--title: .*PRICE is not set/],
    ['a URL that is none', ['--url', 'tides.example.net'], /--url: "tides\.example\.net" is not a web address/],
    ['a URL that is missing', [], /not known: address of its home page.* - give it as --url/],
    ['a sender that is none', ['--from', 'Ada'], /--from: "Ada" is not an e-mail address/],
    ['a mail server that is none', ['--smtp', 'mail.example.net'], /--smtp: is not the address of a mail server/],
    ['a mail server without a sender', ['--smtp', SMTP, '--url', 'https://a.example/'], /need a sender - give --from/],
    ['a schedule that is none', ['--schedule', 'weekly'], /--schedule: Cannot read the schedule "weekly"/],
    ['an empty folder of articles', ['--articles', ''], /articles/],
    ['a folder that is a file', ['README.md'], /README\.md: It is no folder/],
  ] as const) {
    test(says, async () => {
      const dir = tempFolder({ 'README.md': '# Tides\n' })
      const said = await init(dir, '--yes', ...words)
      expect(said).toMatchObject({ code: 2, err: expect.stringMatching(err) })
      expect(said.err).not.toContain('s3cret')
      expect(filesBelow(dir)).toEqual(['README.md'])
    })
  }

  test.each(['feedwire.config.yaml', 'feedwire.config.yml', 'feedwire.config.json'])(
    'a %s that is there',
    async (name) => {
      const dir = tempFolder({ [name]: 'mine' })
      const before = stampsBelow(dir)
      const { code, err } = await init(dir, ...KNOWN)
      expect(code).toBe(2)
      expect(err).toContain(`There is a ${name} already; nothing was touched`)
      expect(stampsBelow(dir)).toEqual(before)
    },
  )

  test('a mail server when .env names another', async () => {
    const dir = tempFolder({ '.env': 'SMTP_URL=smtp://other.example.net\n' })
    const { code, err } = await init(dir, ...KNOWN, ...SENDER, '--smtp', SMTP)
    expect([code, filesBelow(dir)]).toEqual([2, ['.env']])
    expect(err).toMatch(/--smtp: There is another SMTP_URL in \.env - mend it there/)
  })

  test('a mail server when .env is a folder', async () => {
    const dir = tempFolder({ '.env/bin/python': '' })
    const { code, err } = await init(dir, ...KNOWN, ...SENDER, '--smtp', SMTP)
    expect([code, filesBelow(dir)]).toEqual([2, ['.env/bin/python']])
    expect(err).toMatch(/\.env is no file here/)
  })
})

describe('feedwire init keeps what is there', () => {
  test('and writes no file over', async () => {
    const dir = tempFolder({
      'articles/first-light.md': 'mine',
      'templates/page.liquid': 'mine',
      'public/x.html': 'mine',
    })
    const before = stampsBelow(dir)
    expect((await init(dir, ...KNOWN)).code).toBe(0)
    expect(stampsBelow(dir)).toMatchObject(before)
    const { digest, publish } = configIn(dir)
    expect([digest.templates, publish.dir]).toEqual([join(dir, 'feedwire-templates'), join(dir, 'updates')])
    expect(existsSync(join(dir, 'feedwire-templates/page.liquid'))).toBe(true)
  })

  test('and takes articles that stand elsewhere', async () => {
    const root = tempFolder({ 'texts/ebb.md': POST })
    const dir = join(root, 'site')
    await init(dir, ...KNOWN, '--articles', '../texts')
    expect((await feedwireAt(dir, NOON, 'run')).code).toBe(0)
    expect(textOf(dir, 'public/feed.xml')).toContain('Ebb')
    expect(readdirSync(join(root, 'texts'))).toEqual(['ebb.md'])
  })

  test('and writes no template over, wherever they stand', async () => {
    const dir = tempFolder({ 'templates/x': 'mine', 'feedwire-templates/page.liquid': 'mine' })
    await init(dir, ...KNOWN)
    expect(textOf(dir, 'feedwire-templates/page.liquid')).toBe('mine')
  })

  test('and takes templates of an earlier try for what they are', async () => {
    const dir = tempFolder()
    await init(dir, ...KNOWN)
    rmSync(join(dir, 'feedwire.config.yaml'))
    const { out } = await init(dir, ...KNOWN)
    expect(out).toContain('Wrote feedwire.config.yaml.\n')
    expect(configIn(dir).digest.templates).toBe(join(dir, 'templates'))
  })

  test('and writes no first article where there are articles', async () => {
    const dir = tempFolder({ 'posts/ebb.md': '---\ntitle: Ebb\n---\nThe water leaves.\n' })
    const { out } = await init(dir, ...KNOWN)
    expect(out).toContain('There are articles in posts.')
    expect(readdirSync(join(dir, 'posts'))).toEqual(['ebb.md'])
    await feedwireAt(dir, NOON, 'run')
    expect(textOf(dir, 'public/feed.xml')).toContain('Ebb')
  })

  test('and adds to .gitignore only what it lacks', async () => {
    const dir = tempFolder({ '.gitignore': '*.env\nnode_modules' })
    putFile(dir, '.gitignore', 'node_modules/\n.env*\n/outbox')
    await init(dir, ...KNOWN)
    expect(textOf(dir, '.gitignore')).toBe(
      'node_modules/\n.env*\n/outbox\nfeedwire.db*\nbackup*.db\nunread/\ndkim*.pem\n',
    )
  })

  test('and makes no .gitignore beside articles that are in no repository', async () => {
    const dir = tempFolder({ 'posts/ebb.md': '' })
    await init(dir, ...KNOWN)
    expect(existsSync(join(dir, '.gitignore'))).toBe(false)
  })

  test('and makes one in a repository', async () => {
    const dir = siteFolder({ 'blog/posts/ebb.md': '' })
    await init(join(dir, 'blog'), ...KNOWN)
    expect(textOf(dir, 'blog/.gitignore')).toBe('feedwire.db*\nbackup*.db\noutbox/\nunread/\ndkim*.pem\n.env\n')
  })

  test('and touches nothing when there is no telling what git ignores', async () => {
    const dir = siteFolder({ '.gitignore/odd.txt': '' })
    const before = filesBelow(dir)
    const { code, err } = await init(dir, ...KNOWN)
    expect([code, err]).toEqual([
      1,
      `feedwire: ${dir}: Cannot read (EISDIR) - see that Feedwire may read there, and do it again\n`,
    ])
    expect(filesBelow(dir)).toEqual(before)
  })

  test('and follows no link out of the folder to write over a file', async () => {
    const dir = tempFolder({ 'elsewhere/mine.liquid': 'mine' })
    mkdirSync(join(dir, 'site/templates'), { recursive: true })
    symlinkSync(join(dir, 'elsewhere/mine.liquid'), join(dir, 'site/templates/page.liquid'))
    await init(join(dir, 'site'), ...KNOWN)
    expect(textOf(dir, 'elsewhere/mine.liquid')).toBe('mine')
  })
})

describe('feedwire init writes the mail server into .env', () => {
  for (const url of [SMTP, "smtp://ada:it's%20a@mail.example.net", 'smtps://ada:"x`$y@mail.example.net:465']) {
    test(`so that the settings have it, and nobody else reads it: ${url}`, async () => {
      const dir = tempFolder()
      const { code, out } = await init(dir, ...KNOWN, ...SENDER, '--smtp', url)
      expect(code).toBe(0)
      expect(statSync(join(dir, '.env')).mode & 0o777).toBe(0o600)
      expect(configIn(dir).mail).toMatchObject({ kind: 'smtp', url: new URL(url), from: { name: 'Ada' } })
      expect(out + textOf(dir, 'feedwire.config.yaml')).not.toContain('mail.example.net')
    })
  }

  test('after what is there, which others can read no more', async () => {
    const dir = tempFolder({ '.env': 'OTHER=1' })
    chmodSync(join(dir, '.env'), 0o644)
    await init(dir, ...KNOWN, ...SENDER, '--smtp', SMTP)
    expect(textOf(dir, '.env')).toBe(`OTHER=1\nSMTP_URL='${SMTP}'\n`)
    expect(statSync(join(dir, '.env')).mode & 0o777).toBe(0o600)
  })
})

const URL_OF = 'https://tides.example.net'
const SITES: [name: string, files: Record<string, string>, published: string][] = [
  [
    'Hexo',
    { '_config.yml': `title: T\nurl: ${URL_OF}\nsource_dir: source\n`, 'source/_posts/ebb.md': POST },
    '/2026/01/02/ebb/',
  ],
  ['Hugo', { 'hugo.toml': `baseURL = "${URL_OF}/"\ntitle = "T"\n`, 'content/posts/ebb.md': POST }, '/posts/ebb/'],
  [
    'Jekyll',
    { '_config.yml': `title: T\nurl: ${URL_OF}\nplugins: []\n`, '_posts/2026-01-02-ebb.md': POST },
    '/2026/01/02/ebb.html',
  ],
  [
    'Astro',
    {
      'astro.config.mjs': `export default { site: '${URL_OF}' }\n`,
      'src/consts.ts': "export const SITE_TITLE = 'T'\n",
      'src/pages/blog/[...slug].astro': "---\nconst posts = await getCollection('blog')\n---\n",
      'src/content/blog/ebb.md': POST,
    },
    '/blog/ebb/',
  ],
  [
    'Eleventy',
    {
      'eleventy.config.js': 'export default function () {}\n',
      '_data/metadata.json': `{ "title": "T", "url": "${URL_OF}" }`,
      'blog/ebb.md': POST,
    },
    '/blog/ebb/',
  ],
  [
    'VitePress',
    {
      '.vitepress/config.js': `export default { title: 'T', sitemap: { hostname: '${URL_OF}' } }\n`,
      'posts/ebb.md': POST,
    },
    '/posts/ebb.html',
  ],
  ['Zola', { 'config.toml': `base_url = "${URL_OF}"\ntitle = "T"\n`, 'content/blog/ebb.md': POST }, '/blog/ebb/'],
]

describe('feedwire init recognises a site of', () => {
  test.each(SITES)(
    '%s, asks nothing that its settings say, and a run finds its articles',
    async (name, files, link) => {
      const dir = siteFolder(files)
      const { code, out, err } = await init(dir, '--yes')
      expect({ code, err }).toEqual({ code: 0, err: '' })
      expect(out).toContain(`This is a site of ${name}`)
      const config = configIn(dir)
      expect([config.site.title, config.site.url]).toEqual(['T', `${URL_OF}/`])
      expect((await feedwireAt(dir, NOON, 'run')).code).toBe(0)
      expect(textOf(config.publish.dir, 'feed.xml')).toContain(`<link>${URL_OF}${link}</link>`)
      expect(config.publish.url).toBe(`${URL_OF}/updates/`)
      for (const [path, text] of Object.entries(files)) expect(textOf(dir, path)).toBe(text)
    },
  )

  test('Jekyll, and puts what is private where Jekyll does not look, or says what to exclude', async () => {
    const dir = siteFolder(SITES[2]?.[1] ?? {})
    const { out } = await init(dir, '--yes')
    expect(out).toContain('add feedwire.config.yaml and outbox to "exclude" in _config.yml')
    expect(configIn(dir).database).toBe(join(dir, '_feedwire/feedwire.db'))
  })

  test('Zola, whose own templates stand in templates/', async () => {
    const dir = siteFolder(SITES[6]?.[1] ?? {})
    await init(dir, '--yes')
    expect(existsSync(join(dir, 'templates'))).toBe(false)
  })

  test('Hugo, and makes the folder that has no article yet', async () => {
    const dir = siteFolder({ 'hugo.toml': `baseURL = "${URL_OF}/"\ntitle = "T"\n` })
    await init(dir, '--yes')
    expect(readdirSync(join(dir, 'content/posts'))).toEqual([])
    expect((await feedwireAt(dir, NOON, 'run')).code).toBe(0)
  })
})

describe('feedwire init at a terminal', () => {
  test('asks a handful of questions and shows what it takes for an empty answer', async () => {
    const dir = siteFolder(SITES[0]?.[1] ?? {})
    const { code, asked } = await talk(dir, ['', '', '', '', '', ''], 'init')
    expect(code).toBe(0)
    expect(asked.map(([question, fallback]) => [question.split(/[ ,:]/)[0], fallback])).toEqual([
      ['Title', 'T'],
      ['Address', `${URL_OF}/`],
      ['Folder', 'source/_posts'],
      ['Mail', ''],
      ['Sender', 'T <digest@tides.example.net>'],
      ['When', 'instant'],
    ])
    expect(configIn(dir).mail).toMatchObject({ kind: 'outbox', from: { address: 'digest@tides.example.net' } })
  })

  test('asks again for what will not do', async () => {
    const dir = tempFolder()
    const answers = ['Tide, Notes', 'tides', `${URL_OF}/`, 'texts', 'mail', SMTP, '', 'never', '0 8 * * 1']
    const { code, err, asked } = await talk(dir, answers, 'init')
    expect(code).toBe(0)
    expect(asked).toHaveLength(answers.length)
    expect(err).toMatch(
      /^"tides" is not a web address.*\nis not the address of a mail server.*\nCannot read the schedule/,
    )
    const { mail, digest } = configIn(dir)
    expect(mail).toMatchObject({ kind: 'smtp', from: { name: 'Tide, Notes', address: 'digest@tides.example.net' } })
    expect(digest.schedule).toMatchObject({ kind: 'cron', cron: { text: '0 8 * * 1' } })
    expect(existsSync(join(dir, 'texts/first-light.md'))).toBe(true)
  })

  test('asks nothing that an option says', async () => {
    const dir = tempFolder()
    const { asked } = await talk(dir, ['', '', ''], 'init', ...KNOWN.slice(1), '--schedule', 'instant')
    expect(asked.map(([question]) => question.split(/[ ,:]/)[0])).toEqual(['Folder', 'Mail', 'Sender'])
  })

  test.each(['--yes', '--json'])('asks nothing with %s', async (option) => {
    const { code, asked } = await talk(tempFolder(), [], 'init', option, ...KNOWN.slice(1))
    expect([code, asked]).toEqual([0, []])
  })
})

describe('conversation()', () => {
  const NEVER = new AbortController().signal
  const streams = (typed: string): { input: PassThrough; output: PassThrough } => {
    const input = new PassThrough()
    input.end(typed)
    return { input, output: new PassThrough() }
  }

  test('asks in turn, also whoever types ahead, and takes an empty line for the fallback', async () => {
    const { input, output } = streams('one\n\n three \n')
    const ask = conversation(input, output, NEVER)
    expect([await ask('First', ''), await ask('Second', 'usual'), await ask('Third', 'x')]).toEqual([
      'one',
      'usual',
      ' three ',
    ])
    expect(String(output.read())).toMatch(/^First: /)
  })

  test('ends with a problem for somebody who ends it', async () => {
    const { input, output } = streams('one\n')
    const ask = conversation(input, output, NEVER)
    await ask('First', '')
    await expect(ask('Second', '')).rejects.toMatchObject({ code: 'argument-answer' })
  })

  test('ends with one when the process is told to end while it asks', async () => {
    const end = new AbortController()
    const answer = conversation(new PassThrough(), new PassThrough(), end.signal)('First', '')
    end.abort()
    await expect(answer).rejects.toMatchObject({ code: 'argument-answer' })
    const late = conversation(new PassThrough(), new PassThrough(), end.signal)
    await expect(late('First', '')).rejects.toMatchObject({ code: 'argument-answer' })
  })
})
