import { describe, expect, test } from 'vitest'
import { renderArticle } from '../../src/markdown/html.ts'

const BASE = 'https://blog.example.org/notes/tides/'
const imageOf = (text: string) => renderArticle({ format: 'markdown', text }, BASE).image

describe('renderArticle() finds as the picture of an article', () => {
  for (const [says, text, url] of [
    ['the first of several', 'a ![](x.png) ![](y.png)', `${BASE}x.png`],
    ['one in raw HTML', '<figure><img src="/x.png"></figure>', 'https://blog.example.org/x.png'],
    ['one within a link', '[![](x.png)](y)', `${BASE}x.png`],
    ['what comes after a badge', '![](https://img.shields.io/npm/v/x) ![](x.png)', `${BASE}x.png`],
    ['what comes after the state of a build', '![](https://a.example/b/badge.svg) ![](x.png)', `${BASE}x.png`],
    ['what comes after one that only counts readers', '<img src="a" width="1" height="1"> ![](x.png)', `${BASE}x.png`],
    ['what comes after one in the page itself', '![](data:image/png;base64,AAAA) ![](x.png)', `${BASE}x.png`],
  ] as const)
    test(says, () => expect(imageOf(text)?.url).toBe(url))

  for (const [says, text] of [
    ['nothing in code', '`![](x.png)`\n\n    ![](x.png)\n'],
    ['nothing that leads to a script', '![](javascript:x)'],
    ['nothing where there is none', 'a'],
  ] as const)
    test(says, () => expect(imageOf(text)).toBeNull())
})

test('renderArticle() tells what a picture shows and how it was written', () => {
  expect(imageOf('![The "old" *gauge*](<../tide pole.png> "x")')).toEqual({
    url: 'https://blog.example.org/notes/tide%20pole.png',
    source: '../tide%20pole.png',
    alt: 'The "old" gauge',
  })
})
