import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { filesBelow, putFile, tempFolder } from '../support/folder.ts'
import { runAt } from '../support/run-at.ts'

const SITE = `
site: { title: Tide Notes, url: "https://tides.example.org/" }
publish: { compress: false }
`
const at = (url: string): string => `${SITE}web: { url: "${url}" }\n`

let dir = ''
beforeEach(() => {
  const article = '---\ntitle: Spring tide\ndate: 2026-01-01\ntags: [tides]\n---\nThe keeper saw it rise.\n'
  dir = tempFolder({ 'feedwire.config.yaml': SITE, 'articles/spring.md': article })
})
afterEach(() => {
  rmSync(dir, { recursive: true })
})

/** Runs with these settings, and gives the pages that stand then. */
async function publish(settings: string): Promise<{ pages: string[]; scripts: string[]; written: string[] }> {
  putFile(dir, 'feedwire.config.yaml', settings)
  const { published } = await runAt(dir, '2026-01-02T00:00:00Z')
  const paths = filesBelow(join(dir, 'public'))
  return {
    pages: paths.filter((path) => path.endsWith('.html')),
    scripts: paths.filter((path) => path.endsWith('.js')),
    written: published.written,
  }
}

const textOf = (path: string): string => readFileSync(join(dir, 'public', path), 'utf8')

test('the script is published before the pages that name it', async () => {
  const { pages, scripts, written } = await publish(at('https://news.example.org/'))
  expect(scripts).toEqual(['subscribe.js'])
  expect(written[0]).toBe('subscribe.js')
  for (const path of pages) expect(textOf(path), path).toContain('action="https://news.example.org/subscribe?lang=en"')
})

test('another address of the endpoint is published at once, on every page', async () => {
  await publish(at('https://news.example.org/'))
  const { pages } = await publish(at('https://letters.example.org/tides/'))
  expect(pages).toContain('tags/tides/index.html')
  for (const path of pages) {
    expect(textOf(path), path).toContain('action="https://letters.example.org/tides/subscribe?lang=en"')
    expect(textOf(path), path).not.toContain('news.example.org')
  }
})

test('a site that gives its endpoint up is as if it never had one', async () => {
  const { pages } = await publish(SITE)
  const never = pages.map(textOf)
  await publish(at('https://news.example.org/'))
  const { scripts } = await publish(SITE)
  expect(pages.map(textOf)).toEqual(never)
  expect(scripts).toEqual([])
})

test('what the site says about data is linked at once, on every page', async () => {
  await publish(at('https://news.example.org/'))
  const privacy = 'https://tides.example.org/privacy'
  const { pages } = await publish(at('https://news.example.org/').replace('site: {', `site: { privacy: "${privacy}",`))
  for (const path of pages) expect(textOf(path), path).toContain(`<a href="${privacy}">Privacy</a>`)
})
