import { createHash } from 'node:crypto'
import { rmSync } from 'node:fs'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { storePlace } from '../support/database.ts'
import { putFile, tempFolder } from '../support/folder.ts'
import { runAt } from '../support/run-at.ts'

/** Words that do not compress, so that an index has to take all of them. */
function noise(length: number): string {
  let text = ''
  while (text.length < length) text += createHash('sha256').update(text).digest('hex')
  return text.slice(0, length)
}

let dir = ''
beforeEach(() => {
  dir = tempFolder()
  const settings = {
    site: { title: 'Tide Notes', url: 'https://tides.example.org/' },
    database: storePlace(dir),
    sources: [
      { kind: 'feed', name: 'planet', file: 'planet.xml' },
      { kind: 'markdown', dir: 'articles' },
    ],
  }
  putFile(dir, 'feedwire.config.yaml', JSON.stringify(settings))
})
afterEach(() => {
  rmSync(dir, { recursive: true })
})

const text = 'The gauge at the north stands in the harbour since the year of the great flood; it is read at noon.'
const item = (head: string, at: number): string =>
  `<item><title>Gauge ${at}</title><description>${at}: ${text}</description>${head}</item>`

test('names and addresses longer than an index takes are kept apart and known again', async () => {
  const [guid, path] = [noise(1980), noise(3800)]
  const items = [
    item(`<guid isPermaLink="false">${'潮'.repeat(1990)}${guid.slice(0, 9)}</guid>`, 1),
    item(`<guid isPermaLink="false">${guid}a</guid>`, 2),
    item(`<guid isPermaLink="false">${guid}b</guid>`, 3),
    item(`<link>https://else.example.net/${path}a</link>`, 4),
    item(`<link>https://else.example.net/${path}b</link><category>${noise(290)}</category>`, 5),
  ]
  putFile(dir, 'planet.xml', `<rss version="2.0"><channel><title>Planet</title>${items.join('')}</channel></rss>`)
  const head = [`title: North`, `id: ${noise(3000)}`, `tags: [${noise(3000)}]`, `date: 2026-01-30`]
  putFile(dir, 'articles/north.md', ['---', ...head, '---', text, ''].join('\n'))
  const first = await runAt(dir, '2026-01-31T08:00:00Z')
  expect(first.gathered).toMatchObject({ new: 6, rejected: 0 })
  const second = await runAt(dir, '2026-01-31T09:00:00Z')
  expect(second.gathered).toMatchObject({ new: 0, updated: 0, removed: 0 })
})
