import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { serveCommand } from '../../src/cli/serve.ts'
import { openStore } from '../../src/remember/open.ts'
import { currentSecret } from '../../src/remember/settings.ts'
import { addSubscriber, listSubscribers } from '../../src/remember/subscribers.ts'
import { parseEmailAddress } from '../../src/subscriber.ts'
import { mintToken } from '../../src/token.ts'
import { storePlace } from '../support/database.ts'
import { tempFolder } from '../support/folder.ts'
import { deferred } from './deferred.ts'
import { NOW, ONE_CLICK, SECRET } from './endpoint.ts'

const dirs: string[] = []
afterEach(() => {
  for (const dir of dirs.splice(0)) rmSync(dir, { recursive: true })
})

function site(more: string): string {
  const text = `site: { title: Tide Notes, url: "https://tides.example.org/" }\n${more}`
  const dir = tempFolder({ 'feedwire.config.yaml': text })
  dirs.push(dir)
  return dir
}

/** A command at work in a folder: its lines as they come. */
function serveIn(dir: string, options: { json?: boolean } = {}) {
  const stop = new AbortController()
  const first = deferred<string>()
  const printed: string[] = []
  const complained: string[] = []
  const print = (line: string): void => {
    printed.push(line)
    first.resolve(line)
  }
  const context = { cwd: dir, environment: {}, clock: () => NOW, random: () => 0, signal: stop.signal }
  const complain = (line: string): void => void complained.push(line)
  const code = serveCommand({ ...context, print, complain }, options)
  const firstLine = (): Promise<string> => Promise.race([first.promise, code.then((value) => `ended with ${value}`)])
  return { stop, code, printed, complained, firstLine }
}

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return typeof address === 'object' && address !== null ? address.port : 0
}

/** A configured server: its folder and where it listens. */
async function settings(): Promise<{ dir: string; url: string }> {
  const port = await freePort()
  const dir = site(`web: { url: "https://news.example.org/mail", port: ${port} }\n`)
  return { dir, url: `http://127.0.0.1:${port}/` }
}

describe('feedwire serve', () => {
  test('tells where it listens, takes readers off, and ends with 0 when it is told to', async () => {
    const { dir, url } = await settings()
    const store = await openStore(storePlace(dir))
    await currentSecret(store, SECRET, NOW)
    await addSubscriber(store, parseEmailAddress('reader@example.net'), NOW)

    const { stop, code, firstLine, printed } = serveIn(dir)
    const serving = { event: 'serving', url: 'https://news.example.org/mail/', at: url }
    expect(JSON.parse(await firstLine())).toMatchObject(serving)
    const answer = await fetch(`${url}mail/u/${mintToken(SECRET, 'unsubscribe', 1)}`, ONE_CLICK)
    expect(answer.status).toBe(200)
    stop.abort()
    expect(await code).toBe(0)

    await expect(fetch(url)).rejects.toThrow('fetch failed')
    expect(await listSubscribers(store, 0, 1)).toMatchObject([{ state: 'unsubscribed' }])
    expect(printed.map((line) => JSON.parse(line) as unknown)).toMatchObject([serving, { event: 'unsubscribed' }])
    expect(printed.join()).not.toContain('@')
    await store.destroy()
  })

  test('ends at once when it was told to before it began', async () => {
    const { dir } = await settings()
    const { stop, code } = serveIn(dir)
    stop.abort()
    expect(await code).toBe(0)
  })

  test('ends with 2 and the mend when no address is configured', async () => {
    const { code, complained, printed } = serveIn(site(''))
    expect(await code).toBe(2)
    expect(printed).toEqual([])
    expect(complained).toEqual([expect.stringMatching(/^feedwire: There is no address to serve - set web: /)])
  })

  test('says the same for programs', async () => {
    const { code, complained, printed } = serveIn(site(''), { json: true })
    expect(await code).toBe(2)
    expect(complained).toEqual([])
    expect(printed.map((line) => JSON.parse(line) as unknown)).toMatchObject([
      { problems: [{ code: 'web-not-configured', mend: expect.stringMatching(/./) }] },
    ])
  })

  test('rejects with the Problem when its port is taken', async () => {
    const { dir } = await settings()
    const first = serveIn(dir)
    await first.firstLine()
    await expect(serveIn(dir).code).rejects.toMatchObject({ code: 'web-unusable' })
    first.stop.abort()
    expect(await first.code).toBe(0)
  })
})
