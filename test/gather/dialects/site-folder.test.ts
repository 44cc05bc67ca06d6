import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { below, openSiteFolder, type SiteFolder } from '../../../src/gather/dialects/site-folder.ts'
import { OURS, siteFolder } from '../../support/dialect-site.ts'

function open(files: Record<string, string>): SiteFolder {
  const root = siteFolder({ 'site/.keep': '', ...files })
  return openSiteFolder(join(root, 'site'), join(root, 'site'), { baseDir: root, siteUrl: OURS, demand: 'sure' })
}

test.each([
  ['a file', 'a.yml', 'a: 1\n'],
  ['a file in a folder', 'x/b.yml', 'b'],
  ['no byte order mark', 'bom.yml', 'c'],
  ['nothing where no file is', 'none.yml', null],
  ['no folder', 'x', null],
  ['nothing outside the site', '../secret.yml', null],
  ['nothing of an absolute path', '/etc/hostname', null],
  ['nothing of an impossible name', 'a\0b', null],
])('read() reads %s', (_, name, text) => {
  const site = open({ 'site/a.yml': 'a: 1\n', 'site/x/b.yml': 'b', 'site/bom.yml': '\uFEFFc', 'secret.yml': 's' })
  expect(site.read(name)).toBe(text)
  expect(site.problems).toEqual([])
})

test('list() gives names in order, a linked folder as a folder, a broken link as none', () => {
  const site = open({ 'site/b/x.md': '', 'site/a.md': '' })
  symlinkSync(join(site.root, 'b'), join(site.root, 'c'))
  symlinkSync(join(site.root, 'nothing'), join(site.root, 'd'))
  expect(site.list('').filter(({ name }) => name !== '.keep')).toEqual([
    { name: 'a.md', isFolder: false },
    { name: 'b', isFolder: true },
    { name: 'c', isFolder: true },
    { name: 'd', isFolder: false },
  ])
  expect(site.list('nothing')).toEqual([])
  expect(site.list('..')).toEqual([])
})

test.each([
  ['a/b.md', 'a', 'b.md'],
  ['a', 'a', ''],
  ['ab/c', 'a', null],
  ['a/b', '', 'a/b'],
  ['a', 'a/b', null],
])('below() of %s in %s is %s', (path, folder, rest) => expect(below(path, folder)).toBe(rest))
