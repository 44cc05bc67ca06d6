import { type ChildProcess, execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { get } from 'node:https'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { putFile, tempFolder } from './support/folder.ts'
import { gaugeSettings, writeGauge } from './support/gauges.ts'
import { type Served, startServe } from './support/journey-served.ts'
import { freePort } from './support/journey-port.ts'
import { runAt } from './support/run-at.ts'
import { ROOT } from './support/sample-site.ts'
import {
  type Place,
  type Server,
  caddyCommand,
  missing,
  nginxCommand,
  startServer,
  stopServer,
  untilReady,
} from './support/web-servers.ts'

const deployed = (name: string): string => readFileSync(join(ROOT, 'docs/deploy', name), 'utf8')
/** Milliseconds that a busy machine may take. */
const SLOW = 120_000

let dir = ''
beforeEach(() => {
  dir = tempFolder()
})
afterEach(() => {
  rmSync(dir, { recursive: true, force: true })
})

describe.skipIf(!existsSync('/usr/bin/systemd-analyze') && process.env['CI'] === undefined)('systemd', () => {
  const UNITS = ['feedwire.service', 'feedwire-run.service', 'feedwire-run.timer']

  test('finds no fault in the units', () => {
    const program = join(dir, 'feedwire')
    putFile(dir, 'feedwire', '#!/bin/sh\n')
    chmodSync(program, 0o755)
    for (const name of UNITS) putFile(dir, name, deployed(name).replaceAll('/usr/local/bin/feedwire', program))
    const { status, stdout, stderr } = spawnSync(
      'systemd-analyze',
      ['verify', '--man=no', ...UNITS.map((name) => join(dir, name))],
      { encoding: 'utf8' },
    )
    expect([status, stdout, stderr]).toEqual([0, '', ''])
  })

  test.each(['feedwire.service', 'feedwire-run.service'])('calls %s well hardened', (name) => {
    const path = join(ROOT, 'docs/deploy', name)
    const said = spawnSync('systemd-analyze', ['security', '--offline=true', '--no-pager', '--threshold=20', path], {
      encoding: 'utf8',
    })
    expect(said.stdout).toMatch(/Overall exposure level for \S+: [01]\.\d OK/)
    expect(said.status).toBe(0)
  })
})

describe('Containerfile', () => {
  const [, ...stages] = deployed('Containerfile').split(/^FROM /m)

  test('makes what it starts: its commands put the program there, and nothing else is asked of the image', () => {
    expect(stages.map((stage) => stage.split('\n')[0])).toEqual(['node:24-slim AS build', 'node:24-slim'])
    const [build = '', last = ''] = stages
    expect(build.match(/^RUN .*/gm)).toEqual([
      'RUN npm ci --no-audit --no-fund',
      'RUN npm pack --pack-destination /package',
    ])
    expect(last).toContain('COPY --from=build /package /package')
    expect(last).toContain('RUN npm install --global --no-audit --no-fund /package/feedwire-*.tgz')
    expect(last).toMatch(/^USER node$/m)
  })

  test('leaves out whatever is private or made', () => {
    const left = readFileSync(join(ROOT, '.dockerignore'), 'utf8').split('\n')
    expect(left).toEqual(
      expect.arrayContaining(['.git', '.env', '*.db*', 'dist', 'node_modules', 'outbox', 'public', '.nodes']),
    )
  })
})

const stepsSchema = z.object({
  jobs: z.object({
    run: z.object({
      env: z.record(z.string(), z.string()),
      steps: z.array(z.object({ name: z.string().optional(), run: z.string().optional(), if: z.string().optional() })),
    }),
  }),
})

describe('the schedule of a hosted CI', () => {
  const { env: named, steps } = stepsSchema.parse(parse(deployed('github-actions.yml'))).jobs.run

  /** A `gh` that knows one artifact, if any, and `npx` that runs this program. */
  function machine(): NodeJS.ProcessEnv {
    const bin = join(dir, 'bin')
    const artifact = join(dir, 'artifact.zip')
    mkdirSync(bin)
    const gh = `#!/bin/bash
case "$2 $4" in
  *zip*) cat ${artifact} ;;
  *total_count) [ -f ${artifact} ] && echo 1 || echo \${KNOWN:-0} ;;
  *) [ -f ${artifact} ] && echo 7 || true ;;
esac
`
    const npx = `#!/bin/bash\nshift 2\nexec ${process.execPath} ${join(ROOT, 'dist/main.js')} "$@"\n`
    for (const [name, script] of Object.entries({ gh, npx })) writeFileSync(join(bin, name), script, { mode: 0o755 })
    return {
      ...{ PATH: `${bin}:${process.env['PATH'] ?? ''}`, HOME: dir, GNUPGHOME: join(dir, 'gnupg') },
      ...{ GITHUB_REPOSITORY: 'ada/tides', STATE_KEY: 'a long key of the owner', GH_TOKEN: 'x' },
      ...{ DATABASE: named['DATABASE'], PUBLIC: named['PUBLIC'] },
    }
  }

  /** One run on a fresh machine; what is kept goes where the next one finds it. */
  function runOn(env: NodeJS.ProcessEnv, checkout: string): string {
    mkdirSync(join(dir, 'gnupg'), { recursive: true, mode: 0o700 })
    const said = steps.flatMap(({ run }) => {
      return run === undefined
        ? []
        : [execFileSync('bash', ['-e', '-c', run], { cwd: checkout, env, encoding: 'utf8' })]
    })
    execFileSync('zip', ['-q', '-j', join(dir, 'artifact.zip'), join(checkout, 'state/state.tar.gpg')])
    return said.join('')
  }

  function checkout(name: string): string {
    const folder = join(dir, name)
    gaugeSettings(folder, { digest: { first_run: 1 }, subscribers: ['ada@example.net'] })
    writeGauge(folder, 'ebb', [])
    return folder
  }

  test(
    'mails once, though each run is on a fresh machine, and keeps no address in the clear',
    { timeout: SLOW },
    () => {
      const env = machine()
      expect(runOn(env, checkout('first'))).toContain('1 letter put into outbox/')
      const kept = readFileSync(join(dir, 'first/state/state.tar.gpg'))
      expect(kept.includes('ada@example.net')).toBe(false)
      const second = checkout('second')
      expect(runOn(env, second)).toContain('Nothing is new')
      cpSync(join(second, 'state'), join(dir, 'last'), { recursive: true })
    },
  )

  const step = (name: string): (typeof steps)[number] => steps.find((one) => one.name === name) ?? {}
  const did = (name: string, env: NodeJS.ProcessEnv): [code: number | null, err: string] => {
    const { status, stderr } = spawnSync('bash', ['-e', '-c', step(name).run ?? ''], {
      cwd: dir,
      env,
      encoding: 'utf8',
    })
    return [status, stderr.trim()]
  }

  test('does not go on without the state when its key is another one', { timeout: SLOW }, () => {
    const env = machine()
    runOn(env, checkout('first'))
    const [code] = did('Fetch the state', { ...env, STATE_KEY: 'another long key' })
    expect([code, existsSync(join(dir, 'feedwire.db'))]).toEqual([2, false])
    expect(step('Keep the state').if).toContain("steps.state.outcome == 'success'")
  })

  test('says what is missing: the key, or the store that the settings have elsewhere', () => {
    const env = machine()
    expect(did('Fetch the state', { ...env, STATE_KEY: '' })).toEqual([
      1,
      'the repository has no secret FEEDWIRE_STATE_KEY',
    ])
    expect(did('Keep the state', env)).toEqual([1, 'no run made a store at feedwire.db; nothing is kept'])
  })

  test('does not begin anew when the state has expired', () => {
    const env = { ...machine(), KNOWN: '1' }
    expect(did('Fetch the state', env)).toEqual([1, 'the state has expired'])
  })
})

/** The files of docs/deploy with what differs on this machine: ports, folders, and a certificate of our own. */
const FRONTS: Server[] = [
  {
    name: 'nginx',
    needs: [['/usr/sbin/nginx', 'nginx-light']],
    encodings: [],
    command: ({ dir: place, port }) => {
      const http = replaced(deployed('nginx.conf'), [
        ['listen 443 ssl;', `listen 127.0.0.1:${port} ssl;`],
        [/\/etc\/ssl\/\S+\.pem/g, join(place, 'cert.pem')],
        [/\/etc\/ssl\/private\/\S+\.key/g, join(place, 'key.pem')],
        ['/etc/nginx/feedwire.conf', join(ROOT, 'docs/servers/nginx.conf')],
        ['/var/lib/feedwire', place],
        ['http://127.0.0.1:8080', readFileSync(join(place, 'endpoint'), 'utf8')],
      ])
      return nginxCommand(place, { http })
    },
    ready: 'using the "epoll" event method',
  },
  {
    name: 'Caddy',
    needs: [['/usr/bin/caddy', 'caddy']],
    encodings: [],
    command: ({ dir: place, port }) => {
      const tls = `tls ${place}/cert.pem ${place}/key.pem`
      const sites = replaced(deployed('Caddyfile'), [
        [/^(\w+\.example\.org) \{$/gm, `$1:${port} {\n\tbind 127.0.0.1\n\t${tls}`],
        ['/etc/caddy/feedwire', join(ROOT, 'docs/servers/Caddyfile')],
        ['/var/lib/feedwire', place],
        ['127.0.0.1:8080', readFileSync(join(place, 'endpoint'), 'utf8').replace('http://', '')],
      ])
      return caddyCommand(place, `{\n\tadmin off\n\tauto_https off\n}\n${sites}`)
    },
    ready: 'serving initial configuration',
  },
]

/** Each must be there: a file that says something else is no longer what is tested. */
function replaced(config: string, pairs: readonly (readonly [string | RegExp, string])[]): string {
  return pairs.reduce((before, [from, to]) => {
    const after = before.replaceAll(new RegExp(from instanceof RegExp ? from : literal(from), 'gm'), to)
    expect(after, String(from)).not.toBe(before)
    return after
  }, config)
}

function literal(words: string): string {
  return words.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}

for (const server of FRONTS)
  describe.skipIf(missing(server) !== null)(`${server.name} in front`, () => {
    let endpoint: Served
    let child: ChildProcess
    let place: Place
    beforeEach(async () => {
      const port = await freePort()
      gaugeSettings(dir, {
        web: { url: 'https://news.example.org/', port },
        site: { title: 'Tide Notes', url: 'https://tides.example.org/' },
      })
      writeGauge(dir, 'ebb', [])
      await runAt(dir, '2026-01-31T12:00:00Z')
      endpoint = await startServe(dir)
      putFile(dir, 'endpoint', endpoint.url.replace(/\/$/, ''))
      const names = 'subjectAltName=DNS:tides.example.org,DNS:news.example.org'
      const made = ['-keyout', join(dir, 'key.pem'), '-out', join(dir, 'cert.pem')]
      const about = ['-subj', '/CN=tides', '-addext', names]
      execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', ...about, ...made], {
        stdio: 'ignore',
      })
      chmodSync(dir, 0o755)
      place = { dir, port: await freePort() }
      child = startServer(server, place)
      await untilReady(server, child, place)
    }, SLOW)
    afterEach(async () => {
      await stopServer(child)
      expect(await endpoint.stop()).toBe(0)
    })

    /** Asks by a name of the site. */
    async function ask(host: string, path: string): Promise<{ status: number; type: string; body: string }> {
      const options = { host: '127.0.0.1', port: place.port, path, servername: host, headers: { host }, agent: false }
      return new Promise((resolve, reject) => {
        get({ ...options, ca: readFileSync(join(dir, 'cert.pem')) }, (response) => {
          const { statusCode = 0, headers } = response
          text(response).then(
            (body) => resolve({ status: statusCode, type: headers['content-type'] ?? '', body }),
            reject,
          )
        }).once('error', reject)
      })
    }

    test('serves what is published at one name, and the endpoint at the other', { timeout: SLOW }, async () => {
      expect(await ask('tides.example.org', '/feed.xml')).toMatchObject({
        status: 200,
        type: 'application/rss+xml; charset=utf-8',
        body: readFileSync(join(dir, 'public/feed.xml'), 'utf8'),
      })
      expect((await ask('tides.example.org', '/feedwire.db')).status).toBe(404)
      expect(await ask('news.example.org', '/healthz')).toMatchObject({ status: 200 })
      expect((await ask('news.example.org', '/subscribe')).body).toContain('<form')
    })
  })
