import { cpSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { loadConfig } from '../src/config.ts'
import { runOnce } from '../src/run.ts'
import { filesBelow, putFile, tempFolder } from './support/folder.ts'

const FIXTURE = fileURLToPath(new URL('fixtures/site', import.meta.url))

/** Of the tags, authors and the like, these stand for all. */
const PINNED = ['tags/']

// After a wanted change run `npx vitest run test/golden.test.ts -u` and read what it wrote before you commit it.
test('a whole run writes exactly the golden pages, feeds and letter', async () => {
  const dir = tempFolder()
  cpSync(FIXTURE, dir, { recursive: true })
  putFile(dir, 'feedwire.config.yaml', readFileSync(join(FIXTURE, 'feedwire.config.yaml'), 'utf8'))
  const loaded = loadConfig(null, dir, {})
  if (!loaded.ok) throw loaded.problems[0] ?? new Error('no config')
  const now = Date.parse('2026-10-06T09:00:00Z')
  const { signal } = new AbortController()
  await runOnce(loaded.config, {
    now,
    clock: () => now,
    random: () => 0.5,
    signal,
    acceptRemovals: false,
    digest: 'due',
  })

  const made = [...filesBelow(join(dir, 'public')), ...filesBelow(join(dir, 'outbox'))]
  expect(made.filter((path) => !/^digests\/\d|\.eml$|manifest|^(?:tags|categories|sources)\//.test(path))).toEqual([
    ...['atom.xml', 'authors/ada-keeper/atom.xml', 'authors/ada-keeper/feed.json', 'authors/ada-keeper/feed.xml'],
    ...['authors/ada-keeper/index.html', 'digests/index.html', 'feed.json', 'feed.xml', 'feeds.opml', 'index.html'],
    ...['page/1.html', 'subscribe.html', 'subscribe.js'],
  ])
  for (const path of filesBelow(join(dir, 'public'))) {
    if (
      path.endsWith('manifest.json') ||
      (path.split('/').length === 3 && !PINNED.some((name) => path.startsWith(name)))
    )
      continue
    const text = readFileSync(join(dir, 'public', path), 'utf8')
    await expect(text).toMatchFileSnapshot(`golden/site/${path}`)
  }
  for (const path of filesBelow(join(dir, 'outbox'))) {
    await expect(readFileSync(join(dir, 'outbox', path), 'latin1')).toMatchFileSnapshot(`golden/site/outbox/${path}`)
  }
})
