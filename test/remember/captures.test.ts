import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { mintId } from '../../src/identity.ts'
import { TempSite, words } from '../support/site.ts'

let site: TempSite
beforeEach(async () => {
  site = (await TempSite.open()).listing('captures/*.txt')
})
afterEach(() => site.close())

let captured = 0
beforeEach(() => {
  captured = 0
})

/** Captures a page with these snippets, the newest on top, and says how many are new. */
async function capture(...snippets: string[]): Promise<number | undefined> {
  write(...snippets)
  return (await site.run())[0]?.new
}

function write(...snippets: string[]): void {
  captured++
  site.write(`captures/${String(captured).padStart(3, '0')}.txt`, `LATEST UPDATES\n${snippets.join('\n\n')}\n`)
}

async function texts(): Promise<string[]> {
  const rows = await site.store
    .selectFrom('entries')
    .innerJoin('texts', 'texts.id', 'entries.text_id')
    .select('texts.text')
    .orderBy('number')
    .execute()
  return rows.map(({ text }) => text)
}

const A = words('a')
const B = words('b')
const C = words('c')
const D = words('d')
const cut = (text: string, length: number): string => `${text.slice(0, length).trimEnd()}...`

describe('a snippet', () => {
  test('is new once, in however many captures it stands', async () => {
    expect(await capture(A, B)).toBe(2)
    expect(await capture(C, A, B)).toBe(1)
    expect(await capture(D, C, A)).toBe(1)
    expect(await site.rows()).toHaveLength(4)
  })

  test('is new once in one capture', async () => {
    expect(await capture(A, A, B)).toBe(2)
  })

  test('that falls out of the page stays', async () => {
    await capture(A, B)
    await capture(C)
    expect((await site.rows()).map(({ removed }) => removed)).toEqual([false, false, false])
  })

  test('stays when its capture is deleted', async () => {
    await capture(A)
    await capture(B)
    site.remove('captures/001.txt')
    expect(await site.run()).toMatchObject([{ seen: 0, new: 0, removed: 0, problems: [] }])
    expect((await site.rows()).map(({ removed }) => removed)).toEqual([false, false])
    site.write('captures/001.txt', A)
    expect(await site.run()).toMatchObject([{ seen: 1, new: 0, updated: 0 }])
  })

  test('has neither key nor a written title, and an id made from its text', async () => {
    await capture(A)
    expect(await site.rows()).toMatchObject([{ key: null, guid: mintId('captures/*.txt', A) }])
  })

  test('gets its number from the bottom of the page up', async () => {
    await capture(C, B, A)
    await capture(D, C)
    expect(await texts()).toEqual([A, B, C, D])
    const rows = await site.rows()
    expect(rows.map(({ number }) => number)).toEqual([1, 2, 3, 4])
    expect(rows.map(({ announce }) => announce)).toEqual([0, 0, 0, 1])
    expect(rows.slice(0, 3).map(({ date }) => date - (rows[2]?.date ?? 0))).toEqual([-2000, -1000, 0])
  })

  test('is known however it is spaced', async () => {
    await capture(A)
    expect(await capture(`  ${A.replaceAll(' ', ' \u00A0 ')} `)).toBe(0)
  })

  test('takes a new length in silence', async () => {
    await capture(A)
    const placeholders = { math: '', formula: '', code: '' }
    expect(await site.run({ snippet: { length: 30, placeholders } })).toMatchObject([{ seen: 1, new: 0, updated: 0 }])
    const row = await site.store.selectFrom('entries').select(['snippet', 'revision']).executeTakeFirstOrThrow()
    expect(row.snippet.length).toBeLessThanOrEqual(33)
    expect(row.revision).toBe(2)
    expect(await texts()).toEqual([A])
  })
})

test('a capture that stays as it is and is read in another way holds nothing new', async () => {
  await capture(A, B)
  // As if the rules of old had found one of them only.
  await site.store.deleteFrom('entries').where('number', '=', 2).execute()
  expect(await site.run({ siteTitle: 'Another' })).toMatchObject([{ seen: 2, new: 0 }])
  expect(await texts()).toEqual([B])
  expect(await capture(C, A, B)).toBe(2)
})

describe('a cut', () => {
  test('joins the longer text that is known', async () => {
    await capture(A)
    expect(await capture(cut(A, 150))).toBe(0)
    expect(await texts()).toEqual([A])
  })

  test('is joined by a longer text, which stands for the article from then on', async () => {
    await capture(cut(A, 150))
    const [before] = await site.rows()
    write(cut(A, 250))
    expect(await site.run()).toMatchObject([{ seen: 1, new: 0, updated: 0 }])
    expect(await capture(A)).toBe(0)
    expect(await texts()).toEqual([A])
    expect(await site.rows()).toEqual([before])
    expect(await capture(cut(A, 150), cut(A, 250), A)).toBe(0)
  })

  test('of several texts is none of them and is not new', async () => {
    const long = A.slice(0, 150)
    expect(await capture(`${long} ${B}`, `${long} ${C}`)).toBe(2)
    expect(await capture(cut(A, 120))).toBe(0)
    expect(await texts()).toEqual([`${long} ${C}`, `${long} ${B}`])
  })

  test('that is longer than one of several is none of them either', async () => {
    const known = [cut(`${A} ${B}`, A.length + 50), A]
    expect(await capture(...known)).toBe(2)
    expect(await capture(`${A}...`)).toBe(0)
    expect(await texts()).toEqual(known.reverse())
  })

  test('of under a hundred characters joins nothing', async () => {
    await capture(A)
    expect(await capture(cut(A, 90))).toBe(1)
  })

  test('without an ellipsis joins nothing', async () => {
    await capture(A)
    expect(await capture(A.slice(0, 150).trimEnd())).toBe(1)
  })

  test('that agrees for 327 characters and then differs is another article', async () => {
    const common = words('common', 60).slice(0, 327)
    await capture(cut(`${common}high water ${A}`, 350))
    expect(await capture(cut(`${common}low water ${A}`, 350))).toBe(1)
  })
})

describe('several captures in one run', () => {
  /** Guid and text of each entry, by number. */
  async function outcome(): Promise<[string, string, string][]> {
    const all = await texts()
    return (await site.rows()).map(({ guid, title }, n) => [guid, title, all[n] ?? ''])
  }

  test.each([
    [
      'overlap',
      [
        [B, A],
        [C, B],
        [D, C, A],
      ],
    ],
    ['cut one article shorter and longer', [[cut(A, 150)], [B, cut(A, 250)], [A, cut(A, 120)], [cut(A, 200)]]],
    ['cut an article longer and shorter', [[A, B], [cut(A, 150)], [cut(B, 110), cut(A, 120)]]],
    ['hold a cut of several', [[`${A} ${B}`], [`${A} ${C}`], [cut(A, 150)], [`${A} ${D}`]]],
    ['hold a cut before its two wholes', [[cut(A, 150)], [`${A} ${B}`], [`${A} ${C}`]]],
    ['put a date to a longer cut', [[cut(A, 150)], [`Sea\n2026-01-11\n${A}`]]],
  ])('are the same as one a run when they %s', async (_, pages) => {
    for (const page of pages) await capture(...page)
    const oneByOne = await outcome()
    await site.loseStore()
    await site.run()
    expect(await outcome()).toEqual(oneByOne)
  })
})

describe('a capture without a snippet', () => {
  test('is set aside for as long as it is there', async () => {
    await capture(A)
    site.write('captures/bad.txt', 'LATEST UPDATES\n')
    const problem = { code: 'listing-empty', where: 'captures/bad.txt' }
    expect(await site.run()).toMatchObject([{ new: 0, rejected: 1, problems: [problem], fresh: [problem] }])
    expect(await site.run()).toMatchObject([{ rejected: 1, problems: [problem], fresh: [] }])
    site.remove('captures/bad.txt')
    expect(await site.run()).toMatchObject([{ rejected: 0, problems: [] }])
  })
})

test('a pattern that matches nothing changes nothing and is named once', async () => {
  await capture(A)
  site.remove('captures/001.txt')
  const problem = { code: 'source-empty', severity: 'warning' }
  expect(await site.run()).toMatchObject([{ removed: 0, problems: [problem], fresh: [problem] }])
  expect(await site.run()).toMatchObject([{ removed: 0, problems: [problem], fresh: [] }])
  expect(await site.rows()).toMatchObject([{ removed: false }])
})

const seeds = new URL('../../../shared/seeds/', import.meta.url)
describe.runIf(existsSync(seeds))('the captures of a real site', () => {
  const names = existsSync(seeds)
    ? readdirSync(seeds)
        .filter((name) => name.endsWith('.txt'))
        .sort()
    : []
  const put = (name: string): void => site.write(`captures/${name}`, readFileSync(new URL(name, seeds), 'utf8'))

  test('hold 9, 11, 7, 6 and 6 new entries, and all at once the same', async () => {
    const counts: (number | undefined)[] = []
    for (const name of names) {
      put(name)
      counts.push((await site.run())[0]?.new)
    }
    expect(counts).toEqual([9, 11, 7, 6, 6])
    const oneByOne = (await site.rows()).map(({ guid }) => guid)
    await site.loseStore()
    expect(await site.run()).toMatchObject([{ new: 39, updated: 0, removed: 0, problems: [] }])
    expect((await site.rows()).map(({ guid }) => guid)).toEqual(oneByOne)
    expect(await site.run()).toMatchObject([{ seen: 0, new: 0 }])
  })
})
