import { posix } from 'node:path'
import fc from 'fast-check'
import { expect } from 'vitest'
import { setLine } from './history-articles.ts'
import { History, type Tree } from './history.ts'
import { QUIET, Replay, type Step } from './replay.ts'
import { article, words } from './site.ts'

/** What authors do to one article; the number picks which. */
type Act = { does: 'add' | 'edit' | 'rename' | 'move' | 'retag' | 'redate' | 'remove' | 'return'; which: number }

/**
 * Whatever authors do, what they added is announced, and each article keeps its entry.
 * @param seed decides what they do; a new one each time without it
 */
export async function expectEachKept(histories: number, seed?: number): Promise<void> {
  const does = fc.constantFrom<Act['does'][]>('add', 'edit', 'rename', 'move', 'retag', 'redate', 'remove', 'return')
  const acts = fc.array(fc.record({ does, which: fc.nat({ max: 50 }) }), { minLength: 1, maxLength: 5 })
  await fc.assert(
    fc.asyncProperty(fc.array(acts, { minLength: 3, maxLength: 5 }), async (commits) => {
      const history = new History().commit('start', (tree) => {
        for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) tree.add(`${name}.md`, article(name, words(name)))
      })
      const expected = commits.map((some, index) => commitActs(history, some, index + 1))
      const replay = await Replay.begin(history)
      expect(await replay.rest()).toEqual(expected)
      expect(await replay.surplus()).toBe(0)
      await replay.close()
    }),
    { numRuns: histories, ...(seed !== undefined && { seed }) },
  )
}

/** Commits acts, each to another article, and says what a run must make of them. */
function commitActs(history: History, acts: readonly Act[], count: number): Step {
  const step: Step = { ...QUIET, announced: [], removed: [] }
  history.commit(`commit ${count}`, (tree) => {
    const free = new Set(tree.paths())
    for (const [index, { does, which }] of acts.entries()) {
      const name = `${count}-${index}.md`
      const path = pick([...free], which)
      if (path !== undefined) free.delete(path)
      const article = tree.articles().get(path ?? '') ?? ''
      act(tree, { does, which }, path, name, step, article)
    }
  })
  return { ...step, announced: step.announced.sort(), removed: step.removed.sort() }
}

function act(
  tree: Tree,
  { does, which }: Act,
  path: string | undefined,
  name: string,
  step: Step,
  known: string,
): void {
  const away = pick(
    tree.gone().filter((article) => !step.removed.includes(article)),
    which,
  )
  if (does === 'add') {
    tree.add(name, article(name, words(name)))
    step.announced.push(name)
  } else if (does === 'return') {
    if (away !== undefined) tree.bringBack(away, which % 2 === 0 ? away : name)
  } else if (path === undefined) return
  else if (does === 'edit') tree.edit(path, (text) => `${text}\n${words(name, 3)}\n`)
  else if (does === 'rename') tree.move(path, posix.join(posix.dirname(path), name))
  else if (does === 'move') tree.move(path, `${name}/index.md`)
  else if (does === 'retag') tree.edit(path, (text) => setLine(text, 'tags', `tags: [${name}]`))
  else if (does === 'redate') tree.edit(path, (text) => setLine(text, 'date', `date: 2025-02-${10 + (which % 10)}`))
  else {
    tree.remove(path)
    step.removed.push(known)
  }
}

function pick<T>(list: readonly T[], which: number): T | undefined {
  return list[which % Math.max(1, list.length)]
}
