import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { PublishConfig } from '../config-types.ts'
import { publishedPaths } from '../publish/manifest.ts'
import { askWeb } from './ask-web.ts'
import { type Finding, fault, foreign, note, ok, skipped } from './finding.ts'
import type { Network } from './network.ts'

const FEED = 'feed.xml'

/**
 * Whether readers get at `publish.url` what lies in `publish.dir`.
 * @throws {Problem} `manifest-unreadable`
 */
export async function siteFindings({ dir, url }: PublishConfig, network: Network): Promise<Finding[]> {
  if (!publishedPaths(dir).includes(FEED)) return [skipped('Nothing is published yet')]
  const here = readFileSync(join(dir, FEED))
  const address = new URL(FEED, url).href
  const answer = await askWeb(address, here.length, network)
  const mend = 'bring what publish.dir holds to where publish.url is served, or mend publish.url'
  if (answer.kind === 'unreachable') return [fault(`${address} cannot be reached: ${answer.reason}`, mend)]
  const { status, movedTo, body } = answer
  if (status !== 200) return [fault(`${address} answers ${status}`, mend)]
  const moved = movedTo === null ? [] : [note(`${address} has moved to ${foreign(movedTo)}`, 'mend publish.url')]
  const served = here.equals(body)
    ? ok(`${address} is served as it was published`)
    : note(`${address} is not what was published last`, 'see that what is published is brought there after each run')
  return [served, ...moved]
}
