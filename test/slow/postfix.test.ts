import { describe, expect, onTestFinished, test } from 'vitest'
import { type Postfix, postfixMissing, startPostfix } from '../support/postfix.ts'
import { PostfixSite } from '../support/postfix-site.ts'

const READERS = Array.from({ length: 500 }, (_, index) => `reader-${index + 1}`)
const UNKNOWN = READERS.filter((_, index) => index % 50 === 49)
const KNOWN = READERS.filter((user) => !UNKNOWN.includes(user))

const PATIENCE = { timeout: 300_000, interval: 250 }

describe.skipIf(postfixMissing())('through Postfix, 500 letters of which 2 % go to unknown users', () => {
  test('reach each known user once, and the bounces in a Maildir suppress the unknown ones', async () => {
    const { site, postfix } = await begin('bounces')
    await site.mail('north', READERS.length)
    await expectLetters(postfix, 1)
    await expect.poll(() => postfix.lettersOf('bounces').length, PATIENCE).toBe(UNKNOWN.length)
    expect(await site.bounced()).toEqual([])

    const said = await site.feedwire('receive', '--maildir', postfix.maildirOf('bounces'))
    expect(said.trim().split('\n')).toHaveLength(UNKNOWN.length)
    expect(await site.bounced()).toEqual([...UNKNOWN].sort())
    await expectNoMoreBounces(site, postfix)
    expect(postfix.lettersOf('bounces')).toEqual([])
  })

  test('reach each known user once, and the bounces in a pipe suppress the unknown ones as they come', async () => {
    const { site, postfix } = await begin('piped')
    await site.mail('north', READERS.length)
    await expectLetters(postfix, 1)
    await expect.poll(() => postfix.queued(), PATIENCE).toBe(0)
    expect(await site.bounced()).toEqual([...UNKNOWN].sort())
    await expectNoMoreBounces(site, postfix)
  })
})

async function begin(returnTo: 'bounces' | 'piped'): Promise<{ site: PostfixSite; postfix: Postfix }> {
  const site = new PostfixSite()
  onTestFinished(() => site.remove())
  const postfix = await startPostfix({ users: [...KNOWN, 'bounces'], piped: site.dir })
  onTestFinished(async ({ task }) => {
    if (task.result?.state === 'fail') console.log(postfix.log().split('\n').slice(-40).join('\n'))
    await postfix.close()
  })
  site.configure(postfix.url, returnTo, READERS)
  return { site, postfix }
}

/** Each known user has so many letters, each to them and each another one. */
async function expectLetters(postfix: Postfix, count: number): Promise<void> {
  const waiting = (): string[] => KNOWN.filter((user) => postfix.lettersOf(user).length < count)
  await expect.poll(waiting, PATIENCE).toEqual([])
  for (const user of KNOWN) {
    const letters = postfix.lettersOf(user)
    expect(letters.map((letter) => /^To: (.*)$/m.exec(letter)?.[1])).toEqual(Array(count).fill(`${user}@example.org`))
    expect(new Set(letters.map((letter) => /^Message-ID: .*$/im.exec(letter)?.[0])).size).toBe(count)
  }
}

/** The next digest goes to the known users only. */
async function expectNoMoreBounces(site: PostfixSite, postfix: Postfix): Promise<void> {
  await site.mail('east', KNOWN.length)
  await expectLetters(postfix, 2)
  await expect.poll(() => postfix.queued(), PATIENCE).toBe(0)
  expect(await site.bounced()).toEqual([...UNKNOWN].sort())
}
