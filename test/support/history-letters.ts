import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { parseFeed } from 'feedsmith'
import { expect } from 'vitest'
import { tempFolder } from './folder.ts'
import { started } from './history-articles.ts'
import { Clone, type History } from './history.ts'
import { lettersIn, runAt } from './run-at.ts'
import { article, words } from './site.ts'

const CONFIG = `
site: { title: Sea notes, url: "https://sea.example.org/", timezone: Asia/Shanghai }
sources: [{ kind: markdown, dir: blog }]
feeds: { entries: 50 }
digest: { max_entries: 5 }
subscribers: [reader@example.net]
`

/** What readers see after a run: the digests of the run, the letters so far, and the id of each title in the feed. */
export interface Told {
  digests: { entries: number; more: number; recipients: number }[]
  letters: number
  ids: Record<string, string>
}

/** Runs the whole job after each commit, an hour apart. */
export async function tell(history: History): Promise<Told[]> {
  const dir = tempFolder({ 'feedwire.config.yaml': CONFIG, 'blog/.keep': '' })
  rmSync(join(dir, 'blog/.keep'))
  const clone = new Clone(history, join(dir, 'blog'))
  const told: Told[] = []
  for (const [hour, commit] of history.commits.entries()) {
    clone.pull(commit)
    const { digests } = await runAt(dir, new Date(Date.UTC(2026, 2, 31, hour)).toISOString())
    const letters = (await lettersIn(dir)).length
    told.push({
      digests: digests.map(({ entries, more, recipients }) => ({ entries, more, recipients })),
      letters,
      ids: idsIn(dir),
    })
  }
  rmSync(dir, { recursive: true })
  history.drop()
  return told
}

function idsIn(dir: string): Record<string, string> {
  const atom = parseFeed(readFileSync(join(dir, 'public/atom.xml'), 'utf8'))
  if (atom.format !== 'atom') throw new Error('not Atom')
  return Object.fromEntries((atom.feed.entries ?? []).map(({ title, id }) => [title?.value ?? '', id ?? '']))
}

/** Of so many articles that come at once, readers get one letter as long as any other. */
export async function expectOneLetterOf(count: number): Promise<void> {
  const history = started().commit('many', (tree) => {
    for (let n = 0; n < count; n++) tree.add(`more/n${n}.md`, article(`Number ${n}`, words(`${n}`, 15)))
  })
  const told = await tell(history.commit('rename', (tree) => tree.moveAll((path) => `old/${path}`)))
  expect(told.map(({ digests }) => digests)).toEqual([[], [{ entries: 5, more: count - 5, recipients: 1 }], []])
  expect(told.map(({ letters }) => letters)).toEqual([0, 1, 1])
}
