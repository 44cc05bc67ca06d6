import { rmSync } from 'node:fs'
import pg from 'pg'
import { bundleOf } from './bundle.mjs'

/**
 * A PostgreSQL server with the settings that it comes with.
 * @typedef {object} Server
 * @property {(name: string, template?: string) => Promise<string>} database makes one anew, empty or as a copy; its URL
 * @property {() => void} stop
 */

/** @returns {Promise<Server>} */
export async function startServer() {
  const file = await bundleOf('../support/postgres.ts')
  /** @type {typeof import('../support/postgres.ts')} */
  const { startPostgres } = await import(file)
  rmSync(file)
  const server = await startPostgres([])
  return {
    database: async (name, template = 'template0') => {
      await ask(`${server.url}/postgres`, `drop database if exists ${name} with (force)`)
      await ask(`${server.url}/postgres`, `create database ${name} template ${template}`)
      return `${server.url}/${name}`
    },
    stop: server.stop,
  }
}

/**
 * @param {string} url
 * @param {string} text
 */
export async function ask(url, text) {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query(text)
  await client.end()
}
