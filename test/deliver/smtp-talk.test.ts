import { once } from 'node:events'
import { createServer } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { smtpMailer } from '../../src/deliver/smtp.ts'
import { type SmtpSink, startSink } from '../support/smtp-sink.ts'
import { letterWith } from './samples.ts'

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

async function sink(options: Parameters<typeof startSink>[0] = {}): Promise<SmtpSink> {
  const made = await startSink(options)
  closing.push(() => made.close())
  return made
}

/** What became of letters sent one after another, each with these bytes. */
async function outcomesOf(url: URL, letters: number, mime: string): Promise<string[]> {
  const mailer = smtpMailer(url, { connections: 1, compose: () => Promise.resolve(Buffer.from(mime)) })
  closing.push(() => mailer.close())
  const connection = mailer.open()
  const kinds: string[] = []
  for (let n = 0; n < letters; n++) kinds.push((await connection.send(letterWith())).kind)
  return kinds
}

const MIME = 'Subject: tides\r\n\r\nhigh\r\n'

/** A server that answers `replies` in turn, each to one segment of what it is sent, and notes those segments. */
async function serverOf(replies: readonly string[]): Promise<{ url: URL; heard: string[]; sessions: () => number }> {
  const heard: string[] = []
  const left = [...replies]
  let sessions = 0
  const server = createServer((socket) => {
    sessions++
    socket.on('error', () => undefined)
    socket.write('220 here\r\n')
    socket.on('data', (data) => {
      heard.push(data.toString())
      const isGreeting = data.toString().startsWith('EHLO')
      socket.write(isGreeting ? '250-here\r\n250 PIPELINING\r\n' : `${left.shift() ?? '250 ok'}\r\n`)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  closing.push(() => server.close())
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return { url: new URL(`smtp://127.0.0.1:${port}`), heard, sessions: () => sessions }
}

for (const [says, lines] of [
  ['begin with a dot', '.\r\n..\r\n...x\r\nhigh\r\n.low\r\n'],
  ['begin with none', 'high\r\nlow.\r\na .\r\n'],
] as const)
  for (const extension of ['a server that takes commands together', 'one that does not'] as const)
    test(`lines that ${says} reach ${extension} as they are`, async () => {
      const server = await sink({ hidePIPELINING: extension === 'one that does not' })
      const mime = `Subject: tides\r\n\r\n${lines}`
      expect(await outcomesOf(server.url, 2, mime)).toEqual(['sent', 'sent'])
      expect(server.received.map(({ raw }) => raw.toString())).toEqual([mime, mime])
      expect(server.sessions).toBe(1)
    })

test('a large letter is sent whole, its dots too', async () => {
  const server = await sink()
  const mime = `Subject: tides\r\n\r\n${'.high\r\n'.repeat(100_000)}`
  expect(await outcomesOf(server.url, 1, mime)).toEqual(['sent'])
  expect(server.received[0]?.raw.toString() === mime).toBe(true)
})

test('the commands of a letter go together, and the letter with its dot', async () => {
  const { url, heard } = await serverOf(['250 ok\r\n250 ok\r\n354 go on', '250 taken'])
  expect(await outcomesOf(url, 1, MIME)).toEqual(['sent'])
  expect(heard.slice(1)).toEqual([
    'MAIL FROM:<bounces@example.org>\r\nRCPT TO:<reader@example.net>\r\nDATA\r\n',
    `${MIME}.\r\n`,
  ])
})

const NEXT = ['250 ok\r\n250 ok\r\n354 go on', '250 taken']
for (const [says, replies, outcomes, sessions] of [
  [
    'no to the recipient, but waits for the letter',
    ['250 ok\r\n550 5.1.1 who\r\n354 go on', '554 none', '250 ok'],
    ['refused', 'sent'],
    1,
  ],
  ['no to the recipient and to DATA', ['250 ok\r\n550 5.1.1 who\r\n554 no', '250 ok'], ['refused', 'sent'], 1],
  ['no to the sender, but waits for the letter', ['550 5.1.0 no\r\n250 ok\r\n354 go on'], ['stopped', 'sent'], 2],
  [
    'no to the recipient in several lines',
    ['250 ok\r\n550-5.1.1 who\r\n550 5.1.1 is it\r\n554 no', '250 ok'],
    ['refused', 'sent'],
    1,
  ],
  ['yes, and more than it was asked', [...NEXT.slice(0, 1), '250 taken\r\n250 and more'], ['sent', 'sent'], 2],
] as const)
  test(`a letter and the next, when the server says ${says}`, async () => {
    const { url, sessions: opened } = await serverOf([...replies, ...NEXT])
    expect(await outcomesOf(url, 2, MIME)).toEqual(outcomes)
    expect(opened()).toBe(sessions)
  })
