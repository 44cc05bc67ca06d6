import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { collectEntries } from '../../src/remember/collections.ts'
import { hideEntries } from '../../src/remember/curate.ts'
import { addSubscriber, readSubscriber, setPreferences } from '../../src/remember/subscribers.ts'
import { suppress, suppressionOf } from '../../src/remember/suppressions.ts'
import { parseTopic } from '../../src/preferences.ts'
import { parseEmailAddress } from '../../src/subscriber.ts'
import { mintToken } from '../../src/token.ts'
import { RULES, TempSite, article, words } from '../support/site.ts'
import {
  ADDRESS,
  type Answer,
  type Endpoint,
  NOW,
  ONE_CLICK,
  SECRET,
  askAt,
  everyRow,
  openEndpoint,
  posted,
} from './endpoint.ts'
import { askToJoin, settingsOf } from './join.ts'

const PAGE = settingsOf(1)
const READER = parseEmailAddress(ADDRESS)

let at: Endpoint
beforeEach(async () => {
  at = await openEndpoint()
})
afterEach(() => at.close())

function ask(path: string, init?: RequestInit): Promise<Answer> {
  return askAt(at.url, path, init)
}
function press(action: string, fields: Parameters<typeof posted>[0] = {}): Promise<Answer> {
  return ask(PAGE, posted({ do: action, ...fields }))
}
function headingOf({ status, text }: Answer): string {
  return `${status} ${/<h1>(.*)<\/h1>/.exec(text)?.[1] ?? ''}`
}
/** The buttons of a page, by what they post. */
function buttonsOf({ text }: Answer): string[] {
  return [...text.matchAll(/name="do" value="([\w-]+)"/g)].map(([, action = '']) => action)
}
async function stateOf(id = 1): Promise<string> {
  return (await readSubscriber(at.store, id))?.state ?? 'unknown'
}

describe('GET p/TOKEN', () => {
  test('shows what the reader chose, to nobody else', async () => {
    await setPreferences(at.store, READER, { frequency: 'weekly', zone: 'Asia/Shanghai', language: 'en' })
    const answer = await ask(PAGE)
    expect(headingOf(answer)).toBe('200 Your settings')
    expect(answer.text).toContain('The digest of Tide Notes, sent to reader@example.net.')
    expect(answer.text).toMatch(
      /value="weekly" checked[\s\S]*value="en" lang="en" selected[\s\S]*<details open>[\s\S]*<option selected>Asia\/Shanghai/,
    )
    expect(buttonsOf(answer)).toEqual(['save', 'pause', 'leave', 'export', 'delete'])
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      ...{ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer', 'x-robots-tag': 'noindex' },
    })
  })

  test('changes no row, ten times, and by HEAD neither', async () => {
    const before = await everyRow(at.store)
    for (const action of ['save', 'pause', 'leave', 'delete', 'delete-sure']) {
      await ask(`${PAGE}?do=${action}&frequency=daily`)
      await ask(`${PAGE}?do=${action}`, { method: 'HEAD' })
    }
    for (let time = 0; time < 10; time++) await ask(PAGE)
    expect(await everyRow(at.store)).toEqual(before)
  })

  test('comes in the language of the reader, and before they chose one in that of their browser', async () => {
    const headers = { 'accept-language': 'zh' }
    expect(headingOf(await ask(PAGE, { headers }))).toBe('200 你的设置')
    await setPreferences(at.store, READER, { language: 'en' })
    expect(headingOf(await ask(PAGE, { headers }))).toBe('200 Your settings')
  })

  for (const state of ['active', 'paused'] as const)
    test(`tells one who is ${state} and whose mail came back, and offers the form and their data alone`, async () => {
      if (state === 'paused') await press('pause')
      await suppress(at.store, { subscriberId: 1 }, 'bounced', '', NOW)
      for (const answer of [await ask(PAGE), await press('save', { frequency: 'daily' })]) {
        expect(answer.text).toMatch(/This address does not get the digest\.[\s\S]*<a href="\.\.\/subscribe">Ask again/)
        expect(answer.text).toContain('<title>Your settings - Tide Notes</title>')
        expect(answer.text).not.toMatch(/paused|name="frequency"/)
        expect(buttonsOf(answer)).toEqual(['export', 'delete'])
      }
    })

  test('leads to the form in the language of the page', async () => {
    const headers = { 'accept-language': 'zh' }
    await press('leave')
    expect((await ask(PAGE, { headers })).text).toContain('<a href="../subscribe?lang=zh">')
    const left = await ask(PAGE, { ...posted({ do: 'leave' }), headers })
    expect(left.text).toContain('<a href="../subscribe?lang=zh">')
  })

  test('offers one who was never confirmed nothing but their data', async () => {
    await askToJoin(at, 'new@example.net')
    expect(buttonsOf(await ask(settingsOf(2)))).toEqual(['export', 'delete'])
    expect((await ask(settingsOf(2), posted({ do: 'resume' }))).status).toBe(200)
    expect(await stateOf(2)).toBe('pending')
  })
})

describe('the button', () => {
  test('save keeps all that was chosen, and says so', async () => {
    const answer = await press('save', { frequency: 'daily', zone: 'Europe/Berlin', language: 'zh' })
    expect(answer.text).toContain('<p class="told" role="status">设置已保存。</p>')
    expect((await readSubscriber(at.store, 1))?.preferences).toEqual({
      ...{ frequency: 'daily', zone: 'Europe/Berlin', language: 'zh', topics: [] },
    })
  })

  for (const [action, title] of [
    ['save', 'Your settings are saved. - Your settings - Tide Notes'],
    ['pause', 'Your subscription is paused. - Your settings - Tide Notes'],
    ['resume', 'Your settings - Tide Notes'],
  ] as const)
    test(`${action} begins the title of the window with what was done`, async () => {
      expect((await press(action)).text).toContain(`<title>${title}</title>`)
      expect((await ask(PAGE)).text).toContain('<title>Your settings - Tide Notes</title>')
    })

  for (const zone of ['Asia/Kolkata', 'Asia/Calcutta', 'Europe/Kyiv', 'Europe/Kiev', 'Etc/GMT+3', 'UTC'])
    test(`save keeps the zone ${zone}, whatever name of it is listed, and shows it`, async () => {
      const { text } = await press('save', { zone })
      expect((await readSubscriber(at.store, 1))?.preferences.zone).toBe(zone)
      expect(text).toContain(`<option selected>${zone}</option>`)
    })

  test('save takes unknown values for what the site does', async () => {
    await setPreferences(at.store, READER, { frequency: 'daily', zone: 'Asia/Shanghai', language: 'zh' })
    await press('save', { frequency: 'x', zone: 'Asia/Shanghai\r\nX', language: '<b>', topics: ['tag:<script>', 'x'] })
    expect((await readSubscriber(at.store, 1))?.preferences).toEqual({
      ...{ frequency: 'site', zone: null, language: null, topics: [] },
    })
  })

  test('save keeps a zone and topics that the form does not offer to others', async () => {
    const topics = [parseTopic('tag:<b>gone</b>')]
    await setPreferences(at.store, READER, { zone: 'Asia/Calcutta', topics })
    const { text } = await ask(PAGE)
    expect(text).toContain('value="tag:&lt;b&gt;gone&lt;/b&gt;" checked')
    expect(text).not.toContain('<b>')
    await press('save', { zone: 'Asia/Calcutta', topics: 'tag:<b>gone</b>' })
    expect((await readSubscriber(at.store, 1))?.preferences).toMatchObject({ zone: 'Asia/Calcutta', topics })
  })

  test('pause and resume change each into the other', async () => {
    const paused = await press('pause')
    expect(paused.text).toContain('Your subscription is paused.')
    expect([await stateOf(), buttonsOf(paused)]).toEqual(['paused', ['save', 'resume', 'leave', 'export', 'delete']])
    const resumed = await press('resume')
    expect(resumed.text).toContain('You are getting the digest again')
    expect([await stateOf(), buttonsOf(resumed)]).toEqual(['active', ['save', 'pause', 'leave', 'export', 'delete']])
  })

  test('leave takes the reader off, however often, and leaves them their data', async () => {
    for (let time = 0; time < 2; time++) expect(headingOf(await press('leave'))).toBe('200 You are unsubscribed')
    expect(at.log).toEqual(['{"event":"unsubscribed","subscriber":1}'])
    const page = await ask(PAGE)
    expect(page.text).toMatch(/This address does not get the digest\.[\s\S]*<a href="\.\.\/subscribe">Ask again/)
    expect(buttonsOf(page)).toEqual(['export', 'delete'])
  })

  for (const action of ['save', 'pause', 'resume', 'leave'])
    test(`${action} brings nobody back who has left`, async () => {
      await press('leave')
      const before = await everyRow(at.store)
      expect((await press(action, { frequency: 'daily' })).status).toBe(200)
      expect(await everyRow(at.store)).toEqual(before)
    })

  test('export gives all that is kept as a file', async () => {
    await press('save', { frequency: 'daily' })
    const before = await everyRow(at.store)
    const { status, headers, text } = await press('export')
    expect([status, headers.get('content-type')]).toEqual([200, 'application/json; charset=utf-8'])
    expect(headers.get('content-disposition')).toBe('attachment; filename="feedwire-data.json"')
    expect(JSON.parse(text)).toEqual({
      ...{ address: ADDRESS, state: 'active', suppressed: null, addedAt: '2026-01-31T00:00:00.000Z', leftAt: null },
      preferences: { frequency: 'daily', zone: null, topics: [], language: null },
      consents: [
        {
          ...{ askedAt: '2026-01-31T00:00:00.000Z', confirmedAt: '2026-01-31T00:00:00.000Z' },
          ...{ source: 'command', place: '', client: '', text: '' },
          asked: { frequency: 'site', zone: null, topics: [], language: null },
        },
      ],
      ...{ letters: [], otherLetters: [] },
    })
    expect(await everyRow(at.store)).toEqual(before)
  })

  test('export tells of letters that were no digest, and of nobody else', async () => {
    await addSubscriber(at.store, parseEmailAddress('other@example.net'), NOW)
    await askToJoin(at, ADDRESS)
    const { text } = await press('export')
    expect(JSON.parse(text)).toMatchObject({
      otherLetters: [{ kind: 'known', date: '2026-01-31T00:00:01.000Z', state: 'due', settledAt: null, reply: null }],
    })
    expect(text).not.toContain('other@')
  })

  test('delete asks once more, and changes nothing', async () => {
    const before = await everyRow(at.store)
    const answer = await press('delete')
    expect(headingOf(answer)).toBe('200 Delete my data')
    expect(buttonsOf(answer)).toEqual(['delete-sure'])
    expect(await everyRow(at.store)).toEqual(before)
  })

  test('delete-sure leaves no trace of the address', async () => {
    await askToJoin(at, ADDRESS)
    expect(headingOf(await press('delete-sure'))).toBe('200 Your data is deleted')
    expect(JSON.stringify(await everyRow(at.store))).not.toMatch(/reader@|example\.net/)
    expect(await suppressionOf(at.store, READER)).toMatchObject({ reason: 'deleted' })
    expect(at.log).toEqual(['{"event":"deleted","subscriber":1}'])
  })

  test('of one who is deleted is none any more, but leaving is answered for ever', async () => {
    await press('delete-sure')
    const before = await everyRow(at.store)
    expect(headingOf(await ask(PAGE))).toBe('404 This link is not whole')
    for (const action of ['save', 'export', 'delete', 'delete-sure', 'resume']) {
      expect(headingOf(await press(action))).toBe('404 This link is not whole')
    }
    expect(headingOf(await ask(`u/${at.token}`, ONE_CLICK))).toBe('200 You are unsubscribed')
    expect(await everyRow(at.store)).toEqual(before)
  })

  for (const [says, body] of [
    ['none', ''],
    ['an unknown name', 'do=drop'],
    ['no text', Buffer.from([0xff, 0x00])],
  ] as const)
    test(`with ${says} shows the page, and changes nothing`, async () => {
      const before = await everyRow(at.store)
      expect(headingOf(await ask(PAGE, { method: 'POST', body }))).toBe('200 Your settings')
      expect(await everyRow(at.store)).toEqual(before)
    })

  test('of 10 MB is answered by 413', async () => {
    expect((await ask(PAGE, { method: 'POST', body: 'do=leave&a='.padEnd(10_000_000, 'a') })).status).toBe(413)
    expect(await stateOf()).toBe('active')
  })
})

describe('a link to settings that', () => {
  for (const [says, token] of [
    ['is cut', PAGE.slice(2, -1)],
    ['is signed by somebody else', mintToken('guessed', 'preferences', 1)],
    ['was signed to leave', mintToken(SECRET, 'unsubscribe', 1)],
    ['was signed to confirm', mintToken(SECRET, 'confirm', 1)],
    ['is for one who never came', mintToken(SECRET, 'preferences', 99)],
    ['is empty', ''],
  ] as const)
    test(`${says} shows and changes nothing`, async () => {
      const before = await everyRow(at.store)
      for (const init of [{}, posted({ do: 'leave' }), posted({ do: 'export' })]) {
        const answer = await ask(`p/${token}`, init)
        expect(headingOf(answer)).toBe('404 This link is not whole')
        expect(answer.text).not.toContain(ADDRESS)
      }
      expect(await everyRow(at.store)).toEqual(before)
    })
})

describe('topics', () => {
  let site: TempSite
  let withTopics: Endpoint
  beforeEach(async () => {
    site = (await TempSite.open()).folder('articles')
    write('ebb', 'tags: [Tides, "<script>alert(1)</script>"]', 'categories: [Notes]')
    write('flow', 'tags: [tides]')
    await collect()
    withTopics = await openEndpoint({ tools: { store: site.store, sources: ['articles'] } })
  })
  afterEach(async () => {
    await withTopics.close()
    await site.close()
  })
  function write(name: string, ...head: string[]): void {
    site.write(`articles/${name}.md`, article(`Title of ${name}`, words(name), ['date: 2026-01-02', ...head]))
  }
  async function collect(): Promise<void> {
    await site.run()
    await collectEntries(site.store, { author: null, siteUrl: RULES.siteUrl }, site.now)
  }
  async function offered(path = 'subscribe'): Promise<string[]> {
    const { text } = await askAt(withTopics.url, path)
    expect(text).not.toContain('<script')
    return [...text.matchAll(/name="topics" value="([^"]*)"( checked)?/g)].map(
      ([, topic = '', checked = '']) => topic + checked,
    )
  }

  test('are offered by kind, those with most entries first, without the only source', async () => {
    const all = ['tag:tides', 'tag:&lt;script&gt;alert(1)&lt;/script&gt;', 'category:notes']
    expect(await offered()).toEqual(all)
    expect(await offered(settingsOf(1))).toEqual(all)
  })

  test('are those of the moment, hidden entries left out', async () => {
    await offered()
    write('moon', 'tags: [Moon]')
    await collect()
    expect(await offered()).toContain('tag:moon')
    const { id } = await site.store
      .selectFrom('entries')
      .select('id')
      .where('title', '=', 'Title of ebb')
      .executeTakeFirstOrThrow()
    await hideEntries(site.store, [id])
    expect(await offered()).toEqual(['tag:moon', 'tag:tides'])
  })

  test('that were chosen are kept with a request, and with the settings', async () => {
    const topics = ['category:notes', 'tag:tides', 'tag:none']
    await askAt(withTopics.url, 'subscribe', posted({ address: 'new@example.net', topics }))
    const asked = await site.store.selectFrom('requests').select('topics').execute()
    expect(asked).toEqual([{ topics: '["category:notes","tag:tides"]' }])
    await askAt(withTopics.url, settingsOf(1), posted({ do: 'save', topics }))
    expect(await offered(settingsOf(1))).toEqual([
      ...['tag:tides checked', 'tag:&lt;script&gt;alert(1)&lt;/script&gt;', 'category:notes checked'],
    ])
  })

  test('are no more than fifty of a kind, and those that were chosen', async () => {
    const many = Array.from({ length: 60 }, (_, at) => `t${String(at).padStart(2, '0')}`)
    write('many', `tags: [${many.join(', ')}]`)
    await collect()
    await setPreferences(site.store, READER, { topics: [parseTopic('tag:t59')] })
    expect((await offered()).filter((topic) => topic.startsWith('tag:'))).toHaveLength(50)
    const own = await offered(settingsOf(1))
    expect(own.filter((topic) => topic.startsWith('tag:'))).toHaveLength(51)
    expect(own).toContain('tag:t59 checked')
  })
})
