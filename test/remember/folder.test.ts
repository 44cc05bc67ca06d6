import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { guidOfExplicitId, mintId } from '../../src/identity.ts'
import { TempSite, article, words } from '../support/site.ts'

let site: TempSite
beforeEach(async () => {
  site = (await TempSite.open()).folder('articles')
})
afterEach(() => site.close())

const TIDES = article('Tides', words('tides'))
const WIND = article('Wind', words('wind'))
/** An empty folder is told, lest it be an empty mount. */
const EMPTY = { code: 'source-empty', severity: 'warning' }
const NOTHING = { new: 0, updated: 0, removed: 0 }

/** Writes articles and lets them be remembered. */
async function known(files: Record<string, string>): Promise<Record<string, string>> {
  for (const [path, text] of Object.entries(files)) site.write(`articles/${path}`, text)
  await site.run()
  return site.guids()
}

describe('an article', () => {
  test('is new once', async () => {
    site.write('articles/tides.md', TIDES)
    expect(await site.run()).toMatchObject([{ seen: 1, new: 1, updated: 0, removed: 0, rejected: 0, problems: [] }])
    expect(await site.run()).toMatchObject([{ seen: 0, ...NOTHING }])
    expect(await site.rows()).toMatchObject([
      { key: 'tides.md', guid: mintId('articles', 'tides.md'), number: 1, title: 'Tides', removed: false },
    ])
  })

  test('with an old date is new as well', async () => {
    await known({ 'tides.md': TIDES })
    site.write('articles/old.md', article('Old', words('old'), ['date: 1999-12-31']))
    expect(await site.run()).toMatchObject([{ new: 1 }])
    expect((await site.rows()).map(({ number, announce }) => [number, announce])).toEqual([
      [1, 0],
      [2, 1],
    ])
  })

  test('that is edited is an update', async () => {
    const guids = await known({ 'tides.md': TIDES })
    site.write('articles/tides.md', article('Tides', `${words('tides')} and the wind`))
    expect(await site.run()).toMatchObject([{ seen: 1, new: 0, updated: 1, removed: 0 }])
    expect(await site.guids()).toEqual(guids)
    expect(await site.rows()).toMatchObject([{ number: 1, announce: 0, updated: site.now }])
  })

  test('that is written anew is an update', async () => {
    const guids = await known({ 'tides.md': TIDES })
    site.write('articles/tides.md', WIND)
    expect(await site.run()).toMatchObject([{ new: 0, updated: 1 }])
    expect(await site.guids()).toEqual(guids)
  })

  test.each([
    ['another title', article('High tides', words('tides')), 1],
    ['another date', article('Tides', words('tides'), ['date: 2026-02-02']), 1],
    ['the same date in other words', article('Tides', words('tides'), ['date: 2026/2/1']), 0],
    ['no date', article('Tides', words('tides'), ['a: b']), 0],
    ['another tag', article('Tides', words('tides'), ['date: 2026-02-01', 'tags: sea']), 0],
    ['other line ends', TIDES.replaceAll('\n', '\r\n'), 0],
    ['other line breaks', article('Tides', words('tides').replaceAll(' ', '\n')), 0],
    ['an id', article('Tides', words('tides'), ['date: 2026-02-01', 'id: tides']), 0],
  ])('that gets %s', async (_, text, updated) => {
    const guids = await known({ 'tides.md': TIDES })
    site.write('articles/tides.md', text)
    expect(await site.run()).toMatchObject([{ seen: 1, new: 0, updated, removed: 0 }])
    expect(await site.guids()).toEqual(guids)
  })

  test('whose title was guessed and is given now is an update', async () => {
    await known({ 'tides.md': words('tides') })
    site.write('articles/tides.md', article('High', words('tides'), []))
    expect(await site.run()).toMatchObject([{ new: 0, updated: 1 }])
    expect(await site.rows()).toMatchObject([{ title: 'High' }])
  })

  test('that is touched is nothing', async () => {
    await known({ 'tides.md': TIDES })
    site.write('articles/tides.md', TIDES, site.now - 60_000)
    expect(await site.run()).toMatchObject([{ seen: 0, ...NOTHING }])
  })

  test('is read anew in silence when the snippets get another length', async () => {
    await known({ 'tides.md': TIDES })
    const placeholders = { math: '', formula: '', code: '' }
    expect(await site.run({ snippet: { length: 20, placeholders } })).toMatchObject([{ seen: 1, ...NOTHING }])
    const { snippet } = await site.store.selectFrom('entries').select('snippet').executeTakeFirstOrThrow()
    expect(snippet.length).toBeLessThanOrEqual(23)
  })

  test('that is renamed is the same', async () => {
    const { 'tides.md': guid } = await known({ 'tides.md': TIDES, 'wind.md': WIND })
    site.rename('articles/tides.md', 'articles/sea/high.md')
    expect(await site.run()).toMatchObject([NOTHING])
    expect((await site.guids())['sea/high.md']).toBe(guid)
  })

  test('whose title is its name is no update when it is renamed', async () => {
    await known({ 'tides.md': words('tides') })
    site.rename('articles/tides.md', 'articles/high-water.md')
    expect(await site.run()).toMatchObject([NOTHING])
    expect(await site.rows()).toMatchObject([{ title: 'high water' }])
  })

  test('that is renamed and edited at once is the same', async () => {
    const { 'tides.md': guid } = await known({ 'tides.md': TIDES, 'wind.md': WIND })
    site.remove('articles/tides.md')
    site.write('articles/high.md', article('High water', `${words('tides')} ${words('more', 4)}`))
    expect(await site.run()).toMatchObject([{ new: 0, updated: 1, removed: 0 }])
    expect((await site.guids())['high.md']).toBe(guid)
  })

  test.each([
    ['when another one came', [], ['zeal.md'], `${words('tides')} and more`, 2, 1],
    ['when another one went', ['wind.md'], [], `${words('tides')} and more`, 1, 2],
    ['when it is another text', [], [], words('high'), 1, 1],
  ])('that goes while one comes is not the same %s', async (_, gone, come, body, added, removed) => {
    await known({ 'tides.md': TIDES, 'wind.md': WIND })
    site.remove('articles/tides.md', ...gone.map((path) => `articles/${path}`))
    site.write('articles/high.md', article('High', body))
    for (const path of come) site.write(`articles/${path}`, article('Zeal', words('zeal')))
    expect(await site.run()).toMatchObject([{ new: added, removed }])
  })

  const NOON = 'High water at noon.'
  test.each([
    ['is the same when only its name changed', article('Tides', NOON), article('Tides', NOON), 0],
    ['is the same when its title is its name', NOON, NOON, 0],
    ['is another one with another title', article('Tides', NOON), article('Low tides', NOON), 1],
    ['is another one with another word', article('Tides', NOON), article('Tides', `${NOON} Now`), 1],
    ['is the same when it is empty and has its title', article('Tides', ''), article('Tides', ''), 0],
    ['is another one when it is empty and has another title', article('Tides', ''), article('Low tides', ''), 1],
  ])('of under a hundred characters that moves %s', async (_, before, after, added) => {
    await known({ 'tides.md': before })
    site.remove('articles/tides.md')
    site.write('articles/high.md', after)
    expect(await site.run()).toMatchObject([{ new: added, removed: added }])
  })

  test('with the body of one that is still there is new', async () => {
    await known({ 'tides.md': TIDES })
    site.write('articles/copy.md', TIDES)
    expect(await site.run()).toMatchObject([{ new: 1, updated: 0, removed: 0 }])
  })

  test('that is deleted leaves, and is the same when it comes back', async () => {
    const guids = await known({ 'tides.md': TIDES, 'wind.md': WIND })
    site.remove('articles/tides.md')
    expect(await site.run()).toMatchObject([{ new: 0, updated: 0, removed: 1 }])
    expect(Object.keys(await site.guids())).toEqual(['wind.md'])
    site.write('articles/tides.md', TIDES)
    expect(await site.run()).toMatchObject([NOTHING])
    expect(await site.guids()).toEqual(guids)
    expect((await site.rows()).map(({ announce }) => announce)).toEqual([0, 0])
  })

  test('that comes back under another name is the same', async () => {
    const { 'tides.md': guid } = await known({ 'tides.md': TIDES, 'wind.md': WIND })
    site.remove('articles/tides.md')
    await site.run()
    site.write('articles/high.md', TIDES)
    expect(await site.run()).toMatchObject([NOTHING])
    expect((await site.guids())['high.md']).toBe(guid)
  })

  test.each(['draft: true', 'published: false', 'date: 2027-01-01'])(
    'that gets "%s" leaves, and is the same when it is back',
    async (line) => {
      const guids = await known({ 'tides.md': TIDES, 'wind.md': WIND })
      site.write('articles/tides.md', article('Tides', words('tides'), [line]))
      expect(await site.run()).toMatchObject([{ new: 0, updated: 0, removed: 1 }])
      expect(await site.run()).toMatchObject([NOTHING])
      site.write('articles/tides.md', TIDES)
      expect(await site.run()).toMatchObject([NOTHING])
      expect(await site.guids()).toEqual(guids)
    },
  )

  test('of the future is new on its day', async () => {
    await known({ 'tides.md': TIDES })
    site.write('articles/wind.md', article('Wind', words('wind'), ['date: 2026-02-12']))
    expect(await site.run()).toMatchObject([NOTHING])
    const midnight = Date.parse('2026-02-11T16:00:00Z')
    expect(await site.run({ now: midnight - 1 })).toMatchObject([NOTHING])
    expect(await site.run({ now: midnight })).toMatchObject([{ seen: 1, new: 1 }])
  })
})

describe('two articles', () => {
  test('that are renamed at once are the same', async () => {
    const before = await known({ 'tides.md': TIDES, 'wind.md': WIND })
    site.rename('articles/tides.md', 'articles/1.md')
    site.rename('articles/wind.md', 'articles/2.md')
    expect(await site.run()).toMatchObject([NOTHING])
    expect(await site.guids()).toEqual({ '1.md': before['tides.md'], '2.md': before['wind.md'] })
  })

  test('that change names in a row are the same', async () => {
    const before = await known({ '1.md': TIDES, '2.md': WIND })
    site.rename('articles/2.md', 'articles/3.md')
    await site.run()
    site.rename('articles/1.md', 'articles/2.md')
    expect(await site.run()).toMatchObject([NOTHING])
    expect(await site.guids()).toEqual({ '2.md': before['1.md'], '3.md': before['2.md'] })
  })

  test('that swap names are two updates without ids', async () => {
    const before = await known({ '1.md': TIDES, '2.md': WIND })
    site.write('articles/1.md', WIND)
    site.write('articles/2.md', TIDES)
    expect(await site.run()).toMatchObject([{ new: 0, updated: 2, removed: 0 }])
    expect(await site.guids()).toEqual(before)
  })

  test('that swap names are the same with ids', async () => {
    const [tides, wind] = ['tides', 'wind'].map((id) => article(id, words(id), ['date: 2026-02-01', `id: ${id}`]))
    const before = await known({ '1.md': tides ?? '', '2.md': wind ?? '' })
    expect(before['1.md']).toBe(guidOfExplicitId('articles', 'tides'))
    site.write('articles/1.md', wind ?? '')
    site.write('articles/2.md', tides ?? '')
    expect(await site.run()).toMatchObject([NOTHING])
    expect(await site.guids()).toEqual({ '1.md': before['2.md'], '2.md': before['1.md'] })
  })

  test('get guids of their own when one takes the path that the other had', async () => {
    const { 'tides.md': guid } = await known({ 'tides.md': TIDES })
    site.rename('articles/tides.md', 'articles/high.md')
    await site.run()
    site.write('articles/tides.md', WIND)
    expect(await site.run()).toMatchObject([{ new: 1 }])
    const after = await site.guids()
    expect(after['high.md']).toBe(guid)
    expect(after['tides.md']).toBe(mintId('articles', 'tides.md', '1'))
  })
})

describe('an id', () => {
  const withId = (seed: string, id: string): string => article(seed, words(seed), ['date: 2026-02-01', `id: ${id}`])

  test('makes an article that moved and changed altogether the same', async () => {
    const before = await known({ 'a.md': withId('a', 'x'), 'b.md': withId('b', 'y') })
    site.remove('articles/a.md')
    site.write('articles/sea/c.md', withId('c', 'x'))
    site.write('articles/d.md', withId('d', 'z'))
    expect(await site.run()).toMatchObject([{ new: 1, updated: 1, removed: 0 }])
    expect((await site.guids())['sea/c.md']).toBe(before['a.md'])
  })

  test('takes the path of another article with it, whose entry leaves', async () => {
    const before = await known({ 'a.md': withId('a', 'x'), 'b.md': withId('b', 'y') })
    site.remove('articles/a.md')
    site.write('articles/b.md', withId('a', 'x'))
    expect(await site.run()).toMatchObject([{ new: 0, updated: 0, removed: 1, problems: [] }])
    expect(await site.guids()).toEqual({ 'b.md': before['a.md'] })
    site.write('articles/c.md', withId('b', 'y'))
    expect(await site.run()).toMatchObject([NOTHING])
    expect(await site.guids()).toEqual({ 'b.md': before['a.md'], 'c.md': before['b.md'] })
  })

  test('that two new articles have is the one’s alone, run after run', async () => {
    site.write('articles/a.md', withId('a', 'x'))
    site.write('articles/b.md', withId('b', 'x'))
    const warning = { code: 'guid-taken', where: 'articles/b.md', severity: 'warning' }
    expect(await site.run()).toMatchObject([{ new: 2, problems: [warning], fresh: [warning] }])
    const guids = await site.guids()
    expect(guids).toEqual({ 'a.md': guidOfExplicitId('articles', 'x'), 'b.md': mintId('articles', 'b.md') })
    expect(await site.run()).toMatchObject([{ ...NOTHING, problems: [warning], fresh: [] }])
    for (const path of ['a', 'b']) {
      site.write(`articles/${path}.md`, withId(`${path} again`, 'x'))
      expect(await site.run()).toMatchObject([{ new: 0, updated: 1, removed: 0, problems: [warning], fresh: [] }])
    }
    expect(await site.run({ siteTitle: 'Another recipe' })).toMatchObject([{ ...NOTHING, problems: [warning] }])
    expect(await site.guids()).toEqual(guids)
  })

  test('that is a known article’s is not given to a new one', async () => {
    const before = await known({ 'b.md': withId('b', 'x') })
    site.write('articles/a.md', withId('a', 'x'))
    expect(await site.run()).toMatchObject([{ new: 1, problems: [{ code: 'guid-taken', where: 'articles/a.md' }] }])
    expect(await site.guids()).toEqual({ ...before, 'a.md': mintId('articles', 'a.md') })
  })

  test('that is a known article’s is not given to another known one', async () => {
    const before = await known({ 'a.md': withId('a', 'x'), 'b.md': withId('b', 'y') })
    site.write('articles/a.md', withId('a again', 'x'))
    site.write('articles/b.md', withId('b', 'x'))
    expect(await site.run()).toMatchObject([{ new: 0, problems: [{ code: 'guid-taken', where: 'articles/b.md' }] }])
    expect(await site.guids()).toEqual(before)
  })

  test.each(['is deleted', 'gets another id'])('that two have stays with each when the first %s', async (what) => {
    const before = await known({ 'a.md': withId('a', 'x'), 'b.md': withId('b', 'x') })
    if (what === 'is deleted') site.remove('articles/a.md')
    else site.write('articles/a.md', withId('a', 'z'))
    site.write('articles/b.md', withId('b again', 'x'))
    expect(await site.run()).toMatchObject([{ new: 0, updated: 1, removed: what === 'is deleted' ? 1 : 0 }])
    expect((await site.guids())['b.md']).toBe(before['b.md'])
  })

  test('moves with an article whose old file became a draft', async () => {
    const { 'a.md': guid } = await known({ 'a.md': withId('a', 'x'), 'b.md': withId('b', 'y') })
    site.write('articles/a.md', article('a', words('a'), ['id: x', 'draft: true']))
    site.write('articles/c.md', withId('c', 'x'))
    expect(await site.run()).toMatchObject([{ new: 0, updated: 1, removed: 0, problems: [] }])
    expect((await site.guids())['c.md']).toBe(guid)
  })

  test('of another source is not given twice, run after run', async () => {
    site.folder('notes')
    const id = 'https://example.org/x'
    site.write('articles/a.md', withId('a', id))
    site.write('notes/a.md', withId('b', id))
    const warning = { code: 'guid-taken', where: 'notes/a.md' }
    expect(await site.run()).toMatchObject([
      { new: 1, problems: [] },
      { new: 1, problems: [warning] },
    ])
    site.write('notes/a.md', withId('b again', id))
    expect(await site.run()).toMatchObject([NOTHING, { new: 0, updated: 1, problems: [warning], fresh: [] }])
    expect((await site.rows()).map(({ guid }) => guid)).toEqual([id, mintId('notes', 'a.md')])
  })

  test('that is a word is another one in each source', async () => {
    site.folder('notes')
    site.write('articles/a.md', withId('a', '1'))
    site.write('notes/a.md', withId('b', '1'))
    expect(await site.run()).toMatchObject([{ problems: [] }, { problems: [] }])
  })
})

test('a lost store gives the same guids again', async () => {
  const guids = await known({ 'tides.md': TIDES, 'wind.md': article('Wind', words('wind'), ['id: wind']) })
  await site.loseStore()
  await site.run()
  expect(await site.guids()).toEqual(guids)
})

describe('a broken article', () => {
  const BROKEN = '---coffee\n{ title: "Tides" }\n---\n'

  test('keeps its entry, and is named for as long as it is broken', async () => {
    const guids = await known({ 'tides.md': TIDES })
    site.write('articles/tides.md', BROKEN)
    const problem = { code: 'front-matter-language', where: 'articles/tides.md:1', severity: 'error' }
    expect(await site.run()).toMatchObject([{ ...NOTHING, rejected: 1, problems: [problem], fresh: [problem] }])
    expect(await site.run()).toMatchObject([{ seen: 0, ...NOTHING, rejected: 1, problems: [problem], fresh: [] }])
    expect(await site.guids()).toEqual(guids)
    site.write('articles/tides.md', TIDES)
    expect(await site.run()).toMatchObject([{ ...NOTHING, rejected: 0, problems: [], fresh: [] }])
    expect(await site.guids()).toEqual(guids)
  })

  test('is new when it is mended for the first time', async () => {
    site.write('articles/tides.md', BROKEN)
    expect(await site.run()).toMatchObject([{ seen: 0, new: 0, rejected: 1 }])
    site.write('articles/tides.md', TIDES)
    expect(await site.run()).toMatchObject([{ new: 1, rejected: 0 }])
  })

  test('leaves with its file', async () => {
    await known({ 'tides.md': TIDES, 'wind.md': WIND })
    site.write('articles/tides.md', BROKEN)
    await site.run()
    site.remove('articles/tides.md')
    expect(await site.run()).toMatchObject([{ removed: 1, rejected: 0, problems: [] }])
  })

  test('that is broken in another way is a fresh problem', async () => {
    site.write('articles/tides.md', BROKEN)
    await site.run()
    site.write('articles/tides.md', `${BROKEN}\n`)
    expect(await site.run()).toMatchObject([{ rejected: 1, fresh: [] }])
    site.write('articles/tides.md', `---\ncolour: ${'x'.repeat(40_000)}\n---\n`)
    expect(await site.run()).toMatchObject([{ rejected: 1, fresh: [{ code: 'front-matter-long' }] }])
  })
})

describe('a folder', () => {
  const paths = (count: number): string[] => Array.from({ length: count }, (_, n) => `${n}.md`)
  const many = (count: number): Record<string, string> =>
    Object.fromEntries(paths(count).map((path) => [path, article(path, words(path))]))
  const remove = (count: number): void => site.remove(...paths(count).map((path) => `articles/${path}`))

  test.each([
    [20, 11],
    [30, 30],
    [11, 11],
  ])('of %i articles that loses %i loses none, until the owner says so', async (count, lost) => {
    const guids = await known(many(count))
    remove(lost)
    const shrunk = { code: 'source-shrunk', where: 'articles', severity: 'error' }
    const problems = [...(lost === count ? [EMPTY] : []), shrunk]
    expect(await site.run()).toMatchObject([{ ...NOTHING, problems, fresh: problems }])
    expect(await site.run()).toMatchObject([{ ...NOTHING, problems, fresh: [] }])
    expect(await site.guids()).toEqual(guids)
    const rest = lost === count ? [EMPTY] : []
    expect(await site.run({ acceptRemovals: true })).toMatchObject([{ removed: lost, problems: rest }])
    expect(await site.run()).toMatchObject([{ ...NOTHING, problems: rest }])
    expect(Object.keys(await site.guids())).toHaveLength(count - lost)
  })

  test.each([
    [10, 10],
    [22, 11],
    [40, 15],
  ])('of %i articles loses %i', async (count, lost) => {
    await known(many(count))
    remove(lost)
    const rest = lost === count ? [EMPTY] : []
    expect(await site.run()).toMatchObject([{ removed: lost, problems: rest }])
  })

  const withId = (id: string): string => article(id, words(id), ['date: 2026-02-01', `id: ${id}`])

  test('that shrank loses those whose path another article took all the same', async () => {
    await known({ ...many(12), 'y.md': withId('y'), 'z.md': withId('z') })
    remove(12)
    site.rename('articles/y.md', 'articles/z.md')
    const problems = [{ code: 'source-shrunk' }]
    expect(await site.run()).toMatchObject([{ new: 0, removed: 1, problems }])
    expect(Object.keys(await site.guids())).toHaveLength(13)
    expect(await site.run()).toMatchObject([{ ...NOTHING, problems }])
  })

  test('may lose ten, however many lose their path to another article besides', async () => {
    await known({ ...many(10), 'y.md': withId('y'), 'z.md': withId('z') })
    remove(10)
    site.rename('articles/y.md', 'articles/z.md')
    expect(await site.run()).toMatchObject([{ new: 0, removed: 11, problems: [] }])
    expect(Object.keys(await site.guids())).toEqual(['z.md'])
  })

  test('that shrank and is whole again is as it was', async () => {
    const guids = await known(many(12))
    remove(12)
    await site.run()
    for (const [path, text] of Object.entries(many(12))) site.write(`articles/${path}`, text)
    expect(await site.run()).toMatchObject([{ ...NOTHING, problems: [] }])
    expect(await site.guids()).toEqual(guids)
  })

  test('that shrank still takes what is new in it', async () => {
    await known(many(12))
    remove(12)
    site.write('articles/tides.md', TIDES)
    site.write('articles/wind.md', WIND)
    expect(await site.run()).toMatchObject([{ new: 2, removed: 0, problems: [{ code: 'source-shrunk' }] }])
  })

  test('whose articles all become drafts loses none, until the owner says so', async () => {
    await known(many(12))
    for (const path of paths(12)) site.write(`articles/${path}`, article(path, words(path), ['draft: true']))
    for (let again = 0; again < 2; again++) {
      expect(await site.run()).toMatchObject([{ ...NOTHING, problems: [{ code: 'source-shrunk' }] }])
    }
    expect(await site.run({ acceptRemovals: true })).toMatchObject([{ removed: 12, problems: [] }])
    expect(await site.run()).toMatchObject([{ seen: 0, ...NOTHING, problems: [] }])
  })

  test('whose articles all move loses none', async () => {
    await known(many(12))
    site.rename('articles', 'moved')
    site.write('articles/x.md', TIDES)
    site.rename('moved', 'articles/2026')
    expect(await site.run()).toMatchObject([{ new: 1, updated: 0, removed: 0, problems: [] }])
  })

  test('that is missing changes nothing and is named once', async () => {
    const guids = await known({ 'tides.md': TIDES })
    site.rename('articles', 'away')
    const problem = { code: 'source-unreadable' }
    expect(await site.run()).toMatchObject([{ ...NOTHING, problems: [problem], fresh: [problem] }])
    expect(await site.run()).toMatchObject([{ ...NOTHING, problems: [problem], fresh: [] }])
    site.rename('away', 'articles')
    expect(await site.run()).toMatchObject([{ ...NOTHING, problems: [] }])
    site.rename('articles', 'away')
    expect(await site.run()).toMatchObject([{ fresh: [problem] }])
    expect(await site.guids()).toEqual(guids)
  })
})
