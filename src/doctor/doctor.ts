import { Problem, oneLine } from '../problem.ts'
import type { Config, MailConfig } from '../config-types.ts'
import { readTemplates } from '../templates.ts'
import { isServer } from '../store-place.ts'
import { alertFindings } from './alerts.ts'
import { bounceFindings } from './bounces.ts'
import { dkimFindings } from './dkim.ts'
import { dmarcFindings } from './dmarc.ts'
import { endpointFindings } from './endpoint.ts'
import { feedFindings } from './feeds.ts'
import { type Check, type CheckName, type Finding, fault, findingOf, ok, skipped } from './finding.ts'
import { diskFindings, folderFindings, mailFindings, sourceFindings } from './folders.ts'
import { clockFinding, nodeFinding } from './machine.ts'
import type { Network } from './network.ts'
import { secretFindings, settingsFindings } from './settings.ts'
import { siteFindings } from './site.ts'
import { smtpFindings } from './smtp.ts'
import { spfFindings } from './spf.ts'
import { type StoreReading, readStore, storeFindings } from './store.ts'

/** What is looked at, and by what. */
export interface Examination {
  config: Config
  /** The file that the settings came from. */
  file: string
  /** Milliseconds since 1970. */
  now: number
  /** Such as `22.1.0`. */
  node: string
  /** The zone of this machine. */
  systemZone: string
  /** Null when nobody on the network is to be asked. */
  network: Network | null
}

type Work = () => Finding[] | Promise<Finding[]>

/** Looks at everything, and tells each check as soon as those before it are told. Nothing of the setup is changed. */
export async function examine(examination: Examination, tell: (check: Check) => void): Promise<void> {
  for (const [name, work] of hereAtHand(examination)) (await checked(name, work)).forEach(tell)
  // The store is looked at before anybody is waited for: that holds up the thread, and waiting has its deadlines.
  const asked = byAsking(examination).map(([name, work]) => checked(name, work))
  let told = Promise.resolve()
  for (const checks of asked) told = told.then(async () => (await checks).forEach(tell))
  await Promise.all([told, ...asked])
}

function hereAtHand(examination: Examination): [CheckName, Work][] {
  const { config, file, now, node, systemZone } = examination
  const { publish, site, database } = config
  let reading: Pick<StoreReading, 'latest' | 'hasSecret' | 'damage'> | null | undefined
  return [
    ['settings', () => settingsFindings(file, config)],
    ['node', () => [nodeFinding(node)]],
    [
      'store',
      async () => {
        if (!isServer(database)) {
          const file = (reading = await readStore(database))
          return storeFindings(database, file)
        }
        const { readServer, serverFindings } = await import('./server.ts')
        const server = (reading = await readServer(database))
        return serverFindings(database, server)
      },
    ],
    ['clock', () => [clockFinding({ now, latest: reading?.latest ?? null, zone: site.timezone, systemZone })]],
    ['secret', () => secretFindings(file, config.secret, secretIn(reading))],
    ['sources', () => sourceFindings(config.sources)],
    ['folders', () => folderFindings(config)],
    ['disk', () => diskFindings(config)],
    ['templates', () => templateFindings(config)],
    ['feeds', () => feedFindings(publish, now)],
    ['mails', () => mailFindings(config)],
    ['alerts', () => alertFindings(config)],
  ]
}

/** Null when the store cannot tell. */
function secretIn(reading: Pick<StoreReading, 'hasSecret' | 'damage'> | null | undefined): boolean | null {
  if (reading === undefined || (reading !== null && reading.damage.length > 0)) return null
  return reading?.hasSecret === true
}

async function templateFindings(config: Config): Promise<Finding[]> {
  const { compiled, languages } = readTemplates(config)
  await compiled()
  return [ok(`Templates compile; texts in ${languages.length} languages`)]
}

/** What is found out by asking others, one by one. */
type AskingWork = [CheckName, (network: Network) => Finding[] | Promise<Finding[]>]

function byAsking({ config, now, network }: Examination): [CheckName, Work][] {
  const { mail, publish, web } = config
  const works: AskingWork[] = [
    ...letterWorks(mail, now),
    ['site', (asked) => siteFindings(publish, asked)],
    ['endpoint', (asked) => endpointFindings(web, asked)],
  ]
  const asking = works.map(([name, work]): [CheckName, Work] => [
    name,
    () => (network === null ? [skipped('Not asked (--offline)')] : work(network)),
  ])
  // Whether the keys sign can be told without the network.
  return [['dkim', () => dkimFindings(mail, network)], ...asking]
}

function letterWorks(mail: MailConfig, now: number): AskingWork[] {
  if (mail.kind === 'outbox') {
    const files = (): Finding[] => [skipped('Letters become files (mail.smtp is not set)')]
    return (['smtp', 'spf', 'dmarc', 'bounces'] as const).map((name) => [name, files])
  }
  const from = domainOf(mail.from)
  const returnTo = mail.returnTo === null ? from : domainOf({ address: mail.returnTo })
  const signing = mail.dkim.map(({ domain }) => domain)
  return [
    ['smtp', (network) => smtpFindings(mail, network, now)],
    ['spf', (network) => spfFindings(returnTo, network)],
    ['dmarc', (network) => dmarcFindings({ from, returnTo, signing }, network)],
    ['bounces', (network) => bounceFindings(returnTo, network)],
  ]
}

function domainOf({ address }: { address: string }): string {
  return address.slice(address.lastIndexOf('@') + 1)
}

/** What went wrong with the outside is a finding; a bug rises. */
async function checked(name: CheckName, work: Work): Promise<Check[]> {
  try {
    return (await work()).map((finding) => ({ name, ...finding }))
  } catch (error) {
    return [{ name, ...failure(error) }]
  }
}

function failure(error: unknown): Finding {
  if (error instanceof Problem) return findingOf(error)
  if (!(error instanceof Error && 'syscall' in error)) throw error
  return fault(`Cannot look: ${oneLine(error.message)}`, 'let Feedwire read what is named there')
}
