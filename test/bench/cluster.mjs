import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bundleOf } from './bundle.mjs'
import { lettersTable } from './cluster-letters.mjs'
import { storeTable } from './cluster-store.mjs'
import { startServer } from './cluster-server.mjs'
import { hasSink } from './mail-sink.mjs'

/**
 * What the two kinds of store and several daemons are able to do, as tables in Markdown; each is
 * printed when it is there.
 * @param {{ program: string, recipients: number[], daemons: number[], letters: number, repeat: number }} options
 * @param {(table: string) => void} print
 */
export async function benchCluster({ program, recipients, daemons, letters, repeat }, print) {
  if (!hasSink()) return print("skipped: smtp-sink is not there, which Debian's package postfix has\n")
  const steps = await bundleOf('cluster-steps.mjs')
  const server = await startServer()
  const dir = mkdtempSync(join(tmpdir(), 'feedwire-bench-'))
  const place = { dir, program, steps, server }
  try {
    print(await lettersTable(place, { letters, daemons, repeat, wait: 0 }))
    print(await lettersTable(place, { letters: Math.min(letters, 150), daemons, repeat: 1, wait: 1 }))
    print(await storeTable(place, recipients))
  } finally {
    server.stop()
    rmSync(dir, { recursive: true, force: true })
    rmSync(steps)
  }
}
