import { execFileSync } from 'node:child_process'
import { chownSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import type { TestProject } from 'vitest/node'
import { openStore } from '../../src/remember/open.ts'
import { TEMPLATE } from './database.ts'
import { serverProgram } from './server-program.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** The URL of a PostgreSQL server of the tests, without a database; not there: stores are files. */
    server?: string
  }
}

/** Starts a PostgreSQL server for the tests, with a store that each of theirs is a copy of, and stops it after them. */
export default async function startServer(project: TestProject): Promise<() => void> {
  const dir = mkdtempSync(join(tmpdir(), 'feedwire-server-'))
  const data = join(dir, 'data')
  const user = ownUser()
  if (user !== null) chownSync(dir, user.uid, user.gid)
  const port = await freePort()
  // What a test writes need not outlive the machine.
  const settings = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off', 'max_connections=200', 'jit=off']
  const options = ['-p', String(port), '-k', dir, '-h', '127.0.0.1', ...settings.flatMap((one) => ['-c', one])]
  run('initdb', ['-D', data, '-U', 'feedwire', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'], user)
  run('pg_ctl', ['-D', data, '-w', '-l', join(dir, 'log'), '-o', options.join(' '), 'start'], user)
  const url = `postgres://feedwire@127.0.0.1:${port}`
  await makeTemplate(url)
  project.provide('server', url)
  return () => {
    run('pg_ctl', ['-D', data, '-m', 'immediate', 'stop'], user)
    rmSync(dir, { recursive: true })
  }
}

async function makeTemplate(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: `${url}/postgres` })
  await client.connect()
  await client.query(`create database ${TEMPLATE}`)
  await client.end()
  await (await openStore(`${url}/${TEMPLATE}`)).destroy()
}

interface User {
  uid: number
  gid: number
}

/** PostgreSQL refuses to be run by root; null: we are not. */
function ownUser(): User | null {
  if (process.getuid?.() !== 0) return null
  const id = (flag: string): number => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }))
  return { uid: id('-u'), gid: id('-g') }
}

function run(program: string, args: readonly string[], user: User | null): void {
  try {
    execFileSync(serverProgram(program) ?? program, args, {
      stdio: ['ignore', 'ignore', 'inherit'],
      cwd: tmpdir(),
      ...user,
    })
  } catch (cause) {
    const mend = 'install PostgreSQL 14 or later, or leave these tests out: npm test -- --project sqlite'
    throw new Error(`${program} failed; ${mend}`, { cause })
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => {
        resolve(typeof address === 'object' && address !== null ? address.port : 0)
      })
    })
  })
}
