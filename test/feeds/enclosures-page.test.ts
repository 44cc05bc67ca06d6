import { expect, test } from 'vitest'
import type { Enclosure } from '../../src/enclosure.ts'
import { renderIndex } from '../../src/pages/render.ts'
import { formContext } from '../pages/form-pages.ts'
import { entryWith } from './samples.ts'

function pageWith(...enclosures: Enclosure[]): string {
  return renderIndex(formContext(null), [{ ...entryWith(1), image: null, enclosures }], []).content
}

const AUDIO = { url: 'https://pod.example/a/ebb%20tide.mp3?x=1&y=2', type: 'audio/mpeg', length: 9 }

test('a page leads to a file by its name, under the snippet', () => {
  const page = pageWith(AUDIO)
  const link = '<a rel="enclosure" type="audio/mpeg" href="https://pod.example/a/ebb%20tide.mp3?x=1&amp;y=2">'
  expect(page).toContain(`${link}<bdi>ebb tide.mp3</bdi></a>`)
  expect(page.indexOf(link)).toBeGreaterThan(page.indexOf('class="snippet"'))
})

for (const [says, url, name] of [
  ['as it stands where it cannot be decoded', 'https://pod.example/%E4%A.mp3', '%E4%A.mp3'],
  ['by its host where it has no name', 'https://pod.example/', 'pod.example'],
  ['escaped', 'https://pod.example/%3Cb%3E.mp3', '&lt;b&gt;.mp3'],
  ['cut where it is endless', `https://pod.example/${'a'.repeat(500)}`, 'a'.repeat(80)],
] as const)
  test(`a page names a file ${says}`, () => expect(pageWith({ ...AUDIO, url })).toContain(`<bdi>${name}</bdi></a>`))

for (const [says, change] of [
  ['a picture', { type: 'image/png' }],
  ['a file of which nobody knows what it is', { type: null }],
  ['what is not on the web', { url: 'javascript:alert(1)' }],
] as const)
  test(`a page does not lead to ${says}`, () =>
    expect(pageWith({ ...AUDIO, ...change })).not.toContain('rel="enclosure"'))
