import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { execPath } from 'node:process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { filesBelow, putFile, tempFolder } from './folder.ts'

/** A mail server of Debian's own making, on this machine alone, with users of example.org. */
export interface Postfix {
  url: URL
  /** The letters in the Maildir of a user, oldest first; none when it is not there. */
  lettersOf(user: string): string[]
  maildirOf(user: string): string
  /** How many mails wait in its queues. */
  queued(): number
  log(): string
  close(): Promise<void>
}

/** `users`: local parts. `piped`: the folder of a site to whose `feedwire receive` each mail to `piped` is handed. */
export interface PostfixPlan {
  users: readonly string[]
  piped: string
}

/** Who owns the Maildirs and the site: Debian's nobody and nogroup. */
export const NOBODY = { uid: 65534, gid: 65534 }

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url))
const QUEUES = ['maildrop', 'incoming', 'active', 'deferred', 'bounce']

/** True when Postfix is not there, or cannot be started since it takes root. */
export function postfixMissing(): boolean {
  return process.getuid?.() !== 0 || !existsSync('/usr/sbin/postfix')
}

/** Starts a Postfix with configuration, queue, data and mail in a folder of its own. */
export async function startPostfix(plan: PostfixPlan): Promise<Postfix> {
  const dir = tempFolder()
  chmodSync(dir, 0o755)
  // Postfix makes the other folders itself, for its own user.
  for (const folder of ['queue', 'mail']) mkdirSync(join(dir, folder))
  chownSync(join(dir, 'mail'), NOBODY.uid, NOBODY.gid)
  const port = await freePort()
  putFile(dir, 'conf/main.cf', mainSettings(dir))
  putFile(dir, 'conf/master.cf', services(port, plan.piped))
  putFile(dir, 'conf/users', plan.users.map((user) => `${user}@example.org ${user}/\n`).join(''))
  putFile(dir, 'conf/transport', 'piped@example.org feedwire:\n')
  const command = (word: string) => promisify(execFile)('postfix', ['-c', join(dir, 'conf'), word])
  const log = (): string => readFileSync(join(dir, 'postfix.log'), 'utf8')
  await command('check')
  await command('start').catch((error: unknown) => {
    throw new Error(`Postfix does not start: ${log()}`, { cause: error })
  })
  const maildirOf = (user: string): string => join(dir, 'mail', user)
  return {
    url: new URL(`smtp://127.0.0.1:${port}`),
    maildirOf,
    lettersOf: (user) => {
      const letters = join(maildirOf(user), 'new')
      return filesBelow(letters).map((name) => readFileSync(join(letters, name), 'utf8'))
    },
    queued: () => QUEUES.flatMap((queue) => filesBelow(join(dir, 'queue', queue))).length,
    log,
    close: async () => {
      await command('stop')
      rmSync(dir, { recursive: true })
    },
  }
}

/**
 * A recipient whom nobody knows is taken at first and returned later, as a server does that stands before the one of
 * the recipients. Mail to another domain than example.org is returned as well, so that none leaves this machine.
 */
function mainSettings(dir: string): string {
  const settings = {
    compatibility_level: '3.6',
    queue_directory: `${dir}/queue`,
    data_directory: `${dir}/data`,
    maillog_file: `${dir}/postfix.log`,
    maillog_file_prefixes: dir,
    inet_interfaces: '127.0.0.1',
    inet_protocols: 'ipv4',
    myhostname: 'mail.example.org',
    mydestination: '',
    mynetworks: '127.0.0.0/8',
    smtpd_relay_restrictions: 'permit_mynetworks, reject',
    smtpd_reject_unlisted_recipient: 'no',
    default_transport: 'error:5.1.2 no mail leaves this machine',
    relay_transport: 'error:5.1.2 no mail leaves this machine',
    transport_maps: `texthash:${dir}/conf/transport`,
    virtual_mailbox_domains: 'example.org',
    virtual_mailbox_base: `${dir}/mail`,
    virtual_mailbox_maps: `texthash:${dir}/conf/users`,
    virtual_uid_maps: `static:${NOBODY.uid}`,
    virtual_gid_maps: `static:${NOBODY.gid}`,
    feedwire_destination_recipient_limit: '1',
    recipient_delimiter: '+',
    alias_maps: '',
    alias_database: '',
    in_flow_delay: '0',
    notify_classes: '',
  }
  return Object.entries(settings)
    .map(([name, value]) => `${name} = ${value}\n`)
    .join('')
}

/** The services of Postfix's own sample that are needed here, none of them in a chroot. */
function services(port: number, piped: string): string {
  const receive = `${execPath} ${MAIN} receive --config ${piped}/feedwire.config.yaml --recipient \${recipient}`
  return `
127.0.0.1:${port} inet n - n - - smtpd
cleanup  unix n - n - 0 cleanup
qmgr     unix n - n 300 1 qmgr
rewrite  unix - - n - - trivial-rewrite
bounce   unix - - n - 0 bounce
defer    unix - - n - 0 bounce
trace    unix - - n - 0 bounce
proxymap unix - - n - - proxymap
error    unix - - n - - error
retry    unix - - n - - error
virtual  unix - n n - - virtual
anvil    unix - - n - 1 anvil
postlog  unix-dgram n - n - 1 postlogd
feedwire unix - n n - 1 pipe user=nobody argv=${receive}
`
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  if (address === null || typeof address === 'string') throw new Error('there is no port')
  return address.port
}
