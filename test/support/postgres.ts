import { execFileSync } from 'node:child_process'
import { chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { serverProgram } from './server-program.ts'

/** A PostgreSQL server on a free port of this machine. */
export interface PostgresServer {
  /** Without a database. */
  url: string
  /** Stops it as a machine does that loses power, and starts it anew. */
  restart(): void
  /** Stops it, and forgets what it held. */
  stop(): void
}

export async function startPostgres(
  more: readonly string[] = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off'],
): Promise<PostgresServer> {
  const dir = mkdtempSync(join(tmpdir(), 'feedwire-server-'))
  const data = join(dir, 'data')
  const user = ownUser()
  if (user !== null) chownSync(dir, user.uid, user.gid)
  const port = await freePort()
  const settings = ['max_connections=200', 'jit=off', ...more]
  const options = ['-p', String(port), '-k', dir, '-h', '127.0.0.1', ...settings.flatMap((one) => ['-c', one])]
  const control = (...args: string[]): void => {
    run('pg_ctl', ['-D', data, '-w', '-l', join(dir, 'log'), '-o', options.join(' '), ...args], user)
  }
  run('initdb', ['-D', data, '-U', 'feedwire', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'], user)
  writeFileSync(join(data, 'pg_hba.conf'), WHO)
  control('start')
  return {
    url: `postgres://feedwire@127.0.0.1:${port}`,
    restart: () => {
      control('-m', 'immediate', 'restart')
    },
    stop: () => {
      control('-m', 'immediate', 'stop')
      rmSync(dir, { recursive: true })
    },
  }
}

/** Anybody, but for one who has to know a password. */
const WHO = `
host all guarded 127.0.0.1/32 scram-sha-256
host all all 127.0.0.1/32 trust
`

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
