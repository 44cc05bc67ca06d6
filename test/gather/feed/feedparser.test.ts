import { readFileSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { readFeed } from '../../../src/gather/feed/read-feed.ts'
import { readersMissing } from '../../support/feed-readers.ts'
import { entriesFound } from './entries-found.ts'

const FOLDER = fileURLToPath(new URL('../../fixtures/feeds-of-others/', import.meta.url))

/** Where we mean to find something else, and why. */
const OTHERWISE: Readonly<Record<string, string>> = {
  'base.xml': 'a link to a script is none',
  'broken-cdata.xml': 'a section that was never closed ends with its element, so that no item is lost',
  'broken-controls.xml': 'control characters vanish',
  'broken-unclosed.xml': 'a missing end tag costs no title and no link',
  'gb-undeclared.xml': 'an undeclared encoding is recognised',
  'guids.xml': 'an item that stands there twice counts once',
  'json-1.0.json': 'feedparser reads no JSON without its header',
  'json-1.1.json': 'feedparser reads no JSON without its header',
  'rss-2.0.xml': 'links are relative to that of the channel',
}

test.skipIf(readersMissing())('readFeed() finds the entries that feedparser finds, save where we know better', () => {
  const names = readdirSync(FOLDER).sort()
  const theirs = entriesFound(names.map((name) => `${FOLDER}${name}`))
  const differing = names.filter((name, index) => {
    const { items } = readFeed(readFileSync(`${FOLDER}${name}`), null, 'https://feed.example/feed.xml')
    const ours = items.map(({ guid, link, title }) => ({ guid, link, title }))
    return (
      JSON.stringify(ours) !== JSON.stringify(theirs[index]?.map(({ guid, link, title }) => ({ guid, link, title })))
    )
  })
  expect(names.length).toBeGreaterThan(30)
  expect(differing).toEqual(Object.keys(OTHERWISE))
})
