import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { entriesByCrossKey, freshenCrossKeys, linkCrossKey, textCrossKey } from '../../src/remember/cross-keys.ts'
import { storeRevision } from '../../src/remember/revision.ts'
import type { Scope } from '../../src/remember/entries.ts'
import { LINKS, TempSite, article, words } from '../support/site.ts'

const ARTICLE = 'https://pier.example.org/2026/oak'
for (const link of [
  'http://pier.example.org/2026/oak',
  'https://www.pier.example.org/2026/oak/',
  'https://pier.example.org/2026/oak/index.html',
  'https://pier.example.org/2026/oak.html?utm_source=feed&utm_medium=rss',
  'https://PIER.example.org:443/2026/%6Fak',
])
  test(`linkCrossKey() is the same for ${link}`, () => expect(linkCrossKey(link)).toBe(linkCrossKey(ARTICLE)))

for (const link of [
  'https://pier.example.org/2026/oaks',
  'https://pier.example.org/2026/oak?page=2',
  'https://quay.example.org/2026/oak',
  'https://pier.example.org/2026/oak#/second',
])
  test(`linkCrossKey() is another for ${link}`, () => expect(linkCrossKey(link)).not.toBe(linkCrossKey(ARTICLE)))

for (const link of [
  '',
  'mailto:ann@example.org',
  'https://pier.example.org',
  'https://www.pier.example.org/?utm_source=x',
])
  test(`linkCrossKey() tells nothing of "${link}"`, () => expect(linkCrossKey(link)).toBeNull())

test('textCrossKey() tells nothing of a short text, and the same of texts of one opening', () => {
  const text = words('long', 20)
  expect(textCrossKey(words('short', 5))).toBeNull()
  expect(textCrossKey(`${text} and so on`)).toBe(textCrossKey(`${text.replaceAll(' ', '\n ')}...`))
})

describe('freshenCrossKeys()', () => {
  let site: TempSite
  beforeEach(async () => {
    site = await TempSite.open()
    site.folder('articles')
  })
  afterEach(() => site.close())

  /** How many entries are known by a link after the keys were brought up to date. */
  async function known(link: string, pattern: string | null = null): Promise<number> {
    const scope: Scope = new Map([['articles', { ...LINKS, pattern }]])
    await freshenCrossKeys(site.store, scope, await storeRevision(site.store))
    const key = linkCrossKey(link) ?? ''
    return (await entriesByCrossKey(site.store, [key])).get(key)?.length ?? 0
  }

  function write(name: string, ...head: string[]): void {
    site.write(`articles/${name}.md`, article(name, words(name), ['date: 2026-02-01', ...head]))
  }

  test('knows what is remembered, and what comes later', async () => {
    write('oak', `permalink: ${ARTICLE}`)
    await site.run()
    expect(await known(ARTICLE)).toBe(1)
    write('elm', `permalink: ${ARTICLE}`)
    await site.run()
    expect(await known(ARTICLE)).toBe(2)
  })

  test('forgets an address that changed', async () => {
    write('oak', `permalink: ${ARTICLE}`)
    await site.run()
    await known(ARTICLE)
    write('oak', `permalink: ${ARTICLE}-2`)
    await site.run()
    expect([await known(ARTICLE), await known(`${ARTICLE}-2`)]).toEqual([0, 1])
  })

  test('goes by the pattern of the settings, and by another one once they have another', async () => {
    write('oak')
    await site.run()
    const patterns = ['https://a.example.org/{slug}/', 'https://b.example.org/{slug}/']
    for (const pattern of patterns) {
      const links = patterns.map((one) => one.replace('{slug}', 'oak'))
      const found: number[] = []
      for (const link of links) found.push(await known(link, pattern))
      expect(found).toEqual(patterns.map((one) => (one === pattern ? 1 : 0)))
    }
  })

  test('knows more entries than are looked at at once, those of one revision too', async () => {
    for (let n = 0; n < 405; n++) write(`oak-${n}`, `permalink: ${ARTICLE}`)
    await site.run()
    expect(await known(ARTICLE)).toBe(405)
  })
})
