import { afterEach } from 'vitest'
import type { Finding } from '../../src/doctor/finding.ts'
import type { Network } from '../../src/doctor/network.ts'
import { type NameServer, type Zone, startNameServer } from '../support/name-server.ts'

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

/** Sees to it that something is closed after the test. */
export function closeLater<T extends { close(): Promise<void> }>(opened: T): T {
  closing.push(() => opened.close())
  return opened
}

/** Asks a name server with this zone, and the web, for as long as `patience` says, in milliseconds. */
export async function networkWith(zone: Zone, patience = 20_000): Promise<Network & { asked: string[] }> {
  const { dns, asked }: NameServer = closeLater(await startNameServer(zone))
  return { dns, asked, fetch, patience, signal: new AbortController().signal }
}

/** Findings in a line each, without their mends. */
export function told(findings: readonly Finding[]): string[] {
  return findings.map(({ state, message }) => `${state}: ${message}`)
}
