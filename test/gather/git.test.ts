import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { firstCommitDates } from '../../src/gather/git.ts'
import { putFile, tempFolder } from '../support/folder.ts'
import { words } from '../support/site.ts'

let base = ''
let repository = ''
beforeEach(() => {
  base = tempFolder()
  repository = join(base, 'site')
  mkdirSync(repository)
  git('init', '--quiet', '--initial-branch=main')
})
afterEach(() => {
  rmSync(base, { recursive: true })
})

function gitAt(day: string, ...args: string[]): void {
  const author = { GIT_AUTHOR_NAME: 'Ada', GIT_AUTHOR_EMAIL: 'ada@example.org', GIT_AUTHOR_DATE: `${day}T12:00:00Z` }
  const committer = { GIT_COMMITTER_NAME: 'Bo', GIT_COMMITTER_EMAIL: 'bo@example.org' }
  const plain = { GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1', HOME: base }
  const env = { ...process.env, ...author, ...committer, GIT_COMMITTER_DATE: '2026-02-01T00:00:00Z', ...plain }
  execFileSync('git', ['-C', repository, ...args], { env, stdio: ['ignore', 'ignore', 'pipe'] })
}

function git(...args: string[]): void {
  gitAt('2026-01-31', ...args)
}

function put(...paths: string[]): void {
  for (const path of paths) putFile(repository, path, words(path))
}

function move(from: string, to: string, text?: string): void {
  mkdirSync(dirname(join(repository, to)), { recursive: true })
  renameSync(join(repository, from), join(repository, to))
  if (text !== undefined) putFile(repository, to, text)
}

function commit(day: string): void {
  git('add', '--all')
  gitAt(day, 'commit', '--quiet', '--allow-empty', '--message', day)
}

function days(dir = repository): Record<string, string> {
  const dates = [...firstCommitDates(dir)].sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(dates.map(([path, at]) => [path, new Date(at).toISOString().slice(0, 10)]))
}

describe('firstCommitDates() tells', () => {
  test('the author’s date of the commit that added a file, not of an edit', () => {
    put('a.md', 'x.txt')
    commit('2024-01-01')
    put('b/c.MD', 'b/d.mdx')
    putFile(repository, 'a.md', words('other'))
    commit('2024-02-02')
    commit('2024-03-03')
    expect(days()).toEqual({ 'a.md': '2024-01-01', 'b/c.MD': '2024-02-02', 'b/d.mdx': '2024-02-02' })
  })

  test('nothing of a file that was never committed', () => {
    put('a.md')
    commit('2024-01-01')
    put('b.md')
    expect(days()).toEqual({ 'a.md': '2024-01-01' })
  })

  test('the first date of a file that was renamed, and edited in the same commit', () => {
    put('_drafts/a.md')
    commit('2024-01-01')
    move('_drafts/a.md', '_posts/2024-02-02-a.md', `title: A\n${words('_drafts/a.md')}`)
    commit('2024-02-02')
    move('_posts/2024-02-02-a.md', 'content/a.md')
    commit('2024-03-03')
    expect(days()).toEqual({ 'content/a.md': '2024-01-01' })
  })

  test('paths from the folder that was asked about, and renames into it', () => {
    put('notes/a.md', 'other/b.md')
    commit('2024-01-01')
    move('other/b.md', 'notes/deep/b.md')
    commit('2024-02-02')
    expect(days(join(repository, 'notes'))).toEqual({ 'a.md': '2024-01-01', 'deep/b.md': '2024-01-01' })
    expect(days(join(repository, 'notes', 'deep'))).toEqual({ 'b.md': '2024-01-01' })
  })

  test('the date of another file that took over a name', () => {
    put('a.md')
    commit('2024-01-01')
    move('a.md', 'b.md')
    commit('2024-02-02')
    putFile(repository, 'a.md', words('another'))
    commit('2024-03-03')
    expect(days()).toEqual({ 'a.md': '2024-03-03', 'b.md': '2024-01-01' })
  })

  test('the first date of a file that went and came back', () => {
    put('a.md')
    commit('2024-01-01')
    rmSync(join(repository, 'a.md'))
    commit('2024-02-02')
    put('a.md')
    commit('2024-03-03')
    expect(days()).toEqual({ 'a.md': '2024-01-01' })
  })

  test('files that came by a merged branch', () => {
    put('a.md')
    commit('2024-01-01')
    git('checkout', '--quiet', '-b', 'side')
    put('b.md')
    commit('2024-02-02')
    git('checkout', '--quiet', 'main')
    put('c.md')
    commit('2024-03-03')
    git('merge', '--quiet', '--no-ff', '--message', 'merge', 'side')
    expect(days()).toEqual({ 'a.md': '2024-01-01', 'b.md': '2024-02-02', 'c.md': '2024-03-03' })
  })

  test.each([
    '潮 汐.md',
    'a\nb.md',
    'a\tb"c.md',
    '-rf.md',
    ':(top)a.md',
    'R100.md',
    '\u0001.md',
    'A'.repeat(200) + '.md',
  ])('the date of %j', (name) => {
    put(name)
    commit('2024-01-01')
    expect(days()).toEqual({ [name]: '2024-01-01' })
  })

  test('a name in NFC', () => {
    put('cafe\u0301.md')
    commit('2024-01-01')
    expect(days()).toEqual({ 'caf\u00e9.md': '2024-01-01' })
  })

  test('paths below a folder with a line break in its name', () => {
    put('a\nb/c.md')
    commit('2024-01-01')
    expect(days(join(repository, 'a\nb'))).toEqual({ 'c.md': '2024-01-01' })
  })

  test('nothing of what a shallow clone begins with, and the rest', () => {
    put('a.md')
    commit('2024-01-01')
    put('b.md')
    commit('2024-02-02')
    put('c.md')
    move('b.md', 'd.md')
    commit('2024-03-03')
    const url = pathToFileURL(repository).href
    const clone = join(base, 'clone')
    git('clone', '--quiet', '--depth=2', url, clone)
    expect(days(clone)).toEqual({ 'c.md': '2024-03-03' })
  })
})

test('firstCommitDates() asks the repository of the folder, whatever git is told elsewhere', () => {
  put('a.md')
  commit('2024-01-01')
  process.env['GIT_DIR'] = join(base, 'none')
  try {
    expect(days()).toEqual({ 'a.md': '2024-01-01' })
  } finally {
    delete process.env['GIT_DIR']
  }
})

describe('firstCommitDates() is empty', () => {
  test('outside any repository', () => {
    putFile(base, 'other/a.md', '# x')
    expect(days(join(base, 'other'))).toEqual({})
  })

  test('before the first commit', () => {
    put('a.md')
    expect(days()).toEqual({})
  })

  test('for a folder that is not there', () => expect(days(join(base, 'none'))).toEqual({}))

  test('for a repository that is broken', () => {
    put('a.md')
    commit('2024-01-01')
    putFile(repository, '.git/HEAD', 'nonsense')
    expect(days()).toEqual({})
  })
})

test('firstCommitDates() runs nothing that the repository names', () => {
  const mark = join(base, 'ran')
  const script = join(base, 'script.sh')
  putFile(base, 'script.sh', `#!/bin/sh\necho "$@" >> "${mark}"\n`)
  chmodSync(script, 0o755)
  putFile(repository, '.gitattributes', '*.md diff=x filter=x\n')
  put('a.md')
  commit('2024-01-01')
  move('a.md', 'b.md', `# x\n${words('a.md')}`)
  commit('2024-02-02')
  const settings = ['core.fsmonitor', 'core.pager', 'pager.log', 'diff.external', 'diff.x.textconv', 'diff.x.command']
  for (const name of [...settings, 'filter.x.smudge', 'filter.x.process', 'gpg.program']) git('config', name, script)
  git('config', 'log.showSignature', 'true')
  expect(days()).toEqual({ 'b.md': '2024-01-01' })
  expect(existsSync(mark)).toBe(false)
})
