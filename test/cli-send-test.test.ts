import { rmSync } from 'node:fs'
import { simpleParser } from 'mailparser'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { feedwireAt } from './support/command.ts'
import { NOW, begun, expectUnchanged, news } from './support/digest-site.ts'
import { putFile, tempFolder } from './support/folder.ts'
import { gaugeSettings, gaugesIn } from './support/gauges.ts'
import { lettersIn } from './support/run-at.ts'
import { type SmtpSink, startSink } from './support/smtp-sink.ts'

let dir = ''
let temporary = ''
beforeEach(() => {
  dir = tempFolder()
  temporary = tempFolder()
  vi.stubEnv('TMPDIR', temporary)
})
afterEach(() => {
  vi.unstubAllEnvs()
  for (const folder of [dir, temporary]) rmSync(folder, { recursive: true })
})

describe('feedwire send-test', () => {
  let sink: SmtpSink
  beforeEach(async () => {
    sink = await startSink()
  })
  afterEach(() => sink.close())

  /** A site that mails by SMTP, takes unsubscribe mails and answers one-click. */
  async function mailing(): Promise<void> {
    const mail = { from: 'digest@example.org', return: 'bounces@example.org', smtp: sink.url.href }
    await begun(dir, { mail, web: { url: 'https://news.example.org/' } })
    news(dir)
  }

  test('sends the letter that most readers would get to one address alone, and changes nothing', async () => {
    await mailing()
    const said = await expectUnchanged(dir, () => feedwireAt(dir, NOW, 'send-test', 'me@example.com'))
    expect(said).toMatchObject({ code: 0, err: '', out: expect.stringMatching(/^Sent to me@example\.com: 250 .+\n$/) })
    expect(sink.received.map(({ to }) => to)).toEqual([['me@example.com']])
    const { subject, text = '' } = await simpleParser(sink.received[0]?.raw ?? '')
    expect(subject).toBe('[Test] Tide Notes: The north gauge (+1 more)')
    expect(gaugesIn(text)).toEqual(['east', 'north'])
    expect(text).toContain('at me@example.com because')
  })

  test('names no reader: nobody is taken off the list by what is in the letter', async () => {
    await mailing()
    await feedwireAt(dir, NOW, 'send-test', 'ann@example.net')
    const { headerLines, text = '', html } = await simpleParser(sink.received[0]?.raw ?? '')
    const leave = 'mailto:bounces@example.org?subject=unsubscribe'
    expect(headerLines.filter(({ key }) => key.startsWith('list-unsubscribe')).map(({ line }) => line)).toEqual([
      `List-Unsubscribe: <${leave}>`,
    ])
    expect(text).toContain(`Unsubscribe: ${leave}\n`)
    expect(html).toContain(`href="${leave}"`)
    expect(`${text} ${String(html)}`).not.toMatch(/news\.example\.org|bounces\+|fw-\w+-/)
    expect(sink.received[0]?.from).toBe('bounces@example.org')
  })

  test('is another letter each time, so that no mailbox drops the second', async () => {
    await mailing()
    for (const moment of [NOW, '2026-01-31T12:15:01Z']) await feedwireAt(dir, moment, 'send-test', 'me@example.com')
    const ids = sink.received.map(({ messageId }) => messageId)
    expect(new Set(ids).size).toBe(2)
    for (const id of ids) expect(id).toMatch(/^<20260131-[0-9a-f]{8}\.test-[0-9a-z]+@example\.org>$/)
  })

  test('puts the letter into the outbox when there is no mail server, and readers still get theirs', async () => {
    await begun(dir)
    news(dir)
    await feedwireAt(dir, NOW, 'send-test', 'ann@example.net')
    await feedwireAt(dir, NOW, 'run')
    const letters = await lettersIn(dir)
    const isTest = ({ subject }: { subject: string }): boolean => subject.startsWith('[Test] ')
    expect(letters.filter(isTest).map(({ to }) => to)).toEqual(['ann@example.net'])
    const names = letters.filter((letter) => !isTest(letter)).map(({ to }) => to.slice(0, 3))
    expect(names).toEqual(['ann', 'bob', 'cid', 'dan'])
  })

  test('sends the newest entries when nobody is due anything', async () => {
    await begun(dir, { mail: { from: 'digest@example.org', smtp: sink.url.href } })
    expect((await feedwireAt(dir, NOW, 'send-test', 'me@example.com')).code).toBe(0)
    expect(gaugesIn((await simpleParser(sink.received[0]?.raw ?? '')).text ?? '')).toEqual(['old'])
  })

  test('ends with 1 and the words of a server that refuses the address', async () => {
    await mailing()
    sink.script = (stage) => (stage === 'rcpt' ? '550 5.1.1 nobody is called so here' : 'accept')
    expect(await expectUnchanged(dir, () => feedwireAt(dir, NOW, 'send-test', 'me@example.com'))).toMatchObject({
      ...{ code: 1, out: '', err: 'Not sent to me@example.com: 550 5.1.1 nobody is called so here\n' },
    })
    const { code, out } = await feedwireAt(dir, NOW, 'send-test', 'me@example.com', '--json')
    expect(code).toBe(1)
    const reply = '550 5.1.1 nobody is called so here'
    expect(JSON.parse(out)).toEqual({ address: 'me@example.com', outcome: 'refused', reply })
  })

  test('ends with 1 and the mend when the server is dead', async () => {
    await mailing()
    await sink.close()
    const { code, out, err } = await expectUnchanged(dir, () => feedwireAt(dir, NOW, 'send-test', 'me@example.com'))
    expect({ code, out }).toEqual({ code: 1, out: '' })
    expect(err).toMatch(/^feedwire: 127\.0\.0\.1:\d+: .*ECONNREFUSED.* - .+\n$/)
  })

  test('ends with 1 and the mend when there is no entry', async () => {
    gaugeSettings(dir, { mail: { from: 'digest@example.org', smtp: sink.url.href } })
    putFile(dir, 'articles/draft.md', '---\ndraft: true\n---\nNot yet.\n')
    const { code, err } = await feedwireAt(dir, NOW, 'send-test', 'me@example.com')
    expect({ code, err }).toEqual({
      code: 1,
      err: expect.stringMatching(/there is no letter to send - add an article/),
    })
  })

  for (const [says, address] of [
    ['no text', ''],
    ['no domain', 'me'],
    ['two addresses', 'me@example.com, eve@example.com'],
    ['a header', 'me@example.com\r\nBcc: eve@example.com'],
    ['a second command', 'me@example.com> SIZE=1\r\nRCPT TO:<eve@example.com'],
    ['a NUL', 'me\0@example.com'],
  ] as const)
    test(`ends with 2 for an address that holds ${says}, and asks no server`, async () => {
      await mailing()
      const { code, out } = await expectUnchanged(dir, () => feedwireAt(dir, NOW, 'send-test', address))
      expect({ code, out, sessions: sink.sessions }).toEqual({ code: 2, out: '', sessions: 0 })
    })
})
