import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { dayIn } from '../../src/pages/day.ts'
import { TempSite, article, words } from '../support/site.ts'

let site: TempSite
beforeEach(async () => {
  site = (await TempSite.open()).folder('articles')
})
afterEach(() => site.close())

const at = (text: string): number => Date.parse(text)
const dated = (seed: string, date: string | null): string =>
  article(seed, words(seed), date === null ? ['a: b'] : [`date: ${date}`])

async function announced(): Promise<(string | null)[]> {
  return (await site.rows()).filter(({ announce }) => announce === 1).map(({ key }) => key)
}

describe('readers are told', () => {
  beforeEach(() => {
    for (let day = 1; day <= 7; day++) site.write(`articles/${day}.md`, dated(`${day}`, `2026-01-0${8 - day}`))
  })

  test('of nothing in the first read', async () => {
    expect(await site.run()).toMatchObject([{ new: 7 }])
    expect(await announced()).toEqual([])
  })

  test('of the newest of the first read, when the owner asks', async () => {
    await site.run({ firstRun: 5 })
    expect(await announced()).toEqual(['5.md', '4.md', '3.md', '2.md', '1.md'])
  })

  test('of all of the first read when there are no more', async () => {
    await site.run({ firstRun: 20 })
    expect(await announced()).toHaveLength(7)
  })

  test('of all that comes later', async () => {
    await site.run()
    site.write('articles/8.md', dated('8', '2020-01-01'))
    site.write('articles/9.md', dated('9', '2026-02-01'))
    await site.run({ firstRun: 1 })
    expect(await announced()).toEqual(['8.md', '9.md'])
  })

  test('of what comes into a folder that was empty', async () => {
    site.folder('notes').write('notes/.keep', '')
    await site.run()
    site.write('notes/a.md', dated('a', null))
    await site.run()
    expect(await announced()).toEqual(['a.md'])
  })

  test('of nothing in the first read of a source that could not be read before', async () => {
    site.folder('notes')
    expect(await site.run()).toMatchObject([{ new: 7 }, { new: 0, problems: [{ code: 'source-unreadable' }] }])
    site.write('notes/a.md', dated('a', null))
    expect(await site.run()).toMatchObject([{ new: 0 }, { new: 1 }])
    expect(await announced()).toEqual([])
  })
})

describe('the first read of a source', () => {
  const BROKEN = '---js\n{}\n---\n'
  const GOOD = dated('a', null)

  test.each([
    ['is not one in which every file is set aside', { 'a.md': BROKEN }, []],
    ['is one in which one file is understood', { 'a.md': BROKEN, 'b.md': GOOD }, ['a.md']],
    ['is one that finds drafts only', { 'a.md': article('a', words('a'), ['draft: true']) }, ['a.md']],
  ])('%s', async (_, files, told) => {
    for (const [path, text] of Object.entries(files)) site.write(`articles/${path}`, text)
    await site.run()
    await site.run()
    site.write('articles/a.md', dated('a again', null))
    await site.run()
    expect(await announced()).toEqual(told)
  })

  test('is one that finds the folder empty, after files that were set aside', async () => {
    site.write('articles/a.md', BROKEN)
    await site.run()
    site.remove('articles/a.md')
    await site.run()
    site.write('articles/b.md', GOOD)
    await site.run()
    expect(await announced()).toEqual(['b.md'])
  })
})

test('numbers go up with the dates of one read, then with the reads', async () => {
  site.write('articles/b.md', dated('b', '2026-01-02'))
  site.write('articles/c.md', dated('c', '2026-01-01'))
  site.write('articles/a.md', dated('a', '2026-01-02'))
  await site.run()
  site.write('articles/d.md', dated('d', '2020-01-01'))
  await site.run()
  expect((await site.rows()).map(({ key, number }) => `${number} ${key ?? ''}`)).toEqual([
    '1 c.md',
    '2 a.md',
    '3 b.md',
    '4 d.md',
  ])
})

describe('the date', () => {
  async function dateOf(date: string | null, now: string, zone = 'Asia/Shanghai'): Promise<number | undefined> {
    site.write('articles/a.md', dated('a', date))
    await site.run({ now: at(now), zone })
    return (await site.rows())[0]?.date
  }

  test.each([
    ['is the instant that is written', '2026-01-11 09:30', '2026-02-10T04:00:00Z', '2026-01-11T01:30:00Z'],
    ['is not after it was first seen', '2026-02-10 20:00', '2026-02-10T04:00:00Z', '2026-02-10T04:00:00Z'],
    ['is when it was first seen, without a date', null, '2026-02-10T04:00:00Z', '2026-02-10T04:00:00Z'],
    [
      'is when it was first seen, with a date that cannot be',
      '2026-02-30',
      '2026-02-10T04:00:00Z',
      '2026-02-10T04:00:00Z',
    ],
    [
      'of a day is when it was first seen, early on that day',
      '2026-02-10',
      '2026-02-09T20:00:00Z',
      '2026-02-09T20:00:00Z',
    ],
  ])('%s', async (_, date, now, expected) => expect(await dateOf(date, now)).toBe(at(expected)))

  test.each(['Asia/Shanghai', 'UTC', 'Pacific/Kiritimati', 'Pacific/Pago_Pago', 'America/New_York'])(
    'of a day shows that day in %s and in UTC',
    async (zone) => {
      const date = (await dateOf('2026-01-11', '2026-02-10T04:00:00Z', zone)) ?? 0
      expect([dayIn(zone, date), dayIn('UTC', date)]).toEqual(['2026-01-11', '2026-01-11'])
      const row = await site.store.selectFrom('entries').select('date_only').executeTakeFirstOrThrow()
      expect(row.date_only).toBe(1)
    },
  )

  test('is an instant of its own for each article', async () => {
    for (const name of ['a', 'b', 'c']) site.write(`articles/${name}.md`, dated(name, '2026-01-11'))
    await site.run()
    site.write('articles/d.md', dated('d', '2026-01-11'))
    await site.run()
    const dates = (await site.rows()).map(({ date }) => date)
    expect(dates.map((date) => date - (dates[0] ?? 0))).toEqual([0, 1000, 2000, 3000])
  })

  test('is an instant of its own for each article without one, the last being now', async () => {
    for (const name of ['a', 'b', 'c']) site.write(`articles/${name}.md`, dated(name, null))
    await site.run()
    const dates = (await site.rows()).map(({ date }) => date)
    expect(dates.map((date) => date - site.now)).toEqual([-2000, -1000, 0])
  })

  test('of a day that has just begun stays in it, for several articles too', async () => {
    for (const name of ['a', 'b', 'c']) site.write(`articles/${name}.md`, dated(name, '2026-02-10'))
    await site.run({ now: at('2026-02-09T16:00:00.400Z'), zone: 'Asia/Shanghai' })
    const days = (await site.rows()).map(({ date }) => dayIn('Asia/Shanghai', date))
    expect(days).toEqual(['2026-02-10', '2026-02-10', '2026-02-10'])
    expect(new Set((await site.rows()).map(({ date }) => date)).size).toBe(3)
  })

  test('follows the source, and stays an instant of its own', async () => {
    site.write('articles/a.md', dated('a', '2026-01-11'))
    site.write('articles/b.md', dated('b', '2026-01-12'))
    await site.run()
    site.write('articles/b.md', dated('b', '2026-01-11'))
    await site.run()
    const [a, b] = await site.rows()
    expect((b?.date ?? 0) - (a?.date ?? 0)).toBe(1000)
  })

  test('is not after it was first seen when it follows the source', async () => {
    site.write('articles/a.md', dated('a', '2026-01-11'))
    await site.run()
    const firstSeen = site.now
    await site.run({ now: firstSeen + 48 * 3_600_000 })
    site.write('articles/a.md', dated('a', '2026-02-11'))
    await site.run({ now: firstSeen + 49 * 3_600_000 })
    expect(await site.rows()).toMatchObject([{ date: firstSeen }])
  })

  test('moves in silence when the site moves to another zone', async () => {
    await dateOf('2026-01-11 09:30', '2026-02-10T04:00:00Z')
    expect(await site.run({ zone: 'UTC' })).toMatchObject([{ seen: 1, new: 0, updated: 0 }])
    const [row] = await site.rows()
    expect(row).toMatchObject({ date: at('2026-01-11T09:30:00Z'), updated: at('2026-01-11T01:30:00Z') })
  })

  test('stays when the source leaves it out', async () => {
    const date = await dateOf('2026-01-11', '2026-02-10T04:00:00Z')
    expect(await dateOf(null, '2026-02-10T05:00:00Z')).toBe(date)
  })
})

describe('the time of the last update', () => {
  test('is the date at first', async () => {
    site.write('articles/a.md', dated('a', '2026-01-11'))
    await site.run()
    const [row] = await site.rows()
    expect(row?.updated).toBe(row?.date)
  })

  test('is the time of the run for its updates, of each a thousandth of a second apart', async () => {
    for (const name of ['a', 'b', 'c']) site.write(`articles/${name}.md`, dated(name, '2026-01-11'))
    await site.run()
    for (const name of ['a', 'b', 'c']) {
      site.write(`articles/${name}.md`, article(name, `${words(name)} again`, ['date: 2026-01-11']))
    }
    site.write('articles/d.md', dated('d', null))
    expect(await site.run()).toMatchObject([{ new: 1, updated: 3 }])
    const [a, b, c] = (await site.rows()).map(({ updated }) => updated)
    expect([a, b, c]).toEqual([site.now, site.now - 1, site.now - 2])
  })

  test('is of each its own when sources state the same, or the date of another', async () => {
    for (const name of ['a', 'b', 'c']) {
      site.write(
        `articles/${name}.md`,
        article(name, words(name), [`date: 2026-01-1${name === 'c' ? 5 : 1}`, 'updated: 2026-01-15']),
      )
    }
    await site.run()
    const updated = (await site.rows()).map((row) => row.updated)
    expect(new Set(updated).size).toBe(3)
    const day = updated.map((at) => new Date(at).toISOString().slice(0, 10))
    expect(day).toEqual(['2026-01-15', '2026-01-15', '2026-01-15'])
  })

  test('does not run backwards when the clock does', async () => {
    site.write('articles/a.md', dated('a', '2026-01-11'))
    await site.run()
    site.write('articles/a.md', article('a', `${words('a')} again`, ['date: 2026-01-11']))
    await site.run()
    const [before] = await site.rows()
    site.write('articles/a.md', article('a', `${words('a')} once more`, ['date: 2026-01-11']))
    expect(await site.run({ now: site.now - 7_200_000 })).toMatchObject([{ updated: 1 }])
    expect(await site.rows()).toMatchObject([{ updated: (before?.updated ?? 0) + 1 }])
  })

  test('stays when nothing but the tags, the path or the recipe change', async () => {
    site.write('articles/a.md', dated('a', '2026-01-11'))
    await site.run()
    const [before] = await site.rows()
    site.write('articles/a.md', article('a', words('a'), ['date: 2026-01-11', 'tags: sea']))
    await site.run()
    site.rename('articles/a.md', 'articles/b.md')
    await site.run()
    await site.run({ siteTitle: 'Another' })
    expect(await site.rows()).toMatchObject([{ key: 'b.md', updated: before?.updated }])
  })
})

describe('the revision of the store', () => {
  const revision = async (): Promise<number> =>
    (await site.store.selectFrom('entries').select('revision').orderBy('number').executeTakeFirstOrThrow()).revision

  test('moves with what readers see, and an entry has the one that changed it', async () => {
    site.write('articles/a.md', dated('a', '2026-01-11'))
    await site.run()
    expect(await revision()).toBe(1)
    site.write('articles/b.md', dated('b', '2026-01-11'))
    await site.run()
    expect(await revision()).toBe(1)
    site.write('articles/a.md', article('a', words('a'), ['date: 2026-01-11', 'tags: sea']))
    await site.run()
    expect(await revision()).toBe(3)
  })

  test('moves with line breaks that the words do not show', async () => {
    site.write('articles/a.md', article('a', `${words('a')} - one - two`))
    await site.run()
    site.write('articles/a.md', article('a', `${words('a')}\n- one\n- two`))
    expect(await site.run()).toMatchObject([{ updated: 0 }])
    expect(await revision()).toBe(2)
    const { text } = await site.store.selectFrom('texts').select('text').executeTakeFirstOrThrow()
    expect(text).toContain('\n- one\n')
  })

  test('stands while nothing changes', async () => {
    site.write('articles/a.md', dated('a', '2026-01-11'))
    await site.run()
    site.write('articles/a.md', dated('a', '2026-01-11'))
    await site.run({ siteTitle: 'Another' })
    expect(await revision()).toBe(1)
    const setting = await site.store.selectFrom('settings').select('value').where('key', '=', 'revision').execute()
    expect(setting).toEqual([{ value: '1' }])
  })
})
