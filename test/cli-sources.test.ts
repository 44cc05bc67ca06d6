import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { jsonText } from '../src/cli/json-text.ts'
import { BadServer, replying } from './support/bad-server.ts'
import { type Said, feedwireAt } from './support/command.ts'
import { filesBelow, putFile, tempFolder } from './support/folder.ts'
import { runAt } from './support/run-at.ts'

const HTML = { 'content-type': 'text/html; charset=utf-8' }
const FIRST = '2026-02-10T08:00:00Z'
const LATER = '2026-02-11T08:00:00Z'

const post = (n: number): string =>
  `<div class="post"><h2><a href="/${n}">Post number ${n}</a></h2><span class="date">2026-02-0${n}</span><p>Words of ${n}.</p></div>`
const listing = (head = '', posts = [7, 6, 5, 4, 3, 2, 1]): string =>
  `<!doctype html><html><head>${head}</head><body>${posts.map(post).join('')}</body></html>`
const RSS = `<rss version="2.0"><channel><title>Pier</title><link>https://pier.example/</link>
<item><title>Ebb\u202E</title><link>https://pier.example/ebb</link><guid>tag:&#27;[31mebb</guid><pubDate>Mon, 02 Feb 2026 10:00:00 GMT</pubDate><description>The water goes.</description></item>
<item><title>Flow</title><link>https://pier.example/flow</link></item></channel></rss>`

let server: BadServer
beforeEach(async () => {
  server = await BadServer.start()
})
afterEach(() => server.stop())

/** Settings with these sources, as lines of YAML. */
function configWith(...sources: string[]): string {
  const own = sources.length === 0 ? ['- { kind: markdown, dir: articles }'] : sources
  return ['site: { title: T, url: "https://t.example/", timezone: Europe/Berlin }', 'fetch: { allow: [127.0.0.1] }', 'sources:', ...own, ''].join('\n') // prettier-ignore
}

function folderWith(...sources: string[]): string {
  return tempFolder({ 'feedwire.config.yaml': configWith(...sources), 'articles/a.md': '# A\n\nText.\n' })
}

const explain = (dir: string, ...words: string[]): Promise<Said> =>
  feedwireAt(dir, LATER, 'sources', 'explain', ...words)
const at = (path: string): string => `${server.origin}${path}`

describe('feedwire sources explain URL', () => {
  test('tells what a feed is, what it holds, and what to write', async () => {
    server.answers['/feed'] = replying(200, { 'content-type': 'application/rss+xml' }, RSS)
    const dir = folderWith()
    const before = filesBelow(dir)
    expect(await explain(dir, at('/feed'))).toMatchObject({
      ...{ code: 0, err: '' },
      out: [
        `${at('/feed')} is a feed, "Pier", ${Buffer.byteLength(RSS)} bytes in UTF-8`,
        '  of the page https://pier.example/',
        '2 entries:',
        '  2026-02-02 11:00  Ebb',
        '    https://pier.example/ebb',
        '    known again by its guid tag:\\x1b[31mebb',
        '    The water goes.',
        '  no date  Flow',
        '    https://pier.example/flow',
        '    known again by its link',
        '',
        'To follow it, put this below "sources:" in the settings:',
        '',
        '- kind: feed',
        `  url: ${at('/feed')}`,
        '',
      ].join('\n'),
    })
    expect(filesBelow(dir)).toEqual(before)
  })

  test('tells how the entries of a page were found, five of them, and its older ones', async () => {
    server.answers['/news'] = replying(200, HTML, listing('<link rel="next" href="/news?page=2">'))
    const { code, out } = await explain(folderWith(), at('/news'))
    expect(code).toBe(0)
    expect(out).toContain(
      '\n7 entries, found by what repeats itself on it; the first 5:\n  2026-02-07  Post number 7\n',
    )
    expect(out).not.toContain('Post number 2')
    expect(out).toContain(`\nOlder ones are at ${at('/news?page=2')}\n`)
  })

  test('gives a source that finds the same entries in a run', async () => {
    server.answers['/news'] = replying(200, HTML, listing())
    const dir = folderWith()
    const { out } = await explain(dir, at('/news'))
    const yaml = out.slice(out.indexOf('\n- kind: page'))
    expect(parse(yaml)).toMatchObject([{ kind: 'page', url: at('/news'), select: { entry: 'div.post' } }])
    putFile(dir, 'feedwire.config.yaml', configWith(yaml))
    await runAt(dir, LATER)
    const { out: listed } = await feedwireAt(dir, LATER, 'entries', 'list', '--json')
    const [explained, entries] = [await explain(dir, at('/news'), '--json'), listed]
    const links = (json: unknown): string[] =>
      z
        .array(z.object({ title: z.string(), link: z.string() }))
        .parse(json)
        .map(({ title, link }) => `${title} ${link}`)
        .sort()
    const told = z.object({ entries: z.unknown() }).parse(JSON.parse(explained.out))
    expect(links(JSON.parse(entries))).toEqual(links(told.entries))
    expect(links(told.entries)).toHaveLength(7)
  })

  test('names the feeds of a page first, and no secret of the owner in them', async () => {
    const head = '<link rel="alternate" type="application/rss+xml" href="/feed?${HOME}" title="All">'
    server.answers['/news'] = replying(200, HTML, listing(head))
    const { code, out } = await explain(folderWith(), at('/news'))
    expect(code).toBe(0)
    expect(out).toContain(`It names a feed; follow that instead:\n  ${at('/feed?${HOME}')}  All\n`)
    expect(out).toContain(
      `settings:\n\n- kind: feed\n  url: ${at('/feed?$%7BHOME}')}\n\nOr, for the page itself:\n\n- kind: page\n`,
    )
  })

  test('ends well when a page lists nothing and names a feed', async () => {
    const html = '<html><head><link rel="alternate" type="application/atom+xml" href="/atom"></head>Soon.</html>'
    server.answers['/'] = replying(200, HTML, html)
    const { code, out } = await explain(folderWith(), at('/'))
    expect(code).toBe(0)
    expect(out).toMatch(/\n- kind: feed\n {2}url: .*\/atom\n$/)
  })

  test('tells where it moved for good, and gives that address', async () => {
    server.answers['/old'] = replying(301, { location: '/new' })
    server.answers['/new'] = replying(200, {}, RSS)
    const { out } = await explain(folderWith(), at('/old'))
    expect(out).toContain(`\n  moved for good to ${at('/new')}\n`)
    expect(out).toContain(`\n  url: ${at('/new')}\n`)
  })

  test('tells where it was found for now, and gives the address that was asked', async () => {
    server.answers['/old'] = replying(302, { location: '/new' })
    server.answers['/new'] = replying(200, {}, RSS)
    const { out } = await explain(folderWith(), at('/old'))
    expect(out).toContain(`\n  found at ${at('/new')}\n`)
    expect(out).toContain(`\n  url: ${at('/old')}\n`)
  })

  for (const [says, path, answer, line] of [
    [
      'what is not there',
      '/none',
      replying(404),
      /^error: .*answers 404: there is no such document - check the address$/m,
    ],
    ['what is gone', '/gone', replying(410), /^error: .*gone for ever - /m],
    ['a page without a list', '/page', replying(200, HTML, '<html><p>Soon.</p></html>'), /^error: .*no|Nothing .* - /m],
    ['a text', '/text', replying(200, {}, 'Tides'), /is no feed and no page, 5 bytes[^]*^error: .* - /m],
  ] as const)
    test(`ends with 3 and the mend for ${says}`, async () => {
      server.answers[path] = answer
      const { code, out } = await explain(folderWith(), at(path))
      expect([code, out]).toEqual([3, expect.stringMatching(line)])
    })

  test('asks no host that is not public and not allowed', async () => {
    const dir = tempFolder({ 'feedwire.config.yaml': configWith().replace(/^fetch.*\n/m, '') })
    const { code, out } = await explain(dir, at('/feed'))
    expect([code, out]).toEqual([3, expect.stringContaining('list 127.0.0.1 under fetch.allow')])
    expect(server.asked).toEqual([])
  })

  test('says who asks, and does not ask a host that wants to be left alone', async () => {
    server.answers['/feed'] = replying(429, { 'retry-after': '7200' })
    const dir = folderWith(`- { kind: feed, url: "${at('/feed')}" }`)
    await runAt(dir, FIRST)
    expect(server.last().headers['user-agent']).toMatch(/^Feedwire\/\S+ \(\+https:\/\/t\.example\/\)$/)
    const { code, out } = await feedwireAt(dir, '2026-02-10T09:00:00Z', 'sources', 'explain', at('/feed'))
    expect([code, out]).toEqual([3, expect.stringMatching(/not asked before 2026-02-10 11:00\n[^]*is busy/)])
    expect(server.asked).toHaveLength(1)
  })

  test('reads a source by its own selectors, and tells what is remembered of it', async () => {
    server.answers['/news'] = replying(200, HTML, listing())
    const dir = folderWith(`- { kind: page, name: News, url: "${at('/news')}", select: { entry: h2 } }`)
    await runAt(dir, FIRST)
    const { code, out } = await explain(dir, at('/news'))
    expect(code).toBe(0)
    expect(out).toContain('\n  the source "News" of the settings\n    1 document, 7 shown, first read 2026-02-10\n')
    expect(out).toContain('\n7 entries, found by the selectors of the settings; the first 5:\n')
    expect(out).not.toContain('sources:')
  })

  test('gives other selectors for a source whose own find nothing any more', async () => {
    server.answers['/news'] = replying(200, HTML, listing())
    const dir = folderWith(`- { kind: page, name: News, url: "${at('/news')}", select: { entry: .old } }`)
    await runAt(dir, FIRST)
    const { code, out } = await explain(dir, at('/news'))
    expect(code).toBe(3)
    expect(out).toMatch(/^ {4}failing since 2026-02-10 09:00: `entry: \.old` matches nothing/m)
    expect(parse(out.slice(out.indexOf('\n- kind: page')))).toMatchObject([
      { name: 'News', select: { entry: 'div.post' } },
    ])
  })

  test('--json prints one object, also for what cannot be had', async () => {
    server.answers['/feed'] = replying(200, { 'content-type': 'text/xml' }, RSS)
    const dir = folderWith()
    const found: unknown = JSON.parse((await explain(dir, at('/feed'), '--json')).out)
    expect(found).toMatchObject({
      ...{
        asked: at('/feed'),
        foundAt: at('/feed'),
        movedTo: null,
        contentType: 'text/xml',
        kind: 'feed',
        title: 'Pier',
      },
      ...{ count: 2, source: null, sources: [{ kind: 'feed', url: at('/feed') }], problems: [] },
      entries: [
        { date: '2026-02-02T10:00:00.000Z', goesBy: 'guid' },
        { date: null, goesBy: 'link' },
      ],
    })
    const none = await explain(dir, at('/none'), '--json')
    expect(none.code).toBe(3)
    expect(JSON.parse(none.out)).toMatchObject({ kind: null, count: 0, problems: [{ code: 'fetch-status' }] })
  })

  test('--json writes out what would steer a terminal, and says the same to a program', async () => {
    server.answers['/feed'] = replying(200, {}, RSS.replace('[31mebb', '[31m\u202eebb'))
    const { out } = await explain(folderWith(), at('/feed'), '--json')
    expect(out.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Bidi_Control}\u2028]/u)
    expect(JSON.parse(out)).toMatchObject({ entries: [{ id: 'tag:\u001b[31m\u202eebb' }, {}] })
    expect(jsonText(['\u009b31m'])).toBe('[\n  "\\u009b31m"\n]')
  })

  for (const what of ['ftp://pier.example/', 'https://ada:secret@pier.example/', 'http://', 'none.html', 'articles'])
    test(`ends with 2 for ${what}`, async () => {
      const { code, out, err } = await explain(folderWith(), what)
      expect([code, out, err]).toEqual([2, '', expect.stringMatching(/^feedwire: .* - /)])
      expect(err).not.toContain('secret')
    })
})

describe('feedwire sources explain FILE', () => {
  test('reads a page that was saved, with the address that it has from its browser', async () => {
    const dir = folderWith()
    const note = '<!-- saved from url=(0026)https://pier.example/news/ -->'
    putFile(dir, 'saved/news.html', `<!doctype html>\n${note}\n${listing().slice(15)}`)
    const { code, out } = await explain(dir, 'saved/news.html')
    expect(code).toBe(0)
    expect(out).toContain('\n    https://pier.example/7\n')
    const yaml = out.slice(out.indexOf('\n- kind: page'))
    expect(parse(yaml)).toMatchObject([{ file: 'saved/news.html', base: 'https://pier.example/news/' }])
    putFile(dir, 'feedwire.config.yaml', configWith(yaml))
    await runAt(dir, LATER)
    expect((await feedwireAt(dir, LATER, 'entries', 'list')).out.split('\n')[0]).toMatch(
      /Post number 7 {2}https:\/\/pier\.example\/7$/,
    )
    expect((await explain(dir, 'saved/news.html')).out).toContain(
      'the source "saved/news.html" of the settings\n    1 document, 7 shown',
    )
  })

  test('says what it takes links for when the file does not say where it was', async () => {
    const dir = folderWith()
    putFile(dir, 'articles/news.html', listing())
    expect((await explain(dir, 'articles/news.html')).out).toMatch(
      /^ {2}its links are read as of https:\/\/t\.example\/; /m,
    )
  })
})

describe('feedwire sources list', () => {
  test('tells of pages and feeds how they stand, where they moved, and what is wrong', async () => {
    server.answers['/old'] = replying(301, { location: '/feed' })
    server.answers['/feed'] = replying(200, {}, RSS)
    server.answers['/page'] = replying(200, HTML, '<html><p>Soon.</p></html>')
    const sources = ['old', 'page', 'none'].map((name) => `- { kind: ${name === 'page' ? 'page' : 'feed'}, name: ${name}, url: "${at(`/${name}`)}" }`) // prettier-ignore
    const dir = folderWith(...sources)
    await runAt(dir, FIRST)
    await runAt(dir, LATER)
    expect((await feedwireAt(dir, LATER, 'sources', 'list')).out.split('\n')).toEqual([
      'old (feed)',
      '  1 document, 2 shown, first read 2026-02-10',
      `  moved for good to ${at('/feed')}`,
      'page (page)',
      '  1 document, 0 shown, 1 set aside, never read yet',
      expect.stringMatching(/^ {2}failing since 2026-02-10 09:00: Nothing on the page .* - name its entries/),
      'none (feed)',
      '  0 documents, 0 shown, never read yet',
      expect.stringMatching(/^ {2}failing since 2026-02-10 09:00: 127\.0\.0\.1 answers 404.* - check the address$/),
      '',
    ])
    expect(JSON.parse((await feedwireAt(dir, LATER, 'sources', 'list', '--json')).out)).toMatchObject([
      { name: 'old', failing: null, movedTo: at('/feed'), problems: [] },
      { name: 'page', failing: { runs: 2, since: '2026-02-10T08:00:00.000Z' } },
      { name: 'none', movedTo: null, problems: [{ code: 'fetch-status' }] },
    ])
  })
})

const OPML = `<opml version="2.0"><body>
<outline text="Water"><outline text="Tides" type="rss" xmlUrl="https://tides.example/feed"/></outline>
<outline text="articles" xmlUrl="https://gauge.example/feed"/>
<outline text="Again" xmlUrl="http://www.tides.example/feed/"/>
<outline text="Lost" type="rss"/>
</body></opml>`

describe('feedwire sources import', () => {
  const settings = (dir: string): string => readFileSync(join(dir, 'feedwire.config.yaml'), 'utf8')
  const importing = (dir: string, ...words: string[]): Promise<Said> =>
    feedwireAt(dir, LATER, 'sources', 'import', ...words)

  test('adds feeds, says what became of each, and changes nothing the second time', async () => {
    const dir = folderWith()
    putFile(dir, 'list.opml', OPML)
    const lost = expect.stringMatching(/^list\.opml:5: "Lost" has no web address - /)
    expect(await importing(dir, 'list.opml')).toMatchObject({
      ...{ code: 3, err: lost },
      out: [
        'list.opml: 4 feeds',
        '          2  added to feedwire.config.yaml',
        '          1  again in the same list',
        '          1  set aside',
        '',
      ].join('\n'),
    })
    const after = settings(dir)
    expect(after).toBe(
      `${configWith()}- kind: feed\n  name: Tides\n  url: https://tides.example/feed\n- kind: feed\n  name: articles (2)\n  url: https://gauge.example/feed\n`,
    )
    expect((await importing(dir, 'list.opml')).out).toBe(
      'list.opml: 4 feeds\n          3  there already, and left as they are\n          1  set aside\n',
    )
    expect(settings(dir)).toBe(after)
  })

  test('ends well when nothing was set aside', async () => {
    const dir = folderWith()
    putFile(dir, 'list.opml', OPML.replace(/^.*Lost.*$/m, ''))
    expect(await importing(dir, 'list.opml')).toMatchObject({ code: 0, err: '' })
    expect(await importing(dir, 'list.opml')).toMatchObject({ code: 0, err: '' })
  })

  test('--dry-run changes nothing, and --json prints one object', async () => {
    const dir = folderWith()
    putFile(dir, 'list.opml', OPML)
    const before = filesBelow(dir)
    const { code, out, err } = await importing(dir, 'list.opml', '--dry-run', '--json')
    expect([code, err, settings(dir), filesBelow(dir)]).toEqual([3, '', configWith(), before])
    expect(JSON.parse(out)).toMatchObject({
      ...{ file: 'list.opml', settings: 'feedwire.config.yaml', dryRun: true },
      ...{ feeds: 4, added: 2, thereAlready: 0, repeated: 1, setAside: 1 },
      sources: [{ kind: 'feed', name: 'Tides', url: 'https://tides.example/feed' }, { name: 'articles (2)' }],
      problems: [{ code: 'opml-no-address', where: 'list.opml:5' }],
    })
    expect((await importing(dir, 'list.opml', '--dry-run')).out).toMatch(/\nNothing is written; .*\n +2 {2}added/)
  })

  test('takes a whole site for its feed list, keeping the folder that the settings mean without a word', async () => {
    const dir = tempFolder({ 'site.yaml': 'site: { title: T, url: "https://t.example/" }\n', 'list.opml': OPML })
    await importing(dir, 'list.opml', '--config', 'site.yaml')
    const { out } = await feedwireAt(dir, LATER, 'sources', 'list', '--json', '--config', 'site.yaml')
    expect(JSON.parse(out)).toMatchObject([{ name: 'articles', kind: 'markdown' }, { name: 'Tides' }, { name: 'articles (2)' }]) // prettier-ignore
  })

  test('takes 5,000 feeds', async () => {
    const dir = folderWith()
    const outlines = Array.from({ length: 5000 }, (_, n) => `<outline text="Feed" xmlUrl="https://f${n}.example/"/>`)
    putFile(dir, 'list.opml', `<opml><body>${outlines.join('\n')}</body></opml>`)
    expect((await importing(dir, 'list.opml')).out).toContain('      5,000  added to feedwire.config.yaml\n')
    expect(settings(dir)).toContain('  name: Feed (5000)\n')
    expect(await importing(dir, 'list.opml')).toMatchObject({ code: 0, err: '' })
  })

  for (const [says, file, err] of [
    ['a file that is not there', 'none.opml', /none\.opml: Cannot read the list \(ENOENT\) - /],
    ['a folder', 'articles', /articles: A folder is no list - /],
    ['an article', 'articles/a.md', /articles\/a\.md: This is no OPML, or an empty one - /],
  ] as const)
    test(`ends with 2 for ${says}`, async () => {
      expect(await importing(folderWith(), file)).toMatchObject({ code: 2, out: '', err: expect.stringMatching(err) })
    })
})
