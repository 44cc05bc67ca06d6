import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { freezeDue } from '../src/digests.ts'
import { type Store, openStore } from '../src/remember/open.ts'
import { lastSlot } from '../src/remember/runs.ts'
import { unsubscribeAddress } from '../src/return-address.ts'
import { removeSubscriber } from '../src/remember/leave.ts'
import { addSubscriber, setPreferences } from '../src/remember/subscribers.ts'
import { parseEmailAddress } from '../src/subscriber.ts'
import { readTemplates } from '../src/templates.ts'
import { openWorld } from '../src/world.ts'
import { storePlace } from './support/database.ts'
import { filesBelow, putFile, tempFolder } from './support/folder.ts'
import { configOf, lettersIn, runAt } from './support/run-at.ts'

let dir = ''
beforeEach(() => {
  dir = tempFolder()
  mkdirSync(join(dir, 'articles'))
})
afterEach(() => {
  rmSync(dir, { recursive: true })
})

/** Settings with these lines for the digest and these readers. */
function settings(digest: string, readers = 'ann@example.net', more = ''): void {
  const text = `
site: { title: Tide Notes, url: "https://tides.example.org/", timezone: Europe/Berlin }
sources: [{ kind: markdown, dir: articles, link: "https://tides.example.org/{slug}/" }]
digest: { ${digest} }
subscribers: [${readers}]
${more}`
  putFile(dir, 'feedwire.config.yaml', text)
}

function articles(...names: string[]): void {
  for (const name of names) {
    const text = `The gauge at the ${name} stands in the harbour since the year of the great flood; it is read at noon.`
    putFile(dir, `articles/${name}.md`, `---\ntitle: The ${name} gauge\n---\n${text}\n`)
  }
}

async function withStore<T>(act: (store: Store) => Promise<T>): Promise<T> {
  const store = await openStore(storePlace(dir))
  try {
    return await act(store)
  } finally {
    await store.destroy()
  }
}

function enrol(address: string, moment: string): Promise<unknown> {
  return withStore((store) => addSubscriber(store, parseEmailAddress(address), Date.parse(moment)))
}

function leave(address: string, moment: string): Promise<unknown> {
  return withStore((store) => removeSubscriber(store, parseEmailAddress(address), Date.parse(moment)))
}

/** What a run froze: entries, those left to the web, and readers, of each digest. */
async function frozenAt(moment: string): Promise<string[]> {
  const { digests } = await runAt(dir, moment)
  return digests.map(({ entries, more, recipients }) => `${entries}+${more} for ${recipients}`)
}

/** The articles that each letter of the outbox names, in its order. */
async function mailed(): Promise<[to: string, titles: string[]][]> {
  const letters = await lettersIn(dir)
  return letters.map(({ to, text }) => [to, [...text.matchAll(/^The (\w+) gauge$/gm)].map(([, name = '']) => name)])
}

describe('an instant digest', () => {
  test('goes out with each run that finds something, and only then', async () => {
    settings('schedule: instant')
    articles('north')
    expect(await frozenAt('2026-01-31T12:00:00Z')).toEqual([])
    articles('east')
    expect(await frozenAt('2026-01-31T12:15:00Z')).toEqual(['1+0 for 1'])
    expect(await frozenAt('2026-01-31T12:30:00Z')).toEqual([])
    articles('south', 'west')
    expect(await frozenAt('2026-01-31T12:45:00Z')).toEqual(['2+0 for 1'])
    const all = (await mailed()).flatMap(([, titles]) => titles)
    expect(all.sort()).toEqual(['east', 'south', 'west'])
  })

  test('tells of the newest of the first read when the settings say so', async () => {
    settings('first_run: 1')
    articles('north', 'south')
    expect(await frozenAt('2026-01-31T12:00:00Z')).toEqual(['1+0 for 1'])
    expect(await frozenAt('2026-01-31T12:15:00Z')).toEqual([])
  })

  test('is made for nobody when there are no readers, and who comes later starts from then', async () => {
    settings('first_run: 5', '')
    articles('north')
    expect(await frozenAt('2026-01-31T12:00:00Z')).toEqual([])
    await enrol('bob@example.net', '2026-01-31T12:05:00Z')
    expect(await frozenAt('2026-01-31T12:15:00Z')).toEqual([])
    articles('south')
    expect(await frozenAt('2026-01-31T12:30:00Z')).toEqual(['1+0 for 1'])
    expect(await mailed()).toEqual([['bob@example.net', ['south']]])
  })

  test('stands on the site under the address that the letter names', async () => {
    settings('first_run: 5')
    articles('north')
    const { digests } = await runAt(dir, '2026-01-31T12:00:00Z')
    const page = `digests/${digests[0]?.id ?? ''}.html`
    expect(filesBelow(join(dir, 'public'))).toContain(page)
    const [letter] = await lettersIn(dir)
    expect(letter?.headers.get('archived-at')).toBe(`<https://tides.example.org/${page}>`)
    expect(letter?.headers.get('list-archive')).toBe('<https://tides.example.org/digests/>')
    expect(letter?.text).toContain(`https://tides.example.org/${page}`)
  })
})

// Berlin is one hour ahead of UTC in winter.
describe('a digest on a cron line', () => {
  async function started(digest: string, moment: string): Promise<void> {
    settings(digest)
    expect(await frozenAt(moment)).toEqual([])
  }

  test('goes out once its minute has come, and once only', async () => {
    await started('schedule: "0 8 * * *"', '2026-01-31T12:00:00Z')
    articles('north')
    for (const [moment, frozen] of [
      ['2026-01-31T13:00:00Z', []],
      ['2026-02-01T06:59:59Z', []],
      ['2026-02-01T07:00:00Z', ['1+0 for 1']],
      ['2026-02-01T07:00:00Z', []],
      ['2026-02-01T07:15:00Z', []],
      ['2026-02-02T07:00:00Z', []],
    ] as const)
      expect(await frozenAt(moment), moment).toEqual(frozen)
    expect(await mailed()).toEqual([['ann@example.net', ['north']]])
  })

  test('takes its slot when nothing is new: what comes later waits for the next', async () => {
    await started('schedule: "0 8 * * *"', '2026-01-31T12:00:00Z')
    expect(await frozenAt('2026-02-01T07:05:00Z')).toEqual([])
    expect(await withStore((store) => lastSlot(store, 'digest'))).toBe('2026-02-01T08:00')
    articles('north')
    expect(await frozenAt('2026-02-01T07:20:00Z')).toEqual([])
    expect(await frozenAt('2026-02-02T07:00:00Z')).toEqual(['1+0 for 1'])
  })

  test('is one for all the slots that were missed', async () => {
    await started('schedule: "0 8,20 * * *"', '2026-01-31T12:00:00Z')
    articles('north')
    await frozenAt('2026-01-31T13:00:00Z')
    articles('south')
    expect(await frozenAt('2026-02-07T12:00:00Z')).toEqual(['2+0 for 1'])
    expect(await frozenAt('2026-02-07T12:15:00Z')).toEqual([])
  })

  test('goes out after an hour that the clocks skipped', async () => {
    await started('schedule: "30 2 * * *"', '2026-03-28T12:00:00Z')
    articles('north')
    expect(await frozenAt('2026-03-29T00:59:00Z')).toEqual([])
    expect(await frozenAt('2026-03-29T01:00:00Z')).toEqual(['1+0 for 1'])
  })

  test('goes out once in an hour that comes twice', async () => {
    await started('schedule: "30 2 * * *"', '2026-10-24T12:00:00Z')
    articles('north')
    expect(await frozenAt('2026-10-25T00:30:00Z')).toEqual(['1+0 for 1'])
    articles('south')
    expect(await frozenAt('2026-10-25T01:30:00Z')).toEqual([])
    expect(await frozenAt('2026-10-26T01:30:00Z')).toEqual(['1+0 for 1'])
  })

  test('is not made up for slots before the first run', async () => {
    settings('schedule: "0 8 * * *"')
    articles('north')
    expect(await frozenAt('2026-01-31T12:00:00Z')).toEqual([])
    expect(await frozenAt('2026-02-01T07:00:00Z')).toEqual([])
    expect(await mailed()).toEqual([])
  })

  test('goes out with the first run when the settings ask for a first digest', async () => {
    settings('schedule: "0 8 * * *", first_run: 5')
    articles('north')
    expect(await frozenAt('2026-01-31T12:00:00Z')).toEqual(['1+0 for 1'])
  })

  test('begins with the next slot when it was instant before', async () => {
    settings('schedule: instant')
    expect(await frozenAt('2026-01-31T12:00:00Z')).toEqual([])
    settings('schedule: "0 8 * * *"')
    articles('north')
    expect(await frozenAt('2026-01-31T12:15:00Z')).toEqual([])
    expect(await frozenAt('2026-02-01T07:00:00Z')).toEqual(['1+0 for 1'])
  })
})

describe('a reader', () => {
  test('gets what came since they were added, and no more', async () => {
    settings('schedule: "0 8 * * *"')
    await frozenAt('2026-01-31T12:00:00Z')
    articles('north')
    await frozenAt('2026-01-31T13:00:00Z')
    await enrol('bob@example.net', '2026-01-31T13:30:00Z')
    articles('south')
    await frozenAt('2026-01-31T14:00:00Z')
    await enrol('cid@example.net', '2026-01-31T14:30:00Z')
    expect(await frozenAt('2026-02-01T07:00:00Z')).toEqual(['2+0 for 1', '1+0 for 1'])
    expect(await mailed()).toEqual([
      ['ann@example.net', ['south', 'north']],
      ['bob@example.net', ['south']],
    ])
    rmSync(join(dir, 'outbox'), { recursive: true })
    articles('west')
    expect(await frozenAt('2026-02-02T07:00:00Z')).toEqual(['1+0 for 3'])
    expect((await mailed()).map(([, titles]) => titles)).toEqual([['west'], ['west'], ['west']])
  })

  test('who left gets nothing, and after a return what came since', async () => {
    settings('schedule: instant', 'ann@example.net, bob@example.net')
    await frozenAt('2026-01-31T12:00:00Z')
    await leave('ann@example.net', '2026-01-31T12:05:00Z')
    articles('north')
    expect(await frozenAt('2026-01-31T12:15:00Z'), 'and the settings bring nobody back').toEqual(['1+0 for 1'])
    await enrol('Ann@example.net', '2026-01-31T12:20:00Z')
    expect(await frozenAt('2026-01-31T12:30:00Z')).toEqual([])
    articles('south')
    expect(await frozenAt('2026-01-31T12:45:00Z')).toEqual(['1+0 for 2'])
    expect(await mailed()).toEqual([
      ['Ann@example.net', ['south']],
      ['bob@example.net', ['north']],
      ['bob@example.net', ['south']],
    ])
  })

  test('is told of an article that was removed and came back only once', async () => {
    settings('schedule: instant')
    await frozenAt('2026-01-31T12:00:00Z')
    articles('north')
    expect(await frozenAt('2026-01-31T12:15:00Z')).toEqual(['1+0 for 1'])
    rmSync(join(dir, 'articles/north.md'))
    await frozenAt('2026-01-31T12:30:00Z')
    articles('north')
    expect(await frozenAt('2026-01-31T12:45:00Z')).toEqual([])
  })
})

test('a digest shows the newest entries, and counts the others for good', async () => {
  settings('schedule: instant, max_entries: 2')
  await frozenAt('2026-01-31T12:00:00Z')
  for (const [index, name] of ['north', 'east', 'south', 'west', 'inner'].entries()) {
    const text = `---\ntitle: The ${name} gauge\ndate: 2026-01-0${index + 1}\n---\nIt is read at noon, by the ${name} wall.\n`
    putFile(dir, `articles/${name}.md`, text)
  }
  expect(await frozenAt('2026-01-31T12:15:00Z')).toEqual(['2+3 for 1'])
  expect(await mailed()).toEqual([['ann@example.net', ['inner', 'west']]])
  const [letter] = await lettersIn(dir)
  expect(letter?.text).toContain('3 more on the web: https://tides.example.org/')
  expect(await frozenAt('2026-01-31T12:30:00Z')).toEqual([])
})

describe('a reader who asks for', () => {
  /** Settings with these readers, each as `{ address, … }`, and a first run in which nothing is new. */
  async function started(...readers: string[]): Promise<void> {
    settings('schedule: instant', readers.join(', '))
    await frozenAt('2026-01-31T12:00:00Z')
  }

  /** An article with a tag. */
  function tagged(name: string, tag: string): void {
    putFile(
      dir,
      `articles/${name}.md`,
      `---\ntitle: The ${name} gauge\ntags: ["${tag}"]\n---\nRead at noon at the ${name}.\n`,
    )
  }

  test('a topic gets its entries, and no letter when there are none', async () => {
    await started('{ address: ann@example.net, topics: ["tag:Sea"] }', 'bob@example.net')
    tagged('north', 'sea')
    tagged('cloud', 'sky')
    expect((await frozenAt('2026-01-31T12:15:00Z')).sort()).toEqual(['1+0 for 1', '2+0 for 1'])
    tagged('wind', 'sky')
    expect(await frozenAt('2026-01-31T12:30:00Z')).toEqual(['1+0 for 1'])
    const names = (await mailed()).map(([to, titles]) => [to.slice(0, 3), titles.sort().join(' ')])
    expect(names.sort()).toEqual([
      ['ann', 'north'],
      ['bob', 'cloud north'],
      ['bob', 'wind'],
    ])
  })

  test('topics of which one reads like two gets their own digest all the same', async () => {
    await started(
      '{ address: ann@example.net, topics: ["tag:a", "tag:b"] }',
      '{ address: bob@example.net, topics: ["tag:a; tag:b"] }',
    )
    tagged('north', 'a')
    tagged('south', 'a; tag:b')
    expect(await frozenAt('2026-01-31T12:15:00Z')).toEqual(['1+0 for 1', '1+0 for 1'])
    expect(await mailed()).toEqual([
      ['ann@example.net', ['north']],
      ['bob@example.net', ['south']],
    ])
  })

  // Eight o'clock is 00:00 UTC in Shanghai and 07:00 UTC in Berlin.
  test('one each day gets it at eight on their own clock, with the day of their calendar', async () => {
    await started(
      '{ address: ann@example.net, frequency: daily, zone: Asia/Shanghai }',
      '{ address: bob@example.net, frequency: daily }',
    )
    articles('north')
    for (const [moment, frozen] of [
      ['2026-01-31T12:15:00Z', []],
      ['2026-01-31T23:59:00Z', []],
      ['2026-02-01T00:00:00Z', ['1+0 for 1']],
      ['2026-02-01T06:59:00Z', []],
      ['2026-02-01T07:00:00Z', ['1+0 for 1']],
      ['2026-02-01T12:00:00Z', []],
    ] as const)
      expect(await frozenAt(moment), moment).toEqual(frozen)
    for (const { text } of await lettersIn(dir)) expect(text).toContain('LATEST UPDATES, 2026-02-01')
    expect((await mailed()).map(([to]) => to)).toEqual(['ann@example.net', 'bob@example.net'])
  })

  test('another language gets our words in it, in a digest that has its page and stands in no list', async () => {
    await started(
      '{ address: ann@example.net, language: zh-CN }',
      'bob@example.net',
      '{ address: cid@example.net, language: en-GB }',
    )
    articles('north')
    expect((await frozenAt('2026-01-31T12:15:00Z')).sort()).toEqual(['1+0 for 1', '1+0 for 2'])
    const [ann, bob] = await lettersIn(dir)
    expect([ann?.subject, bob?.subject]).toEqual(['Tide Notes：The north gauge', 'Tide Notes: The north gauge'])
    const pages = [ann, bob].map((letter) => /digests\/\d{8}-\w+\.html/.exec(letter?.text ?? '')?.[0] ?? '')
    expect(filesBelow(join(dir, 'public'))).toEqual(expect.arrayContaining(pages))
    const list = readFileSync(join(dir, 'public/digests/index.html'), 'utf8')
    expect(pages.map((page) => list.includes(page.replace('digests/', '')))).toEqual([false, true])
  })

  test('something else from now on loses nothing by it', async () => {
    await started('{ address: ann@example.net, frequency: weekly }')
    articles('north')
    expect(await frozenAt('2026-01-31T12:15:00Z')).toEqual([])
    await withStore((store) => setPreferences(store, parseEmailAddress('ann@example.net'), { frequency: 'instant' }))
    expect(await frozenAt('2026-01-31T12:30:00Z')).toEqual(['1+0 for 1'])
    expect(await frozenAt('2026-02-02T07:00:00Z')).toEqual([])
  })

  test('a digest with each run instead of each week gets at once what others had before', async () => {
    await started('{ address: ann@example.net, frequency: weekly }', '{ address: bob@example.net, frequency: instant }')
    articles('north')
    expect(await frozenAt('2026-01-31T12:15:00Z')).toEqual(['1+0 for 1'])
    await withStore((store) => setPreferences(store, parseEmailAddress('ann@example.net'), { frequency: 'instant' }))
    expect(await frozenAt('2026-01-31T12:30:00Z')).toEqual(['1+0 for 1'])
  })
})

test('a digest to everybody takes in each reader whatever their schedule, and the schedules go on', async () => {
  settings(
    'schedule: "0 8 * * *"',
    'ann@example.net, { address: bob@example.net, frequency: weekly, zone: Asia/Shanghai }',
  )
  await frozenAt('2026-01-31T12:00:00Z')
  articles('north')
  await frozenAt('2026-01-31T12:15:00Z')
  const world = await openWorld(configOf(dir), readTemplates(configOf(dir)), Date.parse('2026-01-31T12:30:00Z'))
  try {
    expect(await freezeDue(world, Date.parse('2026-01-31T12:30:00Z'), true)).toMatchObject([{ recipients: 2 }])
    expect(await freezeDue(world, Date.parse('2026-01-31T12:31:00Z'), true)).toEqual([])
  } finally {
    await world.close()
  }
  articles('south')
  expect(await frozenAt('2026-02-01T07:00:00Z')).toEqual(['1+0 for 1'])
  expect(await frozenAt('2026-02-02T00:00:00Z')).toEqual(['1+0 for 1'])
})

describe('a template that cannot be used', () => {
  for (const [says, file, text, code] of [
    ['names what there is not', 'digest.text.liquid', '{{ site.motto }}', 'template-unknown-name'],
    ['fails when it is rendered', 'digest.html.liquid', '{{ entries[7].title }}', 'template-render'],
    ['asks for a reader', 'digest.html.liquid', '{% if reader.address %}x{% endif %}', 'template-reader-branch'],
  ] as const)
    test(`because it ${says} stops the run before anything is frozen`, async () => {
      settings('schedule: "0 8 * * *"')
      await frozenAt('2026-01-31T12:00:00Z')
      articles('north')
      putFile(dir, `templates/${file}`, text)
      await expect(runAt(dir, '2026-02-01T07:00:00Z')).rejects.toMatchObject({ code })
      expect(await mailed()).toEqual([])
      expect(await withStore((store) => store.selectFrom('digests').select('id').execute())).toEqual([])

      rmSync(join(dir, 'templates', file))
      expect(await frozenAt('2026-02-01T07:15:00Z')).toEqual(['1+0 for 1'])
      expect(await mailed()).toEqual([['ann@example.net', ['north']]])
    })
})

describe('a letter tells each reader', () => {
  const readers = 'ann@example.net, bob@example.net'

  test('their own address and a signed link to leave, in header, text and HTML', async () => {
    const secret = 'sixteen or more characters'
    settings('first_run: 5', readers, `mail: { return: bounces@example.org }\nsecret: ${secret}`)
    articles('north')
    await runAt(dir, '2026-01-31T12:00:00Z')
    const letters = await lettersIn(dir)
    expect(letters.map(({ to }) => to)).toEqual(['ann@example.net', 'bob@example.net'])
    for (const [index, { to, headers, text, html }] of letters.entries()) {
      const address = unsubscribeAddress(parseEmailAddress('bounces@example.org'), index + 1, secret)
      const url = `mailto:${address}?subject=unsubscribe`
      expect(headers.get('list-unsubscribe')?.replace(/\s/g, '')).toBe(`<${url}>`)
      expect(headers.has('list-unsubscribe-post')).toBe(false)
      expect(text).toContain(`Unsubscribe: ${url}\n`)
      expect(html).toContain(`<a href="${url}"`)
      for (const body of [text, html]) {
        expect(body).toContain(`at ${to} because`)
        expect(body).not.toMatch(/fw-\w+-/)
      }
    }
  })

  test('to write to the sender when mail.return is not set', async () => {
    settings('first_run: 5', readers, 'mail: { from: "Ada <ada@example.org>" }')
    articles('north')
    await runAt(dir, '2026-01-31T12:00:00Z')
    for (const { headers, text } of await lettersIn(dir)) {
      expect(headers.get('list-unsubscribe')).toBe('<mailto:ada@example.org?subject=unsubscribe>')
      expect(text).toContain('Unsubscribe: mailto:ada@example.org?subject=unsubscribe\n')
    }
  })
})
