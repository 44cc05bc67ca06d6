import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { chmodSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Asking, type DoctorOptions, doctorCommand } from '../src/cli/doctor.ts'
import type { Context } from '../src/cli/context.ts'
import { feedwireAt } from './support/command.ts'
import { putFile, tempFolder } from './support/folder.ts'
import { type Zone, startNameServer } from './support/name-server.ts'
import { configOf, runAt } from './support/run-at.ts'
import { startSink } from './support/smtp-sink.ts'
import { serveFolder } from './support/static-server.ts'

const SITE = 'site: { title: Tide Notes, url: "https://tides.example.org/" }\n'
const NOW = '2026-05-01T12:00:00Z'
const ED = generateKeyPairSync('ed25519')
const RAW = ED.publicKey.export({ type: 'spki', format: 'der' }).subarray(-32).toString('base64')
const NAMES: Zone = {
  'TXT tides.example.org': ['v=spf1 mx -all'],
  'MX tides.example.org': ['10 mx.example.net'],
  'TXT _dmarc.example.org': ['v=DMARC1; p=reject'],
  'TXT news._domainkey.tides.example.org': [`v=DKIM1; k=ed25519; p=${RAW}`],
}

let dir = ''
const closing: (() => Promise<void>)[] = []
beforeEach(() => {
  dir = tempFolder({ 'feedwire.config.yaml': SITE, 'articles/ebb.md': '# Ebb\n\nWater leaves.\n' })
})
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
  rmSync(dir, { recursive: true })
})

function closeLater<T extends { close(): Promise<void> }>(opened: T): T {
  closing.push(() => opened.close())
  return opened
}

/** How others are asked, by the names of this zone. */
async function askingBy(zone: Zone, change: Partial<Asking> = {}): Promise<Asking> {
  const { dns } = closeLater(await startNameServer(zone))
  return { dns, fetch, patience: 20_000, whole: 60_000, ...change }
}

async function doctor(asking: Asking, options: DoctorOptions = {}): Promise<{ code: number; lines: string[] }> {
  const lines: string[] = []
  const context: Context = {
    ...{
      cwd: dir,
      environment: {},
      clock: () => Date.parse(NOW),
      random: () => 0.5,
      signal: new AbortController().signal,
    },
    print: (line) => void lines.push(line),
    complain: (line) => void lines.push(`complained: ${line}`),
  }
  return { code: await doctorCommand(context, options, asking), lines }
}

/** A web server that gives every path this answer, or none. */
async function webThat(answer: string | null): Promise<string> {
  const server = createServer((_, response) => {
    if (answer !== null) response.end(answer)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  closeLater({
    close: async () => {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  return `http://127.0.0.1:${address.port}/`
}

/** Settings with all that others are asked about. */
function settings(places: { mail: string; publish: string; web: string }): void {
  putFile(dir, 'news.pem', ED.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString())
  chmodSync(join(dir, 'news.pem'), 0o600)
  const mail = `{ from: ada@tides.example.org, smtp: "${places.mail}", dkim: { selector: news, key: news.pem } }`
  const text = `${SITE}publish: { url: "${places.publish}" }\nmail: ${mail}\nweb: { url: "${places.web}" }\n`
  putFile(dir, 'feedwire.config.yaml', `${text}heartbeat: https://ping.example.net/key\n`)
}

test('feedwire doctor finds nothing wrong with a site that is well, in one line for each look', async () => {
  const { url: publish } = closeLater(await serveFolder(join(dir, 'public')))
  const { url: mail } = closeLater(await startSink())
  const web = await webThat('ok\n')
  settings({ mail: mail.href, publish, web })
  await runAt(dir, '2026-05-01T10:00:00Z')
  const { code, lines } = await doctor(await askingBy(NAMES))
  expect(lines).toEqual([
    'ok    settings: feedwire.config.yaml: 1 source, no fault',
    `ok    node: Node.js ${process.versions.node}`,
    expect.stringMatching(/^ok {4}store: .*, whole, schema \d{3}-/),
    expect.stringMatching(/^ok {4}clock: 2026-05-01 12:00 in UTC/),
    'ok    secret: The secret stands in the store; a backup keeps it',
    'ok    sources: 1 source can be read',
    'ok    folders: publish.dir, database can be written',
    expect.stringMatching(/^ok {4}disk: /),
    expect.stringMatching(/^ok {4}templates: Templates compile/),
    expect.stringMatching(/^ok {4}feeds: \d+ documents and \d+ other files, no fault$/),
    'ok    mails: No mail waits for a person',
    'ok    alerts: a heartbeat to ping.example.net',
    'ok    dkim: news._domainkey.tides.example.org: the DNS has the key that signs (ed25519-sha256)',
    `ok    smtp: 127.0.0.1:${mail.port} takes letters of ada@tides.example.org: not encrypted, without login`,
    'ok    spf: tides.example.org: v=spf1 mx -all',
    'ok    dmarc: _dmarc.example.org: reject; the return address and the signature go with tides.example.org',
    'ok    bounces: mx.example.net takes mail for tides.example.org',
    `ok    site: ${publish}feed.xml is served as it was published`,
    `ok    endpoint: ${web}healthz is well`,
    'All is well.',
  ])
  expect(code).toBe(0)
})

test('feedwire doctor ends with 3 when there is a fault, and says below it what to do', async () => {
  const { url: mail } = closeLater(await startSink())
  const web = await webThat('hello')
  settings({ mail: mail.href, publish: web, web })
  const { code, lines } = await doctor(await askingBy({ ...NAMES, 'TXT tides.example.org': ['v=spf1 all'] }))
  const at = lines.indexOf('fault spf: The SPF record of tides.example.org lets everybody send for it')
  expect(lines[at + 1]).toBe('      end it with -all or ~all')
  expect(lines).toContain(`fault endpoint: What answers at ${web}healthz is not Feedwire`)
  expect(lines.at(-1)).toBe('2 faults, 2 notes')
  expect(code).toBe(3)
})

test('feedwire doctor comes to an end where nobody answers', async () => {
  const web = await webThat(null)
  settings({ mail: web.replace('http', 'smtp'), publish: web, web })
  await runAt(dir, '2026-05-01T10:00:00Z')
  const silent: Zone = Object.fromEntries(Object.keys(NAMES).map((key) => [key, 'silent']))
  const { code, lines } = await doctor(
    await askingBy({ ...silent, 'TXT _dmarc.tides.example.org': 'silent' }, { whole: 200 }),
  )
  const told = lines.filter((line) => /^\w+ +(?:dkim|smtp|spf|dmarc|bounces|site|endpoint): /.test(line))
  expect(told.map((line) => line.replace(/:.*/, ''))).toEqual([
    'note  dkim',
    'fault smtp',
    'note  spf',
    'note  dmarc',
    'note  bounces',
    'fault site',
    'fault endpoint',
  ])
  expect(code).toBe(3)
})

test('feedwire doctor --offline asks nobody', async () => {
  const { url: mail } = closeLater(await startSink())
  settings({ mail: mail.href, publish: 'http://127.0.0.1:1/', web: 'http://127.0.0.1:1/' })
  await runAt(dir, '2026-05-01T10:00:00Z')
  const { code, out } = await feedwireAt(dir, NOW, 'doctor', '--offline')
  const lines = out.trimEnd().split('\n')
  expect(lines.slice(-8)).toEqual([
    'ok    dkim: news._domainkey.tides.example.org: the key signs (ed25519-sha256); the DNS was not asked',
    ...['smtp', 'spf', 'dmarc', 'bounces', 'site', 'endpoint'].map((name) => `skip  ${name}: Not asked (--offline)`),
    'All is well.',
  ])
  expect(code).toBe(0)
})

test('feedwire doctor --json prints one value', async () => {
  const { code, out } = await feedwireAt(dir, NOW, 'doctor', '--offline', '--json')
  const { checks } = JSON.parse(out) as { checks: Record<string, unknown>[] }
  expect(checks[0]).toEqual({ name: 'settings', state: 'ok', message: 'feedwire.config.yaml: 1 source, no fault' })
  expect(checks).toContainEqual({
    ...{ name: 'alerts', state: 'note', message: 'Nobody is told when a run fails or does not come' },
    mend: 'set alerts.mail, alerts.url or heartbeat',
  })
  expect(checks).toContainEqual({ name: 'spf', state: 'skipped', message: 'Not asked (--offline)' })
  expect(code).toBe(0)
})

test('each fault of the settings is a fault of its own', async () => {
  putFile(dir, 'feedwire.config.yaml', 'site: { title: Tide Notes }\nfeeds: { entries: many }\n')
  const { code, out, err } = await feedwireAt(dir, NOW, 'doctor')
  expect(out.split('\n')).toEqual([
    'fault settings: feedwire.config.yaml:1: site.url: is missing',
    '      see the settings in README.md',
    'fault settings: feedwire.config.yaml:2: feeds.entries: must be a whole number from 1 to 500',
    '      see the settings in README.md',
    `ok    node: Node.js ${process.versions.node}`,
    '2 faults, 0 notes',
    '',
  ])
  expect([code, err]).toEqual([3, ''])
})

test('a broken template and a lost list of files are faults, and the rest is looked at all the same', async () => {
  await runAt(dir, '2026-05-01T10:00:00Z')
  putFile(dir, 'templates/page.liquid', '{% if %}')
  putFile(dir, 'public/.feedwire-manifest.json', '{')
  const { code, out } = await feedwireAt(dir, NOW, 'doctor', '--offline')
  expect(out).toMatch(/^fault templates: templates\/page\.liquid/m)
  expect(out).toMatch(/^fault feeds: .*Cannot read the list of published files$/m)
  expect(out).toMatch(/^skip {2}endpoint: /m)
  expect(code).toBe(3)
})

test('feedwire doctor does not say that a secret is to be made where the store cannot be read', async () => {
  putFile(dir, 'feedwire.db', 'no database at all. '.repeat(300))
  const { code, out } = await feedwireAt(dir, NOW, 'doctor', '--offline')
  expect(out).toMatch(/^skip {2}secret: The secret stands in the store, which cannot be read$/m)
  expect(code).toBe(3)
})

test('feedwire doctor changes nothing', async () => {
  await feedwireAt(dir, NOW, 'doctor', '--offline')
  const { database } = configOf(dir)
  expect(() => rmSync(database)).toThrow('ENOENT')
  expect(() => rmSync(join(dir, 'public'), { recursive: true })).toThrow('ENOENT')
})
