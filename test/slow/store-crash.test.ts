import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, existsSync, readdirSync, rmSync, watch } from 'node:fs'
import { join } from 'node:path'
import { execPath } from 'node:process'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { copyStore } from '../../src/remember/copy.ts'
import { inspectStore } from '../../src/remember/inspect.ts'
import { openStore } from '../../src/remember/open.ts'
import { tempFolder } from '../support/folder.ts'
import { STEPS, makeOlderStore } from '../support/older-store.ts'
import { scriptOf } from '../support/script.ts'
import { changeIn, rowsIn } from '../support/store-files.ts'

const TASK = await scriptOf('store-task.ts')
/** Moments all over the work, and as many at its end. */
const ROUNDS = 20

let samples = ''
beforeAll(async () => {
  samples = tempFolder()
  const at = (name: string): string => join(samples, `${name}.db`)
  for (const name of ['now', 'then']) {
    const draft = at(`${name}-draft`)
    await (await openStore(draft)).destroy()
    // So large that each step takes its time.
    await changeIn(draft, (file) => {
      const keys = JSON.stringify(Array.from({ length: 1000 }, (_, index) => String(index)))
      file.prepare('insert into settings select value, hex(randomblob(2000)) from json_each(?)').run(keys)
      file.exec(`insert into settings values ('name', '${name}')`)
    })
    await copyStore(draft, at(name))
  }
  await makeOlderStore(at('now'), at('older-draft'), '004-preferences')
  await copyStore(at('older-draft'), at('older'))
})
afterAll(() => {
  rmSync(samples, { recursive: true })
})

/**
 * Runs a task, and kills it once so much has happened in its folder.
 * @returns how much happened, and whether it was killed
 */
async function killAfter(events: number, dir: string, words: string[]): Promise<{ seen: number; wasKilled: boolean }> {
  const child = spawn(execPath, [TASK, ...words], { stdio: 'inherit' })
  let seen = 0
  const watcher = watch(dir, () => {
    seen += 1
    if (seen >= events) child.kill('SIGKILL')
  })
  await once(child, 'exit')
  watcher.close()
  return { seen, wasKilled: child.signalCode === 'SIGKILL' }
}

/** Names of the store's files that are left by a task, and what each of them holds. */
async function nameOf(path: string): Promise<unknown> {
  expect((await inspectStore(path)).check).toBe('ok')
  expect(await rowsIn(path, 'select count(*) as n from settings where length(value) = 4000')).toEqual([{ n: 1000 }])
  return (await rowsIn(path, "select value from settings where key = 'name'"))[0]?.['value']
}

/** Kills a task at ever later moments, the last of them close together, and looks at what is left. */
async function manyDeaths(
  store: string,
  words: (dir: string) => string[],
  look: (dir: string, wasKilled: boolean) => Promise<string>,
): Promise<Set<string>> {
  const round = async (moment: number): Promise<{ seen: number; end: string }> => {
    const dir = tempFolder()
    copyFileSync(join(samples, store), join(dir, 'feedwire.db'))
    const { seen, wasKilled } = await killAfter(moment, dir, words(dir))
    const end = await look(dir, wasKilled)
    rmSync(dir, { recursive: true })
    return { seen, end }
  }
  const { seen: all, end: whole } = await round(Infinity)
  const ends = new Set([whole])
  for (let index = 1; index <= ROUNDS; index++) {
    const { end } = await round(Math.ceil((all * index) / ROUNDS))
    ends.add(end)
    if (all > index) ends.add((await round(all - index)).end)
  }
  return ends
}

test('a restore that is killed leaves the one store or the other, and never loses the one that was there', async () => {
  const ends = await manyDeaths(
    'now.db',
    (dir) => ['restore', join(dir, 'feedwire.db'), join(samples, 'then.db')],
    async (dir, wasKilled) => {
      const name = await nameOf(join(dir, 'feedwire.db'))
      const [beside] = readdirSync(dir).filter((file) => file.includes('before-restore'))
      if (name === 'then') expect(await nameOf(join(dir, beside ?? ''))).toBe('now')
      await killAfter(Infinity, dir, ['restore', join(dir, 'feedwire.db'), join(samples, 'then.db')])
      expect(await nameOf(join(dir, 'feedwire.db'))).toBe('then')
      expect(readdirSync(dir).filter((file) => file.includes('.tmp'))).toEqual([])
      return `${String(name)}${wasKilled ? ', killed' : ''}`
    },
  )
  expect(ends).toContain('now, killed')
  expect([...ends].some((end) => end.startsWith('then'))).toBe(true)
})

test('an upgrade that is killed leaves the older store or the newer, each with all that it held', async () => {
  const ends = await manyDeaths(
    'older.db',
    (dir) => ['open', join(dir, 'feedwire.db')],
    async (dir) => {
      const path = join(dir, 'feedwire.db')
      expect(await nameOf(path)).toBe('now')
      const { schema } = await inspectStore(path)
      expect([STEPS.slice(0, 4), STEPS]).toContainEqual(schema)
      const isNewer = schema.length === STEPS.length
      if (isNewer) expect(await nameOf(`${path}.before-005-suppressions`)).toBe('now')
      await (await openStore(path)).destroy()
      expect((await inspectStore(path)).schema).toEqual(STEPS)
      expect(readdirSync(dir).filter((file) => file.endsWith('.tmp'))).toEqual([])
      return isNewer ? 'newer' : 'older'
    },
  )
  expect(ends).toEqual(new Set(['older', 'newer']))
})

test('a backup that is killed leaves none, or a whole one', async () => {
  const ends = await manyDeaths(
    'now.db',
    (dir) => ['backup', join(dir, 'feedwire.db'), join(dir, 'backup.db')],
    async (dir) => {
      if (!existsSync(join(dir, 'backup.db'))) return 'none'
      return String(await nameOf(join(dir, 'backup.db')))
    },
  )
  expect(ends).toEqual(new Set(['none', 'now']))
})
