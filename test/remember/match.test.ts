import fc from 'fast-check'
import { expect, test } from 'vitest'
import { onServer } from '../support/database.ts'
import { TempSite, article, words } from '../support/site.ts'

type Step = { act: 'add' | 'edit' | 'rename' | 'delete' | 'touch'; file: number; name: number }

const step = fc.record<Step>({
  act: fc.constantFrom('add', 'edit', 'rename', 'delete', 'touch'),
  file: fc.nat(5),
  name: fc.nat(7),
})

/** A folder, and what an author believes is in it. */
class Author {
  readonly site: TempSite
  /** Seed and number of edits of each article, by path. */
  readonly articles = new Map<string, { seed: string; edits: number }>()
  /** Every path that an entry has, be it removed. */
  readonly held = new Set<string>()
  #added = 0

  constructor(site: TempSite) {
    this.site = site
  }

  /** Does a step, if it can be done, and says whether a new article came of it. */
  take({ act, file, name }: Step, free: string): boolean {
    const path = [...this.articles.keys()][file]
    const found = path === undefined ? undefined : this.articles.get(path)
    if (act === 'add') {
      if (this.articles.has(free)) return false
      const isNew = !this.held.has(free)
      this.#put(free, { seed: `article ${this.#added++}`, edits: 0 })
      return isNew
    }
    if (path === undefined || found === undefined) return false
    if (act === 'edit') this.#put(path, { ...found, edits: found.edits + 1 })
    if (act === 'touch') this.#put(path, found)
    if (act === 'delete') this.#drop(path)
    if (act === 'rename' && !this.articles.has(`${name}.md`)) {
      this.site.rename(`articles/${path}`, `articles/${name}.md`)
      this.articles.delete(path)
      this.articles.set(`${name}.md`, found)
      // At a path of old the article takes the entry that was there, and leaves its own where it was.
      if (!this.held.has(`${name}.md`)) this.held.delete(path)
      this.held.add(`${name}.md`)
    }
    return false
  }

  #put(path: string, entry: { seed: string; edits: number }): void {
    this.site.write(`articles/${path}`, article(entry.seed, `${words(entry.seed)} ${words('edit', entry.edits)}`))
    this.articles.set(path, entry)
    this.held.add(path)
  }

  #drop(path: string): void {
    this.site.remove(`articles/${path}`)
    this.articles.delete(path)
  }
}

async function withAuthor(check: (author: Author) => Promise<void>): Promise<void> {
  const site = (await TempSite.open()).folder('articles')
  try {
    site.write('articles/.keep', '')
    await site.run()
    await check(new Author(site))
  } finally {
    await site.close()
  }
}

/** What stands is what is in the folder, and every guid and number is an entry's own. */
async function agree({ site, articles }: Author): Promise<void> {
  const rows = await site.rows()
  const standing = rows.filter(({ removed }) => !removed).map(({ key }) => key)
  expect(standing.sort()).toEqual([...articles.keys()].sort())
  expect(new Set(rows.map(({ guid }) => guid)).size).toBe(rows.length)
  expect(new Set(rows.map(({ number }) => number)).size).toBe(rows.length)
}

test('whatever an author does, one thing a run, nothing but a new article is announced', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 14 }), (steps) =>
      withAuthor(async (author) => {
        for (const next of steps) {
          const isNew = author.take(next, `${next.name}.md`)
          expect(await author.site.run()).toMatchObject([{ new: isNew ? 1 : 0 }])
          await agree(author)
        }
      }),
    ),
    { numRuns: onServer() ? 6 : 25 },
  )
})

test('however many articles an author adds and moves within a run, as many are announced as were added', async () => {
  const steps = fc.array(fc.array(step, { maxLength: 4 }), { minLength: 2, maxLength: 6 })
  await fc.assert(
    fc.asyncProperty(steps, (runs) =>
      withAuthor(async (author) => {
        let count = 0
        for (const run of runs) {
          let added = 0
          // A name of its own for each article and each move: which one was meant is then beyond doubt.
          for (const { act, file } of run.filter((next) => next.act !== 'edit' && next.act !== 'delete')) {
            const name = 100 + count++
            if (author.take({ act, file, name }, `${name}.md`)) added++
          }
          expect(await author.site.run()).toMatchObject([{ new: added, removed: 0 }])
          await agree(author)
        }
      }),
    ),
    { numRuns: onServer() ? 6 : 25 },
  )
})

test('whatever an author does, a store that was lost gives no two articles one guid', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 10 }), (steps) =>
      withAuthor(async (author) => {
        for (const next of steps) {
          author.take(next, `${next.name}.md`)
          await author.site.run()
        }
        await author.site.loseStore()
        expect(await author.site.run()).toMatchObject([{ new: author.articles.size }])
        await agree(author)
      }),
    ),
    { numRuns: onServer() ? 3 : 10 },
  )
})
