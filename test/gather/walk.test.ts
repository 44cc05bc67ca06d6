import { execFileSync } from 'node:child_process'
import { chmodSync, linkSync, mkdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join, sep } from 'node:path'
import process from 'node:process'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Walk, type WalkRules, walkFolder } from '../../src/gather/walk.ts'
import { putFile, tempFolder } from '../support/folder.ts'

const ANY: WalkRules = { passesOver: () => null, ending: /\.(?:md|mdx)$/i, include: [], exclude: [] }
const NOBODY = 65534

let base = ''
let dir = ''
beforeEach(() => {
  base = tempFolder()
  dir = join(base, 'articles')
  mkdirSync(dir)
})
afterEach(() => {
  rmSync(base, { recursive: true, force: true })
})

function put(...paths: string[]): void {
  for (const path of paths) putFile(dir, path, '# x')
}

function link(target: string, path: string): void {
  mkdirSync(join(dir, path, '..'), { recursive: true })
  symlinkSync(target, join(dir, path))
}

function pathsOf({ files }: Walk): string[] {
  return files.map(({ path }) => path)
}

function walk(rules: Partial<WalkRules> = {}): string[] {
  return pathsOf(walkFolder(dir, { ...ANY, ...rules }))
}

/** Walks as a user whom the modes of files bind: root may read all. */
function walkAsNobody(): Walk {
  if (process.geteuid?.() !== 0) return walkFolder(dir, ANY)
  chmodSync(base, 0o755)
  process.seteuid?.(NOBODY)
  try {
    return walkFolder(dir, ANY)
  } finally {
    process.seteuid?.(0)
  }
}

describe('walkFolder() finds', () => {
  test('files by their ending, in order of path by code units', () => {
    put('b.md', 'a.md', 'a/c.mdx', 'a-b/x.md', 'A/D.MD', 'a.txt', 'md', 'a.md.bak', '潮/汐.md', '😀.md', '\uff5e.md')
    expect(walk()).toEqual(['A/D.MD', 'a-b/x.md', 'a.md', 'a/c.mdx', 'b.md', '潮/汐.md', '😀.md', '\uff5e.md'])
  })

  test('size and times of each', () => {
    put('a/b.md')
    const { size, mtimeMs, ctimeMs } = statSync(join(dir, 'a/b.md'))
    const file = { name: 'a/b.md', path: 'a/b.md', size, mtimeMs, ctimeMs }
    expect(walkFolder(dir, ANY)).toEqual({ root: dir + sep, files: [file], unreadable: [] })
  })

  test('nothing hidden and no module', () => {
    put('.a.md', '.git/a.md', 'a/.b/c.md', 'node_modules/x/README.md', 'a/node_modules/b.md')
    expect(walk()).toEqual([])
  })

  test('no folder, pipe or socket for a file', () => {
    mkdirSync(join(dir, 'folder.md'))
    execFileSync('mkfifo', [join(dir, 'pipe.md')])
    link('pipe.md', 'link.md')
    put('a.md')
    expect(walk()).toEqual(['a.md'])
  })

  test('what the dialect does not pass over', () => {
    put('_index.md', 'a/_index.md', 'a/b.md')
    const passesOver = (path: string): string | null => (path.endsWith('_index.md') ? 'a list' : null)
    expect(walk({ passesOver })).toEqual(['a/b.md'])
  })

  test.each([
    ['of 255 bytes', `${'潮'.repeat(84)}.md`],
    ['with a line break', 'a\nb.md'],
    ['with a backslash', 'a\\b.md'],
    ['like a pattern', '[a]*?!#.md'],
    ['with dots', 'a../b..md'],
  ])('a name %s', (_, name) => {
    put(name)
    expect(walk({ exclude: ['other/'] })).toEqual([name])
  })

  test('a file below two hundred folders', () => {
    const path = `${'a/'.repeat(200)}b.md`
    put(path)
    expect(walk()).toEqual([path])
  })

  test('the files of a folder that is itself a link', () => {
    put('a.md')
    symlinkSync(dir, join(base, 'link'))
    expect(pathsOf(walkFolder(join(base, 'link'), ANY))).toEqual(['a.md'])
  })
})

describe('walkFolder() calls a file', () => {
  test('by its name in NFC, and opens it by its own', () => {
    put('cafe\u0301/e\u0301.md')
    const { root, files } = walkFolder(dir, ANY)
    const [file] = files
    expect(file?.path).toBe('caf\u00e9/\u00e9.md')
    expect(statSync(root + (file?.name ?? '')).isFile()).toBe(true)
  })

  test('by its own spelling when the other is taken', () => {
    put('cafe\u0301.md', 'caf\u00e9.md', '\u1112\u1161\u11ab.md')
    const { root, files } = walkFolder(dir, ANY)
    // A file system may hold the two for one.
    const both = files.length === 3 ? ['cafe\u0301.md', 'caf\u00e9.md'] : ['caf\u00e9.md']
    expect(pathsOf({ root, files, unreadable: [] })).toEqual([...both, '\ud55c.md'])
  })
})

describe('walkFolder() follows', () => {
  test('a link to a file inside the folder', () => {
    put('a.md', '.store/b.md')
    link('a.md', 'again.md')
    link('.store/b.md', 'b.md')
    expect(walk()).toEqual(['a.md', 'again.md', 'b.md'])
  })

  test('a link to a folder that is passed over by its own name', () => {
    put('.store/a.md', '.store/sub/b.md')
    link('.store', 'posts')
    expect(walk()).toEqual(['posts/a.md', 'posts/sub/b.md'])
  })

  test('one of two links to a folder, and of a folder within it', () => {
    put('.store/a.md', '.store/sub/b.md')
    link('../.store/sub', 'x/a')
    link('../.store', 'x/b')
    link('../.store', 'x/c')
    expect(walk()).toEqual(['x/a/b.md', 'x/b/a.md'])
  })

  test('no link to a folder that is walked anyhow: the real place wins', () => {
    put('2026/a.md')
    link('2026', '0-latest')
    expect(walk()).toEqual(['2026/a.md'])
  })

  test('no link in a circle', () => {
    put('a/b.md', '.store/c.md')
    link('..', 'a/up')
    link('.', 'here')
    link('.store', 'posts')
    link('.', '.store/again')
    link('self', 'self')
    expect(walkFolder(dir, ANY)).toMatchObject({ files: [{ path: 'a/b.md' }, { path: 'posts/c.md' }], unreadable: [] })
  })

  test('no link that is broken or leads out of the folder', () => {
    putFile(base, 'secret.md', '# x')
    putFile(base, 'articles-of-others/b.md', '# x')
    link('../secret.md', 'outside.md')
    link('../articles-of-others', 'others')
    link('../articles-of-others/b.md', 'beside.md')
    link('nowhere.md', 'broken.md')
    link('nowhere', 'broken')
    expect(walkFolder(dir, ANY)).toMatchObject({ files: [], unreadable: [] })
  })

  test('no link to what is left out', () => {
    put('drafts/a.md')
    link('drafts', 'pub')
    link('drafts/a.md', 'a.md')
    expect(walk({ exclude: ['drafts/'] })).toEqual([])
  })

  test('a file with two names as two files', () => {
    put('a.md')
    linkSync(join(dir, 'a.md'), join(dir, 'b.md'))
    expect(walk()).toEqual(['a.md', 'b.md'])
  })
})

describe('walkFolder() leaves out', () => {
  test('what the configuration excludes', () => {
    put('a.md', 'drafts/b.md', 'x/drafts/c.md', 'x/d.tmp.md')
    expect(walk({ exclude: ['/drafts/', '*.tmp.md'] })).toEqual(['a.md', 'x/drafts/c.md'])
  })

  test('what the configuration does not include', () => {
    put('README.md', 'posts/a.md', 'posts/old/b.md', 'pages/c.md')
    expect(walk({ include: ['posts/**', '!posts/old/'], exclude: ['b.md'] })).toEqual(['posts/a.md'])
  })

  test('what an ignore file names, there and below', () => {
    put('a.md', 'x/a.md', 'x/y/a.md', 'x/y/b.md', 'z/b.md')
    putFile(dir, 'x/.feedwireignore', '\ufeff# notes\r\n\r\na.md\r\n')
    expect(walk()).toEqual(['a.md', 'x/y/b.md', 'z/b.md'])
  })

  test('by a pattern for a folder with accents, however it is spelt', () => {
    put('cafe\u0301/a.md', 'b.md')
    expect(walk({ exclude: ['caf\u00e9/'] })).toEqual(['b.md'])
    putFile(dir, 'cafe\u0301/.feedwireignore', '/a.md')
    expect(walk()).toEqual(['b.md'])
  })

  test('nothing for a .gitignore, since posts may be generated', () => {
    put('a.md')
    putFile(dir, '.gitignore', '*')
    expect(walk()).toEqual(['a.md'])
  })
})

describe('walkFolder() notes', () => {
  test('a folder that may not be listed, and one that may not be entered', () => {
    put('a.md', 'closed/b.md', 'listed/c.md', 'listed/d.md', 'z.md')
    chmodSync(join(dir, 'closed'), 0o311)
    chmodSync(join(dir, 'listed'), 0o644)
    expect(walkAsNobody()).toMatchObject({
      files: [{ path: 'a.md' }, { path: 'z.md' }],
      unreadable: [
        { path: 'closed', code: 'EACCES' },
        { path: 'listed', code: 'EACCES' },
      ],
    })
    chmodSync(join(dir, 'closed'), 0o755)
    chmodSync(join(dir, 'listed'), 0o755)
  })

  test('a folder whose ignore file may not be read: nobody knows what it leaves out', () => {
    put('a.md', 'x/b.md')
    putFile(dir, 'x/.feedwireignore', 'b.md')
    chmodSync(join(dir, 'x/.feedwireignore'), 0o000)
    expect(walkAsNobody()).toMatchObject({ files: [{ path: 'a.md' }], unreadable: [{ path: 'x', code: 'EACCES' }] })
  })

  test('a file that links to itself', () => {
    link('a.md', 'a.md')
    expect(walkFolder(dir, ANY)).toMatchObject({ files: [], unreadable: [{ path: 'a.md', code: 'ELOOP' }] })
  })

  test('a folder too deep for the file system to name, and reads the others', () => {
    put('a.md')
    const name = 'x'.repeat(200)
    execFileSync('sh', ['-c', `for i in $(seq 30); do mkdir ${name} && cd -P ./${name}; done; echo > b.md`], {
      cwd: dir,
    })
    const { files, unreadable } = walkFolder(dir, ANY)
    expect(files).toMatchObject([{ path: 'a.md' }])
    expect(unreadable).toMatchObject([{ path: expect.stringMatching(/^x+\/x/), code: 'ENAMETOOLONG' }])
    execFileSync('rm', ['-rf', join(dir, name)])
  })

  test.skipIf(process.platform !== 'linux')('a name that is not UTF-8', () => {
    const name = Buffer.concat([Buffer.from(`${dir}/`), Buffer.from([0xb3, 0xb1, 0xcf, 0xab])])
    writeFileSync(Buffer.concat([name, Buffer.from('.md')]), '# x')
    mkdirSync(name)
    put('a.md', '\ufffd.md')
    const { files, unreadable } = walkFolder(dir, ANY)
    expect(files).toMatchObject([{ path: 'a.md' }, { path: '\ufffd.md' }])
    expect(unreadable.map(({ code }) => code)).toEqual(['EILSEQ', 'EILSEQ'])
  })
})

describe('walkFolder() throws', () => {
  test('when the folder is not there', () => {
    expect(() => walkFolder(join(base, 'none'), ANY)).toThrow('ENOENT')
  })

  test('when it is no folder', () => {
    writeFileSync(join(base, 'file'), '')
    expect(() => walkFolder(join(base, 'file'), ANY)).toThrow('ENOTDIR')
  })

  test('when it may not be listed', () => {
    put('a.md')
    chmodSync(dir, 0o311)
    expect(walkAsNobody).toThrow('EACCES')
    chmodSync(dir, 0o755)
  })

  test('when its ignore file is too large to be one', () => {
    put('a.md')
    putFile(dir, '.feedwireignore', 'x\n'.repeat(40_000))
    expect(() => walkFolder(dir, ANY)).toThrow('EFBIG')
  })
})
