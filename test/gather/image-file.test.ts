import { rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { imageFile } from '../../src/gather/image-file.ts'
import { putFile, tempFolder } from '../support/folder.ts'

const PNG = Buffer.from('\x89PNG\r\n\x1a\nrest', 'latin1')

let dir = ''
beforeEach(() => {
  dir = tempFolder({ 'articles/notes/tides.md': '' })
})
afterEach(() => rmSync(dir, { recursive: true }))

function put(path: string, bytes: Buffer = PNG): void {
  putFile(dir, path, '')
  writeFileSync(join(dir, path), bytes)
}
function find(url: string, source: string | null, change: { key?: string; dir?: string; link?: string } = {}) {
  const place = { key: 'notes/tides.md', link: 'https://t.example/tides/', ...change }
  return imageFile({ ...place, dir: join(dir, change.dir ?? 'articles'), base: dir }, { url, source })
}

describe('imageFile() finds a picture', () => {
  for (const [says, path, url, source] of [
    ['beside its article', 'articles/notes/a.png', 'https://t.example/tides/a.png', 'a.png'],
    ['in a folder below', 'articles/notes/img/a b.png', 'https://t.example/tides/img/a%20b.png', 'img/a%20b.png'],
    ['in a folder above', 'articles/a.png', 'https://t.example/a.png', '../a.png'],
    ['in the folder of the article', 'articles/notes/tides/a.png', 'https://t.example/tides/a.png', 'a.png'],
    ['with a query behind its name', 'articles/notes/a.png', 'https://t.example/tides/a.png?x', 'a.png?x'],
    ['of which only the address is known', 'articles/notes/a.png', 'https://t.example/tides/a.png', null],
    ['served from the root by Hugo', 'static/img/a.png', 'https://t.example/img/a.png', '/img/a.png'],
    ['served from the root by VitePress', 'docs/public/a.png', 'https://t.example/a.png', '/a.png'],
    ['of a site below a path', 'public/img/a.png', 'https://t.example/blog/img/a.png', '/blog/img/a.png'],
    ['with a Chinese name', 'articles/notes/潮.png', 'https://t.example/tides/%E6%BD%AE.png', '潮.png'],
  ] as const)
    test(says, () => {
      put(path)
      expect(find(url, source)).toEqual({ type: 'image/png', length: PNG.length })
    })
})

describe('imageFile() finds nothing', () => {
  for (const [says, path, url, source] of [
    ['where there is none', 'articles/b.png', 'https://t.example/tides/a.png', 'a.png'],
    ['on another site', 'articles/notes/a.png', 'https://other.example/tides/a.png', 'a.png'],
    ['in an empty file', 'articles/notes/empty.png', 'https://t.example/tides/empty.png', 'empty.png'],
    ['in a folder', 'articles/notes/a.png/b.png', 'https://t.example/tides/a.png', 'a.png'],
    ['for an address that cannot be decoded', 'articles/notes/a.png', 'https://t.example/tides/%ff', '%ff'],
    ['for a name with a NUL', 'articles/notes/a.png', 'https://t.example/tides/%00', '%00'],
  ] as const)
    test(says, () => {
      put(path, path.includes('empty') ? Buffer.alloc(0) : PNG)
      expect(find(url, source)).toBeNull()
    })

  test('above the folder of the settings', () => {
    put('a.png')
    const place = {
      dir: join(dir, 'site/articles'),
      base: join(dir, 'site'),
      key: 'tides.md',
      link: 'https://t.example/',
    }
    expect(imageFile(place, { url: 'https://t.example/a.png', source: '../../a.png' })).toBeNull()
  })

  test('above the folder of a source that lies elsewhere', () => {
    put('elsewhere/static/a.png')
    const place = {
      dir: join(dir, 'elsewhere/articles'),
      base: join(dir, 'site'),
      key: 'a.md',
      link: 'https://t.example/',
    }
    expect(imageFile(place, { url: 'https://t.example/a.png', source: '/a.png' })).toBeNull()
  })

  test('behind a link that leads out', () => {
    put('outside/a.png')
    put('site/articles/b.png')
    symlinkSync(join(dir, 'outside/a.png'), join(dir, 'site/articles/a.png'))
    const place = { dir: join(dir, 'site/articles'), base: join(dir, 'site'), key: 'a.md', link: 'https://t.example/' }
    expect(imageFile(place, { url: 'https://t.example/a.png', source: 'a.png' })).toBeNull()
    expect(imageFile(place, { url: 'https://t.example/b.png', source: 'b.png' })).not.toBeNull()
  })
})

describe('imageFile() tells by its first bytes', () => {
  for (const [type, bytes] of [
    ['image/png', '\x89PNG\r\n\x1a\n'],
    ['image/jpeg', '\xff\xd8\xff\xe0'],
    ['image/gif', 'GIF89a'],
    ['image/webp', 'RIFF\x01\x02\x03\x04WEBPVP8 '],
    ['image/avif', '\x00\x00\x00\x1cftypavif'],
    ['image/svg+xml', '<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"/>'],
    ['image/svg+xml', '\xef\xbb\xbf\n<svg>'],
  ] as const)
    test(type, () => {
      put('articles/notes/a.jpg', Buffer.from(bytes, 'latin1'))
      expect(find('https://t.example/tides/a.jpg', 'a.jpg')?.type).toBe(type)
    })

  test('what is no picture', () => {
    put('articles/notes/a.png', Buffer.from('<html><svg>'))
    expect(find('https://t.example/tides/a.png', 'a.png')).toBeNull()
  })
})
