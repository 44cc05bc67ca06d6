import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { NO_PREFERENCES } from '../src/preferences.ts'
import { removeSubscriber } from '../src/remember/leave.ts'
import { openStore } from '../src/remember/open.ts'
import { noteRequest, takeRequests } from '../src/remember/requests.ts'
import { parseEmailAddress } from '../src/subscriber.ts'
import { type Said, feedwireAt } from './support/command.ts'
import { putFile, tempFolder } from './support/folder.ts'
import { gaugeSettings } from './support/gauges.ts'
import { stateOf } from './support/site-state.ts'
import { storePlace } from './support/database.ts'

const NOW = '2026-01-31T12:00:00Z'
const WEB = { web: { url: 'https://news.example.org/' } }
const PLAIN = { frequency: 'site', zone: null, topics: [], language: null }
const FUSSY = ['--frequency', 'weekly', '--zone', 'Europe/Berlin', '--topic', 'tag:Wind', 'source:notes', 'tag:wind']

let dir = ''
beforeEach(() => {
  dir = tempFolder()
  gaugeSettings(dir)
})
afterEach(() => {
  rmSync(dir, { recursive: true })
})

function subscribers(...words: string[]): Promise<Said> {
  return feedwireAt(dir, NOW, 'subscribers', ...words)
}

/** The readers as a program reads them. */
async function listed(): Promise<unknown> {
  return JSON.parse((await subscribers('list', '--json')).out)
}

describe('feedwire subscribers add', () => {
  test('takes frequency, zone, topics and language, each as it is kept', async () => {
    const { code, err } = await subscribers('add', 'ann@example.net', ...FUSSY, '--language', 'ZH-Hans-CN')
    expect({ code, err }).toEqual({ code: 0, err: '' })
    const wishes = { frequency: 'weekly', zone: 'Europe/Berlin', topics: ['source:notes', 'tag:wind'], language: 'zh' }
    const reader = { id: 1, address: 'ann@example.net', state: 'active', addedAt: '2026-01-31T12:00:00.000Z' }
    expect(await listed()).toEqual([{ ...reader, leftAt: null, suppressed: null, ...wishes }])
  })

  test('takes the same wishes for several addresses', async () => {
    await subscribers('add', 'ann@example.net', 'bob@example.net', '--topic', 'tag:a', '--topic', 'tag:b')
    expect(await listed()).toMatchObject([{ topics: ['tag:a', 'tag:b'] }, { topics: ['tag:a', 'tag:b'] }])
  })

  test('leaves the wishes of a reader who is there already, and takes new ones from one who comes back', async () => {
    await subscribers('add', 'ann@example.net', '--frequency', 'daily')
    await subscribers('add', 'ann@example.net', '--frequency', 'weekly')
    expect(await listed()).toMatchObject([{ frequency: 'daily' }])
    await subscribers('remove', 'ann@example.net')
    await subscribers('add', 'ann@example.net', '--frequency', 'weekly')
    expect(await listed()).toMatchObject([{ frequency: 'weekly', state: 'active' }])
  })
})

describe('feedwire subscribers add --confirm', () => {
  test('asks first, and adds nobody before they confirm', async () => {
    gaugeSettings(dir, WEB)
    const { code, out } = await subscribers('add', '--confirm', 'ann@example.net', '--frequency', 'weekly')
    expect({ code, out }).toEqual({
      code: 0,
      out: 'ann@example.net gets a letter about it, unless one went within the hour\n',
    })
    expect(await listed()).toMatchObject([{ address: 'ann@example.net', state: 'pending', frequency: 'weekly' }])
    const letter = readFileSync(join(dir, 'outbox', 'notice-1.1.eml'), 'utf8')
    expect(letter).toMatch(/^Subject: Please confirm: /m)
    expect(letter).toContain('https://news.example.org/c/1.')
  })

  test('is refused where nobody could confirm', async () => {
    const { code, err } = await subscribers('add', '--confirm', 'ann@example.net')
    expect(code).toBe(2)
    expect(err).toContain('Nobody could confirm')
  })

  test('can be taken back by remove', async () => {
    gaugeSettings(dir, WEB)
    await subscribers('add', '--confirm', 'ann@example.net')
    const { code, out } = await subscribers('remove', 'ann@example.net')
    expect({ code, out }).toEqual({ code: 0, out: 'ann@example.net was only asked, and can confirm it no longer\n' })
  })
})

describe('feedwire subscribers show', () => {
  test('lets nothing that a stranger said move the cursor or begin a line', async () => {
    const ann = parseEmailAddress('ann@example.net')
    await subscribers('add', ann)
    const said = 'Subscribe\u001b[2J\u009b1m\nReader     eve@example.net, active'
    const store = await openStore(storePlace(dir))
    await noteRequest(
      store,
      { address: ann, wishes: NO_PREFERENCES, source: 'mail', place: '\u001b]0;x\u0007', client: '', text: said },
      Date.parse(NOW),
    )
    await removeSubscriber(store, ann, Date.parse(NOW))
    await takeRequests(store, Date.parse(NOW) + 1)
    await store.destroy()
    const { out } = await subscribers('show', ann)
    expect(out).toContain('Subscribe\\x1b[2J')
    expect(out).not.toMatch(/[\u001b\u0007\u009b]|^Reader {5}eve/m)
  })
})

describe('feedwire subscribers list', () => {
  const WISHES = ['--frequency', 'daily', '--topic', 'tag:tides']
  beforeEach(async () => {
    await subscribers('add', 'ann@example.net', ...WISHES)
    await subscribers('add', 'bob@elsewhere.example')
    await subscribers('remove', 'bob@elsewhere.example')
  })

  for (const [says, words, found] of [
    ['everybody', [], ['ann', 'bob']],
    ['who is active', ['--state', 'active'], ['ann']],
    ['who left', ['--state', 'unsubscribed'], ['bob']],
    ['nobody who paused', ['--state', 'paused'], []],
    ['addresses of a domain', ['--domain', '@Elsewhere.example'], ['bob']],
    ['who gets it daily', ['--frequency', 'daily'], ['ann']],
    ['who chose a topic', ['--topic', 'Tag:Tides'], ['ann']],
    ['who chose no topic like it', ['--topic', 'tag:tide'], []],
    ['who is not suppressed', ['--no-suppressed'], ['ann', 'bob']],
    ['who is suppressed', ['--suppressed'], []],
    ['who is both', ['--state', 'active', '--domain', 'elsewhere.example'], []],
  ] as const)
    test(`lists ${says}`, async () => {
      const { out } = await subscribers('list', '--json', ...words)
      const names = z.array(z.object({ address: z.string() })).parse(JSON.parse(out))
      expect(names.map(({ address }) => address.split('@')[0])).toEqual(found)
    })
})

describe('feedwire subscribers set', () => {
  beforeEach(() => subscribers('add', 'ann@example.net', ...FUSSY, '--language', 'zh'))

  const wishes = { frequency: 'weekly', zone: 'Europe/Berlin', topics: ['source:notes', 'tag:wind'], language: 'zh' }
  for (const [says, words, change] of [
    ['the frequency', ['--frequency', 'Daily'], { frequency: 'daily' }],
    ['the frequency to that of the site', ['--frequency', 'site'], { frequency: 'site' }],
    ['the zone', ['--zone', 'Asia/Tokyo'], { zone: 'Asia/Tokyo' }],
    ['the zone to that of the site', ['--zone', 'site'], { zone: null }],
    ['the topics', ['--topic', 'category:潮汐'], { topics: ['category:潮汐'] }],
    ['the topics to everything', ['--topic', 'everything'], { topics: [] }],
    ['the language', ['--language', 'en-GB'], { language: 'en' }],
    ['the language to that of the site', ['--language', 'site'], { language: null }],
    ['all at once', ['--frequency', 'site', '--zone', 'site', '--topic', 'everything', '--language', 'site'], PLAIN],
  ] as const)
    test(`changes ${says}, and nothing else`, async () => {
      expect((await subscribers('set', 'Ann@Example.NET', ...words)).code).toBe(0)
      expect(await listed()).toMatchObject([{ ...wishes, ...change, address: 'ann@example.net', id: 1 }])
    })

  test('says what the reader gets from now on', async () => {
    const { out } = await subscribers('set', 'ann@example.net', '--frequency', 'daily', '--topic', 'tag:a')
    expect(out).toBe('ann@example.net gets: daily, Europe/Berlin, tag:a, zh\n')
    expect((await subscribers('set', 'ann@example.net', '--topic', 'everything', '--zone', 'site')).out).toBe(
      'ann@example.net gets: daily, everything, zh\n',
    )
  })

  test('changes who is on the list, and names who is not', async () => {
    await subscribers('add', 'bob@example.net')
    await subscribers('remove', 'bob@example.net')
    const addresses = ['ann@example.net', 'bob@example.net', 'eve@example.net']
    const { code, err } = await subscribers('set', ...addresses, '--frequency', 'daily')
    expect(code).toBe(3)
    expect(err).toBe('bob@example.net is not on the list\neve@example.net is not on the list\n')
    expect(await listed()).toMatchObject([{ frequency: 'daily' }, { frequency: 'site', state: 'unsubscribed' }])
  })
})

for (const command of ['add', 'set'])
  describe(`feedwire subscribers ${command} ends with 2 and changes nothing for`, () => {
    for (const [says, words, err] of [
      ['an unknown frequency', ['--frequency', 'hourly'], /"hourly" is not a frequency - write instant, daily, weekly/],
      ['an unknown zone', ['--zone', 'Mars/Olympus'], /no time zone "Mars\/Olympus" - give a name of the IANA list/],
      ['an offset as zone', ['--zone', '+01:00'], /no time zone "\+01:00"/],
      ['a topic without a kind', ['--topic', 'tides'], /"tides" is not a topic - write tag:NAME/],
      ['one bad topic of several', ['--topic', 'tag:a', 'author:ada'], /"author:ada" is not a topic/],
      [
        'a language without texts',
        ['--language', 'tlh'],
        /no texts in "tlh" - take one of en, zh, or put texts\/tlh\.yaml/,
      ],
      ['no language at all', ['--language', '../../etc'], /no texts in "\.\.\/\.\.\/etc"/],
      ['one bad wish beside a good one', ['--frequency', 'daily', '--zone', 'nowhere'], /no time zone "nowhere"/],
    ] as const)
      test(says, async () => {
        await subscribers('add', 'ann@example.net')
        const before = await stateOf(dir)
        const address = command === 'add' ? 'new@example.net' : 'ann@example.net'
        expect(await subscribers(command, address, ...words)).toMatchObject({
          ...{ code: 2, out: '', err: expect.stringMatching(err) },
        })
        const json: unknown = JSON.parse((await subscribers(command, address, ...words, '--json')).out)
        expect(json).toMatchObject({ problems: [{ code: 'argument-preference' }] })
        expect(await stateOf(dir)).toEqual(before)
      })
  })

test('feedwire subscribers set ends with 2 when it is told nothing to change', async () => {
  await subscribers('add', 'ann@example.net')
  const { code, err } = await subscribers('set', 'ann@example.net')
  expect({ code, err }).toEqual({ code: 2, err: expect.stringMatching(/Nothing is to be changed - give --frequency/) })
})

test('a language is known once the owner has put texts in it among the templates', async () => {
  putFile(dir, 'templates/texts/fr.yaml', 'unsubscribe: Se désabonner\n')
  expect((await subscribers('add', 'ann@example.net', '--language', 'fr-CA')).code).toBe(0)
  expect(await listed()).toMatchObject([{ language: 'fr' }])
})

for (const command of ['add', 'set'])
  test(`feedwire subscribers ${command} makes no store for a wish that cannot be`, async () => {
    const before = await stateOf(dir)
    expect((await subscribers(command, 'ann@example.net', '--frequency', 'hourly')).code).toBe(2)
    expect(await stateOf(dir)).toEqual(before)
  })

describe('feedwire subscribers list', () => {
  test('shows what each reader asked for', async () => {
    await subscribers('add', 'ann@example.net')
    await subscribers('add', 'bob@example.net', ...FUSSY, '--language', 'zh')
    await subscribers('add', 'cid@example.net', '--topic', 'tag:a')
    expect((await subscribers('list')).out.split('\n')).toEqual([
      'active       since 2026-01-31  ann@example.net',
      'active       since 2026-01-31  bob@example.net  (weekly, Europe/Berlin, source:notes, tag:wind, zh)',
      "active       since 2026-01-31  cid@example.net  (on the site's schedule, tag:a)",
      '',
    ])
  })

  test('shows readers of the settings with their wishes, as they were when they came', async () => {
    const bob = { address: 'bob@example.net', frequency: 'daily', zone: 'Asia/Tokyo', topics: ['tag:B', 'tag:a'] }
    gaugeSettings(dir, { subscribers: ['ann@example.net', { ...bob, language: 'zh-CN' }] })
    putFile(dir, 'articles/draft.md', '---\ndraft: true\n---\nNot yet.\n')
    await feedwireAt(dir, NOW, 'run')
    const kept = { ...bob, topics: ['tag:a', 'tag:b'], language: 'zh-CN' }
    expect(await listed()).toMatchObject([{ address: 'ann@example.net', ...PLAIN }, kept])
    gaugeSettings(dir, { subscribers: ['ann@example.net', { ...bob, frequency: 'weekly' }] })
    await feedwireAt(dir, NOW, 'run')
    expect(await listed()).toMatchObject([PLAIN, kept])
  })
})
