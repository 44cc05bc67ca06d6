import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { z } from 'zod'
import { beforeEach, describe, expect, test } from 'vitest'
import { type ReceiveOptions, receiveCommand } from '../../src/cli/receive.ts'
import { openStore } from '../../src/remember/open.ts'
import { currentSecret } from '../../src/remember/settings.ts'
import { NO_PREFERENCES } from '../../src/preferences.ts'
import { noteRequest, takeRequests } from '../../src/remember/requests.ts'
import { addSubscriber, findSubscriber } from '../../src/remember/subscribers.ts'
import { confirmAddress, unsubscribeAddress } from '../../src/return-address.ts'
import { parseEmailAddress } from '../../src/subscriber.ts'
import { filesBelow, putFile, tempFolder } from '../support/folder.ts'
import { sample } from './samples.ts'

const NOW = Date.UTC(2026, 0, 31, 8)
const SECRET = 'a secret of the test'
const READER = parseEmailAddress('reader-1@example.net')
const LEAVE = unsubscribeAddress(parseEmailAddress('bounces@example.org'), 1, SECRET)
const SETTINGS = `site: { title: Tides, url: "https://example.org/" }
sources: [{ kind: markdown, dir: articles }]
mail: { from: "Ada <digest@example.org>", return: bounces@example.org }
secret: ${SECRET}
database: data/feedwire.db
`

let dir: string
beforeEach(async () => {
  dir = tempFolder({ 'feedwire.config.yaml': SETTINGS })
  const store = await openStore(join(dir, 'data/feedwire.db'))
  await addSubscriber(store, READER, NOW)
  await currentSecret(store, SECRET, NOW)
  await store.destroy()
})

async function receive(mail: string | Buffer, options: ReceiveOptions = {}) {
  const said = { out: '', err: '' }
  const code = await receiveCommand(
    {
      ...{ cwd: dir, environment: {}, clock: () => NOW, random: () => 0.5, signal: new AbortController().signal },
      print: (line) => void (said.out += `${line}\n`),
      complain: (line) => void (said.err += `${line}\n`),
    },
    options,
    Readable.from([Buffer.from(mail)]),
  )
  return { code, ...said }
}

async function stateOfReader(): Promise<string | undefined> {
  const store = await openStore(join(dir, 'data/feedwire.db'))
  const found = await findSubscriber(store, READER)
  await store.destroy()
  return found?.state
}

const RECEIVED = z.array(
  z.object({
    id: z.string(),
    understood: z.object({ kind: z.string() }),
    done: z.string(),
    kept: z.string().nullable(),
  }),
)

describe('feedwire receive', () => {
  test('takes care of a mail on standard input', async () => {
    expect(await receive('Subject: unsubscribe\n\n', { recipient: LEAVE })).toEqual({
      code: 0,
      out: expect.stringMatching(/^[0-9a-f]{16}: unsubscribe about reader-1@example\.net: unsubscribed: .+\n$/),
      err: '',
    })
    expect(await stateOfReader()).toBe('unsubscribed')
    expect(filesBelow(join(dir, 'data/unread'))).toEqual([])
  })

  test('keeps what it cannot understand beside the store, once, and ends with 0 so that nothing is bounced', async () => {
    const { code, out, err } = await receive(sample('human-reply'))
    const [name = '', ...more] = filesBelow(join(dir, 'data/unread'))
    expect([code, out, more]).toEqual([0, '', []])
    expect(name).toMatch(/^20260131T080000Z-[0-9a-f]{16}\.eml$/)
    expect(err).toContain(`kept for you to read in ${join(dir, 'data/unread', name)}: `)
    expect(readFileSync(join(dir, 'data/unread', name))).toEqual(sample('human-reply'))
    await receive(sample('human-reply'))
    expect(filesBelow(join(dir, 'data/unread'))).toEqual([name])
  })

  test('lets nobody else read what it keeps', async () => {
    await receive(sample('human-reply'))
    expect(statSync(join(dir, 'data/unread')).mode & 0o077).toBe(0)
  })

  test('prints what it understood as JSON', async () => {
    const { out } = await receive(sample('away-german'), { json: true })
    const [received] = RECEIVED.parse(JSON.parse(out))
    expect(received).toMatchObject({ understood: { kind: 'auto-reply' }, done: 'nothing', kept: null })
  })

  test('shows a hostile mail on one line, without steering the terminal', async () => {
    const { out, err } = await receive(
      'From: reader-1@example.net\nTo: x@example.org\nSubject: unsubscribe \u001b[2J\n\n',
    )
    expect(`${out}${err}`).toMatch(/^[^\p{Cc}]+\n$/u)
  })

  test('wants a mail', async () => {
    await expect(receive('')).rejects.toMatchObject({ code: 'argument-mail' })
  })
})

describe('feedwire receive, when somebody wants to join,', () => {
  const ASKS = 'From: ada@example.com\nTo: digest@example.org\nSubject: '

  for (const subject of ['Subscribe to Tides', '=?utf-8?B?6K6i6ZiFIFRpZGVz?=', 'subscribe']) {
    test(`notes it, by the subject ${subject}`, async () => {
      expect(await receive(`${ASKS}${subject}\n\n`)).toEqual({
        code: 0,
        out: expect.stringMatching(
          /^[0-9a-f]{16}: subscribe: to be confirmed: ada@example\.com asks for the digest\n$/,
        ),
        err: '',
      })
    })
  }

  test('goes by the texts of the owner', async () => {
    putFile(dir, 'templates/texts/fr.yaml', "ask_subject: 'Abonnement à {site}'\n")
    expect((await receive(`${ASKS}=?utf-8?q?Abonnement_=C3=A0?= Tides\n\n`)).out).toMatch(/: to be confirmed: /)
    expect((await receive(`${ASKS}Abonnement Tides\n\n`)).err).toMatch(/: kept for you to read in /)
  })

  test('takes bounces while a text of the owner is broken, and wishes to join once it is mended', async () => {
    putFile(dir, 'templates/texts/fr.yaml', 'ask_subject: Abonnement\n')
    expect((await receive(sample('postfix-delayed'))).code).toBe(0)
    expect(await receive(`${ASKS}subscribe\n\n`)).toMatchObject({ code: 75, err: expect.stringMatching(/fr\.yaml:1/) })
  })

  test('says that a reader is on the list, and that one comes too late', async () => {
    const store = await openStore(join(dir, 'data/feedwire.db'))
    const origin = { source: 'mail', place: '', client: '', text: '', wishes: NO_PREFERENCES } as const
    await noteRequest(store, { address: parseEmailAddress('ada@example.com'), ...origin }, NOW)
    await takeRequests(store, NOW)
    const { consent_id } = await store.selectFrom('notices').select('consent_id').executeTakeFirstOrThrow()
    await store.destroy()
    const recipient = confirmAddress(parseEmailAddress('bounces@example.org'), consent_id ?? 0, SECRET)
    const { out } = await receive('From: ada@example.com\n\n', { recipient })
    expect(out).toMatch(/^[0-9a-f]{16}: confirm about ada@example\.com: subscribed: the reader confirmed it\n$/)
    const unknown = confirmAddress(parseEmailAddress('bounces@example.org'), 99, SECRET)
    const late = await receive('From: ada@example.com\n\n', { recipient: unknown, json: true })
    expect(RECEIVED.parse(JSON.parse(late.out))).toMatchObject([
      { understood: { kind: 'confirm' }, done: 'expired', kept: null },
    ])
  })

  test('marks such a mail of a Maildir as seen', async () => {
    putFile(dir, 'Maildir/new/1.a.host', `${ASKS}Subscribe to Tides\n\n`)
    expect((await receive('', { maildir: 'Maildir' })).code).toBe(0)
    expect(filesBelow(join(dir, 'Maildir'))).toEqual(['cur/1.a.host:2,S'])
  })
})

describe('feedwire receive asks the mail server to try again (75)', () => {
  test('when the store cannot be read', async () => {
    putFile(dir, 'feedwire.config.yaml', SETTINGS.replace('data/feedwire.db', 'data'))
    const { code, err } = await receive(sample('human-reply'))
    expect([code, err]).toEqual([75, expect.stringMatching(/^feedwire: .*Cannot open the store/)])
  })

  test('when a mail cannot be kept', async () => {
    writeFileSync(join(dir, 'data/unread'), 'a file where the folder should be')
    const { code, err } = await receive(sample('human-reply'))
    expect([code, err]).toEqual([75, expect.stringMatching(/Cannot keep a mail for you/)])
  })

  test('when the settings are wrong', async () => {
    putFile(dir, 'feedwire.config.yaml', 'site: 1')
    expect((await receive(sample('human-reply'))).code).toBe(75)
  })
})

describe('feedwire receive --maildir', () => {
  beforeEach(() => {
    putFile(dir, 'Maildir/new/1.a.host', sample('away-german'))
    putFile(dir, 'Maildir/new/2.b.host', sample('human-reply'))
    putFile(dir, 'Maildir/new/3.c.host', `To: ${LEAVE}\nSubject: unsubscribe\n\n`)
    putFile(dir, 'Maildir/new/.hidden', 'not a mail')
  })

  test('takes every new mail, marks as seen what is done, and leaves to you the rest', async () => {
    const { code, out, err } = await receive('', { maildir: 'Maildir' })
    expect([code, out.match(/\n/g)?.length, err.match(/\n/g)?.length]).toEqual([3, 2, 1])
    expect(filesBelow(join(dir, 'Maildir'))).toEqual([
      'cur/1.a.host:2,S',
      'cur/2.b.host:2,',
      'cur/3.c.host:2,S',
      'new/.hidden',
    ])
    expect(await stateOfReader()).toBe('unsubscribed')
    expect(filesBelow(join(dir, 'data/unread'))).toEqual([])
  })

  test('prints one array as JSON', async () => {
    const { out } = await receive('', { maildir: 'Maildir', json: true })
    expect(RECEIVED.parse(JSON.parse(out)).map(({ done }) => done)).toEqual(['nothing', 'kept', 'unsubscribed'])
  })

  test('ends with 0 when nothing is new', async () => {
    await receive('', { maildir: 'Maildir' })
    expect(await receive('', { maildir: 'Maildir' })).toEqual({ code: 0, out: '', err: '' })
  })

  test('wants a Maildir', async () => {
    await expect(receive('', { maildir: 'articles' })).rejects.toMatchObject({ code: 'argument-maildir' })
  })

  test('leaves a mail where it is when the store cannot be read', async () => {
    putFile(dir, 'feedwire.config.yaml', SETTINGS.replace('data/feedwire.db', 'data'))
    await expect(receive('', { maildir: 'Maildir' })).rejects.toMatchObject({ code: 'store-unreadable' })
    expect(filesBelow(join(dir, 'Maildir/new'))).toHaveLength(4)
  })
})
