import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Ping, ping } from '../../src/announce/ping.ts'
import { Hook } from '../alerts/hook.ts'

let hook: Hook
beforeEach(async () => {
  hook = await Hook.start()
})
afterEach(() => hook.stop())

function pinged(more: Partial<Ping> = {}): Promise<string | null> {
  const { signal } = new AbortController()
  return ping({ url: hook.url, userAgent: 'Feedwire/test', body: null, signal, ...more })
}

test('ping() asks by GET, and is content with any good answer', async () => {
  expect(await pinged()).toBeNull()
  expect(hook.take()).toEqual([
    { method: 'GET', path: '/hook/s3cret-of-the-hook', type: '', agent: 'Feedwire/test', body: '' },
  ])
})

test('ping() sends what it is given as JSON by POST', async () => {
  expect(await pinged({ body: { alert: 'run' } })).toBeNull()
  expect(hook.take()).toMatchObject([{ method: 'POST', type: 'application/json', body: '{"alert":"run"}' }])
})

test('ping() does not read an answer without end', async () => {
  hook.answer = (response) => {
    const more = (): void => {
      while (response.write('x'.repeat(65_536)));
      response.once('drain', more)
    }
    more()
  }
  expect(await pinged()).toBeNull()
})

describe('ping() says of', () => {
  test('an answer that is not good which it is', async () => {
    hook.answer = (response) => void response.writeHead(503).end()
    expect(await pinged()).toBe('it answers 503')
  })

  test('a server that is not there why, without its address', async () => {
    await hook.stop()
    const reason = await pinged()
    expect(reason).toMatch(/ECONNREFUSED/)
    expect(reason).not.toContain('s3cret')
    hook = await Hook.start()
  })

  test('a server that does not answer that it took too long', async () => {
    hook.answer = () => undefined
    expect(await pinged({ limit: 20 })).toBe('it gave no answer within 0.02 seconds')
  })

  test('a request that is given up', async () => {
    const stop = new AbortController()
    hook.answer = () => {
      stop.abort()
    }
    expect(await pinged({ signal: stop.signal })).toBe('Feedwire was told to stop')
  })

  test('another host to which it is sent that it does not go there', async () => {
    hook.answer = (response) => void response.writeHead(302, { location: 'http://localhost:1/?token=x' }).end()
    expect(await pinged()).toBe('it points to localhost:1, another host')
    expect(hook.take()).toHaveLength(1)
  })

  test('an address with a password, to which it is sent, that it does not go there', async () => {
    hook.answer = (response) => {
      response.writeHead(302, { location: hook.url.replace('http://', 'http://u:p4ssw0rd@') }).end()
    }
    expect(await pinged()).toBe('it points to an address with a password')
    expect(hook.take()).toHaveLength(1)
  })

  test('addresses that point to each other', async () => {
    hook.answer = (response) => void response.writeHead(302, { location: '/again' }).end()
    expect(await pinged()).toBe('it points from one address to the next')
    expect(hook.take()).toHaveLength(4)
  })
})

test('ping() follows to another address of the same host, with all that it has to say', async () => {
  hook.answer = (response, { path }) => {
    if (path === '/moved') response.writeHead(200).end()
    else response.writeHead(308, { location: '/moved' }).end()
  }
  expect(await pinged({ body: { alert: 'run' } })).toBeNull()
  expect(hook.take().at(-1)).toMatchObject({ method: 'POST', path: '/moved', body: '{"alert":"run"}' })
})
