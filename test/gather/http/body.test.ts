import { type IncomingMessage, get } from 'node:http'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readBody } from '../../../src/gather/http/body.ts'
import { BadServer, headOf, stalling } from '../../support/bad-server.ts'

let server: BadServer
beforeEach(async () => {
  server = await BadServer.start()
})
afterEach(() => server.stop())

test('a body that is given up is not taken for whole, although nothing told its length', async () => {
  server.answers['/feed'] = stalling(headOf(200))
  const stop = new AbortController()
  const { signal } = stop
  const response = await new Promise<IncomingMessage>((resolve) => {
    get(`${server.origin}/feed`, { agent: false, signal }, resolve).on('error', () => undefined)
  })
  const body = readBody(response, { host: '127.0.0.1', limit: 1000, signal })
  stop.abort(new Error('enough'))
  await expect(body).rejects.toThrow('enough')
})
