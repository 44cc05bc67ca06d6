import pg from 'pg'
import type { TestProject } from 'vitest/node'
import { openStore } from '../../src/remember/open.ts'
import { TEMPLATE } from './database.ts'
import { startPostgres } from './postgres.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** The URL of a PostgreSQL server of the tests, without a database; not there: stores are files. */
    server?: string
  }
}

/** Starts a PostgreSQL server for the tests, with a store that each of theirs is a copy of, and stops it after them. */
export default async function startServer(project: TestProject): Promise<() => void> {
  const server = await startPostgres()
  await makeTemplate(server.url)
  project.provide('server', server.url)
  return () => {
    server.stop()
  }
}

async function makeTemplate(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: `${url}/postgres` })
  await client.connect()
  await client.query(`create database ${TEMPLATE}`)
  await client.end()
  await (await openStore(`${url}/${TEMPLATE}`)).destroy()
}
