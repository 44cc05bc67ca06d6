// node fetch-loop.mjs URLS: a plain loop over the feeds that a file lists: fetch, a parser, and a table of what was seen
import { readFileSync } from 'node:fs'
import { argv } from 'node:process'
import { parseFeed } from 'feedsmith'
import { DatabaseSync } from './fetch-sqlite.mjs'

const AT_ONCE = 8
const urls = readFileSync(argv[2] ?? '', 'utf8').split('\n')
const store = new DatabaseSync('loop.db')
store.exec('pragma journal_mode = wal')
store.exec('create table if not exists feeds (url text primary key, etag text, modified text) without rowid')
store.exec('create table if not exists seen (url text, id text, primary key (url, id)) without rowid')
const known = store.prepare('select etag, modified from feeds where url = ?')
const remember = store.prepare('insert or replace into feeds values (?, ?, ?)')
const see = store.prepare('insert or ignore into seen values (?, ?)')

let fresh = 0
let next = 0
await Promise.all(Array.from({ length: AT_ONCE }, work))
store.close()
console.log(fresh)

async function work() {
  for (let url = urls[next++]; url !== undefined; url = urls[next++]) await read(url)
}

/** @param {string} url */
async function read(url) {
  const { etag, modified } = Object(known.get(url))
  const conditions = { ...(etag && { 'if-none-match': etag }), ...(modified && { 'if-modified-since': modified }) }
  const response = await fetch(url, { headers: conditions })
  if (response.status === 304) return
  const { feed, format } = parseFeed(await response.text())
  if (format !== 'rss') throw new Error(`${url} is no RSS`)
  store.exec('begin')
  for (const { guid, link } of feed.items ?? []) fresh += Number(see.run(url, guid?.value ?? link ?? '').changes)
  remember.run(url, response.headers.get('etag'), response.headers.get('last-modified'))
  store.exec('commit')
}
