import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, existsSync, openSync, readFileSync, watch } from 'node:fs'
import { join } from 'node:path'
import { putFile } from './folder.ts'

/** A web server that Debian has, with our snippet in it. */
export interface Server {
  name: string
  /** What must be there, and the Debian package that has it. */
  needs: readonly [path: string, debian: string][]
  /** The copies that it can send. */
  encodings: readonly string[]
  /** Command and arguments. Before it starts, it may write into the folder. */
  command: (where: Place) => string[]
  /** Stands in what it says once it can be asked. */
  ready: string
}

export interface Place {
  /** A folder with the site in `public`. */
  dir: string
  port: number
}

/** Command of nginx with a main configuration of our own; what it says goes to stderr. */
export function nginxCommand(dir: string, { modules = '', http }: { modules?: string; http: string }): string[] {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((kind) => `${kind}_temp_path ${dir}/tmp;`)
  const common = `include /etc/nginx/mime.types; gzip on; access_log off; ${temporary.join(' ')}`
  const main = `${modules} daemon off; master_process off; pid ${dir}/nginx.pid; error_log stderr notice; events { }`
  putFile(dir, 'nginx.conf', `${main} http { ${common} ${http} }\n`)
  return ['/usr/sbin/nginx', '-e', 'stderr', '-c', join(dir, 'nginx.conf')]
}

/** Command of Caddy with these sites. */
export function caddyCommand(dir: string, sites: string): string[] {
  putFile(dir, 'Caddyfile', sites)
  return ['/usr/bin/caddy', 'run', '--adapter', 'caddyfile', '--config', join(dir, 'Caddyfile')]
}

/** Starts a server. Its words go to `server.log`: Apache opens that anew, which it cannot do with a pipe. */
export function startServer({ command }: Server, where: Place): ChildProcess {
  const { dir } = where
  const [path = '', ...args] = command(where)
  const words = openSync(join(dir, 'server.log'), 'a')
  const env = { PATH: process.env['PATH'], HOME: dir, XDG_CONFIG_HOME: dir, XDG_DATA_HOME: dir }
  const child = spawn(path, args, { cwd: dir, env, stdio: ['ignore', 'ignore', words] })
  closeSync(words)
  return child
}

/** Waits until a server says that it is ready. */
export async function untilReady({ name, ready }: Server, child: ChildProcess, { dir }: Place): Promise<void> {
  const log = join(dir, 'server.log')
  const watcher = watch(log)
  try {
    await new Promise<void>((resolve, reject) => {
      const look = (): void => {
        if (readFileSync(log, 'utf8').includes(ready)) resolve()
      }
      watcher.on('change', look)
      look()
      child.once('error', reject)
      child.once('exit', () => {
        reject(new Error(`${name} ended: ${readFileSync(log, 'utf8')}`))
      })
    })
  } finally {
    watcher.close()
  }
}

export async function stopServer(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  await ended
}

/** What is missing, or null. On CI nothing is, so that it fails there. */
export function missing({ needs }: Server): string | null {
  if (process.env['CI'] !== undefined) return null
  const lacking = needs.find(([path]) => !existsSync(path))
  return lacking === undefined ? null : `the Debian package ${lacking[1]} is not installed`
}
