import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Gives all tests one folder for what is temporary, which goes when they end. */
export default function giveTemporary(): void {
  if (process.env['FEEDWIRE_TESTS'] !== undefined) return
  const dir = mkdtempSync(join(tmpdir(), 'feedwire-tests-'))
  // Web servers and judges of mail are other users.
  chmodSync(dir, 0o1777)
  for (const name of ['FEEDWIRE_TESTS', 'TMPDIR', 'TEMP', 'TMP']) process.env[name] = dir
  process.on('exit', () => {
    rmSync(dir, { recursive: true, force: true, maxRetries: 3 })
  })
}
