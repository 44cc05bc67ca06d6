import { posix } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { expectEachKept } from './support/history-acts.ts'
import { ARTICLES, head, inBody, inHead, setLine, started } from './support/history-articles.ts'
import { expectOneLetterOf, tell } from './support/history-letters.ts'
import { History, type Tree } from './support/history.ts'
import { QUIET, Replay } from './support/replay.ts'
import { article, words } from './support/site.ts'

const open: Replay[] = []
afterEach(async () => {
  for (const replay of open.splice(0)) await replay.close()
})

/** A replay of a history, or of one that goes on after the start with these changes, each a commit. */
async function replayOf(history: History): Promise<Replay>
async function replayOf(says: string, changes: readonly Change[]): Promise<Replay>
async function replayOf(history: History | string, changes: readonly Change[] = []): Promise<Replay> {
  const built = typeof history === 'string' ? started() : history
  for (const change of changes) built.commit('change', change)
  const replay = await Replay.begin(built)
  open.push(replay)
  return replay
}

type Change = (tree: Tree) => void
type Case = readonly [string, ...Change[]]

const dateOf = (text: string): string => /^date: (\S+)/m.exec(head(text))?.[1] ?? '2018-05-05'

/** YAML front matter as TOML. */
function toToml(text: string): string {
  return inHead(text, (yaml) =>
    yaml
      .replaceAll(/^---$/gm, '+++')
      .replaceAll(/^title: "?(.*?)"?$/gm, 'title = "$1"')
      .replaceAll(/^date: (\S+) (\S+)$/gm, 'date = $1T$2:00')
      .replaceAll(/^date: (\S+)$/gm, 'date = $1')
      .replaceAll(/^image: (.*)$/gm, 'image = "$1"')
      .replaceAll(
        /^tags: \[(.*)\]$/gm,
        (_, tags: string) =>
          `tags = [${tags
            .split(', ')
            .map((tag) => `"${tag}"`)
            .join(', ')}]`,
      ),
  )
}

const GB18030 = new Map<string, Buffer>()
/** The runtime reads GB18030 but does not write it: what it reads from each pair of bytes tells how. */
function toGb18030(text: string): Buffer {
  if (GB18030.size === 0) {
    const decoder = new TextDecoder('gb18030')
    for (let lead = 0x81; lead <= 0xfe; lead++) {
      for (let trail = 0x40; trail <= 0xfe; trail++) {
        const pair = Buffer.from([lead, trail])
        if (trail !== 0x7f) GB18030.set(decoder.decode(pair), pair)
      }
    }
  }
  return Buffer.concat(
    Array.from(text, (char) => (char < '\u0080' ? Buffer.from(char) : (GB18030.get(char) ?? Buffer.from('?')))),
  )
}
const backToUtf16: Change = (tree) => {
  const decoder = new TextDecoder('gb18030')
  tree.encodeAll((_, bytes) => toUtf16(decoder.decode(bytes)))
}
const toUtf16 = (text: string): Buffer => Buffer.from(`\ufeff${text}`, 'utf16le')

const unwrapped = (text: string): string => inBody(text, (body) => body.replaceAll(/(\w)\n(\w)/g, '$1 $2'))
const renamed = (path: string): string => posix.join(posix.dirname(path), `on-${posix.parse(path).name}-2.md`)
const byYear = (tree: Tree) => (path: string) => `${dateOf(tree.text(path)).slice(0, 4)}/${path}`
const ownFolder = (path: string): string => `content/posts/${posix.parse(path).name.toLowerCase()}/index.md`
const relinked = (text: string): string =>
  inBody(text, (body) => body.replaceAll(/\]\((?!http)([^)]+?)(?:\.md)?\)/g, '](../../$1/)'))

const rename: Change = (tree) => tree.moveAll(renamed)
const intoFolders: Change = (tree) => tree.moveAll(ownFolder)
const redate: Change = (tree) => tree.editAll((text) => setLine(text, 'date', 'date: 2022-07-07'))
const retag: Change = (tree) => tree.editAll((text) => setLine(text, 'tags', 'tags: [all, new]'))
const toWindows: Change = (tree) => tree.editAll((text) => text.replaceAll('\n', '\r\n'))
const both = (first: Change, second: Change): Change => {
  return (tree) => {
    first(tree)
    second(tree)
  }
}

describe('no article is announced or updated when all are', () => {
  for (const [says, ...changes] of [
    ['renamed', rename],
    ['renamed, one commit after another', rename, rename],
    ['moved to another folder', (tree) => tree.moveAll((path) => `posts/${path}`)],
    ['moved to a folder for each year', (tree) => tree.moveAll(byYear(tree))],
    ['moved to a folder for each article', intoFolders],
    ['given numbers in their names', (tree) => tree.moveAll((path) => `${tree.paths().indexOf(path) + 10}-${path}`)],
    ['given the other ending', (tree) => tree.moveAll((path) => path.replace(/\.md$/, '.markdown'))],
    ['switched from YAML to TOML', (tree) => tree.editAll(toToml)],
    ['switched from YAML to TOML and moved', both((tree) => tree.editAll(toToml), intoFolders)],
    ['tagged anew', retag],
    ['moved and tagged anew', both(intoFolders, retag)],
    ['given line ends of Windows', toWindows],
    ['moved and given line ends of Windows', both(intoFolders, toWindows)],
    ['encoded in GB18030, then in UTF-16', (tree) => tree.encodeAll(toGb18030), backToUtf16],
    ['moved and encoded in UTF-16', both(intoFolders, (tree) => tree.encodeAll(toUtf16))],
    ['given a byte order mark', (tree) => tree.editAll((text) => `\ufeff${text}`)],
    ['wrapped at another width', (tree) => tree.editAll(unwrapped)],
  ] satisfies Case[]) {
    test(says, async () => {
      const replay = await replayOf(says, changes)
      for (const _ of changes) {
        expect(await replay.next()).toEqual(QUIET)
        expect(replay.updated).toBe(0)
      }
      expect(await replay.again()).toEqual(QUIET)
      expect(await replay.surplus()).toBe(0)
    })
  }
})

describe('no article is announced when all are', () => {
  for (const [says, ...changes] of [
    ['dated anew', redate],
    ['moved and dated anew', both(intoFolders, redate)],
    ['given a time', (tree) => tree.editAll((text) => setLine(text, 'date', `date: ${dateOf(text)} 10:20:30 +0800`))],
    ['edited', (tree) => tree.editAll((text) => `${text}\nEdited on a rainy day. 雨天改过。\n`)],
    ['written anew', (tree) => tree.editAll((text, path) => inBody(text, () => words(path)))],
    ['given another title', (tree) => tree.editAll((text, path) => setLine(text, 'title', `title: Of ${path}`))],
    ['moved, and every relative link rewritten', both(intoFolders, (tree) => tree.editAll(relinked))],
  ] satisfies Case[]) {
    test(says, async () => {
      const replay = await replayOf(says, changes)
      expect(await replay.rest()).toEqual(changes.map(() => QUIET))
      expect(await replay.surplus()).toBe(0)
    })
  }
})

const JEKYLL = 'title: Sea notes\nurl: https://sea.example.org\npermalink: /:year/:month/:title/\nmarkdown: kramdown\n'
const ELEVENTY = "module.exports = () => ({ dir: { input: 'posts' } })\n"
const undated = (path: string): string => posix.basename(path).replace(/^\d{4}-\d\d-\d\d-/, '')

test('no article is announced when Jekyll makes room for Eleventy, nor when it comes back', async () => {
  const history = new History().commit('Jekyll', (tree) => {
    tree.put('_config.yml', JEKYLL)
    for (const [name, text] of ARTICLES) {
      tree.add(
        `_posts/${dateOf(text)}-${name}`,
        inHead(text, (lines) => lines.replace(/^date: \S+$/m, 'layout: post')),
        name,
      )
    }
  })
  history.commit('Eleventy', (tree) => {
    tree.drop('_config.yml')
    tree.put('.eleventy.js', ELEVENTY)
    const days = new Map(tree.paths().map((path) => [undated(path), posix.basename(path).slice(0, 10)]))
    tree.moveAll((path) => `posts/${undated(path)}`)
    tree.editAll((text, path) =>
      /^date:/m.test(text) ? text : setLine(text, 'date', `date: ${days.get(undated(path)) ?? ''}`),
    )
  })
  const replay = await replayOf(history.revert())
  expect(await replay.rest()).toEqual([QUIET, QUIET])
  expect(await replay.surplus()).toBe(0)
})

test('no article is announced when Hexo makes room for Hugo', async () => {
  const history = new History().commit('Hexo', (tree) => {
    tree.put(
      '_config.yml',
      'title: Sea notes\nurl: https://sea.example.org\npermalink: :year/:title/\ntheme: landscape\n',
    )
    for (const [name, text] of ARTICLES) tree.add(`source/_posts/${name}`, text, name)
  })
  history.commit('Hugo', (tree) => {
    tree.drop('_config.yml')
    tree.put('hugo.toml', 'baseURL = "https://sea.example.org/"\ntitle = "Sea notes"\n')
    tree.moveAll(ownFolder)
    tree.editAll(toToml)
  })
  expect(await (await replayOf(history)).rest()).toEqual([QUIET])
})

describe('exactly what was added is announced', () => {
  const added: Change = (tree) => {
    tree.add('new/ferry.md', article('The ferry in winter', words('ferry')))
    tree.add('new/渡口.md', article('渡口的早晨', `${words('crossing')} 渡口`, ['tags: 海']))
    tree.add('new/buoy.md', article('Buoy', 'It is green now.', ['date: 2001-01-01']))
  }
  const three = { ...QUIET, announced: ['new/buoy.md', 'new/ferry.md', 'new/渡口.md'] }
  for (const [says, change] of [
    ['alone', () => undefined],
    ['while all others are renamed', rename],
    ['while all others are moved', intoFolders],
    ['while all others are moved and tagged anew', both(intoFolders, retag)],
    ['while all others are switched to TOML', (tree) => tree.editAll(toToml)],
    ['while all others are edited', (tree) => tree.editAll((text) => `${text}\nEdited.\n`)],
  ] satisfies Case[]) {
    test(says, async () => {
      const replay = await replayOf(says, [both(change, added)])
      expect(await replay.next()).toEqual(three)
      expect(await replay.again()).toEqual(QUIET)
    })
  }

  test('while another one is deleted', async () => {
    const replay = await replayOf('swap', [both((tree) => tree.remove('rope.md', 'hello.md'), added)])
    expect(await replay.next()).toEqual({ ...three, removed: ['hello.md', 'rope.md'] })
  })

  test('though it has the body of one that stays', async () => {
    const copy: Change = (tree) => tree.add('copy.md', tree.text('bread.md'))
    const replay = await replayOf('copy', [copy])
    expect(await replay.next()).toEqual({ ...QUIET, announced: ['copy.md'] })
  })

  test('when an article is split in two: the second half', async () => {
    const [first, second] = [`${words('one')}\n`, `${words('two')}\n`]
    const history = started().commit('whole', (tree) => tree.add('whole.md', article('Whole', first + second)))
    history.commit('split', (tree) => {
      tree.edit('whole.md', () => article('Whole', first))
      tree.add('rest.md', article('The rest', second))
    })
    const whole = { ...QUIET, announced: ['whole.md'] }
    expect(await (await replayOf(history)).rest()).toEqual([whole, { ...QUIET, announced: ['rest.md'] }])
  })
})

describe('an article that is renamed is the same', () => {
  const edited =
    (path: string): Change =>
    (tree) =>
      tree.edit(path, (text) => `${text}\nOne more line, 再加一行。\n`)
  for (const [says, ...changes] of [
    ['and edited', (tree) => (tree.move('rope.md', 'splice.md'), edited('splice.md')(tree))],
    [
      'and gets another title',
      both(
        (tree) => tree.move('茶.md', 'tea.md'),
        (tree) => tree.edit('tea.md', (text) => text.replace('三种', '四种')),
      ),
    ],
    ['and edited, while others are renamed', both(rename, edited('on-bread-2.md'))],
    [
      'and edited, like all others',
      both(rename, (tree) => tree.editAll((text) => (text.length < 200 ? text : `${text}\nEdited. 改过。\n`))),
    ],
    ['in case alone', (tree) => tree.move('hello.md', 'Hello.md')],
  ] satisfies Case[]) {
    test(says, async () => {
      expect(await (await replayOf(says, changes)).rest()).toEqual(changes.map(() => QUIET))
    })
  }
})

describe('a path is the article that stood there', () => {
  test('when two change names', async () => {
    const names: Record<string, string> = { 'rope.md': 'gauge.md', 'gauge.md': 'rope.md' }
    const replay = await replayOf('swap', [(tree) => tree.moveAll((path) => names[path] ?? path)])
    expect(await replay.next()).toEqual({ ...QUIET, confused: ['gauge.md', 'rope.md'] })
  })

  test('when one takes the name of another, which moves on', async () => {
    const names: Record<string, string> = { '旅行.md': '茶.md', '茶.md': '新茶.md' }
    const replay = await replayOf('chain', [(tree) => tree.moveAll((path) => names[path] ?? path)])
    expect(await replay.next()).toMatchObject({ announced: ['茶.md'], removed: [], missing: [] })
  })

  test('when each gets the number of the next, and a new one the first: one is announced', async () => {
    const history = new History().commit('start', (tree) => {
      for (const n of [1, 2, 3, 4]) tree.add(`${n}.md`, article(`Chapter ${n}`, words(`${n}`)))
    })
    history.commit('insert', (tree) => {
      tree.moveAll((path) => `${Number.parseInt(path) + 1}.md`)
      tree.add('1.md', article('Foreword', words('foreword')), 'foreword')
    })
    expect(await (await replayOf(history)).next()).toMatchObject({ announced: ['4.md'], removed: [], missing: [] })
  })
})

describe('an article that goes', () => {
  const goes: Change = (tree) => tree.remove('rope.md', '短讯.md')
  const gone = { ...QUIET, removed: ['rope.md', '短讯.md'] }
  const back = (rope: string): Change => {
    return (tree) => {
      tree.bringBack('rope.md', rope)
      tree.bringBack('短讯.md')
    }
  }
  for (const [says, change] of [
    ['and comes back is the same', back('rope.md')],
    ['and comes back elsewhere is the same', back('sea/rope.md')],
    ['and comes back under another name is the same', back('sea/splice.md')],
    ['and comes back while all others are renamed is the same', both(rename, back('sea/splice.md'))],
  ] satisfies Case[]) {
    test(says, async () => {
      const replay = await replayOf(says, [goes, (tree) => tree.add('a.md', article('A', words('a'))), change])
      expect(await replay.rest()).toEqual([gone, { ...QUIET, announced: ['a.md'] }, QUIET])
      expect(await replay.surplus()).toBe(0)
    })
  }

  test('and has under a hundred characters is new when it comes back elsewhere', async () => {
    const replay = await replayOf('short', [goes, (tree) => tree.bringBack('短讯.md', 'sea/dark.md')])
    expect(await replay.next()).toEqual(gone)
    expect(await replay.next()).toEqual({ ...QUIET, announced: ['短讯.md'], confused: ['短讯.md'] })
  })

  test('and is brought back by a revert is the same', async () => {
    const history = started().commit('remove', goes).revert()
    expect(await (await replayOf(history)).rest()).toEqual([gone, QUIET])
  })

  test('and comes back as a draft does not', async () => {
    const history = started().commit('remove', goes)
    const drafted: Change = (tree) => (
      tree.bringBack('rope.md'),
      tree.edit('rope.md', (text) => setLine(text, 'draft', 'draft: true'))
    )
    const published: Change = (tree) => tree.edit('rope.md', (text) => text.replace('draft: true\n', ''))
    const replay = await replayOf(history.commit('draft', drafted).commit('publish', published))
    expect(await replay.next()).toEqual(gone)
    expect(await replay.next()).toEqual({ ...QUIET, missing: ['rope.md'] })
    expect(await replay.next()).toEqual(QUIET)
    expect(await replay.surplus()).toBe(0)
  })
})

describe('a folder', () => {
  test('that is empty for a while removes and announces nothing', async () => {
    const replay = await replayOf(started())
    replay.clone.unmount()
    expect((await replay.again()).removed).toEqual([])
    expect((await replay.again()).removed).toEqual([])
    replay.clone.mount()
    expect(await replay.again()).toEqual(QUIET)
    expect(await replay.surplus()).toBe(0)
  })

  test('that comes back changed after it was empty announces what was added', async () => {
    const replay = await replayOf('grown', [both(rename, (tree) => tree.add('a.md', article('A', words('a'))))])
    replay.clone.unmount()
    await replay.again()
    replay.clone.mount()
    expect(await replay.next()).toEqual({ ...QUIET, announced: ['a.md'] })
  })

  test('that loses more than half removes nothing until its owner says so', async () => {
    const lost = [...ARTICLES.keys()].slice(0, 12)
    const half = (tree: Tree): void => tree.remove(...lost)
    const replay = await replayOf(
      started()
        .commit('halve', half)
        .revert()
        .commit('halve', half)
        .commit('rest', () => undefined),
    )
    const waiting = { ...QUIET, removed: lost, stray: lost }
    expect(await replay.next()).toEqual(waiting)
    expect(await replay.next()).toEqual(QUIET)
    expect(await replay.next()).toEqual(waiting)
    expect(await replay.next(true)).toEqual(QUIET)
    expect((await replay.site.rows()).filter(({ removed }) => removed)).toHaveLength(12)
    expect(await replay.surplus()).toBe(0)
  })

  test('that is cloned anew for each run announces what was added', async () => {
    const changes: Change[] = [
      () => undefined,
      rename,
      (tree) => tree.add('a.md', 'A note without a title and a date, and too short to be known by.'),
      () => undefined,
      (tree) => tree.edit('a.md', (text) => `${text} Now a little longer.`),
    ]
    const replay = await replayOf('anew', changes)
    const steps = []
    for (const depth of [1, 1, 1]) steps.push(await replay.nextAnew(depth))
    expect(steps).toEqual([QUIET, QUIET, { ...QUIET, announced: ['a.md'] }])
    const dates = (await replay.site.rows()).map(({ date }) => date)
    for (const depth of [1, 3]) expect(await replay.nextAnew(depth)).toEqual(QUIET)
    expect((await replay.site.rows()).map(({ date }) => date)).toEqual(dates)
  })

  test('to which a branch is merged announces what came with it', async () => {
    const history = started()
    history.aside('side', (side) => {
      side.commit('add', (tree) => tree.add('a.md', article('A', words('a'))))
      side.commit('edit', (tree) => tree.edit('a.md', (text) => `${text}\nMore.\n`))
      side.commit('rename', (tree) => tree.move('rope.md', 'splice.md'))
    })
    history
      .commit('add', (tree) => tree.add('b.md', article('B', words('b'))))
      .merge('side')
      .revert()
      .revert()
    const [b, a, without, again] = await (await replayOf(history)).rest()
    expect([b, a]).toEqual([
      { ...QUIET, announced: ['b.md'] },
      { ...QUIET, announced: ['a.md'] },
    ])
    expect([without, again]).toEqual([{ ...QUIET, removed: ['a.md'] }, QUIET])
  })
})

describe('readers', () => {
  test('get one letter with exactly what was added, and every id of the feed stays', async () => {
    const titled = (tree: Tree): string[] => tree.paths().filter((path) => !/^title:/m.test(tree.text(path)))
    const history = started()
      .commit('only those with titles', (tree) => tree.remove(...titled(tree)))
      .commit('move', both(intoFolders, retag))
      .commit(
        'add',
        both(rename, (tree) => ['a', 'b', 'c'].forEach((name) => tree.add(`${name}.md`, article(name, words(name))))),
      )
      .commit('encode', (tree) => tree.encodeAll(toUtf16))
      .commit('edit', (tree) => tree.encodeAll((_, bytes) => Buffer.from(`${bytes.toString('utf16le')}\nMore.\n`)))
    const told = await tell(history)
    expect(told.map(({ digests }) => digests)).toEqual([[], [], [], [{ entries: 3, more: 0, recipients: 1 }], [], []])
    expect(told.map(({ letters }) => letters)).toEqual([0, 0, 0, 1, 1, 1])
    const ids = { ...told[1]?.ids, ...told[3]?.ids }
    expect(Object.keys(ids)).toHaveLength(ARTICLES.size - 1)
    for (const { ids: seen } of told.slice(1)) expect(ids).toMatchObject(seen)
  })

  test('get one letter of many articles that came at once, as long as any other', () => expectOneLetterOf(60))
})

// The long form of this and of the test above is test/slow/history.test.ts.
test('whatever authors do, what they added is announced, and each article keeps its entry', () => expectEachKept(6, 3))
