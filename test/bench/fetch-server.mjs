// node fetch-server.mjs FEEDS: serves feeds, each on an address of its own, and says on stdout where they are.
// What it is asked at its own address: GET /change brings every feed to its next version, GET /told tells what it was
// asked for since then.
import { once } from 'node:events'
import { createServer } from 'node:http'
import { argv } from 'node:process'
import { gzipSync } from 'node:zlib'
import { feedAt } from './fetch-feeds.mjs'

const feeds = Number(argv[2])
let version = 0
/** @type {{ plain: Buffer, gzip: Buffer }[]} */
let bodies = []
let told = { whole: 0, unchanged: 0, bytes: 0 }
/** @type {Map<import('node:net').Socket, number>} how much of each connection is counted */
const sockets = new Map()

render()
const urls = await Promise.all(Array.from({ length: feeds }, (_, feed) => serve(feed)))
const control = createServer((request, response) => {
  if (request.url === '/change') {
    version += 1
    render()
  }
  for (const socket of sockets.keys()) count(socket)
  // Who asks is not there to see that a connection was given up.
  response.setHeader('connection', 'close').end(JSON.stringify(told))
  told = { whole: 0, unchanged: 0, bytes: 0 }
})
console.log(JSON.stringify({ control: await originOf(control, '127.0.0.1'), urls }))

function render() {
  bodies = Array.from({ length: feeds }, (_, feed) => {
    const plain = Buffer.from(feedAt(feed, version))
    return { plain, gzip: gzipSync(plain) }
  })
}

/** @param {number} feed */
async function serve(feed) {
  const server = createServer((request, response) => answer(feed, request, response))
  server.on('connection', (socket) => {
    sockets.set(socket, 0)
    socket.on('close', () => {
      count(socket)
      sockets.delete(socket)
    })
  })
  return `${await originOf(server, `127.1.${Math.floor(feed / 250)}.${(feed % 250) + 1}`)}/feed.xml`
}

/** @param {import('node:net').Socket} socket */
function count(socket) {
  told.bytes += socket.bytesWritten - (sockets.get(socket) ?? 0)
  sockets.set(socket, socket.bytesWritten)
}

/**
 * @param {number} feed
 * @param {import('node:http').IncomingMessage} request
 * @param {import('node:http').ServerResponse} response
 */
function answer(feed, { headers }, response) {
  const etag = `"${feed}-${version}"`
  response.setHeader('etag', etag)
  response.setHeader('last-modified', new Date(Date.UTC(2026, 0, 1) + version * 60_000).toUTCString())
  if (headers['if-none-match'] === etag) {
    told.unchanged += 1
    response.writeHead(304).end()
    return
  }
  told.whole += 1
  const isZipped = /\bgzip\b/.test(headers['accept-encoding'] ?? '')
  const body = isZipped ? bodies[feed]?.gzip : bodies[feed]?.plain
  response.setHeader('content-type', 'application/rss+xml; charset=utf-8')
  if (isZipped) response.setHeader('content-encoding', 'gzip')
  response.setHeader('content-length', String(body?.length ?? 0))
  response.end(body)
}

/**
 * @param {import('node:http').Server} server
 * @param {string} host
 */
async function originOf(server, host) {
  await once(server.listen(0, host, 1000), 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('a server on an address has a port')
  return `http://${host}:${address.port}`
}
